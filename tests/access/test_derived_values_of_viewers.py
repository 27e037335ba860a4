"""A grade follows from what the asker sees, in cohorts, promotions, roll-ups and reports too.

What isn't stated and what isn't shown is one group, under one word: told apart, it would say who
has a certificate that the asker may not see.
"""

from typing import Any

import pytest

from kit.i18n import Language
from models.partner import Role
from reports.service import produce_report, read_report_request
from resolvers.core.access import OPERATOR, Viewer, partner_viewer
from resolvers.core.context import Context
from tests.support.graph import TODAY, GraphQLTestClient, RowFactory

CITY = "370200"
COLLEGE = partner_viewer(Role.COLLEGE, "c")
UNION = partner_viewer(Role.UNION, "u", CITY)
UNKNOWN = ("Not stated or not public", "未注明或未公开")


@pytest.fixture
async def trainees(make: RowFactory) -> None:
    """Enter w0 with a certificate that its college sees and a higher hidden one.

    w1 has a hidden one, w2 none.
    """
    ours = {"audience": "OWNER", "owner": "c", "sources": "s"}
    theirs = {**ours, "audience": "PROTECTED", "owner": "e"}
    await make(
        sources=[{"key": "s", "title": "t"}],
        organisations=[
            {"code": code, "name": name, "organisation_kind": kind, "region": CITY}
            for code, name, kind in (
                ("c", "职业技术学院", "VOCATIONAL_COLLEGE"), ("e", "厂", "ENTERPRISE"),
                ("u", "会", "UNION"),
            )
        ],
        workers=[
            {"code": f"w{n}", "name": "工", "region": CITY, "audience": "OWNER", "owner": "c"}
            for n in range(3)
        ],
        enrolments=[
            {"key": f"n{n}", "trainee": f"w{n}", "college": "c", "cohort": 2022, "started": "2022",
             **ours}
            for n in range(3)
        ],
        qualifications=[
            {"key": "q0", "worker": "w0", "grade": "JUNIOR", **ours},
            {"key": "q1", "worker": "w0", "grade": "SENIOR", **theirs},
            {"key": "q2", "worker": "w1", "grade": "TECHNICIAN", **theirs},
        ],
        competitions=[{"code": "x", "name": "赛", "year": 2024, "region": CITY}],
        results=[
            {"key": f"r{n}", "competition": "x", "worker": f"w{n}", "rank": n + 1, **ours}
            for n in range(3)
        ],
    )  # fmt: skip


QUERY = """{
  cohort(college: "c", year: 2022) {
    enrolled { groups(by: [GRADE]) { nodes { count keys { code label labelEn } } } }
    certificates { groups(by: [GRADE]) { nodes { count keys { code } } } }
  }
  promotable(college: "c", competition: "x") { placings { nodes { held } } }
}"""
SEEN: list[tuple[Viewer, dict[str | None, int], list[str | None]]] = [
    (COLLEGE, {"JUNIOR": 1, None: 2}, ["JUNIOR", None, None]),
    (OPERATOR, {"SENIOR": 1, "TECHNICIAN": 1, None: 1}, ["SENIOR", "TECHNICIAN", None]),
]


@pytest.mark.parametrize(("viewer", "grades", "held"), SEEN)
async def test_a_cohort_and_its_promotions_say_what_the_viewer_sees(
    trainees: None,
    ask: GraphQLTestClient,
    viewer: Viewer,
    grades: dict[str | None, int],
    held: list[str | None],
) -> None:
    answer = await ask(QUERY, viewer=viewer)
    assert answer.errors == []
    groups = answer.data["cohort"]["enrolled"]["groups"]["nodes"]
    assert {one["keys"][0]["code"]: one["count"] for one in groups} == grades
    [unknown] = [one["keys"][0] for one in groups if one["keys"][0]["code"] is None]
    assert (unknown["labelEn"], unknown["label"]) == UNKNOWN
    found = answer.data["promotable"]["placings"]["nodes"]
    assert [one["held"] for one in found] == held
    certificates = answer.data["cohort"]["certificates"]["groups"]["nodes"]
    assert len(certificates) == (1 if viewer is COLLEGE else 3)


async def test_a_roll_up_of_a_union_puts_what_is_hidden_to_what_is_not_stated(
    trainees: None, ask: GraphQLTestClient
) -> None:
    query = f"""{{ rollup(root: "{CITY}", measures: [WORKERS], by: [GRADE], depth: 0) {{ rows {{
      cells {{ keys {{ code label labelEn }} values {{ quantity {{ value }} }} }} }} }} }}"""
    answer = await ask(query, viewer=UNION)
    cells = answer.data["rollup"]["rows"][0]["cells"]
    found = {one["keys"][0]["code"]: one["values"][0]["quantity"]["value"] for one in cells}
    assert found == {"JUNIOR": 1.0, None: 2.0}
    assert {(one["keys"][0]["labelEn"], one["keys"][0]["label"]) for one in cells} == {
        UNKNOWN, ("Junior", "初级工"),
    }  # fmt: skip


@pytest.mark.parametrize("language", Language)
async def test_reports_say_it_in_one_word_of_their_language(
    trainees: None, ask: GraphQLTestClient, language: Language
) -> None:
    def said(viewer: Viewer, name: str, **asked: str) -> Any:
        wanted = read_report_request(name, "csv", asked, language)
        assert wanted is not None
        return produce_report(
            ask.engine,
            wanted,
            viewer,
            TODAY,
            lambda: Context.of(ask.engine, viewer, TODAY, language=language),
        )

    of = {"root": CITY, "measures": "WORKERS", "by": "GRADE", "depth": "0"}
    kept = await said(UNION, "rollup", **of)
    lines = [line.split(",") for line in kept.content.decode("utf-8-sig").splitlines()]
    word = UNKNOWN[language is Language.CHINESE]
    [unknown] = [line for line in lines if word in line]
    chinese = language is Language.CHINESE
    assert unknown[4:9] == (
        ["职工", "技能等级", "", word, "2"] if chinese else ["Workers", "Grade", "", word, "2"]
    )
    kept = await said(COLLEGE, "cohort", college="c", year="2022")
    lines = [line.split(",") for line in kept.content.decode("utf-8-sig").splitlines()]
    grades = {line[0]: line[1:] for line in lines if line[0] in {"JUNIOR", "SENIOR", "TECHNICIAN"}}
    assert grades == {"JUNIOR": ["初级工" if chinese else "Junior", "1"]}
