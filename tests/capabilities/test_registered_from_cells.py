"""Registered counts are read from summaries, if they match."""

import re
from datetime import date
from typing import Any

import pytest

from engine.queries import QueryBuilder
from engine.sql.predicate import ViewerContext
from models.region import Region
from resolvers.core.access import OPERATOR, PUBLIC, Viewer
from resolvers.core.declare import REGISTRY
from resolvers.rollup.metric_counts import metric_counts_query
from resolvers.rollup.metric_definitions import MetricRequest
from tests.support.graph import GraphQLTestClient, RowFactory

CITY = "370200"
TODAY = date(2026, 11, 21)
# Of a city: by grade, by employer, by kind, and what is only counted.
METRICS = (
    "skilled_staff", "high_skilled_staff", "high_skilled_share", "industrial_workers",
    "worker_innovations", "innovation_conversion_value", "competitions_held",
    "innovation_studios", "innovation_studios_city_and_above",
)  # fmt: skip
FACTS = re.compile(r"FROM (worker|outcome|competition|studio|employment|qualification) ")


def question(metric: str) -> MetricRequest:
    return MetricRequest(metric, REGISTRY[Region], CITY, None)


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
@pytest.mark.parametrize("viewer", [PUBLIC, OPERATOR])
def test_no_fact_is_read(viewer: Viewer, dialect: str) -> None:
    write = QueryBuilder(ViewerContext(viewer, TODAY), dialect)
    said = str(metric_counts_query(write, [(question(metric), CITY) for metric in METRICS]))
    assert FACTS.findall(said) == []
    # So that it can fail: what no summary holds is counted from the rows.
    other = str(metric_counts_query(write, [(question("self_evaluation_workers_covered"), CITY)]))
    assert "worker" in FACTS.findall(other)


async def test_cells_tell_what_the_rows_do(ask: GraphQLTestClient, make: RowFactory) -> None:
    """Count before and after a change of the employer, and of the employer's kind."""
    cited = {"sources": "s"}
    await make(
        sources=[{"key": "s", "title": "t"}],
        organisations=[
            {"code": code, "name": "单位", "organisation_kind": kind, "region": CITY}
            for code, kind in (("e", "ENTERPRISE"), ("f", "ENTERPRISE"), ("g", "GOVERNMENT"))
        ],
        workers=[
            {"code": f"w{n}", "name": "工", "region": CITY,
             "audience": "PUBLIC" if n < 4 else "OWNER"}
            for n in range(5)
        ],
        employments=[
            {"key": f"m{n}", "worker": f"w{n}", "organisation": code, "ended": None,
             "audience": "PUBLIC" if n < 3 else "OWNER", **cited}
            for n, code in enumerate(("e", "e", "f", "f", "g"))
        ],
        results=[{"key": f"r{n}", "competition": "c", "worker": f"w{n}", **cited}
                 for n in range(4)],
        competitions=[{"code": "c", "name": "赛"}],
        figures=[
            {"key": "f", "metric": "industrial_workers", "label": "数", "quantity_value": 9,
             "quantity_unit": "person", "quantity_qualifier": "EXACT", "region": CITY, **cited}
        ],
    )  # fmt: skip

    async def counted(viewer: Viewer) -> Any:
        query = """{ figures { nodes { registered { value } } }
          rows: workers(filter: {employer: {organisationKind: ENTERPRISE}}) { totalCount } }"""
        found = (await ask(query, viewer=viewer)).data
        [one] = found["figures"]["nodes"]
        assert (one["registered"] or {"value": 0})["value"] == found["rows"]["totalCount"]
        return found["rows"]["totalCount"]

    assert (await counted(PUBLIC), await counted(OPERATOR)) == (3, 4)
    await make(organisations=[{"code": "f", "organisation_kind": "SCHOOL"}])
    assert (await counted(PUBLIC), await counted(OPERATOR)) == (2, 2)
    await make(employments=[{"key": "m0", "ended": "2020"}])
    assert (await counted(PUBLIC), await counted(OPERATOR)) == (1, 1)
    await make(workers=[{"code": "w1", "audience": "OWNER"}])
    assert (await counted(PUBLIC), await counted(OPERATOR)) == (0, 1)
