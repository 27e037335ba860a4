"""Spells: which hold on a day, and how many are too little dated to say."""

import asyncio
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from engine.catalog.kind import Spells
from engine.sql.arguments import ConnectionArguments
from tests.engine import library
from tests.engine.library import STAFF, VISITOR, library_loaders, row_codes
from tests.support.databases import Databases


@pytest.fixture(scope="module")
def url(databases: Databases, dialect: str) -> Iterator[str]:
    with library.library_database(databases, dialect) as url:
        yield url


# visitor: l8 and l9 are hidden; undated are l3 (open), l7 (ended 2025-01-01), l9
SPELLS: list[tuple[dict[str, Any], list[str], int, list[str], int]] = [
    ({}, ["l1", "l10", "l3", "l5"], 0, ["l1", "l10", "l3", "l5", "l8", "l9"], 0),
    ({"spells": Spells.CURRENT}, ["l1", "l10", "l3", "l5"], 0,
     ["l1", "l10", "l3", "l5", "l8", "l9"], 0),
    ({"spells": Spells.ALL}, ["l1", "l10", "l2", "l3", "l4", "l5", "l6", "l7"], 0,
     ["l1", "l10", "l2", "l3", "l4", "l5", "l6", "l7", "l8", "l9"], 0),
    ({"on": library.TODAY}, ["l1", "l10", "l3", "l5"], 0,
     ["l1", "l10", "l3", "l5", "l8", "l9"], 0),
    ({"on": date(2026, 5, 31)}, ["l1", "l10", "l4"], 1, ["l1", "l10", "l4", "l8"], 2),
    ({"on": date(2024, 12, 31)}, [], 2, [], 3),
    ({"on": date(2025, 1, 1)}, [], 1, [], 2),
    ({"on": date(2020, 1, 1)}, ["l2"], 2, ["l2"], 3),
    ({"on": date(2019, 12, 31)}, [], 2, [], 3),
    ({"on": date(2021, 1, 1)}, [], 2, [], 3),
    ({"on": date(2026, 7, 1)}, ["l1", "l10", "l3", "l5", "l6"], 0,
     ["l1", "l10", "l3", "l5", "l6", "l8", "l9"], 0),
    ({"on": date(2024, 1, 1), "filter": (("borrower", "王"),)}, [], 2, [], 2),
]  # fmt: skip


@pytest.mark.parametrize(("asked", "visitors", "unknown", "staffs", "unknown_to_staff"), SPELLS)
async def test_a_list_gives_the_spells_that_hold_and_counts_the_undated(
    engine: AsyncEngine,
    asked: dict[str, Any],
    visitors: list[str],
    unknown: int,
    staffs: list[str],
    unknown_to_staff: int,
) -> None:
    for viewer, wanted, undated in (
        (VISITOR, visitors, unknown),
        (STAFF, staffs, unknown_to_staff),
    ):
        async with library_loaders(engine, viewer) as one:
            page = await one.page((), library.loans, ConnectionArguments(**asked), "")
            assert sorted(row_codes(page.rows)) == wanted
            assert await one.count((), library.loans, ConnectionArguments(**asked), "") == len(
                wanted
            )
            assert await one.undated((), library.loans, ConnectionArguments(**asked), "") == undated
            assert one.statements == 3


async def test_the_undated_are_counted_for_every_parent_in_one_statement(
    engine: AsyncEngine,
) -> None:
    asked = ConnectionArguments(on=date(2024, 1, 1))
    for viewer, wanted in ((VISITOR, [1, 1, 0]), (STAFF, [1, 2, 0])):
        async with library_loaders(engine, viewer) as one:
            found = await asyncio.gather(
                *(one.undated((), library.loans_at, asked, f"id-s{n}") for n in (1, 2, 3))
            )
            assert found == wanted
            assert one.statements == 1
