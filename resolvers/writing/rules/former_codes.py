"""Former codes of things: their meaning in files, and rules for their reuse."""

from collections.abc import Iterable, Mapping
from operator import itemgetter

from sqlalchemy.ext.asyncio import AsyncConnection

from kit.errors import quote_input
from models import HISTORY_TABLES
from models.row import Row
from resolvers.writing.proposal import Problems
from resolvers.writing.record import Entry, fetch_rows


async def former_code_owners(
    connection: AsyncConnection, model: type[Row], codes: Iterable[str]
) -> dict[str, str]:
    """Return the records that had a code before, by code; of several the one that lost it last."""
    rows = await fetch_rows(connection, HISTORY_TABLES[model], "code", codes)
    return {row["code"]: row["id"] for row in sorted(rows, key=itemgetter("replaced_by"))}


async def check_former_codes(
    connection: AsyncConnection,
    model: type[Row],
    entries: Mapping[str, Entry],
    problems: Problems,
) -> None:
    """Reject another thing's former code, unless the row names its own key too."""
    new = {id: entry for id, entry in entries.items() if entry.live is None}
    taken = {
        entry.row["code"]: entry
        for entry in entries.values()
        if entry.live is None or entry.live["code"] != entry.row["code"]
    }
    for key, id in (await former_code_owners(connection, model, new.keys() - taken.keys())).items():
        reason = (
            f"{quote_input(key)} was the code of the record with the key {quote_input(id)}: "
            f"use another one."
        )
        problems.add(new[key].proposal, "id", reason)
    for code, id in (await former_code_owners(connection, model, taken)).items():
        proposal = taken[code].proposal
        if id == taken[code].row["id"]:
            continue
        was = f"{quote_input(code)} was the code of the record with the key {quote_input(id)}"
        if "id" in proposal.values:
            problems.notice(proposal, "code", f"{was}: it no longer finds that record.")
        else:
            reason = f"{was}: name that key beside it, or give another code."
            problems.add(proposal, "code", reason)
