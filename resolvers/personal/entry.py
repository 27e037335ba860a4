"""Import of personal data: all lines are checked, then all are encrypted and written, or none."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from kit.db.engine import in_keys
from kit.errors import ImportRejected, quote_input
from kit.security.encryption import EncryptionKeys
from models.history import model_table
from models.personal import PersonalField
from models.row import Audience
from models.worker import Worker
from resolvers.personal.document_numbers import birth_date_of, canonical_number
from resolvers.personal.legal_basis import (
    bases_in_force,
    groups_without_basis,
    missing_basis_message,
    organisation_key,
)
from resolvers.personal.masked import (
    NUMBERED_FACTS,
    PERSONAL_SUBJECTS,
    PERSONAL_VALUES,
    associated_data,
    decrypt_value,
    ensure_subject,
    find_number_holders,
    number_mark_text,
)
from resolvers.writing.audiences import narrow_on_record
from resolvers.writing.proposal import Origin, Problems
from resolvers.writing.rules.minors import AGE_OF_MAJORITY, CHILD_AGE_LIMIT, protected_until

SHAREABLE_FIELDS = {PersonalField.PHONE, PersonalField.BIRTH_DATE}  # two people may share
UNDER_AGE = "says that the worker is 18; a birth date in this load or on record says otherwise."
MISSING_CONSENT = (
    "says that the worker is under 14: write true in guardian_agreed once a guardian has agreed."
)


@dataclass(frozen=True, slots=True)
class PersonalLine:
    """A line: a worker's code, their values, and the facts that numbers belong to."""

    origin: Origin
    worker: str
    values: dict[PersonalField, str]
    facts: dict[PersonalField, str] = field(default_factory=dict)
    guardian_agreed: bool = False
    of_age: bool = False


@dataclass
class PersonalImport:
    connection: AsyncConnection
    seals: EncryptionKeys
    owner: str
    typed_by: str
    today: date
    problems: Problems
    at: datetime = field(default_factory=lambda: datetime.now(UTC))
    held: dict[str, dict[tuple[PersonalField, str], str]] = field(default_factory=dict)
    taken: dict[tuple[PersonalField, str], str] = field(default_factory=dict)
    written: Counter[str] = field(default_factory=Counter)
    minors: set[str] = field(default_factory=set)

    async def enter(self, people: Sequence[PersonalLine]) -> None:
        """Write all lines. Raises ImportRejected with all problems, without any value in them."""
        workers = await self.workers(people)
        read = [
            (line, workers[line.worker], self.read(line))
            for line in people
            if line.worker in workers
        ]
        await self.check_basis(people)
        self.taken = await self.read_number_holders(
            [number for *_, values in read for number in values.items()]
        )
        for person, worker, values in read:
            await self.check(person, worker, values)
        if self.problems.found:
            raise ImportRejected(self.problems.found, self.problems.number)
        for person, worker, values in read:
            await self.write(person, worker, values)
        if self.minors:
            protected = dict.fromkeys(self.minors, Audience.PROTECTED)
            self.written += await narrow_on_record(
                self.connection, protected, self.typed_by, self.at, self.today
            )

    def wrong(self, person: PersonalLine, column: str, reason: str) -> None:
        self.problems.at(person.origin, column.lower(), reason)

    async def workers(self, people: Sequence[PersonalLine]) -> dict[str, Any]:
        """Return stored workers by code; unknown and repeated ones are problems."""
        table = model_table(Worker)
        workers: dict[str, Any] = {}
        codes = sorted({line.worker for line in people})
        for start in range(0, len(codes), 5000):
            batch = in_keys(table.c.code, codes[start : start + 5000], self.connection.dialect.name)
            rows = await self.connection.execute(select(table).where(batch))
            workers |= {row.code: row for row in rows}
        entered: set[str] = set()
        for person in people:
            if person.worker not in workers:
                self.wrong(person, "worker", f"there is no worker {safe_code(person.worker)}.")
            elif person.worker in entered and not person.facts:
                self.wrong(person, "worker", "is in an earlier line already.")
            entered.add(person.worker)
        return workers

    def read(self, person: PersonalLine) -> dict[PersonalField, str]:
        numbers = {}
        for name, text in person.values.items():
            try:
                numbers[name] = canonical_number(name, text, self.today)
            except ValueError as error:
                self.wrong(person, name, str(error))
        return numbers

    async def check_basis(self, people: Sequence[PersonalLine]) -> None:
        groups = {name.group for line in people for name in line.values}
        bases = await bases_in_force(self.connection, self.owner, groups, self.today)
        if people and (lacking := groups_without_basis(groups, bases)):
            file = Origin(people[0].origin.file, 0)
            self.problems.at(file, "file", missing_basis_message(lacking)[0])

    async def read_number_holders(
        self, numbers: Sequence[tuple[PersonalField, str]]
    ) -> dict[tuple[PersonalField, str], str]:
        own = [pair for pair in numbers if pair[0] not in SHAREABLE_FIELDS]
        holders = await find_number_holders(self.connection, self.seals, own)
        return {number: min(workers) for number, workers in holders.items() if workers}

    async def check(
        self, person: PersonalLine, worker: Any, values: dict[PersonalField, str]
    ) -> None:
        stored = self.held[worker.id] = await self.on_record(worker.id)
        for name, value in values.items():
            if (
                name not in SHAREABLE_FIELDS
                and self.taken.setdefault((name, value), worker.id) != worker.id
            ):
                self.wrong(person, name, "is on record as that of another worker.")
            if name in NUMBERED_FACTS:
                await self.check_fact(person, name, worker.id)
        days = {
            name: day
            for name, value in ({key[0]: value for key, value in stored.items()} | values).items()
            if (day := birth_date_of(name, value))
        }
        if len(set(days.values())) > 1:
            # One of the values entered now is wrong: stored ones agree.
            blamed = next((name for name in days if name in values), next(iter(days)))
            self.wrong(
                person, blamed, "disagrees with another birth date in this load or on record."
            )
        elif days:
            await self.check_age(person, worker, *next(iter(days.items())))

    async def check_age(
        self, person: PersonalLine, worker: Any, name: PersonalField, day: date
    ) -> None:
        if protected_until(AGE_OF_MAJORITY, day, self.today) and person.of_age:
            self.problems.at(person.origin, "of_age", UNDER_AGE)
        elif protected_until(CHILD_AGE_LIMIT, day, self.today) and not person.guardian_agreed:
            subject = select(PERSONAL_SUBJECTS.c.guardian_agreed).where(
                PERSONAL_SUBJECTS.c.worker_id == worker.id
            )
            if not await self.connection.scalar(subject):
                self.wrong(person, name, MISSING_CONSENT)

    async def check_fact(self, person: PersonalLine, name: PersonalField, worker: str) -> None:
        model, column = NUMBERED_FACTS[name]
        table, id = model_table(model), person.facts.get(name)
        ours = select(table.c.id).where(table.c.id == id, table.c[column] == worker)
        if id is None or await self.connection.scalar(ours) is None:
            reason = f"goes with the key of one of the worker's, in the column {table.name}."
            self.wrong(person, name, reason)

    async def on_record(self, worker: str) -> dict[tuple[PersonalField, str], str]:
        rows = await self.connection.execute(
            select(PERSONAL_VALUES).where(PERSONAL_VALUES.c.worker_id == worker)
        )
        return {(row.field, row.fact_id): decrypt_value(self.seals, row) for row in rows}

    async def write(
        self, person: PersonalLine, worker: Any, values: dict[PersonalField, str]
    ) -> None:
        stored = self.held[worker.id]
        keyed = {(name, person.facts.get(name, "")): value for name, value in values.items()}
        changed = {key: value for key, value in keyed.items() if stored.get(key) != value}
        rows = [self.row(worker.id, *key, value) for key, value in changed.items()]
        for row in rows:
            await self.connection.execute(delete(PERSONAL_VALUES).where(*is_value(row)))
        if rows:
            await self.connection.execute(insert(PERSONAL_VALUES), rows)
        stored |= changed
        self.written["PersonalValue"] += len(rows)
        await self.store_age(person, worker.id)

    def row(self, worker: str, name: PersonalField, fact: str, value: str) -> dict[str, Any]:
        marked = name is not PersonalField.BIRTH_DATE
        return {
            "worker_id": worker,
            "field": name,
            "fact_id": fact,
            "sealed": self.seals.ring.seal(value, associated_data(worker, name, fact)),
            "mark": self.seals.index.mark(number_mark_text(name, value)) if marked else None,
            "owner_id": self.owner,
            "typed_by": self.typed_by,
            "recorded_at": self.at,
        }

    async def store_age(self, person: PersonalLine, worker: str) -> None:
        subject = await ensure_subject(self.connection, worker)
        born = next(
            (
                day
                for key, value in self.held[worker].items()
                if (day := birth_date_of(key[0], value))
            ),
            None,
        )
        minor_until = born and protected_until(AGE_OF_MAJORITY, born, self.today)
        ages = {
            "minor_until": minor_until,
            "child_until": born and protected_until(CHILD_AGE_LIMIT, born, self.today),
            "guardian_agreed": person.guardian_agreed or subject.guardian_agreed,
            "of_age": minor_until is None and bool(born or person.of_age or subject.of_age),
        }
        if minor_until:
            self.minors.add(worker)
        if any(getattr(subject, name) != value for name, value in ages.items()):
            await self.connection.execute(
                update(PERSONAL_SUBJECTS)
                .where(PERSONAL_SUBJECTS.c.worker_id == worker)
                .values(ages)
            )


def is_value(row: dict[str, Any]) -> list[Any]:
    return [PERSONAL_VALUES.c[name] == row[name] for name in ("worker_id", "field", "fact_id")]


def safe_code(text: str) -> str:
    """Return the code for a message, unless it may be a number from the wrong column."""
    digits = sum(char.isdigit() for char in text)
    return quote_input(text) if digits < 6 else "of that code"


async def import_personal(
    connection: AsyncConnection,
    seals: EncryptionKeys,
    people: Sequence[PersonalLine],
    partner: str,
    typed_by: str,
    today: date,
    problems: Problems,
) -> Counter[str]:
    """Import lines in a write transaction; `partner` is the code of the data's owner."""
    owner = await organisation_key(connection, partner)
    entering = PersonalImport(connection, seals, owner, typed_by, today, problems)
    await entering.enter(people)
    return +entering.written
