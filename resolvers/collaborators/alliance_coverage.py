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
    neighbourhoods = yield from read_neighbourhoods(DayView(write, question.on), keys)
    return {key: gap_page(around, question) for key, around in neighbourhoods.items()}


def gap_page(around: AllianceNeighbourhood, question: CoverageArguments) -> CoveragePage:
    assert question.ranking is not None
    every = list(around.gaps.values())
    page: RankedPage[tuple[Capability, int]] = question.ranking.page(
        every, lambda gap: (gap[1], gap[0].key)
    )
    edges = [
        CoverageGap(cursor, number, capability.record)
        for (capability, number), cursor in zip(page.items, page.cursors, strict=True)
        if capability.record
    ]
    return CoveragePage(len(every), page.standing, edges, around.cut)


def find_candidates(
    write: QueryBuilder, keys: Sequence[str], question: CoverageArguments
) -> QueryProgram:
    neighbourhoods = yield from read_neighbourhoods(DayView(write, question.on), keys)
    return {key: candidate_page(around, question) for key, around in neighbourhoods.items()}


def candidate_page(around: AllianceNeighbourhood, question: CoverageArguments) -> CoveragePage:
    assert question.ranking is not None
    chosen = choose_greedily(around)
    numbered = [(len(chosen) - index, *candidate) for index, candidate in enumerate(chosen)]
    page: RankedPage[tuple[int, StudioProfile, list[Capability]]] = question.ranking.page(
        numbered, lambda entry: (entry[0] - len(chosen), entry[1].code)
    )
    edges = [
        CandidateStudio(
            cursor,
            [capability.record for capability in adds if capability.record],
            (STUDIO, profile.id),
        )
        for (_, profile, adds), cursor in zip(page.items, page.cursors, strict=True)
    ]
    return CoveragePage(len(chosen), page.standing, edges, around.cut)


def choose_greedily(around: AllianceNeighbourhood) -> list[tuple[StudioProfile, list[Capability]]]:
    """Return candidates: always the studio that closes most open gaps, by code among equals.

    It ends when none closes another gap.
    """
    open_ = set(around.gaps)
    left = sorted(around.outside, key=lambda profile: profile.code)
    chosen: list[tuple[StudioProfile, list[Capability]]] = []
    while open_ and left and len(chosen) < MAX_CANDIDATES:
        best = max(left, key=lambda studio: len(open_ & studio.covers.keys()))
        adds = sorted(open_ & best.covers.keys())
        if not adds:
            break
        chosen.append((best, [best.covers[key] for key in adds]))
        open_ -= set(adds)
        left.remove(best)
    return chosen


def parse_loss_arguments(member: str, on: date | None = None) -> CoverageArguments:
    return CoverageArguments(on, storable_code(member))


def find_loss(
    write: QueryBuilder, keys: Sequence[str], question: CoverageArguments
) -> QueryProgram:
    """Return the loss by alliance; null if it has no visible member with the code."""
    neighbourhoods = yield from read_neighbourhoods(DayView(write, question.on), keys)
    return {key: member_loss(around, question.member) for key, around in neighbourhoods.items()}


def member_loss(around: AllianceNeighbourhood, code: str | None) -> MemberLoss | None:
    going = [member for member in around.members if member.code == code]
    if not going:
        return None
    staying = [member for member in around.members if member.code != code]
    remaining = {name for member in staying for name in member.covers(around.known)}
    lost = {
        name: covered
        for member in going
        for name, covered in member.covers(around.known).items()
        if name not in remaining
    }
    remain = {key for member in staying for key in member.outcomes(around.known)}
    outcomes = {
        key: record
        for member in going
        for key, record in member.outcomes(around.known).items()
        if key not in remain
    }
    records = [capability.record for _, capability in sorted(lost.items()) if capability.record]
    return MemberLoss(
        [record_ref for record_ref in records if record_ref[0] is OCCUPATION],
        [record_ref for record_ref in records if record_ref[0] is INDUSTRY],
        len(outcomes),
        [outcomes[key] for key in sorted(outcomes)][:MAX_LOST_OUTCOMES],
    )


GAPS_PLAN = MultistepField(coverage_arguments_parser("gaps"), find_gaps)
CANDIDATES_PLAN = MultistepField(coverage_arguments_parser("candidates"), find_candidates)
LOSS_PLAN = MultistepField(parse_loss_arguments, find_loss)
GAP_NODE_PLAN = ReferenceField(lambda gap: gap.node, CAPABILITY_KINDS)
GAP_NODES_PLAN = ReferenceField(
    lambda connection: [edge.node for edge in connection.edges], CAPABILITY_KINDS
)
ADDED_CAPABILITIES_PLAN = ReferenceField(lambda candidate: candidate.adds, CAPABILITY_KINDS)
CANDIDATE_NODE_PLAN = ReferenceField(lambda candidate: candidate.node, (STUDIO,))
CANDIDATE_NODES_PLAN = ReferenceField(
    lambda connection: [edge.node for edge in connection.edges], (STUDIO,)
)
LOST_OCCUPATIONS_PLAN = ReferenceField(lambda lost: lost.occupations, (OCCUPATION,))
LOST_INDUSTRIES_PLAN = ReferenceField(lambda lost: lost.industries, (INDUSTRY,))
LOST_OUTCOMES_PLAN = ReferenceField(lambda lost: lost.outcomes, (OUTCOME,))
