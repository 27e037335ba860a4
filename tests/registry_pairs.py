"""Two registries that differ in nothing but what a viewer may not see, and what both answer."""

from collections import Counter
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import cycle
from random import Random
from typing import Any

from sqlalchemy import Table, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from kit.chain import BEGINNING, hash_of
from kit.database import open_engine, writing
from kit.language import Language
from kit.sealed import fresh_key, seals_with
from models import AccessEntry, Dispute, Worker
from models.access_log import AccessAction
from models.dispute import DisputeStatus
from models.history import stored
from models.partner import Role
from models.personal import PersonalField
from reports.making import read, report
from resolvers.access import Viewer, partner
from resolvers.access_log import COVERED
from resolvers.context import Context, today_in_china
from resolvers.derived import refresh
from resolvers.personal import subject_of
from resolvers.proposal import references
from tests.asking import Ask, Make, run
from tests.databases import Databases
from tests.generated import MODELS, Batch, enter_what_is_right
from tests.held import Held
from tests.hidden_writes import HiddenWrites, told_otherwise
from tests.random_known import Known
from tests.truth import KINDS, VIEWERS, Stored, Truth

COLLEGE, ELSEWHERE = "demo_college", "demo_college_north"
SHARING = ["demo_enterprise_01", "demo_enterprise_06", "demo_enterprise_24"]
TRAINEE = "demo_trainee_2022_001"
WORKER = Viewer("a worker", worker=TRAINEE)
OTHER_UNION = partner(Role.UNION, "demo_union_b", "demo_province_east")
KEYS = {"personal_keys": fresh_key("k1"), "personal_index_keys": fresh_key("i1")}
ENTERED = datetime(2026, 3, 2, 8, tzinfo=UTC)  # of disputes and entries of logs
NAMES = "one", "other"  # keys of what is hidden begin so
BATCHES = 1, 2  # of hidden rows that the one registry gets, and the other
RETOLD = 2  # records of each sort of which the viewer sees some versions and not others


def hiding(databases: Databases, dialect: str) -> None:
    """The template `hiding`: the examples, with something hidden of every kind."""

    def make() -> str:
        url = databases.copy(dialect, "examples")
        run(hide_some(url))
        return url

    databases.kept(dialect, "hiding", make)


async def hide_some(url: str) -> None:
    """Of three rows one goes to an owner, of five one is shared by one, by the write path."""
    owners = cycle(
        sorted({viewer.organisation for viewer in VIEWERS if viewer.organisation} | {*SHARING})
    )
    engine = open_engine(url)
    truth = await Truth.of(engine)
    hidden: Batch = {}
    for model in MODELS:
        rows = hidden[model] = []
        for n, id in enumerate(sorted(truth.rows[stored(model).name])):
            if (n % 3 == 1 or n % 5 == 3) and id != TRAINEE:
                row = truth.rows[stored(model).name][id]
                named = {"key": id} | ({"code": row["code"]} if "code" in row else {})
                audience = "OWNER" if n % 3 else "SHARED"
                rows.append(named | {"owner": next(owners), "audience": audience})
    await enter_what_is_right(Make(engine), hidden)
    held = held_by(engine)
    for college in (COLLEGE, ELSEWHERE):
        await held.agree(college)
    await held.enter(TRAINEE, {PersonalField.PHONE: "13800138000"}, COLLEGE)
    async with writing(engine) as connection:
        await log(connection, TRAINEE, 1)
        await dispute(connection, TRAINEE, TRAINEE, 1)
    await refresh(engine, today_in_china())
    await engine.dispose()


def held_by(engine: AsyncEngine) -> Held:
    seals = seals_with({name.upper(): key for name, key in KEYS.items()})
    assert seals is not None
    return Held(engine, seals)


async def log(connection: AsyncConnection, worker: str, hour: int) -> None:
    """An entry of an hour that the test says: the chain covers it, so it can't be set later."""
    table = stored(AccessEntry)
    newest = select(table.c.number, table.c.hash).order_by(table.c.number.desc()).limit(1)
    last = (await connection.execute(newest)).one_or_none()
    number, previous = (last.number + 1, last.hash) if last else (1, BEGINNING)
    entry = {
        "at": ENTERED.replace(hour=hour),
        "access_action": AccessAction.REVEALED,
        "reader": COLLEGE,
        "pseudonym": (await subject_of(connection, worker)).pseudonym,
        "fields": PersonalField.PHONE.value,
        "purpose": "教学管理",
        "legal_basis_id": None,
    }
    sealed = hash_of(number, [entry[name] for name in COVERED], previous)
    numbered = {"number": number, "previous": previous, "hash": sealed}
    await connection.execute(insert(table), numbered | entry)


async def dispute(connection: AsyncConnection, worker: str, record: str, number: int) -> None:
    row = {
        "number": number,
        "worker_id": worker,
        "record_type": "Worker",
        "record_id": record,
        "owner_id": COLLEGE if worker == TRAINEE else "demo_enterprise_02",
        "text": "写错了",
        "dispute_status": DisputeStatus.OPEN,
        "opened_at": ENTERED,
    }
    await connection.execute(insert(stored(Dispute)), row)


@dataclass
class Prepared:
    """A pair before anybody asks it. `moved` counts what differs between its registries."""

    viewer: Viewer
    urls: tuple[str, str]
    known: Known
    seed: str
    hidden: list[str] = field(default_factory=list)
    retold: list[str] = field(default_factory=list)
    moved: Counter[str] = field(default_factory=Counter)


async def prepare(
    urls: tuple[str, str], viewer: Viewer, known: Known, truth: Truth, seed: str
) -> Prepared:
    """Writes what the viewer doesn't see into each; what it sees is the same to the last.

    Both hold what `known` and `truth` say.
    """
    chance = Random(seed)
    engines = [open_engine(url) for url in urls]
    writes = [
        HiddenWrites(engine, viewer, Random(f"{seed} {name}"), name)
        for engine, name in zip(engines, NAMES, strict=True)
    ]
    prepared = Prepared(viewer, urls, deepcopy(known), seed)
    one, other = writes
    for registry in writes:
        registry.begin(truth)
    one.clerk.chance.seed(seed)
    for sort in (one.clerk.retold, one.clerk.come_to_light):
        found = 0
        for retold in sort():
            if found == RETOLD:
                break
            if await one.retell(retold):
                assert await other.retell(retold), f"{retold} can be shown again in one only."
                prepared.retold.append(retold.id)
                found += 1
        assert found == RETOLD
    one.clerk.chance.seed(f"{seed} one")
    for registry, batches in zip(writes, BATCHES, strict=True):
        prepared.moved["rows written"] += await registry.write(batches)
        await past_the_write_path(registry, chance.randrange(1, 4))
    truths = [registry.clerk.truth for registry in writes]
    assert told_otherwise(truths[0], truths[1], viewer) == set(), (
        "What the viewer sees is the same."
    )
    prepared.moved += await differences(engines, truths, viewer)
    learn(prepared.known, truths, viewer)
    for truth in truths:
        prepared.hidden += sorted(truth.all_ids() - truth.ids(viewer) - {*prepared.hidden})
    for engine in engines:
        await engine.dispose()
    return prepared


async def past_the_write_path(registry: HiddenWrites, number: int) -> None:
    """What is no record: personal values, entries of the log, disputes, reports of others."""
    clerk = registry.clerk
    others = [row for row in clerk.live[Worker].values() if not clerk.sees(Worker, row)]
    held = held_by(registry.engine)
    for place, row in enumerate(clerk.chance.sample(others, min(number, len(others)))):
        phone = f"1390013{clerk.chance.randrange(1000, 9999)}"
        await held.enter(row["code"], {PersonalField.PHONE: phone}, ELSEWHERE)
        async with writing(registry.engine) as connection:
            await log(connection, row["id"], 2)
            await dispute(connection, row["id"], row["id"], 2 + place)
    await report_to(registry.engine, OTHER_UNION, number)
    async with writing(registry.engine) as connection:
        await log(connection, TRAINEE, 3)
        await dispute(connection, TRAINEE, TRAINEE, 100)


async def report_to(engine: AsyncEngine, viewer: Viewer, number: int) -> None:
    """So many reports are kept for a partner."""
    today = today_in_china()
    for depth in range(number):
        given = {"root": "demo_province_east", "measures": "STUDIOS", "depth": str(depth)}
        asked = read("rollup", "csv", given, Language.ENGLISH)
        assert asked is not None
        await report(engine, asked, viewer, today, lambda: Context.of(engine, viewer, today))


async def differences(
    engines: Sequence[AsyncEngine], truths: Sequence[Truth], viewer: Viewer
) -> Counter[str]:
    """In how many rows the two differ, by what they are; none may be what the viewer sees."""
    found: Counter[str] = Counter()
    contents = [await everything(engine) for engine in engines]
    for name in contents[0]:
        number = len(contents[0][name] ^ contents[1][name])
        sort = next(
            (sort for sort in ("summary", "history", "search_term") if sort in name),
            name if name in {"change", "access_log", "personal_value", "report"} else "records",
        )
        found[sort] += number
    one, other = truths
    for table, rows in one.rows.items():
        for id, row in rows.items():
            if one.id(table, row) in one.ids(viewer):
                found["derived columns"] += row != other.rows[table][id]
    return found


async def everything(engine: AsyncEngine) -> dict[str, set[Any]]:
    """The rows of each table, as its database gives them: to be compared, not to be read."""
    async with engine.connect() as connection:
        return {
            table.name: {*map(tuple, await connection.exec_driver_sql(whole(table)))}
            for table in stored(MODELS[0]).metadata.sorted_tables
        }


def whole(table: Table) -> str:
    return f'SELECT * FROM "{table.name}"'


def learn(known: Known, truths: Sequence[Truth], viewer: Viewer) -> None:
    """Questions speak often of what one registry has otherwise, and of what that is about."""
    for one, other in (truths, truths[::-1]):
        for model in MODELS:
            table = stored(model).name
            for id, row in one.rows[table].items():
                if one.id(table, row) in one.ids(viewer) or row == other.rows[table].get(id):
                    continue
                speak_of(known, one, table, row)
                for column, target in references(model):
                    if (key := row[column]) is not None and column != "owner_id":
                        holder = stored(target).name
                        speak_of(known, one, holder, one.rows[holder][key])


def speak_of(known: Known, truth: Truth, table: str, row: Stored) -> None:
    kind = KINDS[table]
    known.ids[kind].append(truth.id(table, row))
    if "code" in row:
        known.codes[kind].append(row["code"])
        known.values[kind, "code"].append(row["code"])
        known.values[kind, "name"].append(row["name"])


async def known_of(url: str) -> tuple[Known, Truth]:
    engine = open_engine(url)
    try:
        return await Known.of(Ask(engine)), await Truth.of(engine)
    finally:
        await engine.dispose()
