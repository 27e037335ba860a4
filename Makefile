# make run     the service, from nothing
# make published  var/registry.db with the published records and no invented ones, for 'make run'
# make test    the tests, from nothing: of those that run on both databases each file on one of them
#              (T=tests/test_x.py for some, on both)
# make test-second  the rest of the tests: each of these files on its other database
# make prove   the properties alone, on fifty times as many examples, others in each run
#              (SEED=1 for a share of them: as many as in 'make test', those of the seed)
# make fuzz    twenty thousand random questions, each answered in two ways
# make faults  all faults, the slow ones too: what is killed, cut, filled or left in earnest
# make check   formatting, linter, types, current SDL and pictures, known faults and licences of packages
# make fix     what the formatter and linter can mend
# make schema  print the SDL anew
# make settings print the settings into docs/configuration.md anew
# make pictures draw the pictures of the model anew
# make answers ask the questions of docs/domain.md anew, print the plan in docs/engine.md
# make bench   the speed of five workloads, ours and others (BENCH="--only W1 --rounds 3" for less)
# make lock    exact versions anew, after a change in pyproject.toml
PYTHON ?= python3
BIN := .venv/bin
UV := .tools/bin/uv
SDL := schema/schema.graphql
PEER := benchmarks/peers/node_modules/.package-lock.json

# Where this is set, every process would compile all packages again, for seconds.
export PYTHONDONTWRITEBYTECODE =

.PHONY: run published test test-second prove fuzz faults check fix schema settings pictures answers bench lock clean

run: .venv/ready
	@$(BIN)/python server.py

published: .venv/ready
	@$(BIN)/python cli.py embed --published

# Each process has databases of its own, and takes whole files.
SPREAD := --numprocesses auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder

test: .venv/ready
	$(BIN)/python -m pytest $(or $(T),$(SPREAD) --databases first --ignore tests/faults)

test-second: .venv/ready
	$(BIN)/python -m pytest $(SPREAD) --databases second --ignore tests/faults

prove: .venv/ready
	$(BIN)/python -m pytest $(if $(SEED),--hypothesis-profile=share --hypothesis-seed=$(SEED) $(SPREAD),--hypothesis-profile=prove) \
		$(or $(T),tests/test_properties_*.py $(if $(SEED),tests/test_two_ways.py))

fuzz: .venv/ready
	$(BIN)/python -m pytest --hypothesis-profile=fuzz $(or $(T),tests/test_two_ways.py)

faults: .venv/ready
	$(BIN)/python -m pytest -m "slow or not slow" $(or $(T),tests/faults)

check: .venv/ready
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python cli.py schema | diff -u $(SDL) - || { echo "$(SDL) is not current: run 'make schema'."; exit 1; }
	$(BIN)/python -m scripts.draw --check
	$(BIN)/python requirements/audit.py

fix: .venv/ready
	$(BIN)/ruff check --fix . ; $(BIN)/ruff format .

schema: .venv/ready
	$(BIN)/python cli.py schema > $(SDL).new && mv $(SDL).new $(SDL)

settings: .venv/ready
	$(BIN)/python -m scripts.configuration

pictures: .venv/ready
	$(BIN)/python -m scripts.draw

answers: .venv/ready
	$(BIN)/python -m scripts.answers
	$(BIN)/python -m scripts.plans
	$(BIN)/python -m scripts.sight

# Beside PostGraphile and a hand-written statement: benchmarks/compare.py says how. Needs npm, and a
# PostgreSQL where it may make databases: BENCH_POSTGRES_URL, else postgres@127.0.0.1. The first run
# generates them, with 1,000,000 workers in the largest. Writes benchmarks/latest.json.
bench: .venv/ready $(PEER)
	@command -v wrk > /dev/null || { [ "$$(id -u)" = 0 ] && apt-get update -q && apt-get install -qy wrk; } \
		|| { echo "wrk is missing: apt-get install wrk"; exit 1; }
	$(BIN)/python -m benchmarks.compare --make $(BENCH)

# With a Node of its own: PostGraphile wants 22.
$(PEER): benchmarks/peers/package-lock.json
	cd benchmarks/peers && npm ci --loglevel=error
	@touch $@

.venv/ready: requirements/dev.txt | $(UV)
	@$(UV) venv --quiet --allow-existing --python $(PYTHON) .venv
	@$(UV) pip sync --quiet --python $(BIN)/python --require-hashes $<
	@touch $@

lock: | $(UV)
	$(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-find-links --upgrade pyproject.toml -o requirements/run.txt
	$(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-find-links --group dev pyproject.toml -c requirements/run.txt -o requirements/dev.txt

.tools/bin/uv:
	@$(PYTHON) -m venv .tools
	@.tools/bin/pip install --quiet --disable-pip-version-check "uv>=0.13,<0.14"

clean:
	rm -rf .venv .tools benchmarks/peers/node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis
