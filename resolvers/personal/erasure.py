"""Erasure of a person, in one transaction; see docs/decisions/0015-erasing.md.

The person's row becomes a stub with another key and the same dimensions. Facts refer to the stub,
so counts don't change. Names, texts, unpublished scores, personal values and all images are
deleted.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Table, delete, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from kit.db.engine import in_keys
from kit.db.secure_delete import enable_secure_delete
from kit.errors import BadInput
from kit.security.encryption import EncryptionKeys
from kit.text.pinyin import pinyin_sort_key
from models import DERIVED_TABLES, HISTORY_TABLES
from models.access_log import AccessAction, AccessEntry
from models.change import Change, ChangeKind
from models.competition import Result
from models.erasure import ErasureRequest
from models.history import model_table, table_models
from models.honour import Conferral
from models.row import Audience, Fact, Row
from models.subsidy import Grant
from models.worker import ERASED_NAME, Worker
from resolvers.core.context import today_in_china
from resolvers.personal.access_log import append_log_entry, check_purpose
from resolvers.personal.dispute import DISPUTES
from resolvers.personal.erased_marks import ERASED_MARKS, STUB_PREFIX, mark_person
from resolvers.personal.masked import PERSONAL_SUBJECTS, PERSONAL_VALUES, ensure_subject
from resolvers.personal.mentions import Mention, find_mentions, free_text_columns, read_report_texts
from resolvers.personal.name_pattern import NamePattern, read_all_names
from resolvers.personal.record_key import (
    random_record_key,
    replace_key,
    update_change_subject,
    update_key,
)
from resolvers.report import REPORTS, delete_reports
from resolvers.writing.derived_columns import update_derived
from resolvers.writing.proposal import Origin, Proposal
from resolvers.writing.record import ChangeRecorder, Entry, RowValues
from resolvers.writing.search_index import SEARCH_TERMS, delete_person_terms, update_prominence
from resolvers.writing.search_prominence import records_counted_by
from resolvers.writing.summary_tables import delete_empty_cells

WORKERS, CHANGES = model_table(Worker), model_table(Change)
ACCESS_LOG, ERASURE_REQUESTS = model_table(AccessEntry), model_table(ErasureRequest)
ERASED_CHANGE = ChangeKind.ERASED
# Public lists of awards and of public money stay public, without the person; other public facts
# become visible to the owner only.
AWARD_MODELS: set[type[Row]] = {Conferral, Grant, Result}
# Texts that identify a person even without their name.
IDENTIFYING_COLUMNS = {"note", "occupation_as_published"}


@dataclass(frozen=True, slots=True)
class ErasureResult:
    """The result of an erasure.

    `told` has the readers of full values, and how often: they must be informed (PIPL art. 47).
    `remaining_mentions` are places where a name is still found. `marks` counts the marks made, None
    without index keys.
    """

    stub: str
    facts: int
    told: dict[str, int]
    remaining_mentions: list[Mention]
    marks: int | None


@dataclass
class PersonErasure:
    connection: AsyncConnection
    typed_by: str
    person: Any
    naming: NamePattern
    at: datetime = field(default_factory=lambda: datetime.now(UTC))
    stub: str = field(default_factory=lambda: random_record_key(STUB_PREFIX))
    facts: list[tuple[type[Row], RowValues]] = field(default_factory=list)

    async def erase(self) -> None:
        for table in (PERSONAL_VALUES, DISPUTES, ERASURE_REQUESTS, PERSONAL_SUBJECTS):
            theirs = table.c.worker_id == self.person.id
            await self.connection.execute(delete(table).where(theirs))
        await delete_person_terms(self.connection, self.person.id)
        for model, columns in referring_columns(Worker):
            if issubclass(model, Fact):
                await self.clear_facts(model, columns)
        await self.replace_with_stub()
        await self.derive()
        await self.record()
        await delete_empty_cells(self.connection)
        await self.update_prominences()

    async def clear_facts(self, model: type[Row], columns: list[str]) -> None:
        table, twin = model_table(model), HISTORY_TABLES[model]
        live = or_(*(table.c[name] == self.person.id for name in columns))
        facts = (await self.connection.execute(select(table).where(live))).mappings()
        rows = [dict(row) for row in facts]
        past = or_(*(twin.c[name] == self.person.id for name in columns))
        dialect = self.connection.dialect.name
        ours = in_keys(twin.c.id, [row["id"] for row in rows] or [""], dialect)
        await self.connection.execute(delete(twin).where(or_(past, ours)))
        for row in rows:
            new = self.anonymize(model, row)
            if new["id"] != row["id"]:
                await replace_key(self.connection, model, row["id"], new["id"])
            by_id = update(table).where(table.c.id == new["id"])
            changed = {name: value for name, value in new.items() if row[name] != value}
            await self.connection.execute(by_id.values(**changed))
            self.facts.append((model, new))

    def anonymize(self, model: type[Row], row: RowValues) -> RowValues:
        table = model_table(model)
        new = {**row, "typed_by": self.typed_by, "recorded_at": self.at}
        if self.naming.stand_in(row["id"]):
            new["id"] = random_record_key(STUB_PREFIX)
        for column in free_text_columns(table):
            if column.key in IDENTIFYING_COLUMNS or self.naming.stand_in(row[column.key]):
                new[column.key] = None if column.nullable else ERASED_NAME
        published = row["audience"] == Audience.PUBLIC
        if "score" in table.c and not published:
            new["score"] = None
        if not published or model not in AWARD_MODELS:
            new["audience"] = Audience.OWNER
        return new

    async def replace_with_stub(self) -> None:
        """Insert a stub, as references need a target at all times; then delete the old row."""
        stub, old = self.anonymize(Worker, dict(self.person._mapping)), self.person.id
        nobody: RowValues = {"id": self.stub, "code": self.stub, "name": ERASED_NAME}
        nobody |= {"name_as_published": None, "name_en": None}
        await self.connection.execute(
            insert(WORKERS),
            {**stub, **nobody, "name_key": pinyin_sort_key(ERASED_NAME, person=True)},
        )
        for model, columns in referring_columns(Worker):
            for name in columns:
                for table in (model_table(model), HISTORY_TABLES[model]):
                    await update_key(self.connection, table, name, old, self.stub)
        for table in (WORKERS, HISTORY_TABLES[Worker]):
            await self.connection.execute(delete(table).where(table.c.id == old))
        await update_change_subject(self.connection, Worker, old, self.stub)

    async def derive(self) -> None:
        """Update columns derived from the facts, which fewer viewers see now."""
        touched: defaultdict[type[Row], list[RowValues]] = defaultdict(list)
        for model, row in self.facts:
            touched[model].append(row)
        stub = select(WORKERS).where(WORKERS.c.id == self.stub)
        rows = (await self.connection.execute(stub)).mappings()
        touched[Worker] = [dict(row) for row in rows]
        await update_derived(self.connection, touched, today_in_china())

    async def update_prominences(self) -> None:
        """Update the prominence of other records: some facts that counted are no longer public."""
        counted: defaultdict[type[Row], set[str]] = defaultdict(set)
        for model, row in self.facts:
            for kind, keys in records_counted_by(model, [row]).items():
                counted[kind] |= keys
        for kind, keys in counted.items():
            await update_prominence(self.connection, kind, keys)

    async def record(self) -> None:
        recorder = await ChangeRecorder.begin(self.connection, self.typed_by, self.at)
        worker = {"id": self.stub, "owner_id": self.person.owner_id}
        rows: list[tuple[type[Row], RowValues]] = [(Worker, worker), *self.facts]
        changes = [
            recorder.change(
                Entry(Proposal(model, row["id"], {}, Origin("", 0)), row, row), ERASED_CHANGE
            )
            for model, row in rows
        ]
        await recorder.insert(CHANGES, changes)


def referring_columns(model: type[Row]) -> list[tuple[type[Row], list[str]]]:
    """Return the models that refer to a model, with their columns."""
    target = model_table(model)
    pairs = [
        (
            other,
            [
                column.key
                for column in model_table(other).c
                if any(foreign.column.table is target for foreign in column.foreign_keys)
            ],
        )
        for other in table_models()
    ]
    return [(other, columns) for other, columns in pairs if columns]


async def count_disclosures(connection: AsyncConnection, pseudonym: str) -> dict[str, int]:
    disclosed = ACCESS_LOG.c.access_action.in_([AccessAction.REVEALED, AccessAction.EXPORTED])
    readers = await connection.execute(
        select(ACCESS_LOG.c.reader, func.count())
        .where(ACCESS_LOG.c.pseudonym == pseudonym, disclosed)
        .group_by(ACCESS_LOG.c.reader)
        .order_by(ACCESS_LOG.c.reader)
    )
    return dict(map(tuple, readers))


async def find_worker(connection: AsyncConnection, code: str) -> Any:
    """Return a worker by code, or by the key at first entry. Raises BadInput."""
    named = select(WORKERS).where(or_(WORKERS.c.code == code, WORKERS.c.id == code))
    worker = (await connection.execute(named.order_by(WORKERS.c.code != code))).first()
    if worker is None:
        raise BadInput("There is no worker with that code.", "没有该编码的职工。")
    return worker


async def erase_person(
    connection: AsyncConnection,
    code: str,
    reason: str,
    typed_by: str,
    seals: EncryptionKeys | None = None,
) -> ErasureResult:
    """Erase a person, in a write transaction.

    Raises BadInput for an unknown code, MutationError for a reason that names the person. Without
    `seals` no marks are made.
    """
    await enable_secure_delete(connection)
    person = await find_worker(connection, code)
    names = await read_all_names(connection, person.id)
    naming = NamePattern.of(text for texts in names.values() for text in texts)
    reason = check_purpose(reason, [person.name, person.name_en, person.code], "reason")
    subject = await ensure_subject(connection, person.id)
    stored = await connection.scalars(
        select(PERSONAL_VALUES.c.field).where(PERSONAL_VALUES.c.worker_id == person.id)
    )
    fields = list(stored)
    disclosures = await count_disclosures(connection, subject.pseudonym)
    marks = None
    if seals is not None:
        codes = names["code"] | names["id"]
        marks = await mark_person(connection, seals, person.id, names["name"], codes)
    erasing = PersonErasure(connection, typed_by, person, naming)
    await erasing.erase()
    # A report has numbers; it is deleted if a title in it names the person, such as a source's.
    naming_them = [
        row.id async for row, said in read_report_texts(connection) if naming.stand_in(said)
    ]
    await delete_reports(connection, naming_them)
    await append_log_entry(
        connection, AccessAction.ERASED, typed_by, subject.pseudonym, fields, reason
    )
    remains = await find_mentions(connection, naming)
    return ErasureResult(erasing.stub, len(erasing.facts), disclosures, remains, marks)


def erasure_tables() -> list[Table]:
    """Return the tables of which no deleted row may be left in database files."""
    rows = [
        table for model in table_models() for table in (model_table(model), HISTORY_TABLES[model])
    ]
    others = [
        CHANGES,
        PERSONAL_VALUES,
        PERSONAL_SUBJECTS,
        DISPUTES,
        ERASURE_REQUESTS,
        REPORTS,
        SEARCH_TERMS,
        ERASED_MARKS,
    ]
    return [*rows, *others, *DERIVED_TABLES]
