"""Entering personal data: all is checked, then all of it is sealed and written, or nothing."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from kit.database import among
from kit.errors import Refused, quoted
from kit.sealed import Seals
from models import Worker
from models.history import stored
from models.personal import PersonalField
from models.row import Audience
from resolvers.audiences import narrow_on_record
from resolvers.legal_basis import bases_of, lacking_groups, no_basis, organisation_named
from resolvers.minors import CHILDHOOD, MAJORITY, until
from resolvers.personal import (
    FACTS,
    SUBJECTS,
    VALUES,
    holders,
    mark_of,
    opened,
    place_of,
    subject_of,
)
from resolvers.personal_numbers import birth_date_in, canonical
from resolvers.proposal import Origin, Problems

SHARED = {PersonalField.PHONE, PersonalField.BIRTH_DATE}  # that two people may have
NOT_OF_AGE = "says that the worker is 18; a birth date that is given or on record says otherwise."
CHILD = (
    "says that the worker is under 14: write true in guardian_agreed once a guardian has agreed."
)


@dataclass(frozen=True, slots=True)
class Person:
    """One line: a worker's code, what is said of them, and of which facts the numbers are."""

    origin: Origin
    worker: str
    values: dict[PersonalField, str]
    facts: dict[PersonalField, str] = field(default_factory=dict)
    guardian_agreed: bool = False
    of_age: bool = False


@dataclass
class Entering:
    connection: AsyncConnection
    seals: Seals
    owner: str
    typed_by: str
    today: date
    problems: Problems
    at: datetime = field(default_factory=lambda: datetime.now(UTC))
    held: dict[str, dict[tuple[PersonalField, str], str]] = field(default_factory=dict)
    taken: dict[tuple[PersonalField, str], str] = field(default_factory=dict)
    written: Counter[str] = field(default_factory=Counter)
    minors: set[str] = field(default_factory=set)

    async def enter(self, people: Sequence[Person]) -> None:
        """Raises Refused with all problems, none of which repeats a value."""
        workers = await self.workers(people)
        read = [
            (one, workers[one.worker], self.read(one)) for one in people if one.worker in workers
        ]
        await self.check_basis(people)
        self.taken = await self.whose([number for *_, values in read for number in values.items()])
        for person, worker, values in read:
            await self.check(person, worker, values)
        if self.problems.found:
            raise Refused(self.problems.found, self.problems.number)
        for person, worker, values in read:
            await self.write(person, worker, values)
        if self.minors:
            protected = dict.fromkeys(self.minors, Audience.PROTECTED)
            self.written += await narrow_on_record(
                self.connection, protected, self.typed_by, self.at, self.today
            )

    def wrong(self, person: Person, column: str, reason: str) -> None:
        self.problems.at(person.origin, column.lower(), reason)

    async def workers(self, people: Sequence[Person]) -> dict[str, Any]:
        """Those on record by code; each once."""
        table = stored(Worker)
        found: dict[str, Any] = {}
        codes = sorted({one.worker for one in people})
        for start in range(0, len(codes), 5000):
            some = among(table.c.code, codes[start : start + 5000], self.connection.dialect.name)
            rows = await self.connection.execute(select(table).where(some))
            found |= {row.code: row for row in rows}
        seen: set[str] = set()
        for person in people:
            if person.worker not in found:
                self.wrong(person, "worker", f"there is no worker {code_only(person.worker)}.")
            elif person.worker in seen and not person.facts:
                self.wrong(person, "worker", "stands in an earlier line already.")
            seen.add(person.worker)
        return found

    def read(self, person: Person) -> dict[PersonalField, str]:
        found = {}
        for name, text in person.values.items():
            try:
                found[name] = canonical(name, text, self.today)
            except ValueError as error:
                self.wrong(person, name, str(error))
        return found

    async def check_basis(self, people: Sequence[Person]) -> None:
        groups = {name.group for one in people for name in one.values}
        bases = await bases_of(self.connection, self.owner, groups, self.today)
        if people and (lacking := lacking_groups(groups, bases)):
            file = Origin(people[0].origin.file, 0)
            self.problems.at(file, "file", no_basis(lacking)[0])

    async def whose(
        self, numbers: Sequence[tuple[PersonalField, str]]
    ) -> dict[tuple[PersonalField, str], str]:
        own = [one for one in numbers if one[0] not in SHARED]
        found = await holders(self.connection, self.seals, own)
        return {number: min(workers) for number, workers in found.items() if workers}

    async def check(self, person: Person, worker: Any, values: dict[PersonalField, str]) -> None:
        held = self.held[worker.id] = await self.on_record(worker.id)
        for name, value in values.items():
            if name not in SHARED and self.taken.setdefault((name, value), worker.id) != worker.id:
                self.wrong(person, name, "is on record as that of another worker.")
            if name in FACTS:
                await self.check_fact(person, name, worker.id)
        days = {
            name: day
            for name, value in ({key[0]: value for key, value in held.items()} | values).items()
            if (day := birth_date_in(name, value))
        }
        if len(set(days.values())) > 1:
            # The one to be blamed is among those just given, or nothing would be wrong.
            blamed = next((name for name in days if name in values), next(iter(days)))
            self.wrong(
                person, blamed, "disagrees with another birth date that is given or on record."
            )
        elif days:
            await self.check_age(person, worker, *next(iter(days.items())))

    async def check_age(self, person: Person, worker: Any, name: PersonalField, day: date) -> None:
        if until(MAJORITY, day, self.today) and person.of_age:
            self.problems.at(person.origin, "of_age", NOT_OF_AGE)
        elif until(CHILDHOOD, day, self.today) and not person.guardian_agreed:
            subject = select(SUBJECTS.c.guardian_agreed).where(SUBJECTS.c.worker_id == worker.id)
            if not await self.connection.scalar(subject):
                self.wrong(person, name, CHILD)

    async def check_fact(self, person: Person, name: PersonalField, worker: str) -> None:
        model, column = FACTS[name]
        table, id = stored(model), person.facts.get(name)
        ours = select(table.c.id).where(table.c.id == id, table.c[column] == worker)
        if id is None or await self.connection.scalar(ours) is None:
            reason = f"goes with the key of one of the worker's, in the column {table.name}."
            self.wrong(person, name, reason)

    async def on_record(self, worker: str) -> dict[tuple[PersonalField, str], str]:
        rows = await self.connection.execute(select(VALUES).where(VALUES.c.worker_id == worker))
        return {(row.field, row.fact_id): opened(self.seals, row) for row in rows}

    async def write(self, person: Person, worker: Any, values: dict[PersonalField, str]) -> None:
        held = self.held[worker.id]
        keyed = {(name, person.facts.get(name, "")): value for name, value in values.items()}
        changed = {key: value for key, value in keyed.items() if held.get(key) != value}
        rows = [self.row(worker.id, *key, value) for key, value in changed.items()]
        for row in rows:
            await self.connection.execute(delete(VALUES).where(*same(row)))
        if rows:
            await self.connection.execute(insert(VALUES), rows)
        held |= changed
        self.written["PersonalValue"] += len(rows)
        await self.note_age(person, worker.id)

    def row(self, worker: str, name: PersonalField, fact: str, value: str) -> dict[str, Any]:
        marked = name is not PersonalField.BIRTH_DATE
        return {
            "worker_id": worker,
            "field": name,
            "fact_id": fact,
            "sealed": self.seals.ring.seal(value, place_of(worker, name, fact)),
            "mark": self.seals.index.mark(mark_of(name, value)) if marked else None,
            "owner_id": self.owner,
            "typed_by": self.typed_by,
            "recorded_at": self.at,
        }

    async def note_age(self, person: Person, worker: str) -> None:
        subject = await subject_of(self.connection, worker)
        born = next(
            (
                day
                for key, value in self.held[worker].items()
                if (day := birth_date_in(key[0], value))
            ),
            None,
        )
        minor_until = born and until(MAJORITY, born, self.today)
        known = {
            "minor_until": minor_until,
            "child_until": born and until(CHILDHOOD, born, self.today),
            "guardian_agreed": person.guardian_agreed or subject.guardian_agreed,
            "of_age": minor_until is None and bool(born or person.of_age or subject.of_age),
        }
        if minor_until:
            self.minors.add(worker)
        if any(getattr(subject, name) != value for name, value in known.items()):
            await self.connection.execute(
                update(SUBJECTS).where(SUBJECTS.c.worker_id == worker).values(known)
            )


def same(row: dict[str, Any]) -> list[Any]:
    return [VALUES.c[name] == row[name] for name in ("worker_id", "field", "fact_id")]


def code_only(text: str) -> str:
    """What stands where a code belongs may be a number that was put into the wrong column."""
    digits = sum(char.isdigit() for char in text)
    return quoted(text) if digits < 6 else "of that code"


async def enter_personal(
    connection: AsyncConnection,
    seals: Seals,
    people: Sequence[Person],
    partner: str,
    typed_by: str,
    today: date,
    problems: Problems,
) -> Counter[str]:
    """In a writing transaction; `partner` is the code of whose data it is."""
    owner = await organisation_named(connection, partner)
    entering = Entering(connection, seals, owner, typed_by, today, problems)
    await entering.enter(people)
    return +entering.written
