"""Keys are changed while others read: nothing is out of reach meanwhile."""

import asyncio

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

import resolvers.rotation
from kit.sealed import BlindIndex, Ring, Seals
from models.personal import PersonalField
from resolvers.personal import VALUES, holders
from resolvers.personal_numbers import canonical
from resolvers.rotation import Rotated, rotate
from tests.asking import TODAY, Make
from tests.held import COLLEGE, Held, college, fresh_seals

NUMBERS = [f"E{1000000 + number}" for number in range(12)]
PASSPORT = PersonalField.PASSPORT


@pytest.fixture
async def held(engine: AsyncEngine) -> Held:
    held = Held(engine)
    await held.people()
    await held.agree()
    common = {"owner": COLLEGE, "audience": "OWNER", "region": "370102"}
    codes = [f"demo_p{number}" for number in range(len(NUMBERS))]
    await Make(engine)(workers=[{"code": code, "name": "某", **common} for code in codes])
    for code, number in zip(codes, NUMBERS, strict=True):
        await held.enter(code, {PASSPORT: number, PersonalField.BIRTH_DATE: "1980-01-01"})
    return held


def with_new_keys(seals: Seals, *, keep_old: bool = True) -> Seals:
    new = fresh_seals(["k2"], ["i2"])
    old = (seals.ring.keys, seals.index.keys) if keep_old else ({}, {})
    return Seals(Ring(new.ring.keys | old[0]), BlindIndex(new.index.keys | old[1]))


async def who_has(held: Held, written: str) -> set[str]:
    number = canonical(PASSPORT, written, TODAY)
    async with held.engine.connect() as connection:
        found = await holders(connection, held.seals, [(PASSPORT, number)])
    return found[PASSPORT, number]


async def test_a_number_is_found_however_it_is_spelled(held: Held) -> None:
    assert await who_has(held, NUMBERS[3]) == {"demo_p3"}
    assert await who_has(held, f" e {NUMBERS[3][1:]} ") == {"demo_p3"}
    assert await who_has(held, "E9999999") == set()
    stranger = Held(held.engine)
    assert await who_has(stranger, NUMBERS[3]) == set()


async def test_readers_see_every_value_throughout(
    held: Held, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In steps of five, with a reader that has both keys, as the guide says."""
    monkeypatch.setattr(resolvers.rotation, "AT_ONCE", 5)
    held.seals = with_new_keys(held.seals)
    done = asyncio.Event()
    seen = []

    async def read() -> None:
        while not done.is_set():
            found = await held.reveal(college(), "demo_p3", ["PASSPORT"])
            seen.append((found, await who_has(held, NUMBERS[11])))

    reading = asyncio.create_task(read())
    rotated = await rotate(held.engine, held.seals)
    done.set()
    await reading
    assert rotated == Rotated(sealed=24, unopened=0)
    assert seen
    assert all(one == ({"PASSPORT": NUMBERS[3]}, {"demo_p11"}) for one in seen)
    assert await rotate(held.engine, held.seals) == Rotated()
    held.seals = Seals(
        Ring({"k2": held.seals.ring.keys["k2"]}), BlindIndex({"i2": held.seals.index.keys["i2"]})
    )
    assert await held.reveal(college(), "demo_p7", ["PASSPORT", "BIRTH_DATE"]) == {
        "PASSPORT": NUMBERS[7],
        "BIRTH_DATE": "1980-01-01",
    }
    assert await who_has(held, NUMBERS[0]) == {"demo_p0"}


async def test_broken_off_it_goes_on_where_it_stopped(
    held: Held, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The seventh person, thirteenth value, third step: two steps of five are done."""
    monkeypatch.setattr(resolvers.rotation, "AT_ONCE", 5)
    seals = with_new_keys(held.seals)
    await held.refuse("UPDATE", "personal_value", "NEW.worker_id = 'demo_p4'")
    with pytest.raises(DBAPIError, match="no room"):
        await rotate(held.engine, seals)
    await held.allow("personal_value")
    assert await rotate(held.engine, seals) == Rotated(sealed=24 - 10)


async def test_what_does_not_open_is_left_for_when_its_key_is_there(held: Held) -> None:
    async with held.engine.connect() as connection:
        before = (await connection.execute(select(VALUES))).all()
    assert await rotate(held.engine, with_new_keys(held.seals, keep_old=False)) == Rotated(0, 24)
    async with held.engine.connect() as connection:
        assert (await connection.execute(select(VALUES))).all() == before
    assert await rotate(held.engine, with_new_keys(held.seals)) == Rotated(24, 0)
