"""Taking a person's names out of what others are called and of what was written about them.

In one transaction, in what is on record and in its history; a change `REDACTED` of each record
tells that it was done, and nothing of what stood there.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from kit.errors import BadInput
from kit.pinyin import pinyin_key
from kit.scrub import overwrite_deleted
from kit.sealed import Seals
from models import TWINS, AccessEntry, Change
from models.change import ChangeKind
from models.history import stored
from models.row import Row, Thing
from models.worker import Worker
from resolvers.erased_marks import keep, of_key, of_text
from resolvers.mentions import BESIDE, KEYS, Mention, mentions
from resolvers.naming import Naming
from resolvers.proposal import Origin, Proposal
from resolvers.recording import Entry, Recorder, Values
from resolvers.rekeying import fresh_key, rekey
from resolvers.report import REPORTS, drop
from resolvers.searching import FOUND, renew
from resolvers.summaries import sweep

CHANGES = stored(Change)
KEPT_FOR_EVER = stored(AccessEntry).name
LONGEST = 80  # characters of a replacement


@dataclass(frozen=True, slots=True)
class Plan:
    """What would be replaced, and what stays: a worker's own names, and the access log."""

    touched: list[Mention]
    left: list[Mention]


def planned(found: Sequence[Mention], places: Collection[str] | None) -> Plan:
    """`places` are those that are meant; None is everywhere. Raises BadInput."""
    known = {mention.place for mention in found}
    if unknown := sorted(set(places or ()) - known):
        raise BadInput(
            f"No name of the person stands in {', '.join(unknown)}: see what `mentions` lists.",
            f"{', '.join(unknown)} 中没有该人员的姓名：请参看 mentions 列出的位置。",
        )
    touched: list[Mention] = []
    left: list[Mention] = []
    for mention in found:
        meant = places is None or mention.place in places
        fixed = mention.of_a_person or mention.table == KEPT_FOR_EVER
        (touched if meant and not fixed else left).append(mention)
    return Plan(touched, left)


def checked(replacement: str, naming: Naming) -> str:
    """Raises BadInput."""
    said = replacement.strip()
    if not 1 <= len(said) <= LONGEST or not said.isprintable() or naming.stand_in(said):
        raise BadInput(
            f"Say in 1 to {LONGEST} characters what stands for the name, without the name.",
            f"请用 1 至 {LONGEST} 个字符给出替换文字，且不得含有该姓名。",
        )
    return said


@dataclass
class Redacting:
    connection: AsyncConnection
    naming: Naming
    replacement: str
    seals: Seals | None
    recorder: Recorder
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
        for (model, id), there in records.items():
            await self.record(model, id, there)
        await drop(self.connection, reports)
        await sweep(self.connection)
        await keep(self.connection, self.marks)

    async def record(self, model: type[Row], id: str, there: Sequence[Mention]) -> None:
        key = fresh_key("redacted") if {one.column for one in there} & {*KEYS} else None
        for mention in there:
            self.remember(model, mention, key)
        table, twin = stored(model), TWINS[model]
        images = {one.row.replaced_by: one.row for one in there if one.table == twin.name}
        for number, image in images.items():
            columns = [m.column for m in there if m.row is image]
            this = twin.c.id == id, twin.c.replaced_by == number
            anew = self.anew(model, image, columns, key)
            await self.connection.execute(update(twin).where(*this).values(anew))
        live = (await self.connection.execute(select(table).where(table.c.id == id))).first()
        columns = [one.column for one in there if one.table == table.name]
        if live is not None:
            await self.correct(model, dict(live._mapping), self.anew(model, live, columns, key))
        known_by = [id]
        if key is not None and self.naming.stand_in(id):
            await rekey(self.connection, model, id, key, self.seals)
            known_by.append(key)
        if model in FOUND:
            await renew(self.connection, model, known_by)

    def anew(self, model: type[Row], row: Any, columns: Collection[str], key: str | None) -> Values:
        """The columns that hold another text now; the id is moved by itself."""
        found: Values = {}
        for name in columns:
            text = row._mapping[name]
            if name != "id":
                found[name] = key if name in KEYS else self.naming.replaced(text, self.replacement)
        if issubclass(model, Thing) and "name" in found:
            found["name_key"] = pinyin_key(found["name"], person=model is Worker)
        return found

    async def correct(self, model: type[Row], live: Values, anew: Values) -> None:
        """The image of what is replaced holds no name either."""
        before = {**live, **anew}
        entry = Entry(Proposal(model, live["id"], {}, Origin("", 0)), dict(before), before)
        change = self.recorder.change(entry, ChangeKind.REDACTED)
        await self.connection.execute(insert(CHANGES), change)
        stamp = {"typed_by": self.recorder.typed_by, "recorded_at": self.recorder.at}
        by_id = update(stored(model)).where(stored(model).c.id == live["id"])
        await self.connection.execute(by_id.values({**anew, **stamp}))
        await self.recorder.keep_images([entry], [change])

    def remember(self, model: type[Row], mention: Mention, key: str | None) -> None:
        """So that a file that is loaded again says nothing that was taken out."""
        if self.seals is None:
            return
        table, mark = stored(model), self.seals.index.mark
        if mention.column in KEYS:
            self.marks[mark(of_key(table, mention.text))] = key
        else:
            self.marks[mark(of_text(table, mention.column, mention.text))] = None

    async def beside(self, mention: Mention) -> None:
        table = next(table for table in BESIDE if table.name == mention.table)
        key, _ = BESIDE[table]
        number = int(mention.record) if key == "number" else mention.record
        text = self.naming.replaced(mention.text, self.replacement)
        this = update(table).where(table.c[key] == number)
        await self.connection.execute(this.values({mention.column: text}))


async def redact(
    connection: AsyncConnection,
    naming: Naming,
    places: Collection[str] | None,
    replacement: str,
    seals: Seals | None,
    typed_by: str,
) -> Plan:
    """In a writing transaction. What was done, and what was left. Raises BadInput, NotDone."""
    replacement = checked(replacement, naming)
    await overwrite_deleted(connection)
    plan = planned(await mentions(connection, naming), places)
    recorder = await Recorder.begin(connection, typed_by, datetime.now(UTC))
    await Redacting(connection, naming, replacement, seals, recorder).redact(plan.touched)
    return plan
