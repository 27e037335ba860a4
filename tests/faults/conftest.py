from collections.abc import Iterator

import pytest

from tests.support.databases import Databases


@pytest.fixture(scope="module")
def postgres_url(databases: Databases) -> Iterator[str]:
    """Yield the example records, on PostgreSQL."""
    url = databases.copy("postgresql", "examples")
    yield url
    databases.drop(url)


@pytest.fixture(scope="module")
def sqlite_url(databases: Databases) -> Iterator[str]:
    """Yield the example records, in a file."""
    url = databases.copy("sqlite", "examples")
    yield url
    databases.drop(url)
