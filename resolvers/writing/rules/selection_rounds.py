"""Checks of selection rounds: a round awards one honour, and its conferrals are of that honour."""

from kit.errors import quote_input
from models.honour import Conferral
from models.selection import Nomination, SelectionRound
from resolvers.writing.proposal import Problems
from resolvers.writing.rules.publication import RowsAfterWrite

OTHER_HONOUR = "is a round of another honour than this conferral is of."
OTHER_CONFERRALS = "is another honour than that of {}, which was conferred in this round."
OTHER_ROUND = "was conferred in another round than this one."
OTHER_NOMINATION = "is another round than that of {}, which led to this conferral."


async def check_rounds(after: RowsAfterWrite, problems: Problems) -> None:
    await check_round_honours(after, problems)
    await check_round_nominations(after, problems)


async def check_round_honours(after: RowsAfterWrite, problems: Problems) -> None:
    conferrals = [
        entry
        for entry in after.entered(Conferral).values()
        if entry.row["selection_round_id"] is not None
    ]
    rounds = await after.by_id(
        SelectionRound, (conferral.row["selection_round_id"] for conferral in conferrals)
    )
    for entry in conferrals:
        selection_round = rounds.get(entry.row["selection_round_id"])
        if selection_round and selection_round["honour_id"] != entry.row["honour_id"]:
            problems.add(entry.proposal, "selection_round_id", OTHER_HONOUR)
    entered = after.entered(SelectionRound)
    changed = {
        id: entry
        for id, entry in entered.items()
        if entry.live and entry.live["honour_id"] != entry.row["honour_id"]
    }
    for row in await after.unentered_rows(Conferral, "selection_round_id", {*changed}):
        entry = changed[row["selection_round_id"]]
        if row["honour_id"] != entry.row["honour_id"]:
            reason = OTHER_CONFERRALS.format(quote_input(row["id"]))
            problems.add(entry.proposal, "honour_id", reason)


async def check_round_nominations(after: RowsAfterWrite, problems: Problems) -> None:
    """Reject a nomination in another round than its conferral, where both are known."""
    nominations = [
        entry
        for entry in after.entered(Nomination).values()
        if entry.row["conferral_id"] is not None
    ]
    conferrals = await after.by_id(
        Conferral, (nomination.row["conferral_id"] for nomination in nominations)
    )
    for entry in nominations:
        conferral = conferrals.get(entry.row["conferral_id"])
        accepted = {None, entry.row["selection_round_id"]}
        if conferral and conferral["selection_round_id"] not in accepted:
            problems.add(entry.proposal, "conferral_id", OTHER_ROUND)
    conferred = {
        id: entry
        for id, entry in after.entered(Conferral).items()
        if entry.row["selection_round_id"] is not None
    }
    for row in await after.unentered_rows(Nomination, "conferral_id", {*conferred}):
        entry = conferred[row["conferral_id"]]
        if row["selection_round_id"] != entry.row["selection_round_id"]:
            reason = OTHER_NOMINATION.format(quote_input(row["id"]))
            problems.add(entry.proposal, "selection_round_id", reason)
