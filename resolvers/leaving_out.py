"""What a load leaves out, as it would bring back somebody who was erased."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from kit.database import among
from kit.errors import NotDone, Problem, quoted
from kit.sealed import Seals
from models import Citation, Worker
from models.history import models_of, stored
from models.row import Row
from models.source import citation_key
from models.worker import ERASED
from resolvers.erased_marks import (
    known_again,
    of_code,
    of_key,
    of_name_in,
    of_text,
    organisation_in,
    organisation_keys,
    persons_in,
    require_readable,
    stubs,
)
from resolvers.mentions import texts
from resolvers.proposal import Proposal, by_model, heading, key_column, references
from resolvers.recording import AT_ONCE

BY_CODE = "is the code of somebody who was erased"
BY_NAME = "is the name of somebody who was erased, and an organisation of theirs is named with it"
AGAIN = "{}: left out. If it is to be entered all the same, say --bring-back {}."
ABOUT = "{}, who was left out: left out as well."
HANGS = (
    "is the key of a record that stays of somebody who was erased: left out, so that the record "
    "stays as it is."
)
OF_A_STUB = "is what stays of somebody who was erased: left out."
# With what became of the row or of its cell, first.
REFERS = "{1} was left out: {0}."
REDACTED = "holds a name that was taken out: {0}. If it is to stand there, say --bring-back {1}."
STAYS, EMPTY, OUT = "what is on record stays", "left empty", "the row was left out"

KINDS = {model.__name__: model for model in models_of()}
Meant = TypeVar("Meant")


@dataclass(frozen=True, slots=True)
class KnownAgain:
    """By which keys the erased are known, and who of them comes back because somebody says so.

    `brought_back` are codes of workers, and `table/key` of records in which a name stood.
    """

    seals: Seals | None = None
    brought_back: frozenset[str] = frozenset()
    without_marks: bool = False


NOBODY_KNOWN = KnownAgain()


@dataclass
class LeavingOut:
    connection: AsyncConnection
    seals: Seals | None
    brought_back: frozenset[str]
    proposals: Sequence[Proposal]
    kept: dict[int, Proposal] = field(init=False)
    told: list[Problem] = field(default_factory=list)
    gone: defaultdict[type[Row], set[str]] = field(default_factory=lambda: defaultdict(set))
    answered: set[str] = field(default_factory=set)  # those of `brought_back` that were needed

    def __post_init__(self) -> None:
        self.kept = dict(enumerate(self.proposals))

    def rows(self) -> list[tuple[int, Proposal]]:
        return list(self.kept.items())

    def about(self) -> Iterable[tuple[int, Proposal, str, str]]:
        """Each row that is about a person: its place, itself, the column and the code there."""
        for place, one in self.rows():
            for column in persons_in(one.model):
                if code := one.values.get(column):
                    yield place, one, column, code

    def leave(self, place: int, column: str, reason: str) -> None:
        proposal = self.kept.pop(place, None)
        if proposal is not None:
            self.gone[proposal.model] |= {proposal.key, proposal.id}
            self.say(proposal, column, reason)

    def say(self, proposal: Proposal, column: str, reason: str) -> None:
        origin = proposal.origin
        self.told.append(Problem(origin.file, origin.line, heading(column), reason))

    async def run(self, marked: bool) -> None:
        held = await stubs(self.connection)
        if marked:
            await self.rekeyed()
            await self.people()
        if held:
            await self.what_hangs_on(held)
        if marked:
            await self.redacted()
        for name in sorted(self.brought_back - self.answered):
            raise NotDone(f"--bring-back {name}: nothing of that name would be left out.")
        while self.gone and await self.what_refers():
            pass
        self.cited()

    async def rekeyed(self) -> None:
        """A key that named somebody leads to the one that its record has now."""
        named = {pair for one in self.kept.values() for pair in keys_in(one)}
        known = await self.marked({of_key(stored(kind), key): (kind, key) for kind, key in named})
        now = {pair: key for pair, key in known.items() if key}
        for one in self.kept.values() if now else ():
            one.key = now.get((one.model, one.key), one.key)
            for column, kind in referring(one):
                code = one.values[column]
                one.values[column] = now.get((kind, code), code)
            if one.model is Citation:
                fact, source = one.values["fact_id"], one.values["source_id"]
                one.key = citation_key(one.values["fact_type"], fact, source)

    async def redacted(self) -> None:
        """Texts of others out of which somebody's name was taken."""
        said: defaultdict[str, list[tuple[int, str]]] = defaultdict(list)
        for place, one in self.rows():
            for column in texts(one.table):
                if column.key != "code" and (text := one.values.get(column.key)):
                    said[of_text(one.table, column.key, text)].append((place, column.key))
        for text in await self.marked({text: text for text in said}):
            for place, name in said[text]:
                row = self.kept.get(place)
                if row and not self.comes_back(record := f"{row.table.name}/{row.key}"):
                    await self.without(place, row, name, REDACTED, record)

    async def people(self) -> None:
        rows = [(place, one) for place, one in self.rows() if one.model is Worker]
        codes = {one.key for _, one in rows} | {one.id for _, one in rows}
        named = {code for *_, code in self.about()}
        fresh = (codes | named) - await self.on_record(Worker, codes | named)
        erased = await self.marked({of_code(code): code for code in fresh})
        for place, one in rows:
            if code := next((code for code in (one.key, one.id) if code in erased), None):
                await self.person(place, one, "code" if code == one.key else "id", BY_CODE)
        await self.namesakes(fresh)
        for place, _, column, code in self.about():
            if code in self.gone[Worker]:
                self.leave(place, column, ABOUT.format(f"names {quoted(code)}"))
            elif code in erased and not self.comes_back(code):
                self.leave(place, column, AGAIN.format(BY_CODE, code))

    async def person(self, place: int, one: Proposal, column: str, reason: str) -> None:
        if not self.comes_back(one.key):
            self.leave(place, column, AGAIN.format(reason, one.key))

    def comes_back(self, code: str) -> bool:
        if code in self.brought_back:
            self.answered.add(code)
            return True
        return False

    async def namesakes(self, fresh: Collection[str]) -> None:
        """New people who are in an organisation in which somebody of their name was erased."""
        organisations: defaultdict[str, set[str]] = defaultdict(set)
        for _, one, _, code in self.about():
            name = organisation_in(stored(one.model))
            if name and (organisation := one.values.get(name)):
                organisations[code].add(organisation)
        every = sorted({one for some in organisations.values() for one in some})
        keys = await organisation_keys(self.connection, every)
        texts: dict[str, set[int]] = defaultdict(set)
        for place, one in self.kept.items():
            if one.model is Worker and one.key in fresh and (name := one.values.get("name")):
                for organisation in organisations[one.key] | organisations[one.id]:
                    if key := keys.get(organisation):
                        texts[of_name_in(name, key)].add(place)
        for text in await self.marked({text: text for text in texts}):
            for place in texts[text]:
                if place in self.kept:
                    await self.person(place, self.kept[place], "name", BY_NAME)

    async def marked(self, texts: Mapping[str, Meant]) -> dict[Meant, str | None]:
        """What is meant by those of the texts of which there is a mark, and where that leads."""
        assert self.seals is not None
        found = await known_again(self.connection, self.seals.index, texts)
        return {texts[text]: key for text, key in found.items()}

    async def on_record(self, model: type[Row], keys: Iterable[str]) -> set[str]:
        """Those of the keys by which something may be named."""
        table, wanted = stored(model), sorted(keys)
        found: set[str] = set()
        for column in {table.c[key_column(model)], table.c.id}:
            for start in range(0, len(wanted), AT_ONCE):
                some = wanted[start : start + AT_ONCE]
                here = among(column, some, self.connection.dialect.name)
                found |= set(await self.connection.scalars(select(column).where(here)))
        return found

    async def what_hangs_on(self, held: dict[str, str]) -> None:
        """A record of a stub is corrected by a row that names the stub, and by no other."""
        named = {*held, *held.values()}
        for place, one in self.rows():
            a_name = one.model is Worker and one.values.get("name", ERASED) != ERASED
            if a_name and {one.key, one.id} & named:
                self.leave(place, "code", OF_A_STUB)
        ours = by_model(one for one in self.kept.values() if persons_in(one.model))
        hanging = {model: await self.hanging(model, held.values()) for model in ours}
        for place, one in self.rows():
            if one.key in hanging.get(one.model, ()):
                codes = {one.values.get(column) for column in persons_in(one.model)} - {None}
                if not codes & named and not any(self.comes_back(str(code)) for code in codes):
                    self.leave(place, "id", HANGS)

    async def hanging(self, model: type[Row], people: Collection[str]) -> set[str]:
        table, dialect = stored(model), self.connection.dialect.name
        theirs = [among(table.c[name], sorted(people), dialect) for name in persons_in(model)]
        return set(await self.connection.scalars(select(table.c.id).where(or_(*theirs))))

    async def what_refers(self) -> bool:
        """References to what was left out and isn't on record. Whether more was left out."""
        before = len(self.kept)
        there = {model: await self.on_record(model, keys) for model, keys in self.gone.items()}
        for place, one in self.rows():
            for column, target in references(one.model):
                code = one.values.get(column)
                if code in self.gone[target] and code not in there.get(target, ()):
                    await self.without(place, one, column, REFERS, quoted(str(code)))
        return len(self.kept) < before

    async def without(
        self, place: int, one: Proposal, column: str, sentence: str, name: str
    ) -> None:
        """A row of which a cell can't be taken as it comes."""
        if await self.on_record(one.model, [one.key]):
            del one.values[column]
            self.say(one, column, sentence.format(STAYS, name))
        elif one.table.c[column].nullable:
            one.values[column] = None
            self.say(one, column, sentence.format(EMPTY, name))
        else:
            self.leave(place, column, sentence.format(OUT, name))

    def cited(self) -> None:
        """Further sources of facts that were left out."""
        facts = {(model.__name__, key) for model, keys in self.gone.items() for key in keys}
        for place, one in self.rows():
            values = one.values
            if one.model is Citation and (values["fact_type"], values["fact_id"]) in facts:
                del self.kept[place]


def referring(proposal: Proposal) -> Iterator[tuple[str, type[Row]]]:
    """The columns that hold a key of a record, and of which kind; its own among them."""
    if "id" in proposal.values:
        yield "id", proposal.model
    for column, kind in references(proposal.model):
        if proposal.values.get(column):
            yield column, kind
    if proposal.model is Citation:
        yield "fact_id", KINDS[proposal.values["fact_type"]]


def keys_in(proposal: Proposal) -> Iterator[tuple[type[Row], str]]:
    yield proposal.model, proposal.key
    for column, kind in referring(proposal):
        yield kind, proposal.values[column]


async def leave_out(
    connection: AsyncConnection, proposals: Sequence[Proposal], known: KnownAgain
) -> tuple[list[Proposal], list[Problem]]:
    """What may be entered, and for each row that may not where it stands, and why.

    Raises Unavailable for marks that can't be compared with, NotDone for what is to be brought back
    where nothing would be left out.
    """
    marked = not known.without_marks and await require_readable(connection, known.seals)
    leaving = LeavingOut(connection, known.seals, known.brought_back, proposals)
    await leaving.run(marked)
    leaving.told.sort(key=lambda one: (one.file, one.line, one.column))
    return list(leaving.kept.values()), leaving.told
