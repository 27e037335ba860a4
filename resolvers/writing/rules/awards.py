"""Awards whose class the registry doesn't know."""

from collections.abc import Iterable

from kit.errors import quote_input
from models.award import classify_award
from resolvers.writing.proposal import Problems, Proposal
from resolvers.writing.record import Entry


def notice_unknown_awards(entries: Iterable[Entry], problems: Problems) -> None:
    """Add a notice for each unknown award, at its first row."""
    unknown: dict[str, Proposal] = {}
    for entry in entries:
        award = entry.row.get("award")
        new = entry.live is None or entry.live["award"] != award
        if award is not None and new and classify_award(award) is None:
            unknown.setdefault(award, entry.proposal)
    for award, proposal in unknown.items():
        reason = f"{quote_input(award)} is in no class of the registry's list: it is kept as text."
        problems.notice(proposal, "award", reason)
