"""Notices about new people with the name of a stored person: they may be the same."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import islice

from sqlalchemy.ext.asyncio import AsyncConnection

from kit.errors import quote_input
from kit.text.pinyin import pinyin_sort_key
from models.history import model_table
from models.organisation import Organisation
from models.row import Row
from models.worker import ERASED_NAME, Employment, Worker
from resolvers.writing.proposal import Problems
from resolvers.writing.record import Entry, RowValues, fetch_rows, is_not_retracted

EntryMap = Mapping[type[Row], Mapping[str, Entry]]

MAX_NAMESAKES = 3  # namesakes in one notice, the most similar first
MAX_COMPARED = 50
GENERIC_NAME_PARTS = re.compile(r"股份|有限|责任|公司|集团|总")
MIN_SHARED_LENGTH = 3  # characters in a row that two employers' names share


async def notice_namesakes(
    connection: AsyncConnection, entries: EntryMap, problems: Problems
) -> None:
    """Add notices with code, employer and region. Nothing is rejected: people share names.

    Skipped if the load is rejected for another reason, as a name may be far too long then.
    """
    if problems.found:
        return
    workers = entries.get(Worker, {})
    new = [worker for worker in workers.values() if worker.live is None and worker.row.get("name")]
    names = {worker.row["name"] for worker in new} - {ERASED_NAME}
    if not names:
        return
    keys = [pinyin_sort_key(name, person=True) for name in names]
    people = PeopleByName(entries)
    for row in await fetch_rows(connection, model_table(Worker), "name_key", keys):
        if row["id"] not in workers:
            people.add(row, row["employer_all_id"])
    await people.read_employers(connection)
    for entry in new:
        if entry.row["name"] in names and (alike := people.namesakes(entry.row)):
            reason = f"{quote_input(entry.row['name'])} is also the name of {'; '.join(alike)}. "
            reason += "The same person? Then use that code."
            problems.notice(entry.proposal, "name", reason)
        people.add(entry.row, people.employer_in_load(entry.row["id"]))


@dataclass
class PeopleByName:
    """People by name, with their employers."""

    entries: EntryMap
    named: defaultdict[str, list[RowValues]] = field(default_factory=lambda: defaultdict(list))
    employers: dict[str, str | None] = field(default_factory=dict)  # of workers, by id
    names: dict[str, str] = field(default_factory=dict)  # of organisations
    entered: dict[str, str] = field(default_factory=dict)  # employers in this load

    def __post_init__(self) -> None:
        for id, entry in self.entries.get(Organisation, {}).items():
            self.names[id] = entry.row.get("name") or ""
        for entry in self.entries.get(Employment, {}).values():
            row = entry.row
            if is_not_retracted(row) and row.get("worker_id") and row.get("organisation_id"):
                self.entered.setdefault(row["worker_id"], row["organisation_id"])

    def add(self, row: RowValues, employer: str | None) -> None:
        self.named[row["name"]].append(row)
        self.employers[row["id"]] = employer

    def employer_in_load(self, worker: str) -> str | None:
        return self.entered.get(worker)

    async def read_employers(self, connection: AsyncConnection) -> None:
        missing = {*self.employers.values(), *self.entered.values()} - {None, *self.names}
        rows = await fetch_rows(
            connection, model_table(Organisation), "id", (id for id in missing if id)
        )
        self.names |= {row["id"]: row["name"] for row in rows}

    def namesakes(self, row: RowValues) -> list[str]:
        """Return namesakes, the most similar first."""
        mine = self.name_of(self.employer_in_load(row["id"]))
        others: Iterable[RowValues] = islice(self.named[row["name"]], MAX_COMPARED)
        ranked = sorted(
            others, key=lambda other: (-self.similarity(row, mine, other), other["code"])
        )
        return [self.told(other) for other in ranked[:MAX_NAMESAKES]]

    def similarity(self, row: RowValues, employer: str, other: RowValues) -> int:
        region = row.get("region_id") is not None and row["region_id"] == other["region_id"]
        return region + is_similar_employer(employer, self.name_of(self.employers[other["id"]]))

    def name_of(self, organisation: str | None) -> str:
        return self.names.get(organisation or "", "")

    def told(self, row: RowValues) -> str:
        places = self.name_of(self.employers[row["id"]]), row["region_id"]
        details = ", ".join(text for text in places if text)
        return f"{quote_input(row['code'])} ({details})" if details else quote_input(row["code"])


def is_similar_employer(name: str, other_name: str) -> bool:
    """Return whether the names of two employers share more than generic parts."""
    name, other_name = GENERIC_NAME_PARTS.sub("", name), GENERIC_NAME_PARTS.sub("", other_name)
    if not name or not other_name:
        return False
    return (
        SequenceMatcher(None, name, other_name, autojunk=False).find_longest_match().size
        >= MIN_SHARED_LENGTH
    )
