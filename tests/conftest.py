import gc
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, contextmanager
from itertools import compress
from operator import not_
from pathlib import Path
from uuid import uuid4
from zlib import crc32

import httpx
import pytest
import structlog
from hypothesis import HealthCheck, Phase, settings
from hypothesis.database import DirectoryBasedExampleDatabase
from sqlalchemy.ext.asyncio import AsyncEngine

import cli
from kit.db.engine import open_engine
from kit.runtime.memory import tune_memory
from tests import GC_THRESHOLDS
from tests.engine import library
from tests.engine.library_queries import LibraryClient, library_client
from tests.support.commands import RunCli
from tests.support.compiled_statements import share_compiled_statements
from tests.support.databases import DIALECTS, Databases
from tests.support.graph import GraphQLTestClient, RowFactory, run_async
from tests.support.over_http import serve
from tests.support.partners import issue_partner_keys
from tests.support.postgres import configure_postgres, temporary_postgres
from tests.support.registries import disposing_engine, filled_registry

# Messages are in the language of the locale: tests read the English ones.
os.environ["LC_ALL"] = "C.UTF-8"

# One database serves many examples, and each asks it several times: no example is quick.
STEADY = settings(
    deadline=None,
    derandomize=True,
    phases=set(Phase) - {Phase.explain},
    print_blob=True,
    suppress_health_check=list(HealthCheck),
)
settings.register_profile("steady", STEADY)
settings.register_profile("prove", STEADY, derandomize=False)
# As many examples as in `make test`, but others: those of a seed that is given.
settings.register_profile("share", STEADY, derandomize=False, database=None)
# Making a random question smaller takes longer than reading it. What fails is kept, to come first.
settings.register_profile(
    "fuzz",
    STEADY,
    derandomize=False,
    database=DirectoryBasedExampleDatabase(".hypothesis/examples"),
    phases=set(Phase) - {Phase.explain, Phase.shrink},
)

settings.load_profile("steady")

# As in production. The rich traces of structlog's own choice take seconds each.
structlog.configure(
    processors=[
        structlog.processors.add_log_level,
        structlog.processors.format_exc_info,
        structlog.processors.JSONRenderer(),
    ]
)

share_compiled_statements()

POSTGRES_URL = "TEST_POSTGRES_URL"
RUN_VARIABLE, FOLDER_VARIABLE = "JIANGPU_TEST_RUN", "JIANGPU_TEST_FOLDER"


# These take longest, in this order: whole files go to processes, and no process shall wait for one
# at the end.
SLOWEST_FILES = [
    f"test_{name}.py"
    for name in (
        *("properties_noninterference", "hidden_names", "audiences", "embedded", "both_executors"),
        *("walk", "export", "search", "server", "explained", "personal_leaks", "properties_pages"),
        *("properties_filters", "properties_summaries", "erasure_request", "cli", "successors"),
        *("personal", "hidden_numbers", "authentication", "partner_keys", "properties_derived"),
        *("properties_rollup", "properties_writes", "properties_loading", "bad_files"),
        *("migrations", "walls", "every_field", "malformed", "charged"),
    )
]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--databases",
        choices=["both", "first", "second"],
        default="both",
        help="of what runs on both: each file on both, on one of them, or on the other one alone",
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    places = {name: place for place, name in enumerate(SLOWEST_FILES)}
    items.sort(key=lambda item: places.get(item.path.name, len(places)))
    part = config.getoption("databases")
    if part != "both":
        wanted = [runs_on_first_database(item) is (part == "first") for item in items]
        config.hook.pytest_deselected(items=list(compress(items, map(not_, wanted))))
        items[:] = compress(items, wanted)


def runs_on_first_database(item: pytest.Item) -> bool:
    """Whether a test runs where each file is run on one database: which one, its name decides."""
    of = getattr(item, "callspec", None)
    if of is None or "dialect" not in of.params:
        return True
    chosen: str = DIALECTS[crc32(item.path.name.encode()) % 2]
    return bool(of.params["dialect"] == chosen)


def pytest_collection_finish(session: pytest.Session) -> None:
    """As the service does at its start, but collections are rarer: they skip the schema."""
    tune_memory()
    gc.set_threshold(*GC_THRESHOLDS)


def pytest_configure(config: pytest.Config) -> None:
    """One server for all processes of a run, started before they are.

    They inherit its address, and what the run is called, by the environment.
    """
    if hasattr(config, "workerinput") or not config.getoption("numprocesses", None):
        return
    os.environ[RUN_VARIABLE] = uuid4().hex
    folder = Path(tempfile.mkdtemp(prefix="jiangpu-tests-"))
    config.add_cleanup(lambda: shutil.rmtree(folder))
    os.environ[FOLDER_VARIABLE] = str(folder)
    server = ExitStack()
    config.add_cleanup(server.close)
    os.environ[POSTGRES_URL] = server.enter_context(postgres_url_or_server())
    config.add_cleanup(
        Databases(folder, os.environ[POSTGRES_URL], os.environ[RUN_VARIABLE]).drop_all
    )


@contextmanager
def postgres_url_or_server() -> Iterator[str]:
    """`TEST_POSTGRES_URL`, or a server of the tests' own on a socket of its own."""
    if url := os.environ.get(POSTGRES_URL):
        yield url
        return
    with temporary_postgres() as server:
        configure_postgres(server)
        yield server.get_uri()


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    if run := os.environ.get(RUN_VARIABLE):  # the process that started this one clears up
        shared = Databases(Path(os.environ[FOLDER_VARIABLE]), os.environ[POSTGRES_URL], run)
        yield shared
        shared.close()
        return
    with postgres_url_or_server() as url:
        made = Databases(tmp_path_factory.mktemp("databases"), url)
        yield made
        made.close()
        made.drop_all()


@pytest.fixture(scope="session", params=DIALECTS)
def dialect(request: pytest.FixtureRequest) -> str:
    found: str = request.param
    return found


@pytest.fixture(scope="session")
def examples_url(databases: Databases, dialect: str) -> str:
    return databases.shared(dialect, "examples")


@pytest.fixture(scope="session")
async def examples_engine(examples_url: str, engines: dict[str, AsyncEngine]) -> AsyncEngine:
    """Return the registry with its example records: to be read, not to be written."""
    if examples_url not in engines:
        engines[examples_url] = open_engine(examples_url)
    return engines[examples_url]


@pytest.fixture
def own_examples_url(databases: Databases, dialect: str) -> Iterator[str]:
    """Yield the example records, to be written."""
    with databases.lent(dialect, "examples") as url:
        yield url


@pytest.fixture(scope="session")
def keyed_url(databases: Databases, dialect: str) -> str:
    """Return the example records with keys of their partners: to be asked, not to be written."""
    return databases.shared(dialect, "examples", "with keys")


@pytest.fixture(scope="session")
def keys_by_url() -> dict[str, dict[str, str]]:
    return {}


@pytest.fixture(scope="session")
def partner_keys(keyed_url: str, keys_by_url: dict[str, dict[str, str]]) -> dict[str, str]:
    """Return a key of each partner, for `keyed_url`."""
    if keyed_url not in keys_by_url:
        keys_by_url[keyed_url] = run_async(issue_partner_keys(keyed_url))
    return keys_by_url[keyed_url]


@pytest.fixture
async def own_partner_keys(own_examples_url: str) -> dict[str, str]:
    """Return a key of each partner of the demonstration, in a registry of a test's own."""
    return await issue_partner_keys(own_examples_url)


@pytest.fixture
def url(databases: Databases, dialect: str) -> Iterator[str]:
    """Yield a registry of a test's own, with some regions only."""
    with databases.lent(dialect, "places") as url:
        yield url


@pytest.fixture
def region_tree_url(databases: Databases, dialect: str) -> Iterator[str]:
    """Yield the same with all regions."""
    with databases.copied(dialect, "tree") as url:
        yield url


@pytest.fixture(scope="session")
async def engines() -> AsyncIterator[dict[str, AsyncEngine]]:
    """By URL: one for all tests that a database is lent to, with what it has compiled."""
    engines: dict[str, AsyncEngine] = {}
    yield engines
    for engine in engines.values():
        await engine.dispose()


@pytest.fixture
async def engine(url: str, engines: dict[str, AsyncEngine]) -> AsyncIterator[AsyncEngine]:
    if url.startswith("postgresql"):
        if url not in engines:
            engines[url] = open_engine(url)
        yield engines[url]
    else:
        engine = open_engine(url)
        yield engine
        await engine.dispose()


@pytest.fixture(scope="module")
def empty_registry_url(databases: Databases, dialect: str) -> Iterator[str]:
    """Yield a database of a module's own: tables, and not a row in them."""
    with databases.copied(dialect, "tables") as url:
        yield url


@pytest.fixture(scope="module")
async def empty_registry(empty_registry_url: str) -> AsyncIterator[AsyncEngine]:
    engine = open_engine(empty_registry_url)
    yield engine
    await engine.dispose()


@pytest.fixture
def unmigrated_url(databases: Databases, dialect: str) -> Iterator[str]:
    """Yield a database without tables."""
    url = databases.bare(dialect)
    yield url
    databases.drop(url)


@pytest.fixture
async def unmigrated_engine(unmigrated_url: str) -> AsyncIterator[AsyncEngine]:
    engine = open_engine(unmigrated_url)
    yield engine
    await engine.dispose()


@pytest.fixture
def old_schema_url(databases: Databases, dialect: str, version: str) -> Iterator[str]:
    """Yield a database of a test's own, with the tables of an older `version`."""
    with databases.copied(dialect, version) as url:
        yield url


@pytest.fixture
async def old_schema_engine(old_schema_url: str) -> AsyncIterator[AsyncEngine]:
    async with disposing_engine(old_schema_url) as engine:
        yield engine


@pytest.fixture
def make(engine: AsyncEngine) -> RowFactory:
    return RowFactory(engine)


@pytest.fixture
def ask(engine: AsyncEngine) -> GraphQLTestClient:
    return GraphQLTestClient(engine)


@pytest.fixture
def ask_examples(examples_engine: AsyncEngine) -> GraphQLTestClient:
    return GraphQLTestClient(examples_engine)


@pytest.fixture(scope="module")
def filled_url(databases: Databases, dialect: str, request: pytest.FixtureRequest) -> Iterator[str]:
    """Yield a registry that a module's `fill` has filled once: to be read, or written in vain."""
    with filled_registry(databases, dialect, request.module.fill) as url:
        yield url


@pytest.fixture(scope="module")
async def filled_engine(filled_url: str) -> AsyncIterator[AsyncEngine]:
    async with disposing_engine(filled_url) as engine:
        yield engine


@pytest.fixture
def ask_filled(filled_engine: AsyncEngine) -> GraphQLTestClient:
    """Asks what the module's `fill` has entered."""
    return GraphQLTestClient(filled_engine)


@pytest.fixture(scope="session")
def library_url(databases: Databases, dialect: str) -> str:
    """Return the library with its rows: to be read, not to be written."""
    return library.shared_library_url(databases, dialect)


@pytest.fixture(params=["by rows", "by subtrees"])
async def ask_library(
    library_url: str, request: pytest.FixtureRequest
) -> AsyncIterator[LibraryClient]:
    async with library_client(library_url, written=request.param == "by subtrees") as ask:
        yield ask


@pytest.fixture
def run_cli(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> RunCli:
    monkeypatch.setenv("LC_ALL", "C")

    def call(url: str, *words: str) -> tuple[int, list[str]]:
        monkeypatch.setenv("DATABASE_URL", url)
        capsys.readouterr()  # what the fixtures said
        code = cli.main(list(words))
        printed, said = capsys.readouterr()
        assert printed == "", "Standard output is for results."
        assert "Traceback" not in said
        return code, said.splitlines()

    return call


@pytest.fixture
async def client(examples_url: str) -> AsyncIterator[httpx.AsyncClient]:
    async with serve(examples_url) as client:
        yield client


@pytest.fixture
def project_root() -> Path:
    return Path(__file__).parent.parent
