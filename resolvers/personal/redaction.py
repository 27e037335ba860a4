"""Redaction: a person's names are replaced in names of other records and in free text.

It runs in one transaction, on current rows and history. A change `REDACTED` of each record shows
that it was done, and nothing of the former text.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from kit.db.secure_delete import enable_secure_delete
from kit.errors import BadInput
from kit.security.encryption import EncryptionKeys
from kit.text.pinyin import pinyin_sort_key
from models import HISTORY_TABLES
from models.access_log import AccessEntry
from models.change import Change, ChangeKind
from models.history import model_table
from models.row import Row, Thing
from models.worker import Worker
from resolvers.personal.erased_marks import insert_marks, key_mark_text, redaction_mark_text
from resolvers.personal.mentions import FREE_TEXT_TABLES, KEY_COLUMNS, Mention, find_mentions
from resolvers.personal.name_pattern import NamePattern
from resolvers.personal.record_key import random_record_key, replace_key
from resolvers.report import REPORTS, delete_reports
from resolvers.writing.proposal import Origin, Proposal
from resolvers.writing.record import ChangeRecorder, Entry, RowValues
from resolvers.writing.search_index import SEARCHABLE_MODELS, replace_terms
from resolvers.writing.summary_tables import delete_empty_cells

CHANGES = model_table(Change)
APPEND_ONLY_TABLE = model_table(AccessEntry).name
MAX_REPLACEMENT_LENGTH = 80  # characters


@dataclass(frozen=True, slots=True)
class RedactionPlan:
    """Mentions to replace, and those to leave: a worker's own names, and the access log."""

    touched: list[Mention]
    left: list[Mention]


def plan_redaction(mentions: Sequence[Mention], places: Collection[str] | None) -> RedactionPlan:
    """Return the plan for these `places`, by default all. Raises BadInput for an unknown one."""
    all_places = {mention.place for mention in mentions}
    if unknown := sorted(set(places or ()) - all_places):
        raise BadInput(
            f"The person isn't named in {', '.join(unknown)}: see the places in `mentions`.",
            f"{', '.join(unknown)} 中没有该人员的姓名：请参看 mentions 列出的位置。",
        )
    touched: list[Mention] = []
    left: list[Mention] = []
    for mention in mentions:
        meant = places is None or mention.place in places
        fixed = mention.is_own_name or mention.table == APPEND_ONLY_TABLE
        (touched if meant and not fixed else left).append(mention)
    return RedactionPlan(touched, left)


def check_replacement(replacement: str, naming: NamePattern) -> str:
    """Return a valid replacement. Raises BadInput."""
    said = replacement.strip()
    if (
        not 1 <= len(said) <= MAX_REPLACEMENT_LENGTH
        or not said.isprintable()
        or naming.stand_in(said)
    ):
        raise BadInput(
            f"Give a replacement of 1 to {MAX_REPLACEMENT_LENGTH} characters that doesn't contain "
            "the name.",
            f"请用 1 至 {MAX_REPLACEMENT_LENGTH} 个字符给出替换文字，且不得含有该姓名。",
        )
    return said


@dataclass
class NameRedaction:
    connection: AsyncConnection
    naming: NamePattern
    replacement: str
    seals: EncryptionKeys | None
    recorder: ChangeRecorder
    marks: dict[str, str | None] = field(default_factory=dict)

    async def redact(self, touched: Sequence[Mention]) -> None:
        records: defaultdict[tuple[type[Row], str], list[Mention]] = defaultdict(list)
        reports = []
        for mention in touched:
            if mention.model is not None:
                records[mention.model, mention.record].append(mention)
            elif mention.table == REPORTS.name:
                reports.append(mention.record)
            else:
                await self.beside(mention)
        for (model, id), mentions in records.items():
            await self.record(model, id, mentions)
        await delete_reports(self.connection, reports)
        await delete_empty_cells(self.connection)
        await insert_marks(self.connection, self.marks)

    async def record(self, model: type[Row], id: str, mentions: Sequence[Mention]) -> None:
        key = (
            random_record_key("redacted")
            if {item.column for item in mentions} & {*KEY_COLUMNS}
            else None
        )
        for mention in mentions:
            self.add_marks(model, mention, key)
        table, twin = model_table(model), HISTORY_TABLES[model]
        images = {item.row.replaced_by: item.row for item in mentions if item.table == twin.name}
        for number, image in images.items():
            columns = [m.column for m in mentions if m.row is image]
            this = twin.c.id == id, twin.c.replaced_by == number
            anew = self.redacted_values(model, image, columns, key)
            await self.connection.execute(update(twin).where(*this).values(anew))
        live = (await self.connection.execute(select(table).where(table.c.id == id))).first()
        columns = [item.column for item in mentions if item.table == table.name]
        if live is not None:
            await self.correct(
                model, dict(live._mapping), self.redacted_values(model, live, columns, key)
            )
        known_by = [id]
        if key is not None and self.naming.stand_in(id):
            await replace_key(self.connection, model, id, key, self.seals)
            known_by.append(key)
        if model in SEARCHABLE_MODELS:
            await replace_terms(self.connection, model, known_by)

    def redacted_values(
        self, model: type[Row], row: Any, columns: Collection[str], key: str | None
    ) -> RowValues:
        """Return the columns whose text changes; `id` is replaced separately."""
        values: RowValues = {}
        for name in columns:
            text = row._mapping[name]
            if name != "id":
                values[name] = (
                    key if name in KEY_COLUMNS else self.naming.replace_in(text, self.replacement)
                )
        if issubclass(model, Thing) and "name" in values:
            values["name_key"] = pinyin_sort_key(values["name"], person=model is Worker)
        return values

    async def correct(self, model: type[Row], live: RowValues, anew: RowValues) -> None:
        """Update the row; the image of the replaced row doesn't have the name either."""
        before = {**live, **anew}
        entry = Entry(Proposal(model, live["id"], {}, Origin("", 0)), dict(before), before)
        change = self.recorder.change(entry, ChangeKind.REDACTED)
        await self.connection.execute(insert(CHANGES), change)
        stamp = {"typed_by": self.recorder.typed_by, "recorded_at": self.recorder.at}
        by_id = update(model_table(model)).where(model_table(model).c.id == live["id"])
        await self.connection.execute(by_id.values({**anew, **stamp}))
        await self.recorder.insert_images([entry], [change])

    def add_marks(self, model: type[Row], mention: Mention, key: str | None) -> None:
        """Mark the old text, so that loading a file again doesn't restore it."""
        if self.seals is None:
            return
        table, mark = model_table(model), self.seals.index.mark
        if mention.column in KEY_COLUMNS:
            self.marks[mark(key_mark_text(table, mention.text))] = key
        else:
            self.marks[mark(redaction_mark_text(table, mention.column, mention.text))] = None

    async def beside(self, mention: Mention) -> None:
        table = next(table for table in FREE_TEXT_TABLES if table.name == mention.table)
        key, _ = FREE_TEXT_TABLES[table]
        number = int(mention.record) if key == "number" else mention.record
        text = self.naming.replace_in(mention.text, self.replacement)
        this = update(table).where(table.c[key] == number)
        await self.connection.execute(this.values({mention.column: text}))


async def redact_names(
    connection: AsyncConnection,
    naming: NamePattern,
    places: Collection[str] | None,
    replacement: str,
    seals: EncryptionKeys | None,
    typed_by: str,
) -> RedactionPlan:
    """Redact in a write transaction; return what was replaced and what wasn't.

    Raises BadInput, CommandFailed.
    """
    replacement = check_replacement(replacement, naming)
    await enable_secure_delete(connection)
    plan = plan_redaction(await find_mentions(connection, naming), places)
    recorder = await ChangeRecorder.begin(connection, typed_by, datetime.now(UTC))
    await NameRedaction(connection, naming, replacement, seals, recorder).redact(plan.touched)
    return plan
