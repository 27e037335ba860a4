"""Owners of rows that aren't public; a load reports rows without one.

A fact belongs to the organisation that vouches for its source. A thing that isn't public belongs to
the one organisation whose facts are about it: a college that enters enrolments sees its trainees.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Any

from kit.errors import quote_input
from models.history import table_models
from models.organisation import Organisation
from models.row import Audience, Fact, FactStatus, Row, Thing
from models.source import Source
from models.worker import Worker
from resolvers.writing.audiences import PERSON_COLUMNS
from resolvers.writing.proposal import Problems, referenced_models
from resolvers.writing.record import Entry
from resolvers.writing.rules.publication import RowsAfterWrite

SEVERAL_OWNERS = (
    "is empty, and facts about this are of {}: name one of them, or '-' for the registry's own. "
    "Without an owner none of them would see it."
)
MAX_NAMED_OWNERS = 3  # organisations in one sentence


async def assign_owners(after: RowsAfterWrite, problems: Problems) -> None:
    await assign_fact_owners(after)
    await assign_thing_owners(after, problems)
    await count_unseen_people(after, problems)


def has_no_stated_owner(entry: Entry) -> bool:
    """Return whether no owner is stated.

    An empty cell states none: loading the same file again changes nothing.
    """
    return entry.row.get("owner_id") is None and not entry.proposal.is_registry_owned


def is_hidden(row: Mapping[str, Any]) -> bool:
    return row["audience"] in Audience and row["audience"] is not Audience.PUBLIC


def count_unowned(after: RowsAfterWrite) -> Counter[str]:
    """Return numbers of new rows, by kind, that only the steward sees for lack of an owner."""
    numbers: Counter[str] = Counter()
    for model, entries in after.entries.items():
        default = model.model_fields["audience"].get_default()
        for entry in entries.values():
            # Rows narrowed to their people don't count: the people's owners are reported.
            meant = entry.proposal.values.get("audience", default) is not Audience.PUBLIC
            if entry.live is None and meant and is_hidden(entry.row) and has_no_stated_owner(entry):
                numbers[model.__name__] += 1
    return numbers


async def assign_fact_owners(after: RowsAfterWrite) -> None:
    facts = [
        entry
        for model, entries in after.entries.items()
        if issubclass(model, Fact)
        for entry in entries.values()
        if "owner_id" not in entry.proposal.values and entry.live is None
    ]
    sources = await after.by_id(Source, {entry.row.get("source_id") for entry in facts})
    for entry in facts:
        source = sources.get(str(entry.row.get("source_id")), {})
        entry.row["owner_id"] = source.get("asserted_by_id")


async def assign_thing_owners(after: RowsAfterWrite, problems: Problems) -> None:
    things: dict[type[Row], dict[str, Entry]] = {}
    for model, entries in after.entries.items():
        if issubclass(model, Thing):
            things[model] = {
                id: thing
                for id, thing in entries.items()
                if has_no_stated_owner(thing) and is_hidden(thing.row)
            }
    owners: defaultdict[tuple[type[Row], str], set[str]] = defaultdict(set)
    for model in table_models(Fact):
        for column, target in referenced_models(model):
            unowned = things.get(target)
            if not unowned or column == "owner_id":
                continue
            stored = {id for id, thing in unowned.items() if thing.live}
            rows = [entry.row for entry in after.entered(model).values()]
            for row in [*rows, *await after.unentered_rows(model, column, stored)]:
                asserted = row["owner_id"] and row["status"] != FactStatus.RETRACTED
                if asserted and row[column] in unowned:
                    owners[target, row[column]].add(row["owner_id"])
    several = {key for keys in owners.values() if len(keys) > 1 for key in keys}
    organisations = await after.by_id(Organisation, several)
    for (model, id), keys in owners.items():
        entry = things[model][id]
        before = (entry.live or {}).get("owner_id")
        if len(keys) == 1 or before in keys:
            entry.row["owner_id"] = before if before in keys else next(iter(keys))
        else:
            codes = sorted(organisations[key]["code"] for key in keys if key in organisations)
            problems.add(entry.proposal, "owner_id", SEVERAL_OWNERS.format(join_quoted(codes)))


async def count_unseen_people(after: RowsAfterWrite, problems: Problems) -> None:
    """Count stored people without an owner, by the organisation whose new facts are about them.

    It may be intended: whether they were stated to be the registry's own isn't stored.
    """
    facts = {
        (entry.row["owner_id"], entry.row[column])
        for model, columns in PERSON_COLUMNS.items()
        for entry in after.entered(model).values()
        if entry.live is None and entry.row["owner_id"]
        for column in columns
        if entry.row[column] and entry.row[column] not in after.entered(Worker)
    }
    people = await after.by_id(Worker, {id for _, id in facts})
    nobodys = {id for id, row in people.items() if is_hidden(row) and not row["owner_id"]}
    organisations = await after.by_id(
        Organisation, {owner_id for owner_id, id in facts if id in nobodys}
    )
    for owner, id in facts:
        if id in nobodys and owner in organisations:
            problems.unseen[organisations[owner]["code"]] += 1


def join_quoted(codes: list[str]) -> str:
    rest = [f"{len(codes) - MAX_NAMED_OWNERS} more"] if len(codes) > MAX_NAMED_OWNERS else []
    *first, last = [*map(quote_input, codes[:MAX_NAMED_OWNERS]), *rest]
    return f"{', '.join(first)} and {last}" if first else last
