"""Collaborators of a studio: studios within two links of it, ranked by score.

Plans and Strawberry's executor share it. It takes nine statements, whatever the number of studios
requested; the rest is computed here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from engine.plan.field_plans import MultistepField, QueryProgram, ReferenceField
from engine.queries import QueryBuilder
from engine.sql.arguments import ConnectionArguments, FilterExpr
from engine.sql.ranked_page import RankedList, RankedPage, RankedPageInfo
from kit.i18n import Language
from resolvers.academy import ACADEMY, TEACHING
from resolvers.alliance import ALLIANCE, ALLIANCE_MEMBERSHIP
from resolvers.collaborators import profiles as facts
from resolvers.collaborators.hubs import DayView, hubs_query
from resolvers.collaborators.links import (
    HUB_KINDS,
    LinkCut,
    StudioHubs,
    StudioLink,
    collect_hubs,
    collect_meetings,
    link_studios,
)
from resolvers.collaborators.meetings import meetings_query
from resolvers.collaborators.profiles import RecordRef, StudioProfile
from resolvers.collaborators.reasons import CollaborationReason, explain_score
from resolvers.collaborators.score import (
    FULL_SCORE,
    LinkKind,
    ScoreParts,
    ScoreWeights,
    activity_score,
    closeness_score,
    complementarity_score,
    is_recent,
    standing_score,
    weighted_mean,
    weighted_shares,
)
from resolvers.competition import COMPETITION, RESULT
from resolvers.core.records import freeze_filter
from resolvers.honour import CONFERRAL
from resolvers.organisation import ORGANISATION
from resolvers.outcome import CONTRIBUTION, OUTCOME
from resolvers.studio import STUDIO, STUDIO_MEMBERSHIP
from resolvers.training import MENTORSHIP
from resolvers.vocabulary import INDUSTRY, OCCUPATION
from resolvers.worker import WORKER

STUDIO_FILTER_FIELDS = ("region", "industry", "level")  # conditions on the studio itself


@dataclass(frozen=True)
class CollaboratorArguments:
    """The arguments of a ranking; `ranking` reads and writes cursors of these arguments only."""

    on: date | None
    weights: ScoreWeights
    wanted: FilterExpr  # on the studio itself
    honour: FilterExpr | None
    other_province: bool | None
    not_allied: bool | None
    ranking: RankedList


@dataclass(frozen=True, slots=True)
class RankedCollaborator:
    cursor: str
    score: float
    reasons: list[tuple[CollaborationReason, Language]]
    path: list[RecordRef]
    node: RecordRef


@dataclass(frozen=True, slots=True)
class CollaboratorPage:
    total_count: int
    page_info: RankedPageInfo
    edges: list[RankedCollaborator]
    cut: list[LinkCut]


@dataclass(frozen=True, slots=True)
class ScoredStudio:
    profile: StudioProfile
    links: list[StudioLink]
    parts: ScoreParts
    score: int


def parse_collaborator_arguments(
    filter: Any = None, weights: Any = None, on: date | None = None, **page: Any
) -> CollaboratorArguments:
    """Return coerced arguments. Raises BadInput or LimitExceeded."""
    conditions: dict[str, Any] = dict(freeze_filter(filter) or ())
    weight_values = {
        name: float(value) for name, value in freeze_filter(weights) or () if value is not None
    }
    weighted = ScoreWeights(**weight_values)
    deciding = on, weighted.proportions, tuple(conditions.items())
    return CollaboratorArguments(
        on,
        weighted,
        tuple((name, conditions[name]) for name in STUDIO_FILTER_FIELDS if name in conditions),
        conditions.get("honour"),
        conditions.get("other_province"),
        conditions.get("not_allied"),
        RankedList.of("Studio.collaborators", ConnectionArguments(**page), *deciding),
    )


def find_collaborators(
    write: QueryBuilder, keys: Any, question: CollaboratorArguments
) -> QueryProgram:
    sight = DayView(write, question.on)
    staff: dict[str, dict[str, str]] = {key: {} for key in keys}
    for studio, worker, name, *_ in (yield sight.prepare(facts.staff_query, {"keys": keys})):
        staff[studio][worker] = name
    workers = sorted({worker for people in staff.values() for worker in people})
    reach = collect_hubs(
        (yield sight.prepare(hubs_query, {"studios": keys, "workers": workers})), staff, sight.links
    )
    at = {
        kind.value: sorted(
            {
                key
                for hubs in reach.values()
                for kind_of_hub, key in hubs.hubs
                if kind_of_hub is kind
            }
        )
        for kind in HUB_KINDS
    }
    met = collect_meetings((yield sight.prepare(meetings_query, at, lists=True)), sight.links)
    links = {key: link_studios(key, reach[key], met, sight.links) for key in keys}
    everyone = sorted({*keys, *(other for others in links.values() for other in others)})
    profiles = facts.read_profiles(
        (yield sight.prepare(facts.studios_query, {"keys": everyone}, wanted=question.wanted))
    )
    # Studios that the filter leaves out need no further statements.
    remaining = {*keys, *(key for key, profile in profiles.items() if profile.matched)}
    profiles = {key: profile for key, profile in profiles.items() if key in remaining}
    yield from fill_profiles(sight, profiles, question.honour or ())
    return {
        key: rank_collaborators(sight, profiles[key], links[key], reach[key], profiles, question)
        for key in keys
    }


def fill_profiles(sight: DayView, profiles: dict[str, StudioProfile], honour: FilterExpr) -> Any:
    """Fill in staff, outcomes, honours, results and alliances, by five statements."""
    keys = {"keys": sorted(profiles)}
    facts.add_staff(profiles, (yield sight.prepare(facts.staff_query, keys)))
    facts.add_outcomes(profiles, (yield sight.prepare(facts.outcomes_query, keys)))
    leaders = keys | {"leaders": sorted(facts.profiles_by_leader(profiles))}
    facts.add_honours(profiles, (yield sight.prepare(facts.honours_query, leaders, wanted=honour)))
    workers = {worker for profile in profiles.values() for worker in profile.people}
    people = keys | {"workers": sorted(workers)}
    facts.add_results(profiles, (yield sight.prepare(facts.results_query, people)))
    facts.add_alliances(profiles, (yield sight.prepare(facts.memberships_query, keys)))


def rank_collaborators(
    sight: DayView,
    mine: StudioProfile,
    links: Mapping[str, list[StudioLink]],
    reach: StudioHubs,
    profiles: Mapping[str, StudioProfile],
    question: CollaboratorArguments,
) -> CollaboratorPage:
    proportions = question.weights.proportions
    candidates = []
    for key, ours in links.items():
        other = profiles.get(key)
        if other is None or not passes_filter(mine, other, question):
            continue
        links_told = [with_worker_name(link, other) for link in ours]
        parts = score_parts(mine, other, ours, sight.day)
        candidates.append(ScoredStudio(other, links_told, parts, weighted_mean(parts, proportions)))
    page: RankedPage[ScoredStudio] = question.ranking.page(
        candidates, lambda candidate: (candidate.score, candidate.profile.code)
    )
    language = sight.write.asker.language
    edges = [
        RankedCollaborator(
            cursor,
            from_millionths(scored.score),
            [
                (reason, language)
                for reason in explain_score(
                    mine,
                    scored.profile,
                    scored.links,
                    weighted_shares(scored.parts, proportions),
                    sight.day,
                )
            ],
            strongest_path(scored.links, mine, scored.profile),
            (STUDIO, scored.profile.id),
        )
        for scored, cursor in zip(page.items, page.cursors, strict=True)
    ]
    return CollaboratorPage(len(candidates), page.standing, edges, reach.cut)


def strongest_path(
    links: list[StudioLink], mine: StudioProfile, other: StudioProfile
) -> list[RecordRef]:
    """Return the path of the strongest link; an outcome is no step, so such links go last."""
    through = [link for link in links if link.kind is not LinkKind.OUTCOME] or links
    return through[0].path(mine.id, other.id)


def from_millionths(millionths: int) -> float:
    return millionths / FULL_SCORE


def with_worker_name(link: StudioLink, other: StudioProfile) -> StudioLink:
    """Return the link with the name of the worker on the far side."""
    worker = link.theirs.worker
    if worker is None or worker not in other.people:
        return link
    return replace(link, theirs=replace(link.theirs, person=other.people[worker].name))


def passes_filter(
    mine: StudioProfile, other: StudioProfile, question: CollaboratorArguments
) -> bool:
    if not other.matched:
        return False
    if question.other_province is not None:
        if mine.province is None or other.province is None:
            return False  # unknown
        if (mine.province != other.province) is not question.other_province:
            return False
    allied = bool(mine.alliances.keys() & other.alliances.keys())
    if question.not_allied is not None and allied is question.not_allied:
        return False
    return question.honour is None or other.has_honour


def score_parts(
    mine: StudioProfile, other: StudioProfile, links: list[StudioLink], day: date
) -> ScoreParts:
    return ScoreParts(
        complementarity_score(mine.covers, other.covers),
        closeness_score(link.strength for link in links),
        standing_score(
            (level for _, level in other.honours.values()), len(other.outcomes), other.value
        ),
        activity_score(sum(is_recent(dated.happened_on, day) for dated in other.dated_records)),
    )


COLLABORATORS_PLAN = MultistepField(parse_collaborator_arguments, find_collaborators)
PATH_PLAN = ReferenceField(
    lambda edge: edge.path, (STUDIO, WORKER, ALLIANCE, ACADEMY, COMPETITION, ORGANISATION)
)
COLLABORATOR_NODE_PLAN = ReferenceField(lambda edge: edge.node, (STUDIO,))
COLLABORATOR_NODES_PLAN = ReferenceField(
    lambda connection: [edge.node for edge in connection.edges], (STUDIO,)
)
REASON_RECORDS_PLAN = ReferenceField(
    lambda parent: parent[0].records,
    (
        OCCUPATION,
        INDUSTRY,
        OUTCOME,
        CONTRIBUTION,
        ALLIANCE_MEMBERSHIP,
        TEACHING,
        RESULT,
        MENTORSHIP,
        STUDIO_MEMBERSHIP,
        CONFERRAL,
        ORGANISATION,
    ),
)
CUT_RECORD_PLAN = ReferenceField(
    lambda cut: None if cut.record[0] is OUTCOME else cut.record,
    (STUDIO, WORKER, ALLIANCE, ACADEMY, COMPETITION, ORGANISATION),
)
