"""The coverage of an alliance, its gaps, candidates to close them, and the loss by a leaver.

A gap is covered by studios around the alliance: those in its region, or in the provinces of its
members if it has none. A skill that no studio there covers isn't a gap that they could close.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from engine.plan.field_plans import MultistepField, QueryProgram, ReferenceField
from engine.queries import QueryBuilder
from engine.sql.arguments import ConnectionArguments
from engine.sql.ranked_page import RankedList, RankedPage, RankedPageInfo
from kit.text.storable import storable_code
from resolvers.collaborators.alliance_neighbours import AllianceNeighbourhood, read_neighbourhoods
from resolvers.collaborators.hubs import DayView
from resolvers.collaborators.profiles import Capability, RecordRef, StudioProfile
from resolvers.outcome import OUTCOME
from resolvers.studio import STUDIO
from resolvers.vocabulary import INDUSTRY, OCCUPATION

MAX_CANDIDATES = 100
CAPABILITY_KINDS = (OCCUPATION, INDUSTRY)


@dataclass(frozen=True)
class CoverageArguments:
    on: date | None
    member: str | None = None
    ranking: RankedList | None = None


@dataclass(frozen=True, slots=True)
class CoverageGap:
    cursor: str
    studios: int
    node: RecordRef


@dataclass(frozen=True, slots=True)
class CandidateStudio:
    cursor: str
    adds: list[RecordRef]
    node: RecordRef


@dataclass(frozen=True, slots=True)
class CoveragePage:
    """A page of gaps or candidates; `cut` if there are more studios around than were read."""

    total_count: int
    page_info: RankedPageInfo
    edges: list[Any]
    cut: bool


@dataclass(frozen=True, slots=True)
class MemberLoss:
    occupations: list[RecordRef]
    industries: list[RecordRef]
    outcome_count: int
    outcomes: list[RecordRef]


MAX_LOST_OUTCOMES = 100


def coverage_arguments_parser(name: str) -> Any:
    def asked(on: date | None = None, **page: Any) -> CoverageArguments:
        return CoverageArguments(
            on, None, RankedList.of(f"Alliance.{name}", ConnectionArguments(**page), on)
        )

    return asked


def find_gaps(
    write: QueryBuilder, keys: Sequence[str], question: CoverageArguments
) -> QueryProgram:
    found = yield from read_neighbourhoods(DayView(write, question.on), keys)
    return {key: gap_page(one, question) for key, one in found.items()}


def gap_page(around: AllianceNeighbourhood, question: CoverageArguments) -> CoveragePage:
    assert question.ranking is not None
    every = list(around.gaps.values())
    page: RankedPage[tuple[Capability, int]] = question.ranking.page(
        every, lambda one: (one[1], one[0].key)
    )
    edges = [
        CoverageGap(cursor, number, one.record)
        for (one, number), cursor in zip(page.items, page.cursors, strict=True)
        if one.record
    ]
    return CoveragePage(len(every), page.standing, edges, around.cut)


def find_candidates(
    write: QueryBuilder, keys: Sequence[str], question: CoverageArguments
) -> QueryProgram:
    found = yield from read_neighbourhoods(DayView(write, question.on), keys)
    return {key: candidate_page(one, question) for key, one in found.items()}


def candidate_page(around: AllianceNeighbourhood, question: CoverageArguments) -> CoveragePage:
    assert question.ranking is not None
    chosen = choose_greedily(around)
    numbered = [(len(chosen) - place, *one) for place, one in enumerate(chosen)]
    page: RankedPage[tuple[int, StudioProfile, list[Capability]]] = question.ranking.page(
        numbered, lambda one: (one[0] - len(chosen), one[1].code)
    )
    edges = [
        CandidateStudio(cursor, [one.record for one in adds if one.record], (STUDIO, profile.id))
        for (_, profile, adds), cursor in zip(page.items, page.cursors, strict=True)
    ]
    return CoveragePage(len(chosen), page.standing, edges, around.cut)


def choose_greedily(around: AllianceNeighbourhood) -> list[tuple[StudioProfile, list[Capability]]]:
    """Return candidates: always the studio that closes most open gaps, by code among equals.

    It ends when none closes another gap.
    """
    open_ = set(around.gaps)
    left = sorted(around.outside, key=lambda one: one.code)
    chosen: list[tuple[StudioProfile, list[Capability]]] = []
    while open_ and left and len(chosen) < MAX_CANDIDATES:
        best = max(left, key=lambda one: len(open_ & one.covers.keys()))
        adds = sorted(open_ & best.covers.keys())
        if not adds:
            break
        chosen.append((best, [best.covers[word] for word in adds]))
        open_ -= set(adds)
        left.remove(best)
    return chosen


def parse_loss_arguments(member: str, on: date | None = None) -> CoverageArguments:
    return CoverageArguments(on, storable_code(member))


def find_loss(
    write: QueryBuilder, keys: Sequence[str], question: CoverageArguments
) -> QueryProgram:
    """Return the loss by alliance; null if it has no visible member with the code."""
    found = yield from read_neighbourhoods(DayView(write, question.on), keys)
    return {key: member_loss(one, question.member) for key, one in found.items()}


def member_loss(around: AllianceNeighbourhood, code: str | None) -> MemberLoss | None:
    going = [one for one in around.members if one.code == code]
    if not going:
        return None
    staying = [one for one in around.members if one.code != code]
    kept = {word for one in staying for word in one.covers(around.known)}
    lost = {
        word: covered
        for one in going
        for word, covered in one.covers(around.known).items()
        if word not in kept
    }
    remain = {key for one in staying for key in one.outcomes(around.known)}
    outcomes = {
        key: record
        for one in going
        for key, record in one.outcomes(around.known).items()
        if key not in remain
    }
    records = [one.record for _, one in sorted(lost.items()) if one.record]
    return MemberLoss(
        [one for one in records if one[0] is OCCUPATION],
        [one for one in records if one[0] is INDUSTRY],
        len(outcomes),
        [outcomes[key] for key in sorted(outcomes)][:MAX_LOST_OUTCOMES],
    )


GAPS_PLAN = MultistepField(coverage_arguments_parser("gaps"), find_gaps)
CANDIDATES_PLAN = MultistepField(coverage_arguments_parser("candidates"), find_candidates)
LOSS_PLAN = MultistepField(parse_loss_arguments, find_loss)
GAP_NODE_PLAN = ReferenceField(lambda gap: gap.node, CAPABILITY_KINDS)
GAP_NODES_PLAN = ReferenceField(lambda found: [edge.node for edge in found.edges], CAPABILITY_KINDS)
ADDED_CAPABILITIES_PLAN = ReferenceField(lambda candidate: candidate.adds, CAPABILITY_KINDS)
CANDIDATE_NODE_PLAN = ReferenceField(lambda candidate: candidate.node, (STUDIO,))
CANDIDATE_NODES_PLAN = ReferenceField(lambda found: [edge.node for edge in found.edges], (STUDIO,))
LOST_OCCUPATIONS_PLAN = ReferenceField(lambda lost: lost.occupations, (OCCUPATION,))
LOST_INDUSTRIES_PLAN = ReferenceField(lambda lost: lost.industries, (INDUSTRY,))
LOST_OUTCOMES_PLAN = ReferenceField(lambda lost: lost.outcomes, (OUTCOME,))
