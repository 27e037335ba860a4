"""New people who have the name of somebody on record: told, for it may be the same person."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import islice

from sqlalchemy.ext.asyncio import AsyncConnection

from kit.errors import quoted
from kit.pinyin import pinyin_key
from models import Employment, Organisation, Worker
from models.history import stored
from models.row import Row
from models.worker import ERASED
from resolvers.proposal import Problems
from resolvers.recording import Entry, Values, rows_on_record, stands

Entries = Mapping[type[Row], Mapping[str, Entry]]

TOLD = 3  # namesakes told of one new worker: those who are most alike
COMPARED = 50
COMMON = re.compile(r"股份|有限|责任|公司|集团|总")
LIKE = 3  # signs in a row that the names of two employers share


async def notice_namesakes(
    connection: AsyncConnection, entries: Entries, problems: Problems
) -> None:
    """With code, employer and region. Nothing is refused: people do have the same name.

    Of what is refused for another reason nothing is told; and a name may be far too long then.
    """
    if problems.found:
        return
    workers = entries.get(Worker, {})
    new = [one for one in workers.values() if one.live is None and one.row.get("name")]
    names = {one.row["name"] for one in new} - {ERASED}
    if not names:
        return
    keys = [pinyin_key(name, person=True) for name in names]
    people = People(entries)
    for row in await rows_on_record(connection, stored(Worker), "name_key", keys):
        if row["id"] not in workers:
            people.add(row, row["employer_all_id"])
    await people.read_employers(connection)
    for entry in new:
        if entry.row["name"] in names and (alike := people.namesakes(entry.row)):
            reason = f"{quoted(entry.row['name'])} is also the name of {'; '.join(alike)}. "
            reason += "The same person? Then use that code."
            problems.notice(entry.proposal, "name", reason)
        people.add(entry.row, people.employer_in_load(entry.row["id"]))


@dataclass
class People:
    """Who has which name, and where each works."""

    entries: Entries
    named: defaultdict[str, list[Values]] = field(default_factory=lambda: defaultdict(list))
    employers: dict[str, str | None] = field(default_factory=dict)  # of workers, by id
    names: dict[str, str] = field(default_factory=dict)  # of organisations
    entered: dict[str, str] = field(default_factory=dict)  # employers of this load

    def __post_init__(self) -> None:
        for id, entry in self.entries.get(Organisation, {}).items():
            self.names[id] = entry.row.get("name") or ""
        for entry in self.entries.get(Employment, {}).values():
            row = entry.row
            if stands(row) and row.get("worker_id") and row.get("organisation_id"):
                self.entered.setdefault(row["worker_id"], row["organisation_id"])

    def add(self, row: Values, employer: str | None) -> None:
        self.named[row["name"]].append(row)
        self.employers[row["id"]] = employer

    def employer_in_load(self, worker: str) -> str | None:
        return self.entered.get(worker)

    async def read_employers(self, connection: AsyncConnection) -> None:
        wanted = {*self.employers.values(), *self.entered.values()} - {None, *self.names}
        known = await rows_on_record(
            connection, stored(Organisation), "id", (id for id in wanted if id)
        )
        self.names |= {row["id"]: row["name"] for row in known}

    def namesakes(self, row: Values) -> list[str]:
        """Those who are most alike first."""
        mine = self.name_of(self.employer_in_load(row["id"]))
        others: Iterable[Values] = islice(self.named[row["name"]], COMPARED)
        ranked = sorted(others, key=lambda one: (-self.likeness(row, mine, one), one["code"]))
        return [self.told(one) for one in ranked[:TOLD]]

    def likeness(self, row: Values, employer: str, other: Values) -> int:
        region = row.get("region_id") is not None and row["region_id"] == other["region_id"]
        return region + like(employer, self.name_of(self.employers[other["id"]]))

    def name_of(self, organisation: str | None) -> str:
        return self.names.get(organisation or "", "")

    def told(self, row: Values) -> str:
        places = self.name_of(self.employers[row["id"]]), row["region_id"]
        known = ", ".join(place for place in places if place)
        return f"{quoted(row['code'])} ({known})" if known else quoted(row["code"])


def like(one: str, other: str) -> bool:
    """Whether two employers have names that share more than what all employers are called."""
    one, other = COMMON.sub("", one), COMMON.sub("", other)
    if not one or not other:
        return False
    return SequenceMatcher(None, one, other, autojunk=False).find_longest_match().size >= LIKE
