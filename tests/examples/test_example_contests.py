"""The fictional country's competitions, titles and money: what its README promises is there."""

from itertools import pairwise
from typing import Any

from resolvers.core.access import PUBLIC
from tests.examples.country import counts_by_key, groups_field, query_country
from tests.support.graph import GraphQLTestClient


async def test_22_competitions_of_every_kind_are_editions_of_14_series(
    ask_examples: GraphQLTestClient,
) -> None:
    asked = f"""competitions {{ totalCount kind: {groups_field("KIND")}
      class: {groups_field("CLASS")} level: {groups_field("LEVEL")} }}
      competitionSeries {{ totalCount nodes {{ editions {{ totalCount }} }} }}"""
    found = await query_country(ask_examples, asked)
    competitions = found["competitions"]
    assert competitions["totalCount"] == 22
    assert counts_by_key(competitions["kind"]) == {
        "SKILL": 17, "LABOUR": 2, "INNOVATION": 2, "ENTREPRENEURSHIP": 1,
    }  # fmt: skip
    assert counts_by_key(competitions["class"]) == {None: 10, "一类": 7, "二类": 5}
    assert counts_by_key(competitions["level"]) == {
        "PROVINCIAL": 11, "CITY": 3, "NATIONAL": 2, "DISTRICT": 2, "ENTERPRISE": 3,
        "INTERNATIONAL": 1,
    }  # fmt: skip
    editions = [one["editions"]["totalCount"] for one in found["competitionSeries"]["nodes"]]
    assert (len(editions), sum(editions), max(editions)) == (14, 22, 3)


async def test_everybody_places_in_two_divisions_and_ranks_are_shared(
    ask_examples: GraphQLTestClient,
) -> None:
    kinds = ("worker", "organisation", "studio", "region")
    of = " ".join(
        f"{kind}: results(filter: {{recipient: {{{kind}: {{}}}}}}) {{ totalCount }}"
        for kind in kinds
    )
    asked = (
        f"results {{ totalCount {groups_field('DIVISION')} "
        f"ranks: {groups_field('COMPETITION', 'DIVISION', 'RANK')} }}"
    )
    found = await query_country(ask_examples, f"{asked} {of}")
    assert {kind: found[kind]["totalCount"] for kind in kinds} == {
        "worker": 108, "organisation": 9, "studio": 13, "region": 3,
    }  # fmt: skip
    assert found["results"]["totalCount"] == 133
    assert counts_by_key(found["results"]["groups"]) == {"职工组": 49, "学生组": 59, None: 25}
    shared = {
        place for place, number in counts_by_key(found["results"]["ranks"]).items() if number > 1
    }
    divisions = {division for _, division, _ in shared}
    assert divisions == {"职工组", "学生组", None}


CONTEST = """{ competition(code: "demo_contest_milling_2024") {
  results(filter: {rank: 1}) { nodes { division recipient { code } consequences { __typename
    ... on Conferral { honour { code } recipient { code } }
    ... on Qualification { grade basis worker { code } }
    ... on Grant { amount { value } prizeRule { policy { code } clause } recipient { code } } } } }
} }"""


async def test_a_place_led_to_a_title_a_certificate_and_money(
    ask_examples: GraphQLTestClient,
) -> None:
    found = (await ask_examples.data(CONTEST))["competition"]["results"]["nodes"]
    rule = {"policy": {"code": "demo_policy_contests"}, "clause": "第八条"}

    def first(division: str, worker: str, grade: str, yuan: float) -> dict[str, Any]:
        who = {"code": worker}
        title = {"__typename": "Conferral", "honour": {"code": "demo_honour_expert"}}
        certificate = {"__typename": "Qualification", "grade": grade, "basis": "COMPETITION"}
        money = {"__typename": "Grant", "amount": {"value": yuan}, "prizeRule": rule}
        consequences = [
            {**title, "recipient": who}, {**certificate, "worker": who}, {**money, "recipient": who}
        ]  # fmt: skip
        return {"division": division, "recipient": who, "consequences": consequences}

    assert found == [
        first("学生组", "demo_trainee_2023_009", "TECHNICIAN", 2_000.0),
        first("职工组", "demo_craftsman_019", "SENIOR_TECHNICIAN", 10_000.0),
    ]


async def test_the_places_of_last_month_have_led_to_no_certificate_yet(
    ask_examples: GraphQLTestClient,
) -> None:
    asked = """{ competition(code: "demo_contest_casting_2026") { results { totalCount nodes {
      consequences { __typename } } } } }"""
    results = (await ask_examples.data(asked))["competition"]["results"]
    kinds = {one["__typename"] for node in results["nodes"] for one in node["consequences"]}
    assert (results["totalCount"], "Qualification" in kinds) == (4, False)


async def test_the_promotion_rules_say_that_they_are_an_example(
    ask_examples: GraphQLTestClient,
) -> None:
    """One row for each grade that a place can give; what held before is there too."""
    asked = """applicablePromotionRules(first: 100, orderBy: [{field: STARTED}]) { nodes {
      level competitionClass division rankTo shareTo grade yearlyLimit note policy { code } clause
      started } }"""
    rules = (await query_country(ask_examples, asked))["applicablePromotionRules"]["nodes"]
    assert all("示例规则" in rule["note"] and rule["clause"] for rule in rules)
    assert {rule["policy"]["code"] for rule in rules} == {"demo_policy_promotion_2026"}
    assert {(rule["yearlyLimit"], rule["started"]) for rule in rules} == {(1, "2026-07-01")}
    grades: dict[Any, set[str]] = {}
    for rule in rules:
        place = (rule["level"], rule["competitionClass"], rule["division"])
        grades.setdefault((*place, rule["rankTo"], rule["shareTo"]), set()).add(rule["grade"])
    reached = {"INTERMEDIATE", "SENIOR", "TECHNICIAN", "SENIOR_TECHNICIAN"}
    assert grades == {
        (None, "一类", None, 10, None): reached,
        (None, "二类", None, 6, None): reached,
        ("DISTRICT", None, None, 6, None): reached,
        ("ENTERPRISE", None, "职工组", None, 30.0): reached,
        ("ENTERPRISE", None, "学生组", None, 30.0): reached,
    }


async def test_every_certificate_of_a_place_fits_what_promoted_then(
    ask_examples: GraphQLTestClient,
) -> None:
    """An earlier table, of which nobody knows since when it held."""
    asked = """applicablePromotionRules(spells: ALL, first: 100,
      filter: {policy: {code: "demo_policy_promotion_2022"}}) {
        nodes { level division rankTo grade ended } }
      results(first: 100, filter: {rankTo: 3}) { nodes { rank division competition { level }
        consequences { ... on Qualification { grade } } } }"""
    found = await query_country(ask_examples, asked)
    earlier = found["applicablePromotionRules"]["nodes"]
    assert {rule["ended"] for rule in earlier} == {"2026-07-01"}
    promotions = 0
    for result in found["results"]["nodes"]:
        for grade in [one["grade"] for one in result["consequences"] if one]:
            place = (result["competition"]["level"], result["division"], grade)
            rules = [
                one for one in earlier if (one["level"], one["division"], one["grade"]) == place
            ]
            assert any(result["rank"] <= rule["rankTo"] for rule in rules)
            promotions += 1
    assert promotions > 20


async def test_a_ladder_has_rungs_stages_criteria_and_honours(
    ask_examples: GraphQLTestClient,
) -> None:
    asked = """{ ladder(code: "demo_ladder_craftsman") { operator { code }
      rungs { rank honour { code conferrals { totalCount } } } stages { name } criteria { name }
    } }"""
    ladder = (await ask_examples.data(asked))["ladder"]
    held = [
        (rung["rank"], rung["honour"]["code"], rung["honour"]["conferrals"]["totalCount"])
        for rung in ladder["rungs"]
    ]
    assert ladder["operator"] == {"code": "demo_council_north"}
    assert held == [
        (1, "demo_honour_seed", 12),
        (2, "demo_honour_city_craftsman", 16),
        (3, "demo_honour_province_craftsman", 5),
        (3, "demo_honour_province_star", 1),
        (4, "demo_honour_great_craftsman", 2),
    ]
    assert [one["name"] for one in ladder["stages"]] == [
        "资格初审", "专家评审", "联席会议审定", "媒体公示",
    ]  # fmt: skip
    assert len(ladder["criteria"]) == 4


NOMINATIONS = """nominations(first: 100) { totalCount nodes {
  nominationStatus stage { name } nominee { code } selectionRound { year honour { code } }
  conferral { year honour { code } recipient { code } } } }"""


async def test_who_was_selected_was_awarded(ask_examples: GraphQLTestClient) -> None:
    found = (await ask_examples.data(f"{{ {NOMINATIONS} }}"))["nominations"]
    counts: dict[str, int] = {}
    for one in found["nodes"]:
        status, conferral = one["nominationStatus"], one["conferral"]
        counts[status] = counts.get(status, 0) + 1
        if status == "SELECTED":
            told = {**one["selectionRound"], "recipient": one["nominee"]}
            assert conferral == told
        else:
            assert conferral is None
    assert counts == {"SELECTED": 30, "NOT_SELECTED": 17, "WITHDRAWN": 4, "NOMINATED": 4}
    passed = {one["stage"]["name"] for one in found["nodes"] if one["stage"]}
    assert passed == {"资格初审", "专家评审", "媒体公示"}


async def test_the_public_sees_only_who_was_selected_for_one_title(
    ask_examples: GraphQLTestClient,
) -> None:
    answer = await ask_examples(f"{{ {NOMINATIONS} }}", viewer=PUBLIC)
    assert answer.errors == []
    found = answer.data["nominations"]
    assert found["totalCount"] == 5
    told = {(one["nominationStatus"], one["conferral"]["honour"]["code"]) for one in found["nodes"]}
    assert told == {("SELECTED", "demo_honour_province_craftsman")}


async def test_nobody_reached_a_rung_but_from_the_one_below(
    ask_examples: GraphQLTestClient,
) -> None:
    rungs = ("city", "province", "great")
    asked = " ".join(
        f'{rung}: honour(code: "demo_honour_{rung}_craftsman") '
        "{ conferrals { nodes { year recipient { code } } } }"
        for rung in rungs
    )
    found = await ask_examples.data(f"{{ {asked} }}")
    held = [
        {one["recipient"]["code"]: one["year"] for one in found[rung]["conferrals"]["nodes"]}
        for rung in rungs
    ]
    for below, above in pairwise(held):
        assert all(below[who] < year for who, year in above.items())


async def test_money_went_to_workers_organisations_studios_and_alliances(
    ask_examples: GraphQLTestClient,
) -> None:
    kinds = ("worker", "organisation", "studio", "alliance")
    of = " ".join(
        f"{kind}: grants(filter: {{recipient: {{{kind}: {{}}}}}}) {{ totalCount }}"
        for kind in kinds
    )
    asked = f"""{of} grants {{ totalCount {groups_field("SUBSIDY_KIND")} }}
      places: grants(filter: {{basedOn: {{}}, prizeRule: {{}}}}) {{ totalCount }}
      titles: grants(filter: {{prizeRule: {{honour: {{}}}}}}) {{ totalCount }}
      applicablePrizeRules {{ totalCount }} now: applicableSubsidyRules {{ totalCount }}
      applicableSubsidyRules(spells: ALL) {{ totalCount {groups_field("KIND")} }}"""
    found = await query_country(ask_examples, asked)
    assert {kind: found[kind]["totalCount"] for kind in kinds} == {
        "worker": 45, "organisation": 12, "studio": 16, "alliance": 3,
    }  # fmt: skip
    assert found["grants"]["totalCount"] == 76
    assert counts_by_key(found["grants"]["groups"]) == {
        None: 61, "ALLOWANCE": 5, "SUBSIDY": 5, "FUND": 3, "AWARD": 1, "BUDGET": 1,
    }  # fmt: skip
    assert (found["places"]["totalCount"], found["titles"]["totalCount"]) == (54, 7)
    rules = found["applicableSubsidyRules"]
    assert (found["now"]["totalCount"], rules["totalCount"]) == (9, 10)
    assert counts_by_key(rules["groups"]) == {
        "SUBSIDY": 3, "FUND": 1, "ALLOWANCE": 1, "BUDGET": 1, "TAX": 1, "FINANCE": 1, "AWARD": 1,
        "INSURANCE": 1,
    }  # fmt: skip
    assert found["applicablePrizeRules"]["totalCount"] == 15
