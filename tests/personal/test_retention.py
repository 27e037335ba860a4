"""Personal data goes some years after nothing ties the person to the registry any more."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from kit.db.engine import write_transaction
from models.personal import FieldGroup, PersonalField
from resolvers.personal.retention import delete_expired_values
from tests.support.graph import RowFactory
from tests.support.personal_records import ADULT, COLLEGE, PersonalRegistry

YEARS = dict.fromkeys(FieldGroup, 3)
ENTERED = "2020-01-01 04:00:00+00"
ENROLMENT = {"key": "e", "trainee": "demo_w1", "college": COLLEGE, "sources": "s"}


@pytest.fixture
async def held(engine: AsyncEngine) -> PersonalRegistry:
    held = PersonalRegistry(engine)
    await held.people()
    await held.agree()
    await held.enter(
        "demo_w1", {PersonalField.RESIDENT_ID: ADULT, PersonalField.PHONE: "13800138000"}
    )
    stamp = ENTERED if engine.dialect.name == "postgresql" else ENTERED[:19] + ".000000"
    await held.execute(f"UPDATE personal_value SET recorded_at = '{stamp}'")
    return held


async def left_on(
    held: PersonalRegistry, day: str, years: Mapping[FieldGroup, int] = YEARS
) -> list[str]:
    """Which fields are still held when it is run on that day."""
    async with write_transaction(held.engine) as connection:
        await delete_expired_values(connection, years, date.fromisoformat(day), "test")
    return sorted(row.field for row in await held.stored_values())


BOTH = ["PHONE", "RESIDENT_ID"]


async def test_without_any_spell_it_is_counted_from_the_entry(held: PersonalRegistry) -> None:
    assert await left_on(held, "2022-12-31") == BOTH
    assert await held.log() == []
    assert await left_on(held, "2023-01-01") == []
    [entry] = await held.log()
    assert (entry.access_action, entry.fields) == ("EXPIRED", "PHONE,RESIDENT_ID")


@pytest.mark.parametrize(("spell", "last_day"), [
    ({"started": "2019-09-01", "ended": "2022-06-30"}, "2025-06-29"),
    ({"started": "2015-09-01", "ended": "2018-06-30"}, "2022-12-31"),  # the entry was later
    ({"started": "2019-09-01", "enrolment_status": "ENROLLED"}, "2099-12-31"),
    ({"started": "2019-09-01"}, "2099-12-31"),
])  # fmt: skip
async def test_it_is_counted_from_the_end_of_the_last_spell(
    held: PersonalRegistry, spell: dict[str, Any], last_day: str
) -> None:
    await RowFactory(held.engine)(enrolments=[{**ENROLMENT, **spell}])
    assert await left_on(held, last_day) == BOTH
    if last_day < "2099":
        after = date.fromisoformat(last_day).toordinal() + 1
        assert await left_on(held, date.fromordinal(after).isoformat()) == []


async def test_who_has_graduated_without_a_day_on_record_did_so_when_that_was_entered(
    held: PersonalRegistry,
) -> None:
    await RowFactory(held.engine)(enrolments=[{**ENROLMENT, "enrolment_status": "GRADUATED"}])
    assert await left_on(held, "2027-01-01") == BOTH
    assert await left_on(held, "2032-01-01") == []


async def test_each_group_has_its_own_years(held: PersonalRegistry) -> None:
    years = YEARS | {FieldGroup.CONTACT: 1, FieldGroup.DOCUMENTS: 10}
    assert await left_on(held, "2021-01-01", years) == ["RESIDENT_ID"]
    assert await left_on(held, "2029-12-31", years) == ["RESIDENT_ID"]
    assert await left_on(held, "2030-01-01", years) == []
