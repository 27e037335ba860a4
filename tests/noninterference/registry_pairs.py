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

from kit.db.engine import open_engine, write_transaction
from kit.i18n import Language
from kit.security.encryption import generate_encryption_key, load_encryption_keys
from kit.security.hash_chain import GENESIS_HASH, entry_hash
from models.access_log import AccessAction, AccessEntry
from models.dispute import Dispute, DisputeStatus
from models.history import model_table
from models.partner import Role
from models.personal import PersonalField
from models.worker import Worker
from reports.service import produce_report, read_report_request
from resolvers.core.access import Viewer, partner_viewer
from resolvers.core.context import Context, today_in_china
from resolvers.personal.access_log import HASHED_COLUMNS
from resolvers.personal.masked import ensure_subject
from resolvers.writing.derived_columns import refresh_for_day
from resolvers.writing.proposal import referenced_models
from tests.noninterference.hidden_writes import HiddenWriter, visible_differences
from tests.random.known_values import ValuePool
from tests.support.databases import Databases
from tests.support.graph import GraphQLTestClient, RowFactory, run_async
from tests.support.personal_records import PersonalRegistry
from tests.support.random_rows import MODELS, Batch, enter_valid_rows
from tests.support.visible_records import KINDS, VIEWERS, Stored, VisibilityOracle

COLLEGE, ELSEWHERE = "demo_college", "demo_college_north"
SHARING = ["demo_enterprise_01", "demo_enterprise_06", "demo_enterprise_24"]
TRAINEE = "demo_trainee_2022_001"
WORKER = Viewer("a worker", worker=TRAINEE)
OTHER_UNION = partner_viewer(Role.UNION, "demo_union_b", "demo_province_east")
KEYS = {
    "personal_keys": generate_encryption_key("k1"),
    "personal_index_keys": generate_encryption_key("i1"),
}
ENTERED = datetime(2026, 3, 2, 8, tzinfo=UTC)  # of disputes and entries of logs
NAMES = "one", "other"  # keys of what is hidden begin so
BATCHES = 1, 2  # of hidden rows that the one registry gets, and the other
RETOLD = 2  # records of each sort of which the viewer sees some versions and not others


def create_hidden_template(databases: Databases, dialect: str) -> None:
    """Create the template `hiding`: the examples, with something hidden of every kind."""

    def make() -> str:
        url = databases.copy(dialect, "examples")
        run_async(hide_rows_by_writing(url))
        return url

    databases.kept(dialect, "hiding", make)


async def hide_rows_by_writing(url: str) -> None:
    """Assign every third row to an owner and share every fifth, by the write path."""
    owners = cycle(
        sorted({viewer.organisation for viewer in VIEWERS if viewer.organisation} | {*SHARING})
    )
    engine = open_engine(url)
    truth = await VisibilityOracle.of(engine)
    hidden: Batch = {}
    for model in MODELS:
        rows = hidden[model] = []
        for n, id in enumerate(sorted(truth.rows[model_table(model).name])):
            if (n % 3 == 1 or n % 5 == 3) and id != TRAINEE:
                row = truth.rows[model_table(model).name][id]
                named = {"key": id} | ({"code": row["code"]} if "code" in row else {})
                audience = "OWNER" if n % 3 else "SHARED"
                rows.append(named | {"owner": next(owners), "audience": audience})
    await enter_valid_rows(RowFactory(engine), hidden)
    held = personal_registry_of(engine)
    for college in (COLLEGE, ELSEWHERE):
        await held.agree(college)
    await held.enter(TRAINEE, {PersonalField.PHONE: "13800138000"}, COLLEGE)
    async with write_transaction(engine) as connection:
        await insert_log_entry(connection, TRAINEE, 1)
        await insert_dispute(connection, TRAINEE, TRAINEE, 1)
    await refresh_for_day(engine, today_in_china())
    await engine.dispose()


def personal_registry_of(engine: AsyncEngine) -> PersonalRegistry:
    seals = load_encryption_keys({name.upper(): key for name, key in KEYS.items()})
    assert seals is not None
    return PersonalRegistry(engine, seals)


async def insert_log_entry(connection: AsyncConnection, worker: str, hour: int) -> None:
    """Insert an entry with its time: the chain covers it, so it can't be set later."""
    table = model_table(AccessEntry)
    newest = select(table.c.number, table.c.hash).order_by(table.c.number.desc()).limit(1)
    last = (await connection.execute(newest)).one_or_none()
    number, previous = (last.number + 1, last.hash) if last else (1, GENESIS_HASH)
    entry = {
        "at": ENTERED.replace(hour=hour),
        "access_action": AccessAction.REVEALED,
        "reader": COLLEGE,
        "pseudonym": (await ensure_subject(connection, worker)).pseudonym,
        "fields": PersonalField.PHONE.value,
        "purpose": "教学管理",
        "legal_basis_id": None,
    }
    sealed = entry_hash(number, [entry[name] for name in HASHED_COLUMNS], previous)
    numbered = {"number": number, "previous": previous, "hash": sealed}
    await connection.execute(insert(table), numbered | entry)


async def insert_dispute(
    connection: AsyncConnection, worker: str, record: str, number: int
) -> None:
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
    await connection.execute(insert(model_table(Dispute)), row)


@dataclass
class PreparedPair:
    """A pair before anybody asks it. `moved` counts what differs between its registries."""

    viewer: Viewer
    urls: tuple[str, str]
    known: ValuePool
    seed: str
    hidden: list[str] = field(default_factory=list)
    retold: list[str] = field(default_factory=list)
    moved: Counter[str] = field(default_factory=Counter)


class UnequalPair(Exception):
    """A hidden row of one registry keeps a record hidden that the other shows again."""


async def prepare_pair(
    urls: tuple[str, str], viewer: Viewer, known: ValuePool, truth: VisibilityOracle, seed: str
) -> PreparedPair:
    """Write what the viewer doesn't see into each; what it sees is the same to the last.

    Both hold what `known` and `truth` say. Raises UnequalPair.
    """
    chance = Random(seed)
    engines = [open_engine(url) for url in urls]
    writes = [
        HiddenWriter(engine, viewer, Random(f"{seed} {name}"), name)
        for engine, name in zip(engines, NAMES, strict=True)
    ]
    prepared = PreparedPair(viewer, urls, deepcopy(known), seed)
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
                if not await other.retell(retold):
                    raise UnequalPair(f"{retold} can be shown again in one only.")
                prepared.retold.append(retold.id)
                found += 1
        assert found == RETOLD
    one.clerk.chance.seed(f"{seed} one")
    for registry, batches in zip(writes, BATCHES, strict=True):
        prepared.moved["rows written"] += await registry.write(batches)
        await add_unrecorded_rows(registry, chance.randrange(1, 4))
    truths = [registry.clerk.truth for registry in writes]
    assert visible_differences(truths[0], truths[1], viewer) == set(), (
        "What the viewer sees is the same."
    )
    prepared.moved += await count_differences(engines, truths, viewer)
    extend_value_pool(prepared.known, truths, viewer)
    for truth in truths:
        prepared.hidden += sorted(truth.all_ids() - truth.ids(viewer) - {*prepared.hidden})
    for engine in engines:
        await engine.dispose()
    return prepared


async def add_unrecorded_rows(registry: HiddenWriter, number: int) -> None:
    """Add rows besides records: personal values, log entries, disputes, reports of others."""
    clerk = registry.clerk
    others = [row for row in clerk.live[Worker].values() if not clerk.sees(Worker, row)]
    held = personal_registry_of(registry.engine)
    for place, row in enumerate(clerk.chance.sample(others, min(number, len(others)))):
        phone = f"1390013{clerk.chance.randrange(1000, 9999)}"
        await held.enter(row["code"], {PersonalField.PHONE: phone}, ELSEWHERE)
        async with write_transaction(registry.engine) as connection:
            await insert_log_entry(connection, row["id"], 2)
            await insert_dispute(connection, row["id"], row["id"], 2 + place)
    await create_reports(registry.engine, OTHER_UNION, number)
    async with write_transaction(registry.engine) as connection:
        await insert_log_entry(connection, TRAINEE, 3)
        await insert_dispute(connection, TRAINEE, TRAINEE, 100)


async def create_reports(engine: AsyncEngine, viewer: Viewer, number: int) -> None:
    """Store so many reports for a partner."""
    today = today_in_china()
    for depth in range(number):
        given = {"root": "demo_province_east", "measures": "STUDIOS", "depth": str(depth)}
        asked = read_report_request("rollup", "csv", given, Language.ENGLISH)
        assert asked is not None
        await produce_report(
            engine, asked, viewer, today, lambda: Context.of(engine, viewer, today)
        )


async def count_differences(
    engines: Sequence[AsyncEngine], truths: Sequence[VisibilityOracle], viewer: Viewer
) -> Counter[str]:
    """In how many rows the two differ, by what they are; none may be what the viewer sees."""
    found: Counter[str] = Counter()
    contents = [await all_rows(engine) for engine in engines]
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


async def all_rows(engine: AsyncEngine) -> dict[str, set[Any]]:
    """Return the rows of each table, as its database gives them: to be compared, not to be read."""
    async with engine.connect() as connection:
        return {
            table.name: {*map(tuple, await connection.exec_driver_sql(select_all_sql(table)))}
            for table in model_table(MODELS[0]).metadata.sorted_tables
        }


def select_all_sql(table: Table) -> str:
    return f'SELECT * FROM "{table.name}"'


def extend_value_pool(known: ValuePool, truths: Sequence[VisibilityOracle], viewer: Viewer) -> None:
    """Questions speak often of what one registry has otherwise, and of what that is about."""
    for one, other in (truths, truths[::-1]):
        for model in MODELS:
            table = model_table(model).name
            for id, row in one.rows[table].items():
                if one.id(table, row) in one.ids(viewer) or row == other.rows[table].get(id):
                    continue
                add_to_value_pool(known, one, table, row)
                for column, target in referenced_models(model):
                    if (key := row[column]) is not None and column != "owner_id":
                        holder = model_table(target).name
                        add_to_value_pool(known, one, holder, one.rows[holder][key])


def add_to_value_pool(known: ValuePool, truth: VisibilityOracle, table: str, row: Stored) -> None:
    kind = KINDS[table]
    known.ids[kind].append(truth.id(table, row))
    if "code" in row:
        known.codes[kind].append(row["code"])
        known.values[kind, "code"].append(row["code"])
        known.values[kind, "name"].append(row["name"])


async def read_value_pool(url: str) -> tuple[ValuePool, VisibilityOracle]:
    engine = open_engine(url)
    try:
        return await ValuePool.of(GraphQLTestClient(engine)), await VisibilityOracle.of(engine)
    finally:
        await engine.dispose()
