"""Rows of a load that are left out because they would bring back an erased person."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from kit.db.engine import ROWS_PER_STATEMENT, in_keys
from kit.errors import CommandFailed, Problem, quote_input
from kit.security.encryption import EncryptionKeys
from models.history import model_table, table_models
from models.row import Row
from models.source import Citation, citation_key
from models.worker import ERASED_NAME, Worker
from resolvers.personal.erased_marks import (
    code_mark_text,
    find_marked_texts,
    key_mark_text,
    organisation_column,
    organisation_mark_text,
    read_organisation_keys,
    read_stubs,
    redaction_mark_text,
    require_index_keys,
)
from resolvers.personal.mentions import free_text_columns
from resolvers.writing.audiences import person_columns
from resolvers.writing.proposal import (
    Proposal,
    column_heading,
    key_column,
    referenced_models,
    sort_by_model,
)

CODE_OF_ERASED = "is the code of an erased person"
NAME_OF_ERASED = "is the name of an erased person, together with one of their organisations"
ROW_EXCLUDED = "{}: left out. To enter it all the same, use --bring-back {}."
NAMES_EXCLUDED_PERSON = "{}, who was left out: left out as well."
KEY_OF_STUB_RECORD = (
    "is the key of a record that remains of an erased person: left out, so that "
    "the record stays as it is."
)
IS_STUB = "is the remaining record of an erased person: left out."
# {0} is what became of the row or cell.
REFERS_TO_EXCLUDED = "{1} was left out: {0}."
HAS_REDACTED_NAME = "holds a name that was taken out: {0}. To keep it there, use --bring-back {1}."
VALUE_UNCHANGED, VALUE_EMPTIED, ROW_OMITTED = (
    "what is on record stays",
    "left empty",
    "the row was left out",
)

MODELS_BY_NAME = {model.__name__: model for model in table_models()}
MarkTarget = TypeVar("MarkTarget")


@dataclass(frozen=True, slots=True)
class ExclusionOptions:
    """The keys that recognise erased people, and the people brought back on purpose.

    `brought_back` has codes of workers, and `table/key` of records in which a name was redacted.
    """

    seals: EncryptionKeys | None = None
    brought_back: frozenset[str] = frozenset()
    without_marks: bool = False


NO_EXCLUSION = ExclusionOptions()


@dataclass
class LoadExclusion:
    connection: AsyncConnection
    seals: EncryptionKeys | None
    brought_back: frozenset[str]
    proposals: Sequence[Proposal]
    kept: dict[int, Proposal] = field(init=False)
    told: list[Problem] = field(default_factory=list)
    gone: defaultdict[type[Row], set[str]] = field(default_factory=lambda: defaultdict(set))
    matched_codes: set[str] = field(default_factory=set)  # those of `brought_back` that were needed

    def __post_init__(self) -> None:
        self.kept = dict(enumerate(self.proposals))

    def rows(self) -> list[tuple[int, Proposal]]:
        return list(self.kept.items())

    def about(self) -> Iterable[tuple[int, Proposal, str, str]]:
        """Yield each row about a person: position, row, the person's column and code."""
        for position, row in self.rows():
            for column in person_columns(row.model):
                if code := row.values.get(column):
                    yield position, row, column, code

    def leave(self, position: int, column: str, reason: str) -> None:
        proposal = self.kept.pop(position, None)
        if proposal is not None:
            self.gone[proposal.model] |= {proposal.key, proposal.id}
            self.say(proposal, column, reason)

    def say(self, proposal: Proposal, column: str, reason: str) -> None:
        origin = proposal.origin
        self.told.append(Problem(origin.file, origin.line, column_heading(column), reason))

    async def run(self, marked: bool) -> None:
        stubs = await read_stubs(self.connection)
        if marked:
            await self.apply_replaced_keys()
            await self.people()
        if stubs:
            await self.exclude_stub_records(stubs)
        if marked:
            await self.exclude_redacted_texts()
        for name in sorted(self.brought_back - self.matched_codes):
            raise CommandFailed(
                f"--bring-back {name}: nothing of that name would be left out.",
                f"--bring-back {name}：没有以此为名而将被略去的内容。",
            )
        while self.gone and await self.exclude_references():
            pass
        self.cited()

    async def apply_replaced_keys(self) -> None:
        """Replace keys that named a person by the keys that their records have now."""
        named = {pair for row in self.kept.values() for pair in named_keys(row)}
        new_keys = await self.find_marked(
            {key_mark_text(model_table(kind), key): (kind, key) for kind, key in named}
        )
        now = {pair: key for pair, key in new_keys.items() if key}
        for row in self.kept.values() if now else ():
            row.key = now.get((row.model, row.key), row.key)
            for column, kind in reference_columns(row):
                code = row.values[column]
                row.values[column] = now.get((kind, code), code)
            if row.model is Citation:
                fact, source = row.values["fact_id"], row.values["source_id"]
                row.key = citation_key(row.values["fact_type"], fact, source)

    async def exclude_redacted_texts(self) -> None:
        """Leave out texts of other records from which a person's name was redacted."""
        said: defaultdict[str, list[tuple[int, str]]] = defaultdict(list)
        for position, proposal in self.rows():
            for column in free_text_columns(proposal.table):
                if column.key != "code" and (text := proposal.values.get(column.key)):
                    said[redaction_mark_text(proposal.table, column.key, text)].append(
                        (position, column.key)
                    )
        for text in await self.find_marked({text: text for text in said}):
            for position, name in said[text]:
                row = self.kept.get(position)
                if row and not self.is_brought_back(record := f"{row.table.name}/{row.key}"):
                    await self.without(position, row, name, HAS_REDACTED_NAME, record)

    async def people(self) -> None:
        rows = [(position, row) for position, row in self.rows() if row.model is Worker]
        codes = {row.key for _, row in rows} | {row.id for _, row in rows}
        named = {code for *_, code in self.about()}
        fresh = (codes | named) - await self.on_record(Worker, codes | named)
        erased = await self.find_marked({code_mark_text(code): code for code in fresh})
        for position, row in rows:
            if code := next((code for code in (row.key, row.id) if code in erased), None):
                await self.person(
                    position, row, "code" if code == row.key else "id", CODE_OF_ERASED
                )
        await self.namesakes(fresh)
        for position, _, column, code in self.about():
            if code in self.gone[Worker]:
                self.leave(
                    position, column, NAMES_EXCLUDED_PERSON.format(f"names {quote_input(code)}")
                )
            elif code in erased and not self.is_brought_back(code):
                self.leave(position, column, ROW_EXCLUDED.format(CODE_OF_ERASED, code))

    async def person(self, position: int, row: Proposal, column: str, reason: str) -> None:
        if not self.is_brought_back(row.key):
            self.leave(position, column, ROW_EXCLUDED.format(reason, row.key))

    def is_brought_back(self, code: str) -> bool:
        if code in self.brought_back:
            self.matched_codes.add(code)
            return True
        return False

    async def namesakes(self, fresh: Collection[str]) -> None:
        """Leave out new people in an organisation where a person of that name was erased."""
        organisations: defaultdict[str, set[str]] = defaultdict(set)
        for _, row, _, code in self.about():
            name = organisation_column(model_table(row.model))
            if name and (organisation := row.values.get(name)):
                organisations[code].add(organisation)
        every = sorted({row for group in organisations.values() for row in group})
        keys = await read_organisation_keys(self.connection, every)
        texts: dict[str, set[int]] = defaultdict(set)
        for position, row in self.kept.items():
            if row.model is Worker and row.key in fresh and (name := row.values.get("name")):
                for organisation in organisations[row.key] | organisations[row.id]:
                    if key := keys.get(organisation):
                        texts[organisation_mark_text(name, key)].add(position)
        for text in await self.find_marked({text: text for text in texts}):
            for position in texts[text]:
                if position in self.kept:
                    await self.person(position, self.kept[position], "name", NAME_OF_ERASED)

    async def find_marked(self, texts: Mapping[str, MarkTarget]) -> dict[MarkTarget, str | None]:
        """Return those values whose text has a mark, with the key to which the mark leads."""
        assert self.seals is not None
        marked = await find_marked_texts(self.connection, self.seals.index, texts)
        return {texts[text]: key for text, key in marked.items()}

    async def on_record(self, model: type[Row], keys: Iterable[str]) -> set[str]:
        """Return those keys or codes that are stored."""
        table, ordered = model_table(model), sorted(keys)
        stored: set[str] = set()
        for column in {table.c[key_column(model)], table.c.id}:
            for start in range(0, len(ordered), ROWS_PER_STATEMENT):
                batch = ordered[start : start + ROWS_PER_STATEMENT]
                here = in_keys(column, batch, self.connection.dialect.name)
                stored |= set(await self.connection.scalars(select(column).where(here)))
        return stored

    async def exclude_stub_records(self, stubs: dict[str, str]) -> None:
        """Leave out rows that would correct a stub's record without naming the stub."""
        named = {*stubs, *stubs.values()}
        for position, row in self.rows():
            a_name = row.model is Worker and row.values.get("name", ERASED_NAME) != ERASED_NAME
            if a_name and {row.key, row.id} & named:
                self.leave(position, "code", IS_STUB)
        ours = sort_by_model(row for row in self.kept.values() if person_columns(row.model))
        hanging = {model: await self.records_of_people(model, stubs.values()) for model in ours}
        for position, row in self.rows():
            if row.key in hanging.get(row.model, ()):
                codes = {row.values.get(column) for column in person_columns(row.model)} - {None}
                if not codes & named and not any(self.is_brought_back(str(code)) for code in codes):
                    self.leave(position, "id", KEY_OF_STUB_RECORD)

    async def records_of_people(self, model: type[Row], people: Collection[str]) -> set[str]:
        table, dialect = model_table(model), self.connection.dialect.name
        theirs = [in_keys(table.c[name], sorted(people), dialect) for name in person_columns(model)]
        return set(await self.connection.scalars(select(table.c.id).where(or_(*theirs))))

    async def exclude_references(self) -> bool:
        """Drop references to missing rows that were left out; return whether rows were dropped."""
        before = len(self.kept)
        stored = {model: await self.on_record(model, keys) for model, keys in self.gone.items()}
        for position, row in self.rows():
            for column, target in referenced_models(row.model):
                code = row.values.get(column)
                if code in self.gone[target] and code not in stored.get(target, ()):
                    await self.without(
                        position, row, column, REFERS_TO_EXCLUDED, quote_input(str(code))
                    )
        return len(self.kept) < before

    async def without(
        self, position: int, row: Proposal, column: str, sentence: str, name: str
    ) -> None:
        """Drop a cell that can't be entered: keep the stored value, empty it, or drop the row."""
        if await self.on_record(row.model, [row.key]):
            del row.values[column]
            self.say(row, column, sentence.format(VALUE_UNCHANGED, name))
        elif row.table.c[column].nullable:
            row.values[column] = None
            self.say(row, column, sentence.format(VALUE_EMPTIED, name))
        else:
            self.leave(position, column, sentence.format(ROW_OMITTED, name))

    def cited(self) -> None:
        """Leave out further sources of facts that were left out."""
        facts = {(model.__name__, key) for model, keys in self.gone.items() for key in keys}
        for position, row in self.rows():
            values = row.values
            if row.model is Citation and (values["fact_type"], values["fact_id"]) in facts:
                del self.kept[position]


def reference_columns(proposal: Proposal) -> Iterator[tuple[str, type[Row]]]:
    """Yield the columns that hold a record's key, its own included, with the kind of the record."""
    if "id" in proposal.values:
        yield "id", proposal.model
    for column, kind in referenced_models(proposal.model):
        if proposal.values.get(column):
            yield column, kind
    if proposal.model is Citation:
        yield "fact_id", MODELS_BY_NAME[proposal.values["fact_type"]]


def named_keys(proposal: Proposal) -> Iterator[tuple[type[Row], str]]:
    yield proposal.model, proposal.key
    for column, kind in reference_columns(proposal):
        yield kind, proposal.values[column]


async def exclude_erased(
    connection: AsyncConnection, proposals: Sequence[Proposal], options: ExclusionOptions
) -> tuple[list[Proposal], list[Problem]]:
    """Return the proposals that may be entered, and a problem for each row that may not.

    Raises Unavailable if marks can't be compared, CommandFailed if a name in `brought_back` wasn't
    needed.
    """
    marked = not options.without_marks and await require_index_keys(connection, options.seals)
    leaving = LoadExclusion(connection, options.seals, options.brought_back, proposals)
    await leaving.run(marked)
    leaving.told.sort(key=lambda problem: (problem.file, problem.line, problem.column))
    return list(leaving.kept.values()), leaving.told
