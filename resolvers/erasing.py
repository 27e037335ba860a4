"""Erasing a person: what docs/decisions/0015-erasing.md decides, done in one transaction.

The person's row becomes a stub under another key, with its dimensions; facts hang on the stub, so
that counts stand. Names, texts, scores that weren't published, personal values and every image of
what was known before are gone.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from secrets import token_hex
from typing import Any

from sqlalchemy import Column, Table, delete, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from kit.columns import Text
from kit.database import among
from kit.errors import BadInput
from kit.pinyin import pinyin_key
from kit.scrub import overwrite_deleted
from models import TWINS, AccessEntry, Change, Citation, Worker
from models.access_log import AccessAction
from models.change import ChangeKind
from models.history import models_of, stored
from models.row import Audience, Fact, Row
from models.source import citation_key
from models.worker import ERASED
from resolvers.access_log import append, stated
from resolvers.dispute import DISPUTES
from resolvers.personal import SUBJECTS, VALUES, subject_of
from resolvers.proposal import Origin, Proposal
from resolvers.recording import Entry, Recorder, Values
from resolvers.report import REPORTS, drop_naming
from resolvers.searching import TERMS, forget

WORKERS, CHANGES, CITATIONS = stored(Worker), stored(Change), stored(Citation)
LOG = stored(AccessEntry)
ERASE = ChangeKind.ERASED
MOST_TOLD = 20  # rows of each table in which the name still stands
# Texts that nobody wrote in words of their own.
KEPT = {
    "id", "typed_by", "owner_id", "metric", "quantity_unit", "amount_unit", "fact_type", "fact_id",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Erasure:
    """`told` are those who have read values in full, and how often: they are to be told (art. 47).

    `remains` are rows of others in whose texts the name still stands.
    """

    stub: str
    facts: int
    told: dict[str, int]
    remains: list[str]


@dataclass
class Erasing:
    connection: AsyncConnection
    typed_by: str
    person: Any
    at: datetime = field(default_factory=lambda: datetime.now(UTC))
    stub: str = field(default_factory=lambda: f"erased_{token_hex(8)}")
    facts: list[tuple[type[Row], Values]] = field(default_factory=list)

    async def erase(self) -> None:
        await self.connection.execute(delete(VALUES).where(VALUES.c.worker_id == self.person.id))
        ours = DISPUTES.c.worker_id == self.person.id
        await self.connection.execute(delete(DISPUTES).where(ours))
        await forget(self.connection, self.person.id)
        subject = SUBJECTS.c.worker_id == self.person.id
        await self.connection.execute(delete(SUBJECTS).where(subject))
        for model, columns in about(Worker):
            if issubclass(model, Fact):
                await self.clear_facts(model, columns)
        await self.replace_worker()
        await self.record()

    async def clear_facts(self, model: type[Row], columns: list[str]) -> None:
        table, twin = stored(model), TWINS[model]
        live = or_(*(table.c[name] == self.person.id for name in columns))
        found = (await self.connection.execute(select(table).where(live))).mappings()
        rows = [dict(row) for row in found]
        past = or_(*(twin.c[name] == self.person.id for name in columns))
        ours = among(twin.c.id, [row["id"] for row in rows] or [""], self.dialect)
        await self.connection.execute(delete(twin).where(or_(past, ours)))
        for row in rows:
            new = self.cleared(table, row)
            if new["id"] != row["id"]:
                await self.rename(model, row["id"], new["id"])
            by_id = update(table).where(table.c.id == new["id"])
            changed = {name: value for name, value in new.items() if row[name] != value}
            await self.connection.execute(by_id.values(**changed))
            self.facts.append((model, new))

    def cleared(self, table: Table, row: Values) -> Values:
        new = {**row, "typed_by": self.typed_by, "recorded_at": self.at}
        if self.names(row["id"]):
            new["id"] = f"erased_{token_hex(8)}"
        for column in texts(table):
            if column.key == "note" or self.names(row[column.key]):
                new[column.key] = None if column.nullable else ERASED
        if "score" in table.c and row["audience"] != Audience.PUBLIC:
            new["score"] = None
        return new

    def names(self, text: str | None) -> bool:
        return text is not None and any(name in text for name in self.known)

    @property
    def known(self) -> list[str]:
        """What the person goes by; in a single character many words would be found."""
        person = self.person
        names = (person.name, person.name_en, person.code, person.id)
        return [name for name in names if name and len(name) > 1]

    @property
    def dialect(self) -> str:
        return self.connection.dialect.name

    async def rename(self, model: type[Row], old: str, new: str) -> None:
        """A fact whose key names the person, wherever the key stands."""
        referring = [(stored(other), name) for other, names in about(model) for name in names]
        holders: dict[tuple[Table, str], list[str]] = {}
        for table, name in referring:
            held = await self.connection.scalars(select(table.c.id).where(table.c[name] == old))
            holders[table, name] = list(held)
            await self.move(table, name, old, None)
        await self.move(stored(model), "id", old, new)
        for (table, name), ids in holders.items():
            if ids:
                theirs = update(table).where(among(table.c.id, ids, self.dialect))
                await self.connection.execute(theirs.values({name: new}))
        for other, names in about(model):
            for name in names:
                await self.move(TWINS[other], name, old, new)
        disputed = DISPUTES.c.record_type == model.__name__, DISPUTES.c.record_id == old
        await self.connection.execute(update(DISPUTES).where(*disputed).values(record_id=new))
        await self.rename_subject(model, old, new)
        await self.cite(model, old, new)

    async def move(self, table: Table, column: str, old: str, new: str | None) -> None:
        where = table.c[column] == old
        await self.connection.execute(update(table).where(where).values({column: new}))

    async def rename_subject(self, model: type[Row], old: str, new: str) -> None:
        ours = CHANGES.c.subject_type == model.__name__, CHANGES.c.subject_id == old
        await self.connection.execute(update(CHANGES).where(*ours).values(subject_id=new))

    async def cite(self, model: type[Row], old: str, new: str) -> None:
        twin = TWINS[Citation]
        past = twin.c.fact_type == model.__name__, twin.c.fact_id == old
        await self.connection.execute(delete(twin).where(*past))
        ours = CITATIONS.c.fact_type == model.__name__, CITATIONS.c.fact_id == old
        for row in (await self.connection.execute(select(CITATIONS).where(*ours))).all():
            key = citation_key(model.__name__, new, row.source_id)
            by_id = update(CITATIONS).where(CITATIONS.c.id == row.id)
            await self.connection.execute(by_id.values(id=key, fact_id=new))
            await self.rename_subject(Citation, row.id, key)

    async def replace_worker(self) -> None:
        """Inserted anew, for what must refer to it can't be let go of meanwhile."""
        stub = self.cleared(WORKERS, dict(self.person._mapping))
        nobody = {"id": self.stub, "code": self.stub, "name": ERASED, "name_en": None}
        await self.connection.execute(
            insert(WORKERS), {**stub, **nobody, "name_key": pinyin_key(ERASED, person=True)}
        )
        for model, columns in about(Worker):
            for name in columns:
                for table in (stored(model), TWINS[model]):
                    await self.move(table, name, self.person.id, self.stub)
        await self.connection.execute(delete(WORKERS).where(WORKERS.c.id == self.person.id))
        twin = TWINS[Worker]
        await self.connection.execute(delete(twin).where(twin.c.id == self.person.id))
        await self.rename_subject(Worker, self.person.id, self.stub)

    async def record(self) -> None:
        recorder = await Recorder.begin(self.connection, self.typed_by, self.at)
        worker = {"id": self.stub, "owner_id": self.person.owner_id}
        rows: list[tuple[type[Row], Values]] = [(Worker, worker), *self.facts]
        changes = [
            recorder.change(Entry(Proposal(model, row["id"], {}, Origin("", 0)), row, row), ERASE)
            for model, row in rows
        ]
        await recorder.insert(CHANGES, changes)

    async def remains(self) -> list[str]:
        """Rows of others, live or past, whose texts hold one of the person's names."""
        found = []
        for model in models_of():
            for table in (stored(model), TWINS[model]):
                holding = [
                    column.contains(name, autoescape=True)
                    for column in texts(table)
                    for name in self.known
                ]
                query = select(table.c.id).where(or_(*holding)).distinct().order_by(table.c.id)
                ids = await self.connection.scalars(query.limit(MOST_TOLD))
                found += [f"{table.name} {id}" for id in ids]
        return found


def about(model: type[Row]) -> list[tuple[type[Row], list[str]]]:
    """The kinds that refer to a kind, and the columns in which they do."""
    target = stored(model)
    found = [
        (
            other,
            [
                column.key
                for column in stored(other).c
                if any(foreign.column.table is target for foreign in column.foreign_keys)
            ],
        )
        for other in models_of()
    ]
    return [(other, columns) for other, columns in found if columns]


def texts(table: Table) -> list[Column[Any]]:
    """What somebody wrote in words of their own."""
    return [
        column
        for column in table.c
        if isinstance(column.type, Text) and not column.foreign_keys and column.key not in KEPT
    ]


async def told_of(connection: AsyncConnection, pseudonym: str) -> dict[str, int]:
    given = LOG.c.access_action.in_([AccessAction.REVEALED, AccessAction.EXPORTED])
    readers = await connection.execute(
        select(LOG.c.reader, func.count())
        .where(LOG.c.pseudonym == pseudonym, given)
        .group_by(LOG.c.reader)
        .order_by(LOG.c.reader)
    )
    return dict(map(tuple, readers))


async def person_named(connection: AsyncConnection, code: str) -> Any:
    """By code, or by the key under which the worker was first entered. Raises BadInput."""
    named = select(WORKERS).where(or_(WORKERS.c.code == code, WORKERS.c.id == code))
    found = (await connection.execute(named.order_by(WORKERS.c.code != code))).first()
    if found is None:
        raise BadInput("There is no worker of that code.", "没有该编码的职工。")
    return found


async def erase(connection: AsyncConnection, code: str, reason: str, typed_by: str) -> Erasure:
    """In a writing transaction. Raises BadInput; UserError for a reason that names the person."""
    await overwrite_deleted(connection)
    person = await person_named(connection, code)
    reason = stated(reason, [person.name, person.name_en, person.code], "reason")
    subject = await subject_of(connection, person.id)
    held = await connection.scalars(select(VALUES.c.field).where(VALUES.c.worker_id == person.id))
    fields = list(held)
    told = await told_of(connection, subject.pseudonym)
    erasing = Erasing(connection, typed_by, person)
    await erasing.erase()
    # A report tells numbers; where a title in it names the person, such as a source's, it goes.
    await drop_naming(connection, erasing.known)
    await append(connection, AccessAction.ERASED, typed_by, subject.pseudonym, fields, reason)
    return Erasure(erasing.stub, len(erasing.facts), told, await erasing.remains())


def tables_touched() -> list[Table]:
    models: list[type[Row]] = [Worker, Citation, *(model for model, _ in about(Worker))]
    rows = [table for model in models for table in (stored(model), TWINS[model])]
    return [*rows, CHANGES, VALUES, SUBJECTS, DISPUTES, REPORTS, TERMS]
