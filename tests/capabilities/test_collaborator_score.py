"""The arithmetic of scores, on all facts that might be."""

import re
from dataclasses import asdict
from datetime import date
from pathlib import Path

import pytest
from graphql import build_schema, print_type
from hypothesis import given
from hypothesis import strategies as st

from execution import schema
from kit.errors import BadInput
from models.row import Level
from resolvers.collaborators.score import (
    FULL_SCORE,
    LinkKind,
    ScoreParts,
    ScoreWeights,
    activity_score,
    closeness_score,
    complementarity_score,
    is_recent,
    link_strength,
    standing_score,
    weighted_mean,
    weighted_shares,
)

SETS = st.frozensets(st.sampled_from("abcdefgh"))
MILLIONTHS = st.integers(0, FULL_SCORE)
PARTS = st.builds(ScoreParts, MILLIONTHS, MILLIONTHS, MILLIONTHS, MILLIONTHS)
WHOLE_WEIGHTS = st.lists(st.integers(0, 90), min_size=4, max_size=4).filter(any)


@given(SETS, SETS)
def test_complementarity_is_symmetric_and_nothing_where_one_covers_all(
    one: frozenset[str], other: frozenset[str]
) -> None:
    found = complementarity_score(one, other)
    assert 0 <= found <= FULL_SCORE
    assert found == complementarity_score(other, one)
    assert (found == 0) is (one <= other or other <= one)
    assert (found == FULL_SCORE) is (not one & other and len(one) == len(other) > 0)


@given(PARTS, WHOLE_WEIGHTS)
def test_a_score_lies_between_its_parts_and_only_proportions_matter(
    parts: ScoreParts, weights: list[int]
) -> None:
    proportions = ScoreWeights(*map(float, weights)).proportions
    found = weighted_mean(parts, proportions)
    counting = [one for one, weight in zip(parts.values, weights, strict=True) if weight]
    assert min(counting) <= found <= max(counting)
    for factor in (0.1, 10, 3):
        scaled = [float(f"{weight * factor:.1f}") for weight in weights]
        assert ScoreWeights(*scaled).proportions == proportions
    assert abs(sum(weighted_shares(parts, proportions).values) - found) <= 4


@given(st.lists(st.integers(0, FULL_SCORE), max_size=40), st.integers(0, FULL_SCORE))
def test_a_further_link_never_loosens(strengths: list[int], further: int) -> None:
    before, after = closeness_score(strengths), closeness_score([*strengths, further])
    assert 0 <= before <= FULL_SCORE
    assert 0 <= after <= FULL_SCORE
    assert after >= max(before - len(strengths) - 1, further - len(strengths) - 1)
    assert closeness_score(reversed(strengths)) == before


@given(
    st.lists(st.sampled_from([None, *Level]), max_size=60),
    st.integers(0, 10**6), st.integers(0, 10**15), st.integers(0, 10**6),
)  # fmt: skip
def test_standing_and_activity_stay_below_the_whole(
    honours: list[Level | None], outcomes: int, value: int, deeds: int
) -> None:
    assert 0 <= standing_score(honours, outcomes, value) <= FULL_SCORE
    assert 0 <= activity_score(deeds) <= FULL_SCORE
    assert standing_score([], 0, 0) == activity_score(0) == 0


def test_the_weights_unasked_are_told_as_they_are_declared() -> None:
    """In the schema, and on the page for partners."""
    declared = asdict(ScoreWeights())
    weights = print_type(build_schema(schema.as_str()).type_map["CollaboratorWeights"])
    told = re.findall(r"(\w+): Float = ([\d.]+)", weights)
    assert {name: float(weight) for name, weight in told} == declared
    page = (Path(__file__).parent.parent.parent / "docs" / "collaborators.md").read_text("utf-8")
    told = re.findall(r"^\| `(\w+)` \S+ \| ([\d.]+) \|", page, re.MULTILINE)
    assert {name: float(weight) for name, weight in told} == declared


def test_a_link_is_half_as_strong_where_very_many_meet() -> None:
    assert link_strength(LinkKind.ALLIANCE, 2) == 700_000
    assert link_strength(LinkKind.ALLIANCE, 10) == 420_000
    assert link_strength(LinkKind.ALLIANCE, 10**9) == 350_000
    ordered = [link_strength(kind, 5) for kind in LinkKind]
    assert ordered == sorted(ordered, reverse=True)


@pytest.mark.parametrize(("happened", "recent"), [
    (2026, True), (2024, True), (2023, False), (2027, False), (None, False),
    (date(2023, 11, 22), True), (date(2023, 11, 21), False), (date(2026, 11, 22), False),
])  # fmt: skip
def test_three_years_before_a_day(happened: date | int | None, recent: bool) -> None:
    assert is_recent(happened, date(2026, 11, 21)) is recent
    assert is_recent(date(2021, 3, 1), date(2024, 2, 29))


@pytest.mark.parametrize("weight", [-0.1, 1001.0, 1e308, float("nan"), float("inf")])
def test_a_weight_that_is_none_is_refused(weight: float) -> None:
    with pytest.raises(BadInput):
        ScoreWeights(closeness=weight)
    with pytest.raises(BadInput):
        ScoreWeights(0, 0, 0, 0)
