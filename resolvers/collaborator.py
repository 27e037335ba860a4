"""Who else would complement a studio: other studios within two links, ranked.

One piece of work for both ways in which questions are answered: it asks nine statements, whatever
the number of studios that it is asked for, and all else is reckoned here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from engine.meaning import Led, Reckoned, Reckoning
from engine.page import Asked, Wanted
from engine.ranking import Ranked, Ranking, Standing
from engine.statements import Statements
from kit.language import Language
from resolvers import collaborator_facts as facts
from resolvers.academy import ACADEMY, TEACHING
from resolvers.alliance import ALLIANCE, MEMBERSHIP
from resolvers.answer import frozen
from resolvers.collaborator_facts import Named, Profile
from resolvers.collaborator_links import HUBS, Cut, Link, Reach, gathered, linked, reaches
from resolvers.collaborator_reasons import Reason, reasons
from resolvers.collaborator_score import (
    WHOLE,
    LinkKind,
    Parts,
    Weights,
    activity,
    closeness,
    complementarity,
    is_recent,
    score,
    shares,
    standing,
)
from resolvers.collaborator_walk import Sight, hubs, meetings
from resolvers.competition import COMPETITION, RESULT
from resolvers.honour import CONFERRAL
from resolvers.organisation import ORGANISATION
from resolvers.outcome import CONTRIBUTION, OUTCOME
from resolvers.studio import STUDIO, STUDIO_MEMBERSHIP
from resolvers.training import MENTORSHIP
from resolvers.vocabulary import INDUSTRY, OCCUPATION
from resolvers.worker import WORKER

OF_STUDIO = ("region", "industry", "level")  # what a studio's own filter can say


@dataclass(frozen=True)
class Question:
    """`on` is as it was asked; `ranking` reads and writes the cursors of this question alone."""

    on: date | None
    weights: Weights
    wanted: Wanted  # of the studio itself
    honour: Wanted | None
    other_province: bool | None
    not_allied: bool | None
    ranking: Ranking


@dataclass(frozen=True, slots=True)
class Edge:
    cursor: str
    score: float
    reasons: list[tuple[Reason, Language]]
    path: list[Named]
    node: Named


@dataclass(frozen=True, slots=True)
class Collaborators:
    total_count: int
    page_info: Standing
    edges: list[Edge]
    cut: list[Cut]


@dataclass(frozen=True, slots=True)
class Candidate:
    profile: Profile
    links: list[Link]
    parts: Parts
    score: int


def asked(filter: Any = None, weights: Any = None, on: date | None = None, **page: Any) -> Question:
    """Raises BadInput or LimitExceeded."""
    wanted: dict[str, Any] = dict(frozen(filter) or ())
    given = {name: float(value) for name, value in frozen(weights) or () if value is not None}
    weighted = Weights(**given)
    deciding = on, weighted.proportions, tuple(wanted.items())
    return Question(
        on,
        weighted,
        tuple((name, wanted[name]) for name in OF_STUDIO if name in wanted),
        wanted.get("honour"),
        wanted.get("other_province"),
        wanted.get("not_allied"),
        Ranking.of("Studio.collaborators", Asked(**page), *deciding),
    )


def work(write: Statements, keys: Any, question: Question) -> Reckoning:
    sight = Sight(write, question.on)
    staff: dict[str, dict[str, str]] = {key: {} for key in keys}
    for studio, worker, name, *_ in (yield sight.prepare(facts.people, {"keys": keys})):
        staff[studio][worker] = name
    workers = sorted({worker for people in staff.values() for worker in people})
    reach = reaches(
        (yield sight.prepare(hubs, {"studios": keys, "workers": workers})), staff, sight.links
    )
    at = {
        kind.value: sorted({key for one in reach.values() for of, key in one.hubs if of is kind})
        for kind in HUBS
    }
    met = gathered((yield sight.prepare(meetings, at, lists=True)), sight.links)
    links = {key: linked(key, reach[key], met, sight.links) for key in keys}
    everyone = sorted({*keys, *(other for found in links.values() for other in found)})
    known = facts.profiles(
        (yield sight.prepare(facts.studios, {"keys": everyone}, wanted=question.wanted))
    )
    # What the filter leaves out is asked nothing more.
    kept = {*keys, *(key for key, one in known.items() if one.matched)}
    known = {key: one for key, one in known.items() if key in kept}
    yield from filled(sight, known, question.honour or ())
    return {key: answer(sight, known[key], links[key], reach[key], known, question) for key in keys}


def filled(sight: Sight, known: dict[str, Profile], honour: Wanted) -> Any:
    """Five statements more: whom and what each studio has."""
    keys = {"keys": sorted(known)}
    facts.employ(known, (yield sight.prepare(facts.people, keys)))
    facts.credit(known, (yield sight.prepare(facts.outcomes, keys)))
    leaders = keys | {"leaders": sorted(facts.led_by(known))}
    facts.honour(known, (yield sight.prepare(facts.honours, leaders, wanted=honour)))
    workers = {worker for one in known.values() for worker in one.people}
    people = keys | {"workers": sorted(workers)}
    facts.place(known, (yield sight.prepare(facts.results, people)))
    facts.ally(known, (yield sight.prepare(facts.memberships, keys)))


def answer(
    sight: Sight,
    mine: Profile,
    links: Mapping[str, list[Link]],
    reach: Reach,
    known: Mapping[str, Profile],
    question: Question,
) -> Collaborators:
    proportions = question.weights.proportions
    candidates = []
    for key, ours in links.items():
        other = known.get(key)
        if other is None or not fits(mine, other, question):
            continue
        links_told = [named_by_staff(one, other) for one in ours]
        parts = parts_of(mine, other, ours, sight.day)
        candidates.append(Candidate(other, links_told, parts, score(parts, proportions)))
    page: Ranked[Candidate] = question.ranking.page(
        candidates, lambda one: (one.score, one.profile.code)
    )
    language = sight.write.asker.language
    edges = [
        Edge(
            cursor,
            of_whole(one.score),
            [
                (reason, language)
                for reason in reasons(
                    mine, one.profile, one.links, shares(one.parts, proportions), sight.day
                )
            ],
            path_of(one.links, mine, one.profile),
            (STUDIO, one.profile.id),
        )
        for one, cursor in zip(page.items, page.cursors, strict=True)
    ]
    return Collaborators(len(candidates), page.standing, edges, reach.cut)


def path_of(links: list[Link], mine: Profile, other: Profile) -> list[Named]:
    """Of the strongest link; an outcome is no step of a path, and goes last."""
    through = [one for one in links if one.kind is not LinkKind.OUTCOME] or links
    return through[0].path(mine.id, other.id)


def of_whole(millionths: int) -> float:
    return millionths / WHOLE


def named_by_staff(link: Link, other: Profile) -> Link:
    """With the name of the worker on the far side."""
    worker = link.theirs.worker
    if worker is None or worker not in other.people:
        return link
    return replace(link, theirs=replace(link.theirs, person=other.people[worker].name))


def fits(mine: Profile, other: Profile, question: Question) -> bool:
    if not other.matched:
        return False
    if question.other_province is not None:
        if mine.province is None or other.province is None:
            return False  # nobody knows
        if (mine.province != other.province) is not question.other_province:
            return False
    allied = bool(mine.alliances.keys() & other.alliances.keys())
    if question.not_allied is not None and allied is question.not_allied:
        return False
    return question.honour is None or other.honoured


def parts_of(mine: Profile, other: Profile, links: list[Link], day: date) -> Parts:
    return Parts(
        complementarity(mine.covers, other.covers),
        closeness(one.strength for one in links),
        standing((level for _, level in other.honours.values()), len(other.outcomes), other.value),
        activity(sum(is_recent(one.happened, day) for one in other.deeds)),
    )


COLLABORATORS = Reckoned(asked, work)
PATH = Led(lambda edge: edge.path, (STUDIO, WORKER, ALLIANCE, ACADEMY, COMPETITION, ORGANISATION))
NODE = Led(lambda edge: edge.node, (STUDIO,))
NODES = Led(lambda found: [edge.node for edge in found.edges], (STUDIO,))
BEHIND = Led(
    lambda told: told[0].records,
    (
        OCCUPATION, INDUSTRY, OUTCOME, CONTRIBUTION, MEMBERSHIP, TEACHING, RESULT, MENTORSHIP,
        STUDIO_MEMBERSHIP, CONFERRAL, ORGANISATION,
    ),
)  # fmt: skip
CUT_AT = Led(
    lambda cut: None if cut.record[0] is OUTCOME else cut.record,
    (STUDIO, WORKER, ALLIANCE, ACADEMY, COMPETITION, ORGANISATION),
)
