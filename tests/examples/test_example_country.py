"""The fictional country's studios, alliances and academies: what its README promises is there."""

from tests.examples.country import PROVINCES, counts_by_key, groups_field, query_country
from tests.support.graph import GraphQLTestClient


async def test_40_studios_stand_in_all_provinces_levels_kinds_and_industries(
    ask_examples: GraphQLTestClient,
) -> None:
    asked = f"""studios {{ totalCount province: {groups_field("PROVINCE")}
      level: {groups_field("LEVEL")}
      kind: {groups_field("KIND")} industry: {groups_field("INDUSTRY")} }}"""
    studios = (await query_country(ask_examples, asked))["studios"]
    assert studios["totalCount"] == 40
    assert counts_by_key(studios["province"]) == dict(zip(PROVINCES, (11, 15, 14), strict=True))
    assert counts_by_key(studios["level"]) == {
        "NATIONAL": 2, "PROVINCIAL": 8, "CITY": 15, "DISTRICT": 4, "COUNTY": 4, "ZONE": 1,
        "ENTERPRISE": 6,
    }  # fmt: skip
    assert counts_by_key(studios["kind"]) == {
        "MODEL_WORKER": 10, "CRAFTSMAN": 16, "SKILL_MASTER": 7, "INNOVATION_TEAM": 5, "OTHER": 2,
    }  # fmt: skip
    assert len(counts_by_key(studios["industry"])) == 9


async def test_every_studio_has_a_leader_who_works_for_its_host_and_members(
    ask_examples: GraphQLTestClient,
) -> None:
    asked = """studios(first: 100) { nodes { code host { code } leader { employer { code } }
      leading: members(filter: {studioRole: LEADER}) { totalCount }
      now: members { totalCount } ever: members(spells: ALL) { totalCount } } }"""
    studios = (await query_country(ask_examples, asked))["studios"]["nodes"]
    assert "demo_studio_axle" in {one["code"] for one in studios}
    for one in studios:
        assert one["leader"]["employer"] == one["host"]
        assert one["leading"]["totalCount"] == 1
        assert one["now"]["totalCount"] > 1
    assert sum(one["ever"]["totalCount"] > one["now"]["totalCount"] for one in studios) > 5


async def test_a_member_became_the_leader_of_a_studio(ask_examples: GraphQLTestClient) -> None:
    asked = """{ studio(code: "demo_studio_housing") { leader { code }
      before: members(on: "2023-06-30", filter: {studioRole: LEADER}) { nodes { worker { code } } }
      hers: members(spells: ALL, filter: {worker: {code: "demo_craftsman_011"}}) {
        nodes { studioRole joined left } } } }"""
    studio = (await ask_examples.data(asked))["studio"]
    assert studio == {
        "leader": {"code": "demo_craftsman_011"},
        "before": {"nodes": [{"worker": {"code": "demo_craftsman_012"}}]},
        "hers": {"nodes": [
            {"studioRole": "MEMBER", "joined": "2018-03", "left": "2023-07-01"},
            {"studioRole": "LEADER", "joined": "2023-07-01", "left": None},
        ]},
    }  # fmt: skip


async def test_a_member_left_an_alliance_of_three_provinces_and_came_back(
    ask_examples: GraphQLTestClient,
) -> None:
    asked = """{ alliance(code: "demo_alliance_axle") {
      provinces { code } convenor { code } supporters { nodes { code } }
      subAlliances { nodes { code } } publishedMemberCount { value } memberships { totalCount }
      welding: memberships(spells: ALL, filter: {member: {studio: {code: "demo_studio_welding"}}}) {
        nodes { joined left leftReason } }
      between: memberships(on: "2024-06-01",
        filter: {member: {studio: {code: "demo_studio_welding"}}}) { totalCount } } }"""
    alliance = (await ask_examples.data(asked))["alliance"]
    assert alliance == {
        "provinces": [{"code": code} for code in PROVINCES],
        "convenor": {"code": "demo_union_a"},
        "supporters": {"nodes": [{"code": "demo_university_south"}, {"code": "demo_union_c"}]},
        "subAlliances": {"nodes": [{"code": "demo_alliance_welding"}]},
        "publishedMemberCount": {"value": 9.0},
        "memberships": {"totalCount": 9},
        "welding": {"nodes": [
            {"joined": "2022-08", "left": "2024-03-31", "leftReason": "WITHDRAWN"},
            {"joined": "2025-02-10", "left": None, "leftReason": None},
        ]},
        "between": {"totalCount": 0},
    }  # fmt: skip


async def test_members_of_6_alliances_left_for_every_reason(
    ask_examples: GraphQLTestClient,
) -> None:
    asked = f"""alliances {{ totalCount {groups_field("KIND")} nodes {{ code
      memberships(spells: ALL) {{ {groups_field("LEFT_REASON")} }}
      then: memberships(on: "2025-01-01") {{ undated }} }} }}"""
    alliances = (await query_country(ask_examples, asked))["alliances"]
    assert alliances["totalCount"] == 6
    assert counts_by_key(alliances["groups"]) == {
        "STUDIO": 2, "ACADEMY": 1, "INDUSTRY_EDUCATION": 1, "CROSS_SECTOR": 1, "OTHER": 1,
    }  # fmt: skip
    reasons: dict[object, int] = {}
    for one in alliances["nodes"]:
        for reason, number in counts_by_key(one["memberships"]["groups"]).items():
            reasons[reason] = reasons.get(reason, 0) + number
    assert reasons == {None: 36, "WITHDRAWN": 4, "DELISTED": 3, "DISSOLVED": 1}
    undated = {one["code"]: one["then"]["undated"] for one in alliances["nodes"]}
    assert undated.pop("demo_alliance_cross") == 2
    assert set(undated.values()) == {0}


async def test_8_academies_have_teachers_classes_and_competitions(
    ask_examples: GraphQLTestClient,
) -> None:
    asked = f"""academies {{ totalCount {groups_field("PROVINCE", "LEVEL")} nodes {{
      ever: teachings {{ totalCount }} now: teachings(spells: CURRENT) {{ totalCount }}
      sent: teachings(filter: {{organisation: {{}}}}) {{ totalCount }}
      classes {{ totalCount }} hostedCompetitions {{ totalCount }} }} }}
      programmes {{ {groups_field("MODE")} taken: nodes {{ standard {{ code }} }} }}"""
    found = await query_country(ask_examples, asked)
    academies = found["academies"]["nodes"]
    assert found["academies"]["totalCount"] == 8
    assert counts_by_key(found["academies"]["groups"]) == {
        ("demo_province_east", "PROVINCIAL"): 1, ("demo_province_east", "CITY"): 1,
        ("demo_province_east", "DISTRICT"): 1, ("demo_province_north", "PROVINCIAL"): 1,
        ("demo_province_north", "CITY"): 1, ("demo_province_south", "PROVINCIAL"): 1,
        ("demo_province_south", "CITY"): 1, ("demo_province_south", "ENTERPRISE"): 1,
    }  # fmt: skip
    for one in academies:
        assert one["ever"]["totalCount"] > one["now"]["totalCount"] > 0
        assert one["classes"]["totalCount"] > 0
    assert sum(one["sent"]["totalCount"] for one in academies) == 3
    assert sum(one["hostedCompetitions"]["totalCount"] for one in academies) == 8
    modes = {"工学一体", "双元三地", "订单式", "新型学徒制", "现代学徒制"}
    assert modes < counts_by_key(found["programmes"]["groups"]).keys()
    standards = [one["standard"]["code"] for one in found["programmes"]["taken"] if one["standard"]]
    assert sorted(standards) == [
        "demo_contest_casting_2024", "demo_contest_milling_2025", "demo_contest_robotics_2025",
    ]  # fmt: skip


async def test_an_academy_is_not_always_known(ask_examples: GraphQLTestClient) -> None:
    asked = """{ teachings(filter: {isNull: [ACADEMY],
      sources: {assertedBy: {code: "demo_college"}}}) { nodes { organisation { code } } } }"""
    assert await ask_examples.data(asked) == {
        "teachings": {"nodes": [{"organisation": {"code": "demo_enterprise_22"}}]}
    }
