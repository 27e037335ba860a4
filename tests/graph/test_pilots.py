"""Pilots: which region or organisation tries a reform before others follow."""

import pytest

from kit.errors import ImportRejected
from tests.support.graph import GraphQLTestClient, RowFactory, row_counts

PILOTS = [
    {"code": "whole", "name": "全面试点", "pilot_kind": "REFORM", "region": "370200",
     "started": "2022"},
    {"code": "firm", "name": "试点企业", "pilot_kind": "LADDER", "region": "370783",
     "organisation": "o", "started": "2023-05", "ended": "2024"},
]  # fmt: skip


@pytest.fixture
async def known(make: RowFactory) -> None:
    firm = {"code": "o", "name": "厂", "organisation_kind": "ENTERPRISE", "region": "370783"}
    await make(organisations=[firm], pilots=PILOTS)


@pytest.mark.usefixtures("known")
async def test_pilots_are_found_by_region_organisation_and_date(ask: GraphQLTestClient) -> None:
    question = """{
      pilots(orderBy: [{field: STARTED}]) { totalCount nodes { code } }
      pilot(code: "firm") { pilotKind started ended region { code } organisation { code } }
      region(code: "370700") { pilots { nodes { code } } }
      organisation(code: "o") { pilots { nodes { code } } }
      since: pilots(filter: {started: "2022"}) { nodes { code organisation { code } } }
    }"""
    assert await ask.data(question) == {
        "pilots": {"totalCount": 2, "nodes": [{"code": "whole"}, {"code": "firm"}]},
        "pilot": {
            "pilotKind": "LADDER",
            "started": "2023-05",
            "ended": "2024",
            "region": {"code": "370783"},
            "organisation": {"code": "o"},
        },
        "region": {"pilots": {"nodes": [{"code": "firm"}]}},
        "organisation": {"pilots": {"nodes": [{"code": "firm"}]}},
        "since": {"nodes": [{"code": "whole", "organisation": None}]},
    }


@pytest.mark.usefixtures("known")
async def test_a_pilot_does_not_end_before_it_starts(
    make: RowFactory, ask: GraphQLTestClient
) -> None:
    before = await row_counts(ask.engine)
    wrong = {"code": "x", "name": "倒", "pilot_kind": "OTHER", "started": "2024", "ended": "2023"}
    with pytest.raises(ImportRejected) as refused:
        await make(pilots=[wrong])
    assert [(one.column, one.reason) for one in refused.value.problems] == [
        ("ended", "is 2023: that comes before `started`, 2024.")
    ]
    assert await row_counts(ask.engine) == before
