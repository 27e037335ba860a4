"""Keys are changed while others read: nothing is out of reach meanwhile."""

import asyncio

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

import resolvers.personal.key_rotation
from kit.security.encryption import BlindIndex, EncryptionKeys, KeyRing
from models.personal import PersonalField
from resolvers.personal.document_numbers import canonical_number
from resolvers.personal.key_rotation import RotationResult, rotate_seals
from resolvers.personal.masked import PERSONAL_VALUES, find_number_holders
from tests.support.graph import TODAY, RowFactory
from tests.support.personal_records import (
    COLLEGE,
    PersonalRegistry,
    college_viewer,
    new_personal_keys,
)

NUMBERS = [f"E{1000000 + number}" for number in range(12)]
PASSPORT = PersonalField.PASSPORT


@pytest.fixture
async def held(engine: AsyncEngine) -> PersonalRegistry:
    held = PersonalRegistry(engine)
    await held.people()
    await held.agree()
    common = {"owner": COLLEGE, "audience": "OWNER", "region": "370102"}
    codes = [f"demo_p{number}" for number in range(len(NUMBERS))]
    await RowFactory(engine)(workers=[{"code": code, "name": "某", **common} for code in codes])
    for code, number in zip(codes, NUMBERS, strict=True):
        await held.enter(code, {PASSPORT: number, PersonalField.BIRTH_DATE: "1980-01-01"})
    return held


def with_new_keys(seals: EncryptionKeys, *, keep_old: bool = True) -> EncryptionKeys:
    new = new_personal_keys(["k2"], ["i2"])
    old = (seals.ring.keys, seals.index.keys) if keep_old else ({}, {})
    return EncryptionKeys(KeyRing(new.ring.keys | old[0]), BlindIndex(new.index.keys | old[1]))


async def who_has(held: PersonalRegistry, written: str) -> set[str]:
    number = canonical_number(PASSPORT, written, TODAY)
    async with held.engine.connect() as connection:
        found = await find_number_holders(connection, held.seals, [(PASSPORT, number)])
    return found[PASSPORT, number]


async def test_a_number_is_found_however_it_is_spelled(held: PersonalRegistry) -> None:
    assert await who_has(held, NUMBERS[3]) == {"demo_p3"}
    assert await who_has(held, f" e {NUMBERS[3][1:]} ") == {"demo_p3"}
    assert await who_has(held, "E9999999") == set()
    stranger = PersonalRegistry(held.engine)
    assert await who_has(stranger, NUMBERS[3]) == set()


async def test_readers_see_every_value_throughout(
    held: PersonalRegistry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In steps of five, with a reader that has both keys, as the guide says."""
    monkeypatch.setattr(resolvers.personal.key_rotation, "VALUES_PER_BATCH", 5)
    held.seals = with_new_keys(held.seals)
    done = asyncio.Event()
    seen = []

    async def read() -> None:
        while not done.is_set():
            found = await held.reveal(college_viewer(), "demo_p3", ["PASSPORT"])
            seen.append((found, await who_has(held, NUMBERS[11])))

    reading = asyncio.create_task(read())
    rotated = await rotate_seals(held.engine, held.seals)
    done.set()
    await reading
    assert rotated == RotationResult(sealed=24, unopened=0)
    assert seen
    assert all(one == ({"PASSPORT": NUMBERS[3]}, {"demo_p11"}) for one in seen)
    assert await rotate_seals(held.engine, held.seals) == RotationResult()
    held.seals = EncryptionKeys(
        KeyRing({"k2": held.seals.ring.keys["k2"]}), BlindIndex({"i2": held.seals.index.keys["i2"]})
    )
    assert await held.reveal(college_viewer(), "demo_p7", ["PASSPORT", "BIRTH_DATE"]) == {
        "PASSPORT": NUMBERS[7],
        "BIRTH_DATE": "1980-01-01",
    }
    assert await who_has(held, NUMBERS[0]) == {"demo_p0"}


async def test_broken_off_it_goes_on_where_it_stopped(
    held: PersonalRegistry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The seventh person, thirteenth value, third step: two steps of five are done."""
    monkeypatch.setattr(resolvers.personal.key_rotation, "VALUES_PER_BATCH", 5)
    seals = with_new_keys(held.seals)
    await held.refuse("UPDATE", "personal_value", "NEW.worker_id = 'demo_p4'")
    with pytest.raises(DBAPIError, match="no room"):
        await rotate_seals(held.engine, seals)
    await held.allow("personal_value")
    assert await rotate_seals(held.engine, seals) == RotationResult(sealed=24 - 10)


async def test_what_does_not_open_is_left_for_when_its_key_is_there(held: PersonalRegistry) -> None:
    async with held.engine.connect() as connection:
        before = (await connection.execute(select(PERSONAL_VALUES))).all()
    assert await rotate_seals(
        held.engine, with_new_keys(held.seals, keep_old=False)
    ) == RotationResult(0, 24)
    async with held.engine.connect() as connection:
        assert (await connection.execute(select(PERSONAL_VALUES))).all() == before
    assert await rotate_seals(held.engine, with_new_keys(held.seals)) == RotationResult(24, 0)
