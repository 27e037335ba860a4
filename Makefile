PYTHON ?= python3
BIN := .venv/bin
UV := .tools/bin/uv
SDL := schema/schema.graphql
PEER := benchmarks/peers/node_modules/.package-lock.json

# If this were set, every process would compile all packages again, which takes seconds.
export PYTHONDONTWRITEBYTECODE =

.DEFAULT_GOAL := help
.PHONY: help run published test prove fuzz faults check fix \
	schema settings commands pictures answers entity bench lock clean

# One line for each target, from the comment beside it.
help: ## print this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: .venv/ready ## set up and start the service on http://127.0.0.1:8000
	@$(BIN)/python server.py

published: .venv/ready ## write var/registry.db with the published records only, before 'make run'
	@$(BIN)/python cli.py embed --published

# Each process of the tests has its own databases, and takes whole files. A file that is meant for both
# databases runs on one of them, with DATABASES=second on the other one, with DATABASES=both on both: in
# one go, so that what both begin with is made once.
SPREAD := --numprocesses auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder

test: .venv/ready ## set up and run the tests; DATABASES=both for all; T=tests/kit for a part, on both
	$(BIN)/python -m pytest $(or $(T),$(SPREAD) --databases $(or $(DATABASES),first) --ignore tests/faults)

# SEED=1 runs a share: as many examples as in 'make test', those of the seed.
prove: .venv/ready ## run the property tests on fifty times as many random examples; SEED=1 for fewer
	$(BIN)/python -m pytest $(if $(SEED),--hypothesis-profile=share --hypothesis-seed=$(SEED) $(SPREAD),--hypothesis-profile=prove) \
		$(or $(T),tests/*/test_properties_*.py $(if $(SEED),tests/random/test_both_executors.py))

fuzz: .venv/ready ## ask twenty thousand random queries, each executed in two ways
	$(BIN)/python -m pytest --hypothesis-profile=fuzz $(or $(T),tests/random/test_both_executors.py)

faults: .venv/ready ## run all fault tests: kill processes, cut connections, fill disks
	$(BIN)/python -m pytest -m "slow or not slow" $(or $(T),tests/faults)

check: .venv/ready ## check format, lint, types, prose, SDL, pictures, known faults and licences
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/python -m scripts.prose
	$(BIN)/mypy
	$(BIN)/python cli.py schema | diff -u $(SDL) - || { echo "$(SDL) is not current: run 'make schema'."; exit 1; }
	$(BIN)/python -m scripts.draw --check
	$(BIN)/python requirements/audit.py

fix: .venv/ready ## format, and fix what the linter can fix
	$(BIN)/ruff check --fix . ; $(BIN)/ruff format .

schema: .venv/ready ## write schema/schema.graphql
	$(BIN)/python cli.py schema > $(SDL).new && mv $(SDL).new $(SDL)

settings: .venv/ready ## write docs/configuration.md from settings.py
	$(BIN)/python -m scripts.configuration

commands: .venv/ready ## write docs/commands.md and its Chinese twin from commands/declared
	$(BIN)/python -m scripts.commands

pictures: .venv/ready ## draw the tables in docs/model.md
	$(BIN)/python -m scripts.draw

answers: .venv/ready ## ask the queries of docs/domain.md; write plans, tables and speed into the docs
	$(BIN)/python -m scripts.answers
	$(BIN)/python -m scripts.plans
	$(BIN)/python -m scripts.sight
	$(BIN)/python -m scripts.speed

entity: .venv/ready ## write the files of a new kind of thing: NAME=Pilot TERM=试点
	$(BIN)/python -m scripts.add_entity "$(NAME)" "$(TERM)"

# Beside PostGraphile and a hand-written statement: benchmarks/compare.py says how. Needs npm, and a
# PostgreSQL where it may make databases: BENCH_POSTGRES_URL, else postgres@127.0.0.1. The first run
# generates them, with 1,000,000 workers in the largest. Writes benchmarks/latest.json.
bench: .venv/ready $(PEER) ## measure five workloads beside PostGraphile; BENCH="--only W1 --rounds 3" for less
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

lock: | $(UV) ## pin exact versions, after a change of pyproject.toml
	$(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-find-links --upgrade pyproject.toml -o requirements/run.txt
	$(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-find-links --group dev pyproject.toml -c requirements/run.txt -o requirements/dev.txt

.tools/bin/uv:
	@$(PYTHON) -m venv .tools
	@.tools/bin/pip install --quiet --disable-pip-version-check "uv>=0.13,<0.14"

clean: ## delete what the targets installed and cached
	rm -rf .venv .tools benchmarks/peers/node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis
