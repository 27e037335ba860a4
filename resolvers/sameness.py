"""One fact under two keys: lists of two offices that report the same thing.

What is certainly the same is refused, and what is likely the same is told, with both keys.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from kit.errors import quoted
from models.history import stored
from models.row import Fact, Sameness, Spell
from resolvers.proposal import Problems, Proposal, entered_columns
from resolvers.recording import Entry, Values, rows_on_record, stands

# What a curator says of a fact, and not the fact itself.
BESIDE = {"owner_id", "audience", "note", "status", "source_id"}


async def check_sameness(
    connection: AsyncConnection,
    model: type[Fact],
    entries: Mapping[str, Entry],
    problems: Problems,
) -> None:
    """Of rows that are new, or that say something else than before."""
    if (issubclass(model, Spell) and model.pair) or model.parts:
        return  # spells and parts are compared by their own rules
    rule, certain = model.sameness or everything(model), model.sameness is not None
    told = {*rule.about, *rule.details, *rule.places, "status"}
    fresh = [one for one in entries.values() if stands(one.row) and says_more(one, told)]
    rows = [entry.row for entry in entries.values() if stands(entry.row)]
    rows += [row async for row in others(connection, model, rule, fresh, entries)]
    alike: defaultdict[tuple[Any, ...], list[Values]] = defaultdict(list)
    for row in rows:
        alike[matter(row, rule)].append(row)
    for entry in fresh:
        if key_of(entry.row, rule) is None:
            continue
        for other in alike[matter(entry.row, rule)]:
            if other["id"] == entry.row["id"] or comes_later(other["id"], entry, entries):
                continue
            same = same_fact(entry.row, other, rule)
            if same and certain:
                refuse(entry.proposal, rule, other["id"], problems)
                break
            if same or (same is None and certain):
                notice(entry.proposal, rule, other["id"], problems)
                break


def everything(model: type[Fact]) -> Sameness:
    columns = [one.key for one in entered_columns(model) if one.key not in BESIDE]
    about = [name for name in columns if stored(model).c[name].foreign_keys]
    return Sameness((*about,), tuple(name for name in columns if name not in about))


def says_more(entry: Entry, told: set[str]) -> bool:
    live = entry.live
    return live is None or any(entry.row.get(name) != live[name] for name in told)


def comes_later(id: str, entry: Entry, entries: Mapping[str, Entry]) -> bool:
    """Of two lines of one load the second is told."""
    other = entries.get(id)
    if other is None or other.proposal.origin.file != entry.proposal.origin.file:
        return False
    return other.proposal.origin.line > entry.proposal.origin.line


async def others(
    connection: AsyncConnection,
    model: type[Fact],
    rule: Sameness,
    fresh: Iterable[Entry],
    entries: Mapping[str, Entry],
) -> Any:
    """Rows on record, and not in this load, that may be about the same matters."""
    keys: defaultdict[str, set[str]] = defaultdict(set)
    for entry in fresh:
        if (name := key_of(entry.row, rule)) is not None:
            keys[name].add(entry.row[name])
    for name, values in keys.items():
        for row in await rows_on_record(connection, stored(model), name, values):
            if row["id"] not in entries and stands(row):
                yield row


def key_of(row: Values, rule: Sameness) -> str | None:
    return next((name for name in rule.about if row.get(name) is not None), None)


def matter(row: Values, rule: Sameness) -> tuple[Any, ...]:
    return tuple(row.get(name) for name in rule.about)


def same_fact(one: Values, other: Values, rule: Sameness) -> bool | None:
    """None: it is likely."""
    likely = rule.only_likely is not None and one.get(rule.only_likely) is not None
    for name in rule.details:
        mine, its = one.get(name), other.get(name)
        if mine != its and not agrees(mine, its):
            return False
        likely = likely or mine != its
    places = [(one.get(name), other.get(name)) for name in rule.places]
    for mine, its in places:
        if mine is not None and its is not None:
            return False if mine != its else None if likely else True
        likely = likely or mine != its
    if rule.details and not places and all(one.get(name) is None for name in rule.details):
        likely = True  # neither of them says more than the other
    return None if likely else True


def agrees(mine: Any, its: Any) -> bool:
    """Whether both may be true: one says nothing, or the other date lies in the one."""
    if mine is None or its is None:
        return True
    dates = isinstance(mine, str) and isinstance(its, str) and mine[:4].isdigit()
    return dates and (mine.startswith(f"{its}-") or its.startswith(f"{mine}-"))


def refuse(proposal: Proposal, rule: Sameness, key: str, problems: Problems) -> None:
    reason = (
        f"{quoted(proposal.key)} says what {quoted(key)} says: name the source there "
        "instead of entering it twice."
    )
    problems.add(proposal, rule.about[-1], reason)


def notice(proposal: Proposal, rule: Sameness, key: str, problems: Problems) -> None:
    reason = f"{quoted(proposal.key)} may be the same as {quoted(key)}: compare them."
    problems.notice(proposal, rule.about[-1] if rule.about else "id", reason)
