"""A prize is a prize without a rank: its class follows from the words in which it was published."""

from typing import Any

import pytest

from models.award import AwardClass
from tests.support.graph import GraphQLTestClient, RowFactory

C = AwardClass
CLASSES = {
    "冠军": C.CHAMPION, "状元": C.CHAMPION, "第一名": C.CHAMPION, "第１名": C.CHAMPION,
    "全国冠军": C.CHAMPION, "并列第一名": C.CHAMPION, "亚军": C.RUNNER_UP, "第二名": C.RUNNER_UP,
    "季军": C.THIRD_PLACE, "第三名": C.THIRD_PLACE, "金牌": C.GOLD, "金奖": C.GOLD,
    "金奖(团体)": C.GOLD, "金奖（团体）": C.GOLD, "金奖 （团体）": C.GOLD, "【金奖】": C.GOLD,
    "团体金奖": C.GOLD, "金奖、金牌": C.GOLD, "Gold medal": C.GOLD, "银奖": C.SILVER,
    "银牌": C.SILVER, "铜奖": C.BRONZE, "铜牌": C.BRONZE, "特等奖": C.SPECIAL_PRIZE,
    "一等奖": C.FIRST_PRIZE, "一 等 奖": C.FIRST_PRIZE, "１等奖": C.FIRST_PRIZE,
    "职工组一等奖": C.FIRST_PRIZE, "第十届大赛一等奖": C.FIRST_PRIZE, "荣获一等奖": C.FIRST_PRIZE,
    "虚拟现实赛项一等奖": C.FIRST_PRIZE, "二等奖": C.SECOND_PRIZE, "三等奖": C.THIRD_PRIZE,
    "优秀奖": C.EXCELLENCE, "优胜奖": C.EXCELLENCE, "优秀": C.EXCELLENCE,
    "冠軍": C.CHAMPION, "季軍": C.THIRD_PLACE, "金獎": C.GOLD, "銀牌": C.SILVER,
    "銅質獎章": C.BRONZE,
    "團體一等獎": C.FIRST_PRIZE, "特等獎": C.SPECIAL_PRIZE, "優秀獎": C.EXCELLENCE,
    "第一": C.CHAMPION, "第2": C.RUNNER_UP, "1st place": C.CHAMPION, "2nd Prize": C.SECOND_PRIZE,
    "Ⅱ等奖": C.SECOND_PRIZE, "⼀等奖": C.FIRST_PRIZE, "Medallion for Excellence": C.EXCELLENCE,
    # Not in the list, several at once, or not given.
    "优秀组织奖": None, "最佳创意奖": None, "第四名": None, "第十一名": None, "前三名": None,
    "参与奖": None, "黄金": None, "金牌、一等奖": None,
    "全国第四": None, "一等獎（提名）": None, "一等奖(提名)": None, "冠军提名奖": None,
    "未获一等奖": None, "准冠军": None,
}  # fmt: skip
# Whose width and gaps are spelt otherwise where they are stored.
STORED = {"⼀等奖": "一等奖", "第１名": "第1名", "一 等 奖": "一等奖", "１等奖": "1等奖"}
WON = [award for award, kind in CLASSES.items() if kind not in (None, C.EXCELLENCE)]


async def fill(make: RowFactory) -> None:
    people = [f"w{n}" for n in range(len(CLASSES))]
    cited = {"sources": "s"}
    await make(
        sources=[{"key": "s", "title": "报"}],
        organisations=[{"code": "co", "name": "院", "organisation_kind": "VOCATIONAL_COLLEGE"}],
        competitions=[{"code": "c", "name": "赛", "year": 2024}],
        workers=[{"code": code, "name": f"工{code}", "region": "370200"} for code in people],
        enrolments=[
            {"key": code, "college": "co", "trainee": code, "cohort": 2022, **cited}
            for code in people
        ],
        results=[
            {"key": code, "competition": "c", "worker": code, "award": award, **cited}
            for code, award in zip(people, CLASSES, strict=True)
        ],
    )


async def test_the_class_of_every_award(ask_filled: GraphQLTestClient) -> None:
    nodes = (await ask_filled.data("{ results(first: 100) { nodes { award awardClass } } }"))[
        "results"
    ]
    told = {node["award"]: node["awardClass"] for node in nodes["nodes"]}
    assert told == {
        STORED.get(award, award): kind and kind.value for award, kind in CLASSES.items()
    }


async def test_who_won_without_a_rank_has_won(ask_filled: GraphQLTestClient) -> None:
    answer = await ask_filled.data(
        '{ cohort(college: "co", year: 2022) { competed { totalCount } medalled { totalCount } } }'
    )
    assert answer["cohort"] == {
        "competed": {"totalCount": len(CLASSES)},
        "medalled": {"totalCount": len(WON)},
    }


async def test_results_are_filtered_and_grouped_by_class(ask_filled: GraphQLTestClient) -> None:
    answer = await ask_filled.data("""{
      gold: results(filter: {awardClass: GOLD}) { totalCount }
      golden: workers(filter: {results: {awardClass: GOLD}}) { totalCount }
      unknown: results(filter: {isNull: [AWARD_CLASS]}) { totalCount }
      region(code: "370200") { results { groups(by: [AWARD_CLASS]) {
        nodes { count keys { dimension code label } } } } } }""")
    number = {kind: [*CLASSES.values()].count(kind) for kind in (None, *C)}
    assert answer["gold"] == answer["golden"] == {"totalCount": number[C.GOLD]}
    assert answer["unknown"] == {"totalCount": number[None]}
    groups = answer["region"]["results"]["groups"]["nodes"]
    told = {tuple(one["keys"][0].values()): one["count"] for one in groups}
    assert told == {
        ("AWARD_CLASS", kind and kind.value, kind.label if kind else "未注明或未公开"): count
        for kind, count in number.items()
    }


@pytest.mark.parametrize(("rank", "award", "won"), [
    (5, "优胜奖", 0), (5, "三等奖", 0), (5, "铜牌", 1),
    (3, "", 1), (4, "", 0), (1, "优秀组织奖", 1),
])  # fmt: skip
async def test_a_rank_or_an_award_tells_who_won(
    make: RowFactory, ask: GraphQLTestClient, rank: int, award: str, won: int
) -> None:
    await make(
        sources=[{"key": "s", "title": "报"}],
        organisations=[{"code": "co", "name": "院", "organisation_kind": "VOCATIONAL_COLLEGE"}],
        competitions=[{"code": "c", "name": "赛", "held_on": "2024-05"}],
        workers=[{"code": "w", "name": "工"}],
        enrolments=[{"key": "e", "college": "co", "trainee": "w", "cohort": 2022, "sources": "s"}],
        results=[{"key": "r", "competition": "c", "worker": "w", "rank": rank, "award": award,
                  "sources": "s"}],
    )  # fmt: skip
    answer = await ask.data('{ cohort(college: "co", year: 2022) { medalled { totalCount } } }')
    assert answer["cohort"] == {"medalled": {"totalCount": won}}


async def test_a_class_follows_a_corrected_award(make: RowFactory, ask: GraphQLTestClient) -> None:
    async def told(**cells: Any) -> Any:
        await make(
            results=[{"key": "r", "competition": "c", "worker": "w", "sources": "s"} | cells]
        )
        return (await ask.data("{ results { nodes { awardClass } } }"))["results"]["nodes"]

    await make(
        sources=[{"key": "s", "title": "报"}],
        competitions=[{"code": "c", "name": "赛"}],
        workers=[{"code": "w", "name": "工"}],
    )
    assert await told(award="金奖") == [{"awardClass": "GOLD"}]
    assert await told(rank=2) == [{"awardClass": "GOLD"}]
    assert await told(award="二等奖") == [{"awardClass": "SECOND_PRIZE"}]
    assert await told(award="") == [{"awardClass": None}]
