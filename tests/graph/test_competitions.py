"""Results with ties, what followed from them, and the rules that pay them."""

from tests.support.graph import GraphQLTestClient, RowFactory


async def test_ties_share_a_rank_and_lead_to_what_followed(
    ask: GraphQLTestClient, make: RowFactory
) -> None:
    cited = {"sources": "s"}
    await make(
        sources=[{"key": "s", "title": "t"}],
        workers=[{"code": f"w{n}", "name": f"工{n}"} for n in range(4)],
        competition_series=[{"code": "series", "name": "赛"}],
        competitions=[{"code": "c", "name": "赛", "series": "series"}],
        results=[
            {"key": f"r{n}", "competition": "c", "worker": f"w{n}", "rank": rank, **cited}
            for n, rank in enumerate((1, 3, 1, ""))
        ],
        honours=[{"code": "h", "name": "荣"}],
        conferrals=[{"key": "cf", "honour": "h", "worker": "w2", "based_on": "r2", **cited}],
        qualifications=[
            {"key": "q", "worker": "w2", "grade": "SENIOR", "based_on": "r2", **cited}
        ],
        prize_rules=[
            {"key": "p2", "series": "series", "rank_from": 2, "rank_to": 3, "amount_value": 10,
             "amount_unit": "yuan", "amount_qualifier": "AT_MOST", **cited},
            {"key": "p1", "series": "series", "rank_from": 1, "rank_to": 1, "amount_value": 50,
             "amount_unit": "yuan", "amount_qualifier": "EXACT", **cited},
        ],
    )  # fmt: skip
    query = """{ competition(code: "c") {
      results { nodes { rank recipient { code } consequences { __typename
        ... on Conferral { basedOn { __typename ... on Result { rank } } }
        ... on Qualification { grade } } } groups(by: [RANK]) { nodes { count keys { code } } } }
      prizeRules { rankFrom rankTo amount { value unit qualifier } } } }"""
    assert (await ask.data(query))["competition"] == {
        "results": {
            "nodes": [
                {"rank": 1, "recipient": {"code": "w0"}, "consequences": []},
                {"rank": 1, "recipient": {"code": "w2"}, "consequences": [
                    {"__typename": "Conferral", "basedOn": {"__typename": "Result", "rank": 1}},
                    {"__typename": "Qualification", "grade": "SENIOR"},
                ]},
                {"rank": 3, "recipient": {"code": "w1"}, "consequences": []},
                {"rank": None, "recipient": {"code": "w3"}, "consequences": []},
            ],
            "groups": {"nodes": [
                {"count": 2, "keys": [{"code": "1"}]},
                {"count": 1, "keys": [{"code": "3"}]},
                {"count": 1, "keys": [{"code": None}]},
            ]},
        },
        "prizeRules": [
            {"rankFrom": 1, "rankTo": 1,
             "amount": {"value": 50.0, "unit": "yuan", "qualifier": "EXACT"}},
            {"rankFrom": 2, "rankTo": 3,
             "amount": {"value": 10.0, "unit": "yuan", "qualifier": "AT_MOST"}},
        ],
    }  # fmt: skip


async def test_rungs_rise_and_two_titles_may_share_one(
    ask: GraphQLTestClient, make: RowFactory
) -> None:
    await make(
        honours=[{"code": f"h{n}", "name": f"荣{n}"} for n in range(3)],
        ladders=[{"code": "l", "name": "梯"}],
        rungs=[
            {"key": f"r{n}", "ladder": "l", "rank": rank, "name": f"级{n}", "honour": f"h{n}"}
            for n, rank in enumerate((2, 1, 1))
        ],
    )
    query = (
        """{ ladder(code: "l") { rungs { rank honour { code rung { rank ladder { code } } } } } }"""
    )
    assert (await ask.data(query))["ladder"]["rungs"] == [
        {"rank": rank, "honour": {"code": code, "rung": {"rank": rank, "ladder": {"code": "l"}}}}
        for rank, code in ((1, "h1"), (1, "h2"), (2, "h0"))
    ]
