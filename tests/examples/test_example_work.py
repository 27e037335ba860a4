"""The outcomes and sources of the fictional country are as its README says."""

from resolvers.rollup.metric_definitions import metric_definitions
from tests.examples.country import PROVINCES, counts_by_key, groups_field, query_country
from tests.support.graph import GraphQLTestClient

SHARED = """outcomes(filter: {contributions: {}}, first: 100) { totalCount nodes {
  id studio { code } contributions { nodes { share contributor { __typename code
    ... on Studio { region { province { code } } outcomes(first: 100) { nodes { id } } } } } }
} }"""


async def test_shared_outcomes_are_listed_at_each_studio_that_had_a_part(
    ask_examples: GraphQLTestClient,
) -> None:
    outcomes = (await query_country(ask_examples, SHARED))["outcomes"]
    assert outcomes["totalCount"] == 7
    spread, kinds, unpublished = set(), set(), 0
    for outcome in outcomes["nodes"]:
        parts = outcome["contributions"]["nodes"]
        studios = [one["contributor"] for one in parts if "outcomes" in one["contributor"]]
        assert outcome["studio"]["code"] in [studio["code"] for studio in studios]
        for studio in studios:
            assert outcome["id"] in [one["id"] for one in studio["outcomes"]["nodes"]]
        spread.add(len({studio["region"]["province"]["code"] for studio in studios}))
        kinds |= {one["contributor"]["__typename"] for one in parts}
        shares = [one["share"] for one in parts if one["share"] is not None]
        assert sum(shares) <= 100
        unpublished += len(parts) - len(shares)
    assert spread == {1, 2, 3}
    assert kinds == {"Studio", "Worker", "Organisation"}
    assert unpublished == 5


async def test_a_shared_outcome_counts_once_in_the_totals_of_regions(
    ask_examples: GraphQLTestClient,
) -> None:
    provinces = " ".join(
        f'{code}: region(code: "{code}") {{ outcomes {{ totalCount }} }}' for code in PROVINCES
    )
    found = await ask_examples.data(f"""{{ {provinces}
      region(code: "demo_country") {{ outcomes {{ totalCount }}
        studios(first: 100) {{ nodes {{ outcomes {{ totalCount }} }} }} }} }}""")
    whole = found["region"]["outcomes"]["totalCount"]
    each = sum(one["outcomes"]["totalCount"] for one in found["region"]["studios"]["nodes"])
    assert sum(found[code]["outcomes"]["totalCount"] for code in PROVINCES) == whole == 51
    assert each == whole + 8


async def test_challenges_were_won_alone_and_together_and_lost(
    ask_examples: GraphQLTestClient,
) -> None:
    asked = f"""challenges {{ totalCount {groups_field("CHALLENGE_STATUS")} nodes {{ challengeStatus
      bids {{ nodes {{ bidStatus bidder {{ code }} }} }} outcome {{ studio {{ code }}
        contributions {{ nodes {{ contributor {{ code }} }} }} }} }} }}"""
    found = (await query_country(ask_examples, asked))["challenges"]
    assert counts_by_key(found["groups"]) == {"OPEN": 4, "CLAIMED": 4, "SOLVED": 4, "WITHDRAWN": 2}
    together = 0
    for one in found["nodes"]:
        bids = one["bids"]["nodes"]
        statuses = {bid["bidStatus"] for bid in bids}
        won = {bid["bidder"]["code"] for bid in bids if bid["bidStatus"] == "WON"}
        together += len(won) > 1
        assert bool(won) == (one["challengeStatus"] in {"CLAIMED", "SOLVED"})
        assert ("SUBMITTED" in statuses) <= (one["challengeStatus"] == "OPEN")
        assert (one["outcome"] is not None) == (one["challengeStatus"] == "SOLVED")
        if one["outcome"]:
            parts = {
                part["contributor"]["code"] for part in one["outcome"]["contributions"]["nodes"]
            }
            assert won == parts | {one["outcome"]["studio"]["code"]}
    assert together == 4


async def test_bids_fared_in_every_way_and_came_from_all_sides(
    ask_examples: GraphQLTestClient,
) -> None:
    kinds = ("worker", "organisation", "studio")
    of = " ".join(
        f"{kind}: bids(filter: {{bidder: {{{kind}: {{}}}}}}) {{ totalCount }}" for kind in kinds
    )
    ours = 'filter: {challenge: {region: {code: "demo_country"}}}'
    found = await ask_examples.data(f"{{ bids({ours}) {{ {groups_field('BID_STATUS')} }} {of} }}")
    assert counts_by_key(found["bids"]["groups"]) == {
        "WON": 13,
        "LOST": 8,
        "SUBMITTED": 5,
        "WITHDRAWN": 4,
    }
    assert [found[kind]["totalCount"] for kind in kinds] == [2, 3, 25]


async def test_service_teams_have_branches_and_members_who_left(
    ask_examples: GraphQLTestClient,
) -> None:
    asked = """serviceTeams { totalCount nodes { parent { code } branches { totalCount }
      members { totalCount } ever: members(spells: ALL) { totalCount } } }"""
    teams = (await query_country(ask_examples, asked))["serviceTeams"]
    assert teams["totalCount"] == 8
    assert sum(team["branches"]["totalCount"] for team in teams["nodes"]) == 5
    assert sum(team["parent"] is None for team in teams["nodes"]) == 3
    left = [team["ever"]["totalCount"] - team["members"]["totalCount"] for team in teams["nodes"]]
    assert min(team["members"]["totalCount"] for team in teams["nodes"]) > 1
    assert sum(left) > 3


async def test_offices_of_every_kind_have_terms(ask_examples: GraphQLTestClient) -> None:
    ours = 'filter: {worker: {region: {code: "demo_country"}}}'
    asked = f"""{{ now: positions({ours}) {{ totalCount }}
      positions(spells: ALL, {ours}, first: 100) {{ {groups_field("KIND")} nodes {{ term }} }} }}"""
    found = await ask_examples.data(asked)
    assert counts_by_key(found["positions"]["groups"]) == {
        "PARTY_DELEGATE": 2, "CONGRESS_DEPUTY": 3, "CONFERENCE_MEMBER": 1, "UNION_OFFICE": 2,
        "PART_TIME": 2, "SECONDMENT": 2, "ASSOCIATION_OFFICE": 1, "OTHER": 2,
    }  # fmt: skip
    assert found["now"]["totalCount"] == 12
    assert sum(one["term"] is not None for one in found["positions"]["nodes"]) == 11


async def test_craftsmen_pass_on_their_skill_too(ask_examples: GraphQLTestClient) -> None:
    """Across enterprises, and some of them across provinces."""
    asked = (
        """{ mentorships(first: 100, filter: {apprentice: {audienceFree: true}}) { totalCount } }"""
    )
    asked = """workers(first: 100, filter: {mentorshipsReceived: {mentor: {ledStudios: {}}},
      not: {enrolments: {}}}) { totalCount nodes { region { province { code } }
        mentorshipsReceived { nodes { mentor { region { province { code } } } } } } }"""
    workers = (await query_country(ask_examples, asked))["workers"]
    assert workers["totalCount"] > 30
    across = [
        one
        for one in workers["nodes"]
        for pair in one["mentorshipsReceived"]["nodes"]
        if pair["mentor"]["region"]["province"] != one["region"]["province"]
    ]
    assert len(across) > 10


async def test_every_metric_that_can_be_counted_has_a_figure(
    ask_examples: GraphQLTestClient,
) -> None:
    asked = """figures(scope: SUBTREE, first: 100) { nodes { metric quantity { qualifier }
      registered { coverage gap } } }"""
    figures = (await query_country(ask_examples, asked))["figures"]["nodes"]
    counted = [one for one in figures if one["registered"]]
    # Its unions are federations all of them, which are no grassroots unions.
    assert {one["metric"] for one in counted} == metric_definitions().keys() - {"grassroots_unions"}
    complete = [one for one in counted if one["registered"]["coverage"] == "COMPLETE"]
    assert 0 < len(complete) < len(counted)
    for one in complete:
        exact = one["quantity"]["qualifier"] == "EXACT"
        assert (one["registered"]["gap"] is not None) == exact
    gaps = {one["registered"]["gap"] for one in complete}
    assert {None, 0.0, 1.0} <= gaps


async def test_targets_are_for_a_year_or_for_every_year(ask_examples: GraphQLTestClient) -> None:
    asked = "targets { nodes { year yearly quantity { qualifier } } }"
    targets = (await query_country(ask_examples, asked))["targets"]["nodes"]
    assert sorted(bool(one["yearly"]) for one in targets) == [False] * 4 + [True] * 2
    assert all((one["year"] is None) == bool(one["yearly"]) for one in targets)


async def test_policies_places_occasions_and_benefits_are_of_every_kind(
    ask_examples: GraphQLTestClient,
) -> None:
    asked = f"""policies {{ {groups_field("KIND")} }} facilities {{ {groups_field("KIND")} }}
      events {{ {groups_field("KIND")} }}
      benefits {{ {groups_field("KIND")} }} yearly: events(filter: {{yearly: true}}) {{ nodes {{
        code heldAsPublished }} }} held: benefits(filter: {{honour: {{}}}}) {{ totalCount }}"""
    found = await query_country(ask_examples, asked)
    names = ("policies", "facilities", "events", "benefits")
    assert [len(counts_by_key(found[name]["groups"])) for name in names] == [8, 4, 7, 4]
    assert found["yearly"]["nodes"] == [
        {"code": "demo_event_craftsmen_day", "heldAsPublished": "每年9月16日"}
    ]
    assert found["held"]["totalCount"] == 4


async def test_the_unions_vouch_for_what_lies_in_their_province(
    ask_examples: GraphQLTestClient,
) -> None:
    sources = """sources(filter: {assertedBy: {region: {code: "demo_country"}}})"""
    asked = f"""{{ organisation(code: "demo_steward") {{ name }}
      {sources} {{ {groups_field("ASSERTED_BY")} }} }}"""
    found = await ask_examples.data(asked)
    assert found["organisation"] == {"name": "示例匠谱登记中心"}
    assert counts_by_key(found["sources"]["groups"]) == {
        "demo_college": 1, "demo_college_north": 1, "demo_steward": 1, "demo_union_a": 1,
        "demo_union_b": 1, "demo_union_c": 1,
    }  # fmt: skip
    asked = """outcomes(first: 100) { nodes { region { province { code } }
      sources { assertedBy { code } } } }"""
    outcomes = (await query_country(ask_examples, asked))["outcomes"]["nodes"]
    unions = dict(zip(PROVINCES, ("demo_union_b", "demo_union_a", "demo_union_c"), strict=True))
    for one in outcomes:
        vouching = {
            source["assertedBy"]["code"] for source in one["sources"] if source["assertedBy"]
        }
        assert vouching == {unions[one["region"]["province"]["code"]]}


async def test_some_facts_are_settled_and_some_are_not(ask_examples: GraphQLTestClient) -> None:
    """Both kinds are known from two sources."""
    asked = " ".join(
        f"{status}: outcomes(filter: {{status: {status}}}) "
        "{ nodes { title sources { title } } }"
        for status in ("VERIFIED", "DISPUTED")
    )
    found = await query_country(ask_examples, asked)
    assert [one["title"] for one in found["DISPUTED"]["nodes"]] == ["当年节约成本"]
    assert [one["title"] for one in found["VERIFIED"]["nodes"]] == [
        "桥壳低变形焊装成套工艺", "变压器异响诊断仪",
    ]  # fmt: skip
    nodes = [*found["VERIFIED"]["nodes"], *found["DISPUTED"]["nodes"]]
    assert {len(one["sources"]) for one in nodes} == {2}


async def test_what_was_retracted_is_in_no_list(ask_examples: GraphQLTestClient) -> None:
    asked = """{ studio(code: "demo_studio_gear") { members(spells: ALL) { totalCount }
        wrong: members(spells: ALL, filter: {status: RETRACTED}) { nodes { worker { code } } } }
      region(code: "demo_city_east_b") {
        conferrals(filter: {recipient: {region: {}}}) { totalCount }
        wrong: conferrals(filter: {status: RETRACTED}) { nodes { honour { code } } } } }"""
    found = await ask_examples.data(asked)
    assert found["studio"] == {
        "members": {"totalCount": 3},
        "wrong": {"nodes": [{"worker": {"code": "demo_craftsman_001"}}]},
    }
    assert found["region"] == {
        "conferrals": {"totalCount": 0},
        "wrong": {"nodes": [{"honour": {"code": "demo_honour_craftsman_city"}}]},
    }


async def test_a_county_s_code_ended_when_another_took_its_place(
    ask_examples: GraphQLTestClient,
) -> None:
    asked = """{ region(code: "demo_city_south_b") { children { code } }
      old: region(code: "demo_county_south_old") { ended note }
      new: region(code: "demo_district_south_b2") { started }
      renamed: region(code: "demo_district_north_a1") { formerNames { name ended } }
      zone: region(code: "demo_zone_east_bay") { level city { code } studios { totalCount } } }"""
    assert await ask_examples.data(asked) == {
        "region": {"children": [{"code": "demo_district_south_b1"},
                                {"code": "demo_district_south_b2"}]},
        "old": {"ended": "2020-01-01",
                "note": "Its code ended; demo_district_south_b2 took its place."},
        "new": {"started": "2020-01-01"},
        "renamed": {"formerNames": [{"name": "示例北甲旧区", "ended": "2016"}]},
        "zone": {"level": "ZONE", "city": {"code": "demo_city_east_a"},
                 "studios": {"totalCount": 1}},
    }  # fmt: skip
