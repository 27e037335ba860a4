"""The region tree: divisions, former names, codes that ended, and the zone that overlays."""

from feeds.regions import region_tree
from tests.support.graph import GraphQLTestClient, RowFactory

REGION = """query($code: String!) { region(code: $code) {
  code name level started ended parent { code } province { code } city { code } district { code }
  path { code } formerNames { name started ended }
} }"""


def test_the_list_is_read_whole() -> None:
    proposals, problems = region_tree()
    kinds = [proposal.model.__name__ for proposal in proposals]
    assert problems.found == []
    assert kinds.count("Region") == 6530
    assert kinds.count("FormerName") == 254


async def test_a_city_knows_where_it_lies(ask: GraphQLTestClient) -> None:
    assert (await ask.data(REGION, code="370200"))["region"] == {
        "code": "370200",
        "name": "青岛市",
        "level": "CITY",
        "started": None,
        "ended": None,
        "parent": {"code": "370000"},
        "province": {"code": "370000"},
        "city": {"code": "370200"},
        "district": None,
        "path": [{"code": "china"}, {"code": "370000"}, {"code": "370200"}],
        "formerNames": [],
    }


async def test_the_zone_lies_in_its_district_and_has_no_code_of_its_own(
    ask: GraphQLTestClient,
) -> None:
    zone = (await ask.data(REGION, code="west_coast_new_area"))["region"]
    assert (zone["name"], zone["level"]) == ("青岛西海岸新区", "ZONE")
    assert [step["code"] for step in zone["path"]] == [
        "china", "370000", "370200", "370211", "west_coast_new_area",
    ]  # fmt: skip
    assert zone["district"] == {"code": "370211"}


async def test_a_reused_code_is_the_newest_name_with_dated_former_names(
    ask: GraphQLTestClient,
) -> None:
    region = (await ask.data(REGION, code="120110"))["region"]
    assert (region["name"], region["started"], region["ended"]) == ("东丽区", None, None)
    assert region["formerNames"] == [{"name": "东郊区", "started": None, "ended": "1991"}]


async def test_rows_that_name_no_division_are_skipped_and_their_children_move_up(
    ask: GraphQLTestClient,
) -> None:
    assert (await ask.data(REGION, code="110100"))["region"] is None
    district = (await ask.data(REGION, code="110101"))["region"]
    assert (district["name"], district["parent"]) == ("东城区", {"code": "110000"})
    assert (district["level"], district["city"]) == ("DISTRICT", None)
    county = (await ask.data(REGION, code="429004"))["region"]
    assert (county["name"], county["parent"]) == ("仙桃市", {"code": "420000"})
    assert county["level"] == "COUNTY"


async def test_levels_follow_code_and_name(ask: GraphQLTestClient) -> None:
    query = """query($filter: RegionFilter) { regions(filter: $filter) { totalCount
      groups(by: [LEVEL]) { nodes { count keys { code } } } } }"""
    found = (await ask.data(query, filter={"code": "370000"}))["regions"]
    assert {group["keys"][0]["code"]: group["count"] for group in found["groups"]["nodes"]} == {
        "PROVINCIAL": 1,
        "CITY": 16,
        "DISTRICT": 58,
        "COUNTY": 78,
        "ZONE": 1,
    }
    assert found["totalCount"] == 154


async def test_lists_give_the_regions_of_today_unless_asked_otherwise(
    ask: GraphQLTestClient,
) -> None:
    query = """query($on: Date, $spells: Spells) { regions(on: $on, spells: $spells,
      filter: {code: "370200", not: {level: CITY}}) { totalCount undated } }"""
    assert (await ask.data(query))["regions"] == {"totalCount": 11, "undated": 0}
    assert (await ask.data(query, spells="ALL"))["regions"]["totalCount"] == 28
    assert (await ask.data(query, on="2010-01-01"))["regions"] == {"totalCount": 12, "undated": 1}
    children = '{ region(code: "370200") { children { code } } }'
    codes = [child["code"] for child in (await ask.data(children))["region"]["children"]]
    assert codes == ["370202", "370203", "370211", "370212", "370213", "370214", "370215",
                     "370281", "370283", "370285"]  # fmt: skip


async def test_a_region_covers_its_subtree_and_counts_a_zone_once(
    ask: GraphQLTestClient, make: RowFactory
) -> None:
    places = ("west_coast_new_area", "370211", "370202", "370000", "230100", "")
    await make(workers=[
        {"code": f"w{n}", "name": "甲", "region": place} for n, place in enumerate(places)
    ])  # fmt: skip
    query = """{ zone: region(code: "west_coast_new_area") { ...W }
      district: region(code: "370211") { ...W } city: region(code: "370200") { ...W }
      province: region(code: "370000") { ...W } country: region(code: "china") { ...W } }
      fragment W on Region { workers { totalCount } }"""
    found = await ask.data(query)
    totals = {name: region["workers"]["totalCount"] for name, region in found.items()}
    assert totals == {"zone": 1, "district": 2, "city": 3, "province": 4, "country": 5}
