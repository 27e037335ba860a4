"""Lines of an import of personal data that are left out because the person was erased."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from kit.db.engine import ROWS_PER_STATEMENT, in_keys
from kit.errors import CommandFailed, Problem
from kit.security.encryption import EncryptionKeys
from models.personal import FieldGroup, PersonalField
from resolvers.personal.document_numbers import birth_date_of, canonical_number
from resolvers.personal.entry import PersonalLine
from resolvers.personal.erased_marks import (
    WORKERS,
    birth_mark_text,
    code_mark_text,
    find_marked_texts,
    require_index_keys,
)
from resolvers.personal.load_exclusions import ExclusionOptions
from resolvers.personal.masked import PERSONAL_VALUES, number_mark_text

CODE_OF_ERASED = "is the code of an erased person"
NUMBER_OF_ERASED = "is the number of an erased person"
BIRTH_DATE_OF_ERASED = "is the birth date of an erased person with that name"
LINE_EXCLUDED = "{}: left out. To enter the line all the same, use --bring-back {}."
UNSHARED_GROUPS = {FieldGroup.DOCUMENTS, FieldGroup.BIRTH}  # not shared with a namesake


async def exclude_erased_people(
    connection: AsyncConnection,
    seals: EncryptionKeys,
    people: Sequence[PersonalLine],
    options: ExclusionOptions,
    today: date,
) -> tuple[list[PersonalLine], list[Problem]]:
    """Return lines that may be entered, and problems of the others; unreadable lines stay in.

    Raises Unavailable if marks can't be compared, CommandFailed for a worker in `brought_back` of
    whom nothing would be left out.
    """
    brought_back = options.brought_back
    matches: dict[int, tuple[str, str]] = {}
    if not options.without_marks and await require_index_keys(connection, seals):
        on_record = await RecordedPeople.of(connection, people)
        texts: defaultdict[str, list[tuple[int, str, str]]] = defaultdict(list)
        for position, person in enumerate(people):
            for text, column, reason in line_mark_texts(person, on_record, today):
                texts[text].append((position, column, reason))
        known_texts = await find_marked_texts(connection, seals.index, texts)
        for text in texts:
            for position, column, reason in texts[text] if text in known_texts else ():
                matches.setdefault(position, (column, reason))
    if unknown := sorted(brought_back - {people[position].worker for position in matches}):
        raise CommandFailed(
            f"--bring-back {unknown[0]}: nothing of that name would be left out.",
            f"--bring-back {unknown[0]}：没有以此为名而将被略去的内容。",
        )
    out = {
        position: reason_pair
        for position, reason_pair in matches.items()
        if people[position].worker not in brought_back
    }
    lines = [person for position, person in enumerate(people) if position not in out]
    return lines, [
        exclusion_problem(people[position], *reason_pair)
        for position, reason_pair in sorted(out.items())
    ]


def exclusion_problem(person: PersonalLine, column: str, reason: str) -> Problem:
    """Return the problem; it has the worker's code if that has a mark, and no other value."""
    code = person.worker if column == "worker" else "WORKER"
    origin = person.origin
    return Problem(origin.file, origin.line, column, LINE_EXCLUDED.format(reason, code))


@dataclass(frozen=True, slots=True)
class RecordedPeople:
    """Names by code, and the codes of workers with stored values that no namesake shares."""

    names: Mapping[str, str]
    certain: Collection[str]

    @classmethod
    async def of(
        cls, connection: AsyncConnection, people: Sequence[PersonalLine]
    ) -> "RecordedPeople":
        codes, names, certain = (
            sorted({person.worker for person in people}),
            dict[str, str](),
            set[str](),
        )
        own = PERSONAL_VALUES.c.field.in_(
            [field for field in PersonalField if field.group in UNSHARED_GROUPS]
        )
        has_values = (
            select(PERSONAL_VALUES.c.worker_id)
            .where(PERSONAL_VALUES.c.worker_id == WORKERS.c.id, own)
            .exists()
        )
        for start in range(0, len(codes), ROWS_PER_STATEMENT):
            batch = in_keys(
                WORKERS.c.code, codes[start : start + ROWS_PER_STATEMENT], connection.dialect.name
            )
            query = select(WORKERS.c.code, WORKERS.c.name, has_values.label("held")).where(batch)
            for row in await connection.execute(query):
                names[row.code] = row.name
                certain |= {row.code} if row.held else set()
        return cls(names, certain)


def line_mark_texts(
    person: PersonalLine, on_record: RecordedPeople, today: date
) -> Iterator[tuple[str, str, str]]:
    """Yield texts that may have a mark, with column and message."""
    name = on_record.names.get(person.worker)
    if name is None:
        yield code_mark_text(person.worker), "worker", CODE_OF_ERASED
    if person.worker in on_record.certain:
        return  # identified when that was entered
    for field, text in person.values.items():
        if field.group not in UNSHARED_GROUPS:
            continue
        try:
            value = canonical_number(field, text, today)
        except ValueError:
            continue  # the import reports it
        column = field.value.lower()
        if field.group is FieldGroup.DOCUMENTS:
            yield number_mark_text(field, value), column, NUMBER_OF_ERASED
        if name and (day := birth_date_of(field, value)):
            yield birth_mark_text(name, day), column, BIRTH_DATE_OF_ERASED
