"""Published numbers against what the registry counts: the mapping, and what it answers."""

import csv
import tomllib
from pathlib import Path
from typing import Any

import pytest

from kit.relay.global_id import to_global_id
from models.figure import FIGURE_SUBJECTS
from models.partner import Role
from resolvers.core.access import OPERATOR, PUBLIC, partner_viewer
from resolvers.core.context import Executor
from resolvers.core.metric_names import names_by_metric
from resolvers.rollup.metric_definitions import metric_definitions
from tests.support.graph import GraphQLTestClient, RowFactory

ROOT = Path(__file__).parent.parent.parent
MAPPING = tomllib.loads((ROOT / "resolvers" / "registered.toml").read_text("utf-8"))


def published() -> set[str]:
    return stated("figures")


def stated(kind: str) -> set[str]:
    found = set()
    for path in (ROOT / "examples").glob(f"*/{kind}.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            found |= {row["metric"] for row in csv.DictReader(file)}
    return found


def test_every_published_metric_is_counted_or_says_why_not() -> None:
    reasons = [metric for metrics in MAPPING["uncounted"].values() for metric in metrics]
    assert len(reasons) == len(set(reasons))
    assert set(reasons) & set(metric_definitions()) == set()
    assert published() - set(reasons) - set(metric_definitions()) == set()
    assert set(reasons) - published() == set()


CITY = "370200"
GRADES = ("JUNIOR", "SENIOR", "TECHNICIAN", "INTERMEDIATE", "SENIOR", "CHIEF_TECHNICIAN", None)


def figure(metric: str, value: float, **more: Any) -> dict[str, Any]:
    told = {
        "key": f"f{metric}{''.join(map(str, more.values()))}".replace(".", ""),
        "metric": metric,
        "label": "数",
        "quantity_value": value,
        "quantity_unit": "item",
        "quantity_qualifier": "EXACT",
        "period": "POINT",
        "since_year": None,
        "year": None,
        "region": CITY,
        "studio": None,
        "honour": None,
        "service_team": None,
        "sources": "s",
    }
    return {**told, **more}


@pytest.fixture
async def counted(make: RowFactory) -> None:
    numbers = range(len(GRADES))
    cited = {"sources": "s"}
    await make(
        sources=[{"key": "s", "title": "t"}],
        organisations=[
            {"code": "e", "name": "厂", "organisation_kind": "ENTERPRISE", "region": CITY,
             "parent": None},
            {"code": "u", "name": "会", "organisation_kind": "UNION", "region": CITY,
             "parent": None},
            {"code": "uu", "name": "市总工会", "organisation_kind": "UNION", "region": CITY,
             "parent": None},
            {"code": "ud", "name": "市总宣教网络部", "organisation_kind": "UNION", "region": CITY,
             "parent": "uu"},
            {"code": "ux", "name": "区工会联合会", "organisation_kind": "UNION", "region": CITY,
             "parent": "uu"},
            {"code": "ub", "name": "厂工会", "organisation_kind": "UNION", "region": CITY,
             "parent": "ux"},
        ],
        workers=[
            {"code": f"w{n}", "name": f"工{n}", "region": CITY, "frontline": "true" * (n < 3)}
            for n in numbers
        ],
        employments=[
            {"key": f"e{n}", "worker": f"w{n}", "organisation": "e" if n else "u", **cited}
            for n in numbers
        ],
        qualifications=[
            {"key": f"q{n}", "worker": f"w{n}", "grade": grade, **cited}
            | {"basis": "SELF_ASSESSMENT" if n == 1 else None, "issuer": "e" if n == 1 else None}
            for n, grade in enumerate(GRADES)
        ],
        studios=[
            {"code": f"st{n}", "name": "室", "studio_kind": "OTHER", "level": level, "region": CITY}
            for n, level in enumerate(("CITY", "PROVINCIAL", "DISTRICT", None))
        ],
        outcomes=[
            {"key": f"o{n}", "studio": "st0", "outcome_kind": "INNOVATION", "year": 2024 + n,
             "quantity_value": 2 + n, "quantity_unit": "item", "quantity_qualifier": "EXACT",
             **cited}
            for n in range(2)
        ],
        competitions=[
            {"code": f"c{n}", "name": "赛", "year": 2024 + n // 2, "region": CITY} for n in range(3)
        ],
        results=[
            {"key": f"r{n}", "competition": "c0", "worker": f"w{n}", "rank": 1, **cited}
            for n in range(4)
        ],
        honours=[
            {"code": code, "name": "荣", "level": level}
            for code, level in (("h", None), ("hp", "PROVINCIAL"), ("hn", "NATIONAL"))
        ],
        selection_rounds=[
            {"code": f"h{n}", "name": "批", "honour": "h", "number": n} for n in (1, 2)
        ] + [{"code": "hn1", "name": "批", "honour": "hn", "number": 1}],
        # Of the first batch of h are w0, w1 and w3; of hn all that it was given to.
        conferrals=[
            {"key": f"{honour}{n}", "honour": honour, "worker": f"w{n}", "year": 2024, **cited,
             "selection_round": of_round}
            for honour, n, of_round in (
                ("h", 0, "h1"), ("h", 1, "h1"), ("h", 2, "h2"), ("h", 3, "h1"), ("h", 4, None),
                ("hp", 0, None), ("hp", 2, None), ("hn", 0, "hn1"), ("hn", 5, "hn1"),
            )
        ],
        challenges=[
            {"code": f"ch{n}", "name": "题", "challenge_status": "OPEN", "region": CITY}
            for n in range(3)
        ],
        bids=[
            {"key": f"b{n}", "challenge": f"ch{n}", "studio": "st0", "bid_status": status, **cited}
            for n, status in enumerate(("WON", "LOST"))
        ],
        service_teams=[{"code": "t", "name": "队", "parent": None}]
        + [{"code": f"t{n}", "name": "队", "parent": "t"} for n in range(2)],
    )  # fmt: skip


YEARLY = {"period": "PER_YEAR"}
EXPECTED: list[tuple[dict[str, Any], float | None]] = [
    (figure("skilled_staff", 10), 6),
    (figure("high_skilled_staff", 10), 4),
    (figure("high_skilled_share", 35.75), 66.67),
    (figure("industrial_workers", 10), 6),
    (figure("grassroots_unions", 10), 2),
    (figure("self_evaluating_enterprises", 10), 1),
    (figure("self_evaluation_workers_covered", 10), 1),
    (figure("innovation_studios", 10), 4),
    (figure("innovation_studios_city_and_above", 10), 2),
    (figure("worker_innovations", 10), 5),
    (figure("worker_innovations", 10, year=2026, since_year=2025, period="SINCE"), 3),
    (figure("worker_innovations", 10, year=2025, period="THREE_YEARS"), 5),
    (figure("worker_innovations", 10, period="THREE_YEARS"), None),
    (figure("innovations", 10, studio="st0"), 5),
    (figure("innovations", 10, studio="st1"), None),
    (figure("studio_innovations_applied_per_year", 10, year=2025, **YEARLY), 3),
    (figure("studio_innovations_applied_per_year", 10, **YEARLY), None),
    (figure("contests_per_year", 10, year=2024, **YEARLY), 2),
    (figure("contests_per_year", 10, year=2025, **YEARLY), 1),
    (figure("contests_per_year", 10, year=2023, **YEARLY), None),
    (figure("workers_in_contests_per_year", 10, year=2024, **YEARLY), 4),
    (figure("workers_in_contests_per_year", 10, year=2025, **YEARLY), None),
    (figure("competitions_held", 10), 3),
    (figure("holders", 10, honour="h"), 5),
    (figure("first_batch_holders", 10, honour="h"), 3),
    (figure("first_batch_front_line_share", 10, honour="h"), 66.67),
    (figure("first_batch_with_provincial_honours", 10, honour="h"), 1),
    (figure("first_batch_with_provincial_honours", 10, honour="hp"), None),
    (figure("first_batch_with_national_honours", 10, honour="h"), 1),
    (figure("first_batch_with_national_honours", 10, honour="hn"), None),
    (figure("most_beautiful_people", 10, honour="h", year=2024, **YEARLY), 5),
    (figure("key_technology_needs", 10), 3),
    (figure("challenges_claimed", 10), 1),
    (figure("detachments", 10, service_team="t"), 2),
    (figure("prize_each", 10), None),
]


async def test_each_metric_is_counted_by_its_list(
    counted: None, ask: GraphQLTestClient, make: RowFactory
) -> None:
    await make(figures=[told for told, _ in EXPECTED])
    answer = await ask(
        "{ figures(first: 100) { nodes { metric id registered { value coverage gap } } } }"
    )
    assert answer.errors == []
    # The page, then one statement for all that is counted.
    assert len(answer.statements) == 2
    by_id = {node["id"]: node["registered"] for node in answer.data["figures"]["nodes"]}
    for told, number in EXPECTED:
        found = by_id[to_global_id("Figure", told["key"])]
        partial = None if number is None else {"value": number, "coverage": "PARTIAL", "gap": None}
        assert found == partial, told["key"]


NUMBERS = "registered { value coverage gap reason }"
VISIBLE, UNDECLARED = "COUNTED_AS_VISIBLE", "NOT_DECLARED_COMPLETE"


def told(value: float, gap: float | None = None, reason: str | None = None) -> dict[str, Any]:
    coverage = "PARTIAL" if reason else "COMPLETE"
    return {"value": value, "coverage": coverage, "gap": gap, "reason": reason}


def complete(*metrics: str) -> list[dict[str, Any]]:
    return [{"key": one, "metric": one, "region": CITY, "sources": "s"} for one in metrics]


async def test_a_gap_is_exact_where_records_are_complete_and_numbers_exact(
    counted: None, ask: GraphQLTestClient, make: RowFactory
) -> None:
    over = {"quantity_qualifier": "OVER", "key": "over"}
    await make(
        figures=[
            figure("skilled_staff", 10),
            figure("skilled_staff", 10, **over),
            figure("high_skilled_share", 69.95),
            figure("theme_education_venues", 2),
            figure("innovation_studios", 2),
        ],
        completeness=complete("skilled_staff", "high_skilled_share", "theme_education_venues"),
    )
    query = f"""{{ figures(orderBy: [{{field: METRIC}}, {{field: RECORDED_AT}}]) {{ nodes {{
      metric quantity {{ qualifier }} {NUMBERS} }} }} }}"""
    nodes = (await ask.data(query))["figures"]["nodes"]
    found = {(one["metric"], one["quantity"]["qualifier"]): one["registered"] for one in nodes}
    assert found == {
        # The nearest fractions of two differ by 3.280000000000001.
        ("high_skilled_share", "EXACT"): told(66.67, 3.28),
        ("innovation_studios", "EXACT"): told(4.0, None, UNDECLARED),
        ("skilled_staff", "EXACT"): told(6.0, 4.0),
        ("skilled_staff", "OVER"): told(6.0),
        ("theme_education_venues", "EXACT"): told(0.0, 2.0),
    }


WHOSE = (PUBLIC, partner_viewer(Role.COLLEGE, "e"), partner_viewer(Role.UNION, "u", "370100"))
OF_REGION, OF_PEOPLE = "theme_education_venues", "skilled_staff"


@pytest.mark.parametrize("hidden", [False, True])
async def test_who_may_not_list_all_is_told_what_they_see_and_that_it_is_that(
    ask: GraphQLTestClient, make: RowFactory, *, hidden: bool
) -> None:
    """By the rule of the metric: it says nothing of whether there is more."""
    people = {"shown": "PUBLIC"} | ({"hidden": "OWNER"} if hidden else {})
    cited = {"sources": "s"}
    await make(
        sources=[{"key": "s", "title": "t"}],
        organisations=[
            {"code": "e", "name": "厂", "organisation_kind": "ENTERPRISE", "region": CITY},
            {"code": "u", "name": "会", "organisation_kind": "UNION", "region": "370100"},
        ],
        workers=[
            {"code": code, "name": "工", "region": CITY, "audience": audience}
            for code, audience in people.items()
        ],
        qualifications=[
            {"key": code, "worker": code, "grade": "SENIOR", "audience": audience, **cited}
            for code, audience in people.items()
        ],
        facilities=[
            {"code": code, "name": "馆", "facility_kind": "CULTURE", "region": CITY,
             "audience": audience}
            for code, audience in people.items()
        ],
        figures=[figure(OF_PEOPLE, 10), figure(OF_REGION, 10)],
        completeness=complete(OF_PEOPLE, OF_REGION),
    )  # fmt: skip
    query = f"{{ figures(orderBy: [{{field: METRIC}}]) {{ nodes {{ {NUMBERS} }} }} }}"
    there_are = 2.0 if hidden else 1.0
    for viewer in WHOSE:
        answer = await ask(query, viewer=viewer)
        seen = [{"registered": told(1.0, None, VISIBLE)}] * 2
        assert answer.data == {"figures": {"nodes": seen}}, viewer
        for way in (Executor.BATCH, Executor.PLAN):
            assert (await ask.by_plan(query, way, viewer=viewer)).data == answer.data
    steward = await ask(query, viewer=OPERATOR)
    whole = [{"registered": told(there_are, 10 - there_are)}] * 2
    assert steward.data == {"figures": {"nodes": whole}}
    # The union above may list what lies there, but not everybody: nobody shows it minors.
    union = await ask(query, viewer=partner_viewer(Role.UNION, "u", "370000"))
    assert union.data == {
        "figures": {
            "nodes": [
                {"registered": told(there_are, None, VISIBLE)},
                {"registered": told(there_are, 10 - there_are)},
            ]
        }
    }


async def test_what_only_says_the_figure_over_again_confirms_nothing(
    ask: GraphQLTestClient, make: RowFactory
) -> None:
    def outcome(key: str, value: float, sources: str, studio: str = "st0") -> dict[str, Any]:
        return {"key": key, "studio": studio, "outcome_kind": "INNOVATION", "sources": sources,
                "quantity_value": value, "quantity_unit": "item",
                "quantity_qualifier": "EXACT"}  # fmt: skip

    await make(
        sources=[{"key": key, "title": key} for key in ("s", "t", "more")],
        studios=[
            {"code": code, "name": "室", "studio_kind": "OTHER", "region": CITY}
            for code in ("st0", "st1", "st2")
        ],
        outcomes=[
            outcome("again", 36, "s"),
            outcome("twice", 36, "t", "st1"),
            outcome("other", 36, "s;more", "st1"),
            outcome("part", 6, "s", "st2"),
        ],
        figures=[
            figure("innovations", 36, studio="st0"),
            figure("innovations", 36, studio="st1", sources="s;t", key="f1"),
            figure("innovations", 36, studio="st2"),
            figure("worker_innovations", 36),
        ],
    )
    query = (
        "{ figures { nodes { metric subject { ... on Studio { code } } registered { value } } } }"
    )
    answer = await ask(query)
    # The page, a look-up for each kind of subject, and all that is counted.
    assert len(answer.statements) == 2 + len(FIGURE_SUBJECTS)
    found = {
        (one["subject"] or {}).get("code"): one["registered"]
        for one in answer.data["figures"]["nodes"]
    }
    # Of the region they are other sentences than its own.
    assert found == {
        "st0": None, "st1": {"value": 36.0}, "st2": {"value": 6.0}, None: {"value": 114.0},
    }  # fmt: skip


async def test_the_published_studio_is_not_confirmed_by_its_own_sentence(
    ask_examples: GraphQLTestClient,
) -> None:
    found = await ask_examples.data(
        """{ studio(code: "wang_jingjing_studio") { figures { nodes {
          metric registered { value } } } } }"""
    )
    nodes = found["studio"]["figures"]["nodes"]
    assert {one["metric"]: one["registered"] for one in nodes} == dict.fromkeys(
        ["economic_benefit", "innovations", "invention_patents", "utility_model_patents"]
    )


async def test_figures_about_a_batch_count_that_batch(ask_examples: GraphQLTestClient) -> None:
    """Beside them the batch as one would count it oneself, from its conferrals."""
    found = await ask_examples.data(
        """{ honour(code: "demo_honour_city_craftsman") {
          figures { nodes { metric registered { value } } }
          selectionRounds(filter: {number: 1}) { nodes { conferrals(first: 100) { nodes {
            recipient { ... on Worker { frontline
              conferrals(first: 100) { nodes { honour { level } } } } } } } } } } }"""
    )
    [batch] = found["honour"]["selectionRounds"]["nodes"]
    people = [one["recipient"] for one in batch["conferrals"]["nodes"]]
    provincial = [
        one
        for one in people
        if any(given["honour"]["level"] == "PROVINCIAL" for given in one["conferrals"]["nodes"])
    ]
    front = [one for one in people if one["frontline"]]
    counted = {
        one["metric"]: (one["registered"] or {}).get("value")
        for one in found["honour"]["figures"]["nodes"]
    }
    assert (len(people), len(provincial)) == (8, 2)
    assert counted["first_batch_with_provincial_honours"] == len(provincial)
    assert counted["first_batch_front_line_share"] == round(100 * len(front) / len(people), 2)


def test_every_metric_has_its_names_in_both_languages() -> None:
    metrics = published() | set(metric_definitions())
    metrics |= {metric for listed in MAPPING["uncounted"].values() for metric in listed}
    metrics |= {metric for row in ("targets", "completeness") for metric in stated(row)}
    assert {one for one in metrics if one not in names_by_metric()} == set()
    for metric, (english, chinese) in names_by_metric().items():
        assert english.isascii(), metric
        assert english[0].isupper(), metric
        assert not chinese.isascii(), metric
    assert len({one.chinese for one in names_by_metric().values()}) == len(names_by_metric())
    assert len({one.english for one in names_by_metric().values()}) == len(names_by_metric())


async def test_metrics_are_called_by_their_names(
    counted: None, ask: GraphQLTestClient, make: RowFactory
) -> None:
    await make(
        figures=[figure("skilled_staff", 10), figure("of_a_partner", 1)],
        completeness=complete("skilled_staff"),
    )
    query = """{ figures(orderBy: [{field: METRIC}]) {
      nodes { metricName metricNameEn registered { label labelEn } }
      groups(by: [METRIC]) { nodes { keys { code label labelEn } } } }
      completeness { groups(by: [METRIC, CITY]) {
        nodes { keys { label labelEn } } } } }"""
    chinese, english = "技能人才数", "Skilled workers"
    assert (await ask.data(query)) == {
        "figures": {
            "nodes": [
                {"metricName": "of_a_partner", "metricNameEn": None, "registered": None},
                {"metricName": chinese, "metricNameEn": english,
                 "registered": {"label": chinese, "labelEn": english}},
            ],
            "groups": {
                "nodes": [
                    {"keys": [{"code": "of_a_partner", "label": "of_a_partner",
                               "labelEn": None}]},
                    {"keys": [{"code": "skilled_staff", "label": chinese, "labelEn": english}]},
                ]
            },
        },
        "completeness": {"groups": {"nodes": [
            {"keys": [{"label": chinese, "labelEn": english},
                      {"label": "青岛市", "labelEn": None}]},
        ]}},
    }  # fmt: skip
    of_region = f'''{{ region(code: "{CITY}") {{ figures {{
      nodes {{ metricName metricNameEn }}
      groups(by: [METRIC]) {{ nodes {{ keys {{ label labelEn }} }} }} }} }} }}'''
    whole = await ask(of_region)
    for way in (Executor.BATCH, Executor.PLAN):
        assert (await ask.by_plan(of_region, way)).data == whole.data


async def test_a_sum_with_a_bound_in_it_is_not_given_even_where_all_is_declared(
    counted: None, ask: GraphQLTestClient, make: RowFactory
) -> None:
    bound = {"quantity_value": 1, "quantity_unit": "item", "quantity_qualifier": "OVER"}
    await make(
        outcomes=[
            {"key": "ob", "studio": "st0", "outcome_kind": "INNOVATION", "sources": "s", **bound}
        ],
        figures=[figure("worker_innovations", 10)],
        completeness=[{"key": "c", "metric": "worker_innovations", "region": CITY, "sources": "s"}],
    )
    found = await ask.data("{ figures { nodes { registered { value } } } }")
    assert found == {"figures": {"nodes": [{"registered": None}]}}
