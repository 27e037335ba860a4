"""Codes that things had before: what they mean in files, and to whom they may be given."""

from collections.abc import Iterable, Mapping
from operator import itemgetter

from sqlalchemy.ext.asyncio import AsyncConnection

from kit.errors import quoted
from models import TWINS
from models.row import Row
from resolvers.proposal import Problems
from resolvers.recording import Entry, rows_on_record


async def had_before(
    connection: AsyncConnection, model: type[Row], codes: Iterable[str]
) -> dict[str, str]:
    """What had a code before, by code; of several what lost it last."""
    rows = await rows_on_record(connection, TWINS[model], "code", codes)
    return {row["code"]: row["id"] for row in sorted(rows, key=itemgetter("replaced_by"))}


async def check_codes(
    connection: AsyncConnection,
    model: type[Row],
    entries: Mapping[str, Entry],
    problems: Problems,
) -> None:
    """A code that was another thing's is given away by who names a key beside it alone."""
    new = {id: entry for id, entry in entries.items() if entry.live is None}
    taken = {
        entry.row["code"]: entry
        for entry in entries.values()
        if entry.live is None or entry.live["code"] != entry.row["code"]
    }
    for key, id in (await had_before(connection, model, new.keys() - taken.keys())).items():
        reason = f"{quoted(key)} was the code of what has the key {quoted(id)}: give another one."
        problems.add(new[key].proposal, "id", reason)
    for code, id in (await had_before(connection, model, taken)).items():
        proposal = taken[code].proposal
        if id == taken[code].row["id"]:
            continue
        was = f"{quoted(code)} was the code of what has the key {quoted(id)}"
        if "id" in proposal.values:
            problems.notice(proposal, "code", f"{was}: it doesn't find that any more.")
        else:
            reason = f"{was}: name that key beside it, or give another code."
            problems.add(proposal, "code", reason)
