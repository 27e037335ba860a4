"""Adding an entity: the files of the skeleton serve, and a plain kind stands in no other files."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
NOT_COPIED = shutil.ignore_patterns(".*", "__pycache__", "node_modules", "var")
WRITTEN = {
    *{"models/guild.py", "resolvers/guild.py", "schema/guild.py"},
    *{"tests/graph/test_guilds.py", "generator/population/kinds/guilds.py"},
    "migrations/versions/*_guilds.py",
    *{"docs/domain.md", "docs/domain.zh.md", "examples/demonstration/guilds.csv"},
}
# In an empty registry: what the new test asks, then who of an invented population is there.
SERVES = """
import asyncio, json
from feeds.bulk_fill import fill_registry
from generator.population import population
from kit.db.engine import open_engine
from resolvers.database.schema_version import migrate
from tests.support.graph import GraphQLTestClient, RowFactory
from tests.graph.test_guilds import test_guilds_are_listed_and_found_by_code as test

async def main():
    tested, filled = open_engine("sqlite:///tested.db"), open_engine("sqlite:///filled.db")
    for engine in (tested, filled):
        await migrate(engine)
    await test(RowFactory(tested), GraphQLTestClient(tested))
    await fill_registry(filled, population(1, 1), "test")
    whole = "regions(filter: {level: NATIONAL}) { nodes { guilds { totalCount } } }"
    question = f"{{ guilds {{ totalCount }} {whole} }}"
    print(json.dumps(await GraphQLTestClient(filled).data(question)))
    for engine in (tested, filled):
        await engine.dispose()

asyncio.run(main())
"""

# Where Facility stands, the plainest kind. Data and pages made from the code are no places.
CODE = {
    *{"models/facility.py", "resolvers/facility.py", "schema/facility.py"},
    "generator/population/kinds/occasions.py",
}
SECTIONS = {"docs/domain.md", "docs/domain.zh.md"}
MADE_FROM_CODE = {"docs/model.md", "docs/security.md", "schema/schema.graphql"}
RECORDS_AND_FIGURES = (
    "docs/coverage", "docs/generate.md", "examples/", "generator/population/proportions.toml",
    "resolvers/registered.toml",
)  # fmt: skip
TEXTS = {".py", ".md", ".toml", ".graphql", ".csv"}


def run(copy: Path, *words: str) -> str:
    """Run Python in a copy of the tree."""
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    done = subprocess.run(
        [sys.executable, *words], cwd=copy, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def contents(root: Path) -> dict[str, bytes]:
    """Our own files by path."""
    folders = [
        path
        for path in root.iterdir()
        if path.is_dir() and not path.name.startswith((".", "__")) and path.name != "var"
    ]
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for folder in folders
        for path in folder.rglob("*")
        if path.suffix in TEXTS and "node_modules" not in path.parts
    }


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, set[str]]:
    """Return a copy of the tree with one more entity, and which files that changed."""
    folder = tmp_path_factory.mktemp("adding") / "tree"
    shutil.copytree(ROOT, folder, ignore=NOT_COPIED)
    before = contents(folder)
    run(folder, "-m", "scripts.add_entity", "Guild", "行会")
    after = contents(folder).items()
    return folder, {path for path, content in after if before.get(path) != content}


@pytest.fixture(scope="module")
def copy(changed: tuple[Path, set[str]]) -> Path:
    return changed[0]


def test_an_entity_takes_five_files_a_migration_and_a_section_in_both_languages(
    changed: tuple[Path, set[str]],
) -> None:
    assert {re.sub(r"\d{4}_", "*_", path) for path in changed[1]} == WRITTEN


def test_the_files_are_formatted_and_without_faults(copy: Path) -> None:
    written = [path for path in WRITTEN if path.endswith(".py") and "*" not in path]
    run(copy, "-m", "ruff", "check", *written)
    run(copy, "-m", "ruff", "format", "--check", *written)


def test_the_new_entity_serves(copy: Path) -> None:
    answer = json.loads(run(copy, "-c", SERVES))
    number = answer["guilds"]["totalCount"]
    assert number > 0
    assert answer["regions"]["nodes"] == [{"guilds": {"totalCount": number}}]


REFUSED = [
    ("Guild", "行会", "models/guild.py is there already."),
    ("guild", "行会", "'guild' is no name of a class, such as ServiceTeam."),
    ("Craft", "craft", "'craft' is no Chinese term, such as 服务队."),
]


@pytest.mark.parametrize(("name", "term", "reason"), REFUSED)
def test_what_is_wrong_or_there_already_is_refused(
    copy: Path, name: str, term: str, reason: str
) -> None:
    before = contents(copy)
    done = subprocess.run(
        [sys.executable, "-m", "scripts.add_entity", name, term],
        cwd=copy, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 2
    assert done.stderr.strip().endswith(reason)
    assert contents(copy) == before


def test_a_plain_kind_stands_in_four_files_of_code_and_two_pages() -> None:
    named = {
        path
        for path, content in contents(ROOT).items()
        if re.search(b"facilit(y|ies)", content.lower())
    }
    named = {path for path in named if not path.startswith(RECORDS_AND_FIGURES)}
    named -= MADE_FROM_CODE
    migrations = {path for path in named if path.startswith("migrations/")}
    tests = {path for path in named if path.startswith("tests/")}
    assert named - migrations - tests == CODE | SECTIONS
    assert len(tests) <= 4  # this one is among them
