"""What an import of personal data leaves out, as it is of somebody who was erased."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from kit.database import among
from kit.errors import NotDone, Problem
from kit.sealed import Seals
from models.personal import FieldGroup, PersonalField
from resolvers.erased_marks import (
    WORKERS,
    known_again,
    of_code,
    of_name_born,
    require_readable,
)
from resolvers.leaving_out import KnownAgain
from resolvers.personal import VALUES, mark_of
from resolvers.personal_entry import Person
from resolvers.personal_numbers import birth_date_in, canonical
from resolvers.recording import AT_ONCE

BY_CODE = "is the code of somebody who was erased"
BY_NUMBER = "is the number of somebody who was erased"
BY_BIRTH = "is the birth date of somebody of that name who was erased"
AGAIN = "{}: left out. If the line is to be entered all the same, say --bring-back {}."
OWN = {FieldGroup.DOCUMENTS, FieldGroup.BIRTH}  # what nobody shares with a namesake


async def leave_out_people(
    connection: AsyncConnection,
    seals: Seals,
    people: Sequence[Person],
    known: KnownAgain,
    today: date,
) -> tuple[list[Person], list[Problem]]:
    """The lines that may be entered, and of each that may not why. What can't be read stays in.

    Raises Unavailable for marks that can't be compared with, NotDone for a worker to be brought
    back of whom nothing would be left out.
    """
    wanted = known.brought_back
    found: dict[int, tuple[str, str]] = {}
    if not known.without_marks and await require_readable(connection, seals):
        on_record = await OnRecord.of(connection, people)
        texts: defaultdict[str, list[tuple[int, str, str]]] = defaultdict(list)
        for place, one in enumerate(people):
            for text, column, reason in signs(one, on_record, today):
                texts[text].append((place, column, reason))
        known_texts = await known_again(connection, seals.index, texts)
        for text in texts:
            for place, column, reason in texts[text] if text in known_texts else ():
                found.setdefault(place, (column, reason))
    if unknown := sorted(wanted - {people[place].worker for place in found}):
        raise NotDone(f"--bring-back {unknown[0]}: nothing of that name would be left out.")
    out = {place: told for place, told in found.items() if people[place].worker not in wanted}
    kept = [one for place, one in enumerate(people) if place not in out]
    return kept, [left_out(people[place], *told) for place, told in sorted(out.items())]


def left_out(person: Person, column: str, reason: str) -> Problem:
    """Repeats the worker's code where that is what is known again, and else nothing of the line."""
    code = person.worker if column == "worker" else "WORKER"
    origin = person.origin
    return Problem(origin.file, origin.line, column, AGAIN.format(reason, code))


@dataclass(frozen=True, slots=True)
class OnRecord:
    """Names by code, and the codes of those of whom something is held that is theirs alone."""

    names: Mapping[str, str]
    certain: Collection[str]

    @classmethod
    async def of(cls, connection: AsyncConnection, people: Sequence[Person]) -> "OnRecord":
        codes, names, certain = sorted({one.worker for one in people}), dict[str, str](), set[str]()
        own = VALUES.c.field.in_([field for field in PersonalField if field.group in OWN])
        held = select(VALUES.c.worker_id).where(VALUES.c.worker_id == WORKERS.c.id, own).exists()
        for start in range(0, len(codes), AT_ONCE):
            some = among(WORKERS.c.code, codes[start : start + AT_ONCE], connection.dialect.name)
            query = select(WORKERS.c.code, WORKERS.c.name, held.label("held")).where(some)
            for row in await connection.execute(query):
                names[row.code] = row.name
                certain |= {row.code} if row.held else set()
        return cls(names, certain)


def signs(person: Person, on_record: OnRecord, today: date) -> Iterator[tuple[str, str, str]]:
    """What may be known again, the column in which it stands, and what is said of it then."""
    name = on_record.names.get(person.worker)
    if name is None:
        yield of_code(person.worker), "worker", BY_CODE
    if person.worker in on_record.certain:
        return  # who this is was decided when that was entered
    for field, text in person.values.items():
        if field.group not in OWN:
            continue
        try:
            value = canonical(field, text, today)
        except ValueError:
            continue  # that is told by whoever enters it
        column = field.value.lower()
        if field.group is FieldGroup.DOCUMENTS:
            yield mark_of(field, value), column, BY_NUMBER
        if name and (day := birth_date_in(field, value)):
            yield of_name_born(name, day), column, BY_BIRTH
