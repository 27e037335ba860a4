"""What an alliance covers, what it lacks, who would bring that, and what a member's going costs.

What it might cover is what studios around it do cover: those that lie in the alliance's region, or
in the provinces of its members where it has none. An occupation that nobody there has is no gap
that a convenor could close.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from engine.meaning import Led, Reckoned, Reckoning
from engine.page import Asked
from engine.ranking import Ranked, Ranking, Standing
from engine.statements import Statements
from kit.texts import storable_code
from resolvers.alliance_surroundings import Around, surroundings
from resolvers.collaborator_facts import Covered, Named, Profile
from resolvers.collaborator_walk import Sight
from resolvers.outcome import OUTCOME
from resolvers.studio import STUDIO
from resolvers.vocabulary import INDUSTRY, OCCUPATION

MOST_CANDIDATES = 100
COVERED = (OCCUPATION, INDUSTRY)


@dataclass(frozen=True)
class Question:
    on: date | None
    member: str | None = None
    ranking: Ranking | None = None


@dataclass(frozen=True, slots=True)
class Gap:
    cursor: str
    studios: int
    node: Named


@dataclass(frozen=True, slots=True)
class Candidate:
    cursor: str
    adds: list[Named]
    node: Named


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of gaps or of candidates; `cut`: there are more studios around than were looked at."""

    total_count: int
    page_info: Standing
    edges: list[Any]
    cut: bool


@dataclass(frozen=True, slots=True)
class Loss:
    occupations: list[Named]
    industries: list[Named]
    outcome_count: int
    outcomes: list[Named]


MOST_OUTCOMES = 100


def asked_of(name: str) -> Any:
    def asked(on: date | None = None, **page: Any) -> Question:
        return Question(on, None, Ranking.of(f"Alliance.{name}", Asked(**page), on))

    return asked


def gaps(write: Statements, keys: Sequence[str], question: Question) -> Reckoning:
    found = yield from surroundings(Sight(write, question.on), keys)
    return {key: gaps_of(one, question) for key, one in found.items()}


def gaps_of(around: Around, question: Question) -> Listed:
    assert question.ranking is not None
    every = list(around.gaps.values())
    page: Ranked[tuple[Covered, int]] = question.ranking.page(
        every, lambda one: (one[1], one[0].key)
    )
    edges = [
        Gap(cursor, number, one.record)
        for (one, number), cursor in zip(page.items, page.cursors, strict=True)
        if one.record
    ]
    return Listed(len(every), page.standing, edges, around.cut)


def candidates(write: Statements, keys: Sequence[str], question: Question) -> Reckoning:
    found = yield from surroundings(Sight(write, question.on), keys)
    return {key: candidates_of(one, question) for key, one in found.items()}


def candidates_of(around: Around, question: Question) -> Listed:
    assert question.ranking is not None
    chosen = greedily(around)
    numbered = [(len(chosen) - place, *one) for place, one in enumerate(chosen)]
    page: Ranked[tuple[int, Profile, list[Covered]]] = question.ranking.page(
        numbered, lambda one: (one[0] - len(chosen), one[1].code)
    )
    edges = [
        Candidate(cursor, [one.record for one in adds if one.record], (STUDIO, profile.id))
        for (_, profile, adds), cursor in zip(page.items, page.cursors, strict=True)
    ]
    return Listed(len(chosen), page.standing, edges, around.cut)


def greedily(around: Around) -> list[tuple[Profile, list[Covered]]]:
    """Each time whoever closes most of what is still open, by code among equals; till none does."""
    open_ = set(around.gaps)
    left = sorted(around.outside, key=lambda one: one.code)
    chosen: list[tuple[Profile, list[Covered]]] = []
    while open_ and left and len(chosen) < MOST_CANDIDATES:
        best = max(left, key=lambda one: len(open_ & one.covers.keys()))
        adds = sorted(open_ & best.covers.keys())
        if not adds:
            break
        chosen.append((best, [best.covers[word] for word in adds]))
        open_ -= set(adds)
        left.remove(best)
    return chosen


def asked_without(member: str, on: date | None = None) -> Question:
    return Question(on, storable_code(member))


def without(write: Statements, keys: Sequence[str], question: Question) -> Reckoning:
    """Null for an alliance that has no member of that code to be seen."""
    found = yield from surroundings(Sight(write, question.on), keys)
    return {key: loss(one, question.member) for key, one in found.items()}


def loss(around: Around, code: str | None) -> Loss | None:
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
    return Loss(
        [one for one in records if one[0] is OCCUPATION],
        [one for one in records if one[0] is INDUSTRY],
        len(outcomes),
        [outcomes[key] for key in sorted(outcomes)][:MOST_OUTCOMES],
    )


GAPS = Reckoned(asked_of("gaps"), gaps)
CANDIDATES = Reckoned(asked_of("candidates"), candidates)
WITHOUT = Reckoned(asked_without, without)
GAP = Led(lambda gap: gap.node, COVERED)
GAP_NODES = Led(lambda found: [edge.node for edge in found.edges], COVERED)
ADDED = Led(lambda candidate: candidate.adds, COVERED)
CANDIDATE = Led(lambda candidate: candidate.node, (STUDIO,))
CANDIDATE_NODES = Led(lambda found: [edge.node for edge in found.edges], (STUDIO,))
OCCUPATIONS = Led(lambda lost: lost.occupations, (OCCUPATION,))
INDUSTRIES = Led(lambda lost: lost.industries, (INDUSTRY,))
OUTCOMES = Led(lambda lost: lost.outcomes, (OUTCOME,))
