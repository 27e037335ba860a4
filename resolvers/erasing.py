"""Erasing a person: what docs/decisions/0015-erasing.md decides, done in one transaction.

The person's row becomes a stub under another key, with its dimensions; facts hang on the stub, so
that counts stand. Names, texts, scores that weren't published, personal values and every image of
what was known before are gone.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Table, delete, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from kit.database import among
from kit.errors import BadInput
from kit.pinyin import pinyin_key
from kit.scrub import overwrite_deleted
from kit.sealed import Seals
from models import (
    FOLLOWING,
    TWINS,
    AccessEntry,
    Change,
    Conferral,
    ErasureRequest,
    Grant,
    Result,
    Worker,
)
from models.access_log import AccessAction
from models.change import ChangeKind
from models.history import models_of, stored
from models.row import Audience, Fact, Row
from models.worker import ERASED
from resolvers.access_log import append, stated
from resolvers.context import today_in_china
from resolvers.derived import derive
from resolvers.dispute import DISPUTES
from resolvers.erased_marks import MARKS, STUB, keep_marks
from resolvers.mentions import Mention, mentions, reports, texts
from resolvers.naming import Naming, went_by
from resolvers.personal import SUBJECTS, VALUES, subject_of
from resolvers.proposal import Origin, Proposal
from resolvers.recording import Entry, Recorder, Values
from resolvers.rekeying import fresh_key, move, rekey, rename_subject
from resolvers.report import REPORTS, drop
from resolvers.searching import TERMS, forget, stand
from resolvers.standing import counted_for
from resolvers.summaries import sweep

WORKERS, CHANGES = stored(Worker), stored(Change)
LOG, REQUESTS = stored(AccessEntry), stored(ErasureRequest)
ERASE = ChangeKind.ERASED
# Public lists of awards and of public money stand, without the person; what else was public of
# them is the owner's alone.
AWARDS: set[type[Row]] = {Conferral, Grant, Result}
# Words of the moment that tell who it was even where they don't name them.
TELLING = {"note", "occupation_as_published"}


@dataclass(frozen=True, slots=True)
class Erasure:
    """`told` are those who have read values in full, and how often: they are to be told (art. 47).

    `remains` is where one of the names still stands; `marks` are those by which the person is known
    again, None where there are no keys to make them.
    """

    stub: str
    facts: int
    told: dict[str, int]
    remains: list[Mention]
    marks: int | None


@dataclass
class Erasing:
    connection: AsyncConnection
    typed_by: str
    person: Any
    naming: Naming
    at: datetime = field(default_factory=lambda: datetime.now(UTC))
    stub: str = field(default_factory=lambda: fresh_key(STUB))
    facts: list[tuple[type[Row], Values]] = field(default_factory=list)

    async def erase(self) -> None:
        for held in (VALUES, DISPUTES, REQUESTS, SUBJECTS):
            theirs = held.c.worker_id == self.person.id
            await self.connection.execute(delete(held).where(theirs))
        await forget(self.connection, self.person.id)
        for model, columns in about(Worker):
            if issubclass(model, Fact):
                await self.clear_facts(model, columns)
        await self.replace_worker()
        await self.derive()
        await self.record()
        await sweep(self.connection)
        await self.stand_anew()

    async def clear_facts(self, model: type[Row], columns: list[str]) -> None:
        table, twin = stored(model), TWINS[model]
        live = or_(*(table.c[name] == self.person.id for name in columns))
        found = (await self.connection.execute(select(table).where(live))).mappings()
        rows = [dict(row) for row in found]
        past = or_(*(twin.c[name] == self.person.id for name in columns))
        dialect = self.connection.dialect.name
        ours = among(twin.c.id, [row["id"] for row in rows] or [""], dialect)
        await self.connection.execute(delete(twin).where(or_(past, ours)))
        for row in rows:
            new = self.cleared(model, row)
            if new["id"] != row["id"]:
                await rekey(self.connection, model, row["id"], new["id"])
            by_id = update(table).where(table.c.id == new["id"])
            changed = {name: value for name, value in new.items() if row[name] != value}
            await self.connection.execute(by_id.values(**changed))
            self.facts.append((model, new))

    def cleared(self, model: type[Row], row: Values) -> Values:
        table = stored(model)
        new = {**row, "typed_by": self.typed_by, "recorded_at": self.at}
        if self.naming.stand_in(row["id"]):
            new["id"] = fresh_key(STUB)
        for column in texts(table):
            if column.key in TELLING or self.naming.stand_in(row[column.key]):
                new[column.key] = None if column.nullable else ERASED
        published = row["audience"] == Audience.PUBLIC
        if "score" in table.c and not published:
            new["score"] = None
        if not published or model not in AWARDS:
            new["audience"] = Audience.OWNER
        return new

    async def replace_worker(self) -> None:
        """Inserted anew, for what must refer to it can't be let go of meanwhile."""
        stub, old = self.cleared(Worker, dict(self.person._mapping)), self.person.id
        nobody: Values = {"id": self.stub, "code": self.stub, "name": ERASED}
        nobody |= {"name_as_published": None, "name_en": None}
        await self.connection.execute(
            insert(WORKERS), {**stub, **nobody, "name_key": pinyin_key(ERASED, person=True)}
        )
        for model, columns in about(Worker):
            for name in columns:
                for table in (stored(model), TWINS[model]):
                    await move(self.connection, table, name, old, self.stub)
        for table in (WORKERS, TWINS[Worker]):
            await self.connection.execute(delete(table).where(table.c.id == old))
        await rename_subject(self.connection, Worker, old, self.stub)

    async def derive(self) -> None:
        """What follows from the facts: others see fewer of them."""
        touched: defaultdict[type[Row], list[Values]] = defaultdict(list)
        for model, row in self.facts:
            touched[model].append(row)
        stub = select(WORKERS).where(WORKERS.c.id == self.stub)
        rows = (await self.connection.execute(stub)).mappings()
        touched[Worker] = [dict(row) for row in rows]
        await derive(self.connection, touched, today_in_china())

    async def stand_anew(self) -> None:
        """Where others stand in a search, of whom what counted is published no longer."""
        counted: defaultdict[type[Row], set[str]] = defaultdict(set)
        for model, row in self.facts:
            for of, keys in counted_for(model, [row]).items():
                counted[of] |= keys
        for of, keys in counted.items():
            await stand(self.connection, of, keys)

    async def record(self) -> None:
        recorder = await Recorder.begin(self.connection, self.typed_by, self.at)
        worker = {"id": self.stub, "owner_id": self.person.owner_id}
        rows: list[tuple[type[Row], Values]] = [(Worker, worker), *self.facts]
        changes = [
            recorder.change(Entry(Proposal(model, row["id"], {}, Origin("", 0)), row, row), ERASE)
            for model, row in rows
        ]
        await recorder.insert(CHANGES, changes)


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


async def erase(
    connection: AsyncConnection, code: str, reason: str, typed_by: str, seals: Seals | None = None
) -> Erasure:
    """In a writing transaction. Raises BadInput; UserError for a reason that names the person.

    Without `seals` nothing is kept by which the person would be known again.
    """
    await overwrite_deleted(connection)
    person = await person_named(connection, code)
    known = await went_by(connection, person.id)
    naming = Naming.of(text for texts in known.values() for text in texts)
    reason = stated(reason, [person.name, person.name_en, person.code], "reason")
    subject = await subject_of(connection, person.id)
    held = await connection.scalars(select(VALUES.c.field).where(VALUES.c.worker_id == person.id))
    fields = list(held)
    told = await told_of(connection, subject.pseudonym)
    marks = None
    if seals is not None:
        codes = known["code"] | known["id"]
        marks = await keep_marks(connection, seals, person.id, known["name"], codes)
    erasing = Erasing(connection, typed_by, person, naming)
    await erasing.erase()
    # A report tells numbers; where a title in it names the person, such as a source's, it goes.
    naming_them = [row.id async for row, said in reports(connection) if naming.stand_in(said)]
    await drop(connection, naming_them)
    await append(connection, AccessAction.ERASED, typed_by, subject.pseudonym, fields, reason)
    remains = await mentions(connection, naming)
    return Erasure(erasing.stub, len(erasing.facts), told, remains, marks)


def tables_touched() -> list[Table]:
    """Of which nothing that was deleted may be left in files."""
    rows = [table for model in models_of() for table in (stored(model), TWINS[model])]
    kept = [CHANGES, VALUES, SUBJECTS, DISPUTES, REQUESTS, REPORTS, TERMS, MARKS]
    return [*rows, *kept, *FOLLOWING]
