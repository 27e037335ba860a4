"""Who rises after a contest: rules that held on its day, laid on places; each decision one test."""

from typing import Any

import pytest

from models.partner import Role
from models.row import FactStatus
from resolvers.core.access import OPERATOR, PUBLIC, partner_viewer
from tests.support.graph import GraphQLTestClient, RowFactory

COLLEGE = partner_viewer(Role.COLLEGE, "demo_college")
OTHER = partner_viewer(Role.COLLEGE, "demo_college_north")
WHOLE = """query($college: String!, $competition: String!, $year: Int, $first: Int, $after: String,
  $standing: [PromotionStanding!]) {
  promotable(college: $college, competition: $competition, year: $year) {
    year rules { id } placings(standing: $standing, first: $first, after: $after) {
      totalCount pageInfo { hasNextPage endCursor }
      nodes { standing reason worker { code } result { rank } held grade rule { clause } tied
        used { issuedOn } } } } }"""
CONTEST: dict[str, Any] = {"college": "demo_college", "competition": "demo_contest_college_2026"}


def line(one: Any) -> tuple[Any, ...]:
    code = one["worker"]["code"].removeprefix("demo_trainee_2024_") if one["worker"] else None
    used = [each["issuedOn"] for each in one["used"]]
    return (
        code,
        one["result"]["rank"],
        one["standing"],
        one["held"],
        one["grade"],
        one["tied"],
        used,
    )


async def test_a_college_sees_who_may_rise_and_who_has_used_the_years_promotion(
    ask_examples: GraphQLTestClient,
) -> None:
    """The first 30 % of 25 entrants are 7; two share the seventh place, and both may rise."""
    answer = await ask_examples(WHOLE, COLLEGE, **CONTEST, year=2026)
    assert answer.errors == []
    found = answer.data["promotable"]
    assert found["year"] == 2026
    assert len(found["rules"]) == 8
    junior, middle, senior = "JUNIOR", "INTERMEDIATE", "SENIOR"
    assert [line(one) for one in found["placings"]["nodes"]] == [
        ("052", 1, "PROMOTABLE", middle, senior, 0, []),
        ("067", 2, "LIMIT_USED", middle, senior, 0, ["2026-05-31"]),
        ("013", 3, "PROMOTABLE", middle, senior, 0, []),
        ("016", 4, "PROMOTABLE", junior, middle, 0, []),
        ("076", 5, "PROMOTABLE", middle, senior, 0, []),
        ("034", 6, "LIMIT_USED", middle, senior, 0, ["2026-05-27"]),
        ("070", 7, "PROMOTABLE", junior, middle, 2, []),
        ("010", 7, "PROMOTABLE", middle, senior, 2, []),
        ("055", 9, "BEYOND", middle, None, 0, []),
        ("025", 10, "BEYOND", junior, None, 0, []),
        ("001", 11, "BEYOND", middle, None, 0, []),
        ("049", 12, "BEYOND", middle, None, 0, []),
    ]
    assert [one["reason"] for one in found["placings"]["nodes"][5:9]] == [
        "The rule allows 1 a year, already used in 2026.",
        "Rank 7, within the first 7 (30 %), the last of which 2 share: intermediate.",
        "Rank 7, within the first 7 (30 %), the last of which 2 share: senior.",
        "Rank 9 doesn't promote: the last rank that does is 7.",
    ]
    assert {one["rule"]["clause"] for one in found["placings"]["nodes"] if one["rule"]} == {
        "第八条"
    }
    # Enrolments, the contest, rules, places, certificates, ranks, entrants; then people.
    assert len(answer.statements) == 8


async def test_what_was_used_in_a_year_is_free_in_the_next(ask_examples: GraphQLTestClient) -> None:
    asked = {**CONTEST, "year": 2027}
    answer = await ask_examples(WHOLE, COLLEGE, **asked, standing=["LIMIT_USED", "PROMOTABLE"])
    nodes = answer.data["promotable"]["placings"]["nodes"]
    assert {one["standing"] for one in nodes} == {"PROMOTABLE"}
    assert len(nodes) == 8


async def test_a_place_that_has_promoted_says_so(ask_examples: GraphQLTestClient) -> None:
    """By the rules of its own day, which ended before the year does."""
    asked: dict[str, Any] = {**CONTEST, "competition": "demo_contest_welding_2026"}
    answer = await ask_examples(WHOLE, COLLEGE, **asked, year=2026)
    found = [line(one) for one in answer.data["promotable"]["placings"]["nodes"]]
    assert [(one[1], one[2], one[4]) for one in found] == [
        (1, "PROMOTED", "SENIOR"),
        (1, "PROMOTED", "SENIOR"),
        (3, "PROMOTED", "INTERMEDIATE"),
        (4, "BEYOND", None),
        (6, "BEYOND", None),
        (7, "BEYOND", None),
        (9, "BEYOND", None),
        (12, "BEYOND", None),
    ]


async def test_pages_hold_and_forged_cursors_are_refused(ask_examples: GraphQLTestClient) -> None:
    seen, after = [], None
    for _ in range(4):
        answer = await ask_examples(WHOLE, COLLEGE, **CONTEST, first=3, after=after)
        page = answer.data["promotable"]["placings"]
        assert page["totalCount"] == 12
        seen += [one["worker"]["code"] for one in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
    assert page["pageInfo"]["hasNextPage"] is False
    assert len(set(seen)) == 12
    wrong = await ask_examples(WHOLE, COLLEGE, **CONTEST, after="WzEsMl0")
    assert wrong.codes == ["BAD_USER_INPUT"]


@pytest.mark.parametrize(
    ("viewer", "asked"),
    [
        (PUBLIC, CONTEST),
        (OTHER, CONTEST),
        (COLLEGE, {**CONTEST, "competition": "there_is_none"}),
        (COLLEGE, {**CONTEST, "college": "there_is_none"}),
        (OPERATOR, {**CONTEST, "college": "demo_union_a"}),
    ],
)
async def test_who_may_list_no_enrolment_is_told_nothing(
    ask_examples: GraphQLTestClient, viewer: Any, asked: Any
) -> None:
    answer = await ask_examples(WHOLE, viewer, **asked)
    assert answer.errors == []
    assert answer.data == {"promotable": None}
    # Of a contest that isn't there it is asked whether one had that code before.
    unknown = asked["competition"] == "there_is_none"
    assert len(answer.statements) == 2 + unknown


async def test_a_year_out_of_the_calendar_is_refused(ask_examples: GraphQLTestClient) -> None:
    answer = await ask_examples(WHOLE, COLLEGE, **CONTEST, year=20260)
    assert answer.codes == ["BAD_USER_INPUT"]


def place(code: str, rank: Any, **more: Any) -> dict[str, Any]:
    whole = {"worker": code, "organisation": "", "division": "", "status": FactStatus.ASSERTED}
    return {"key": f"p_{code}_{rank}", "competition": "k", "rank": rank, **whole, **more} | OWN


OWN = {"audience": "OWNER", "sources": "s", "owner": "c"}
EVERYBODY = {"audience": "PUBLIC", "sources": "s"}


async def contest(make: RowFactory, **rule: Any) -> None:
    """Enter a contest of the first class, with places of ten people and their college."""
    people = [f"w{number}" for number in range(8)]
    await make(
        sources=[{"key": "s", "title": "a test"}],
        organisations=[{"code": "c", "name": "学院", "organisation_kind": "VOCATIONAL_COLLEGE"}],
        workers=[{"code": one, "name": one, "audience": "OWNER", "owner": "c"} for one in people],
        competitions=[
            {
                "code": "k",
                "name": "赛",
                "competition_class": "一类",
                "year": 2026,
                "held_on": "2026-08",
            }
        ],
    )
    limits = {"rank_to": 3, "share_to": "", "from_grade": "", "division": "", "started": ""}
    known = {"competition_class": "一类", "yearly_limit": 1, "ended": ""}
    await make(
        enrolments=[
            {"key": f"e{one}", "trainee": one, "college": "c", "started": "2024-09", "ended": ""}
            | OWN
            for one in people
        ]
        + [
            {"key": "late", "trainee": "w7", "college": "c", "started": "", "ended": "2020-01"}
            | OWN
        ],
        promotion_rules=[
            {"key": "rule", "grade": "SENIOR", **known, **limits, **rule} | EVERYBODY,
        ],
        results=[
            place("w0", 1),
            place("w1", 2),
            place("w2", 3),
            place("w3", 3),
            place("w4", 4),
            place("w5", ""),
            place("w6", 2, status=FactStatus.RETRACTED),
            place("", 5, organisation="c"),
        ],
    )


async def standings(ask: GraphQLTestClient) -> list[tuple[Any, ...]]:
    answer = await ask(
        WHOLE, partner_viewer(Role.COLLEGE, "c"), college="c", competition="k", year=2026
    )
    assert answer.errors == []
    nodes = answer.data["promotable"]["placings"]["nodes"]
    return [(*line(one)[:3], *line(one)[4:6]) for one in nodes]


async def test_by_rank_all_who_share_the_last_place_rise_and_teams_dont(
    make: RowFactory, ask: GraphQLTestClient
) -> None:
    await contest(make)
    certificate = {"worker": "w1", "grade": "SENIOR", "issued_on": "2020", "basis": "EXAM"}
    await make(qualifications=[{"key": "q", **certificate} | OWN])
    assert await standings(ask) == [
        ("w0", 1, "PROMOTABLE", "SENIOR", 0),
        ("w1", 2, "HOLDS_GRADE", None, 0),
        ("w2", 3, "PROMOTABLE", "SENIOR", 2),
        ("w3", 3, "PROMOTABLE", "SENIOR", 2),
        ("w4", 4, "BEYOND", None, 0),
        (None, 5, "TEAM", None, 0),
        ("w5", None, "NO_RANK", None, 0),
    ]


SHARE = {"rank_to": "", "share_to": 30}


async def test_a_share_needs_the_number_of_entrants_exactly(
    make: RowFactory, ask: GraphQLTestClient
) -> None:
    """Unknown, bounded or contradicted, it is said so; known, the share is rounded down."""
    await contest(make, **SHARE)
    unknown = [
        *[(f"w{n}", rank, "ENTRANTS_UNKNOWN", None, 0) for n, rank in enumerate((1, 2, 3, 3, 4))],
        (None, 5, "TEAM", None, 0),
        ("w5", None, "NO_RANK", None, 0),
    ]
    assert await standings(ask) == unknown
    figure = {
        "metric": "entrants", "label": "参赛人数", "quantity_unit": "person", "competition": "k",
        "region": "370000",
    }  # fmt: skip
    bound = {**figure, "quantity_value": 9, "quantity_qualifier": "OVER"}
    await make(figures=[{"key": "f", **bound} | EVERYBODY])
    assert await standings(ask) == unknown
    exact = {**figure, "quantity_value": 9, "quantity_qualifier": "EXACT"}
    await make(figures=[{"key": "f", **exact} | EVERYBODY])
    # 30 % of 9 are 2.7.
    assert [one[2] for one in await standings(ask)] == [
        "PROMOTABLE", "PROMOTABLE", "BEYOND", "BEYOND", "BEYOND", "TEAM", "NO_RANK",
    ]  # fmt: skip
    await make(figures=[{"key": "g", **exact, "quantity_value": 12} | EVERYBODY])
    assert await standings(ask) == unknown


@pytest.mark.parametrize(
    ("rule", "standing"),
    [
        ({"started": "2026-08-15"}, "DAY_UNKNOWN"),  # held some day in August
        ({"started": "2026-09"}, "NO_RULE"),
        ({"started": "2026-08-01", "ended": "2026-08-31"}, "DAY_UNKNOWN"),
        ({"started": "2026-08-01", "ended": "2026-09-01"}, "PROMOTABLE"),
        ({"division": "职工组"}, "NO_RULE"),
        ({"competition_class": "二类"}, "NO_RULE"),
        ({"from_grade": "INTERMEDIATE"}, "NO_GRADE"),
    ],
)
async def test_a_rule_holds_on_the_day_for_its_class_division_and_grade(
    make: RowFactory, ask: GraphQLTestClient, rule: dict[str, Any], standing: str
) -> None:
    await contest(make, **rule)
    [first, *_] = await standings(ask)
    assert first[:3] == ("w0", 1, standing)


# What was published, the last rank that promotes, and what follows.
BY_AWARD: list[tuple[list[str], int, list[tuple[str, int]]]] = [
    (["冠军", "亚军", "季军"], 2, [("PROMOTABLE", 0), ("PROMOTABLE", 0), ("BEYOND", 0)]),
    (["金牌", "银奖(团体)", "铜质奖章"], 3, [("PROMOTABLE", 0)] * 3),
    (["金奖", "金奖", "铜奖"], 1, [("PROMOTABLE", 2), ("PROMOTABLE", 2), ("BEYOND", 0)]),
    (["特等奖", "一等奖", "二等奖"], 2, [("PROMOTABLE", 0), ("PROMOTABLE", 0), ("BEYOND", 0)]),
    (["一等奖", "一等奖", "二等奖", "三等奖"], 3,
     [("PROMOTABLE", 0), ("PROMOTABLE", 0), ("PROMOTABLE", 0), ("BEYOND", 0)]),
    (["一等奖", "二等奖", "二等奖", "二等奖"], 3, [("PROMOTABLE", 0), *[("PROMOTABLE", 3)] * 3]),
    (["三等奖"], 2, [("BEYOND", 0)]),
    (["优秀奖", "最佳创意奖", ""], 9, [("NO_RANK", 0)] * 3),
]  # fmt: skip


@pytest.mark.parametrize(("awards", "last", "expected"), BY_AWARD)
async def test_an_award_without_a_rank_counts_by_its_class(
    make: RowFactory,
    ask: GraphQLTestClient,
    awards: list[str],
    last: int,
    expected: list[tuple[str, int]],
) -> None:
    await contest(make, rank_to=last)
    away = [place(f"w{n}", rank) for n, rank in enumerate((1, 2, 3, 3, 4, ""))]
    away.append(place("", 5, organisation="c"))
    await make(results=[one | {"status": FactStatus.RETRACTED} for one in away])
    rows = [place(f"w{n}", "", award=award) for n, award in enumerate(awards)]
    await make(results=[one | {"key": f"award_{n}"} for n, one in enumerate(rows)])
    told = {code: (standing, tied) for code, _, standing, _, tied in await standings(ask)}
    assert told == {f"w{n}": one for n, one in enumerate(expected)}


async def test_a_reason_names_the_award_that_counted(
    make: RowFactory, ask: GraphQLTestClient
) -> None:
    """A rank that was published counts, whatever the award."""
    await contest(make, rank_to=1)
    await make(results=[place("w4", 4, award="一等奖"), place("w7", "", award="一等奖")])
    college = partner_viewer(Role.COLLEGE, "c")
    answer = await ask(WHOLE, college, college="c", competition="k", year=2026)
    nodes = answer.data["promotable"]["placings"]["nodes"]
    told = {one["worker"]["code"]: one["reason"] for one in nodes if one["worker"]}
    assert (told["w4"], told["w7"], told["w5"]) == (
        "Rank 4 doesn't promote: the last rank that does is 1.",
        "Rank 1 by its award (first prize), within the first 1, the last of which 2 share: senior.",
        "The place has no rank on record, nor an award that tells one.",
    )
