"""Reports over HTTP and from the command line: stored, immutable, for one viewer only."""

import asyncio
import csv
import hashlib
import re
from base64 import b64decode
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert, select, text
from sqlalchemy.ext.asyncio import AsyncEngine

import cli
from kit.db.engine import open_engine, read_transaction, write_transaction
from kit.errors import LimitExceeded
from kit.text.extraction import extract_text
from models.partner import Role, Scope
from reports.definitions import REPORTS
from reports.formats import FORMULA_PREFIXES, write_csv, write_workbook
from reports.workbook import ReportWorkbook
from resolvers.core.access import OPERATOR, PUBLIC, partner_viewer
from resolvers.core.context import today_in_china
from resolvers.personal.erasure import erase_person
from resolvers.report import (
    MAX_REPORTS_PER_OWNER,
    ReportKey,
    find_report,
    parse_version,
    pin_report,
    store_report,
    verify_reports,
)
from resolvers.report import REPORTS as STORED
from tests.support.commands import execute_sql, table_row_counts
from tests.support.graph import RowFactory, run_async
from tests.support.over_http import refusal_message, serve
from tests.support.partners import assert_unauthenticated

COHORT = "/reports/cohort.{}?college=demo_college&year=2022"
ROLLUP = "/reports/rollup.csv?root=demo_province_north&measures=ENROLMENTS&by=GRADE"
OF_COHORT = [
    ["Steps"],
    ["Step", "Step (Chinese)", "Number"],
    ["Enrolled", "入学", "66"],
    ["Completed or graduated", "毕业、结业", "60"],
    ["Competed", "参赛", "14"],
    ["Medalled", "获奖", "6"],
    ["Certified", "持证", "52"],
    ["Employed", "就业", "51"],
    ["Median months to the first job", "初次就业月数中位数", "2.0"],
    ["People measured for it", "可计算人数", "51"],
    ["People with a job of unknown month", "月份不详人数", "0"],
    [],
    ["Enrolments"],
    ["Status (code)", "Status", "Number"],
    ["GRADUATED", "Graduated", "56"],
    ["COMPLETED", "Completed", "4"],
    ["WITHDRAWN", "Withdrawn", "3"],
    ["TRANSFERRED", "Transferred", "2"],
    ["EXPELLED", "Expelled", "1"],
    [],
    ["Certificates"],
    ["Grade (code)", "Grade", "Number"],
    ["INTERMEDIATE", "Intermediate", "41"],
    ["JUNIOR", "Junior", "33"],
    ["SENIOR", "Senior", "23"],
    ["TECHNICIAN", "Technician", "1"],
]


async def get(
    client: httpx.AsyncClient, address: str, key: str | None = None, **more: str
) -> httpx.Response:
    headers = {"Accept-Language": "en", **more}
    if key:
        headers["Authorization"] = f"Bearer {key}"
    return await client.get(address, headers=headers)


def lines(response: httpx.Response) -> list[list[str]]:
    assert response.status_code == 200, response.text
    assert response.content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(StringIO(response.content.decode("utf-8-sig"))))


async def test_a_college_gets_its_cohort_and_the_same_bytes_again(
    own_examples_url: str, own_partner_keys: dict[str, str]
) -> None:
    async with serve(own_examples_url, None) as client:
        first = await get(client, COHORT.format("csv"), own_partner_keys["demo_college"])
        said = lines(first)
        assert said[0] == ["Cohort of 2022: 示例职业技术学院"]
        about = dict(said[1:6])
        version = about["Data version"]
        assert about == {
            "Filter": "the college's code = demo_college; the year of entry = 2022",
            "Made for": "示例职业技术学院 (demo_college)",
            "Made at": about["Made at"],
            "Data version": version,
            "Sources": "示范数据：本资料为虚构，所有地区、单位、人员、赛事与数字均不存在"
            " (示例职业技术学院)",
        }
        made = datetime.fromisoformat(about["Made at"])
        assert abs((datetime.now(UTC) - made).total_seconds()) < 600
        assert re.fullmatch(f"{today_in_china():%Y%m%d}.[0-9a-f]{{16}}", version)
        assert said[7 : 7 + len(OF_COHORT)] == OF_COHORT

        digest = hashlib.sha256(first.content).hexdigest()
        head = first.headers
        assert head["ETag"] == f'"{digest}"'
        assert b64decode(head["Repr-Digest"][9:-1]).hex() == digest
        assert (head["Cache-Control"], head["X-Content-Type-Options"]) == ("no-store", "nosniff")
        assert head["Content-Type"] == "text/csv; charset=utf-8"
        stem = f"cohort-demo-college-2022-{version}.csv"
        assert head["Content-Disposition"] == (
            f"attachment; filename=\"{stem}\"; filename*=UTF-8''%E5%8C%A0%E8%B0%B1-{stem}"
        )
        again = await get(client, head["Content-Location"], own_partner_keys["demo_college"])
        assert (again.status_code, again.content) == (200, first.content)
        seen = await get(
            client,
            COHORT.format("csv"),
            own_partner_keys["demo_college"],
            **{"If-None-Match": head["ETag"]},
        )
        assert (seen.status_code, seen.content) == (304, b"")
        bearer = {
            "Authorization": f"Bearer {own_partner_keys['demo_college']}",
            "Accept-Language": "en",
        }
        only = await client.head(COHORT.format("csv"), headers=bearer)
        assert (only.status_code, only.content) == (200, b"")
        assert only.headers["ETag"] == head["ETag"]
        assert int(only.headers["Content-Length"]) == len(first.content)

        book = await get(client, COHORT.format("xlsx"), own_partner_keys["demo_college"])
        with ZipFile(BytesIO(book.content)) as archive:
            assert archive.testzip() is None
        assert {"入学", "Intermediate", version, "66"} <= set(
            extract_text(book.content).split("\n")
        )
        chinese = await get(
            client,
            COHORT.format("csv"),
            own_partner_keys["demo_college"],
            **{"Accept-Language": "zh-CN"},
        )
        assert lines(chinese)[0] == ["示例职业技术学院2022级去向"]
    assert (await table_row_counts(own_examples_url))["report"] == 3


async def test_another_answer_makes_another_version_and_the_old_one_is_served_as_it_was(
    own_examples_url: str, own_partner_keys: dict[str, str]
) -> None:
    key = own_partner_keys["demo_college"]
    async with serve(own_examples_url, None) as client:
        first = await get(client, COHORT.format("csv"), key)
        old = first.headers["Content-Location"]
        engine = open_engine(own_examples_url)
        make = RowFactory(engine)
        enrolment = {"key": "another", "trainee": "demo_trainee_2023_001", "sources": "another"}
        await make(
            sources=[{"key": "another", "title": "又一来源", "asserted_by": "demo_college"}],
            enrolments=[{**enrolment, "college": "demo_college", "cohort": "2022"}],
        )
        await engine.dispose()
        second = await get(client, COHORT.format("csv"), key)
        assert lines(second)[7 : 7 + 3] != OF_COHORT[:3]
        assert second.headers["Content-Location"] != old
        assert (await get(client, old, key)).content == first.content
        never = old.replace("version=2", "version=3")
        refusal_message(await get(client, never, key), 404, "NOT_FOUND")
        for other in ("demo_union_a", "demo_union_b", "demo_steward"):
            refusal_message(await get(client, old, own_partner_keys[other]), 404, "NOT_FOUND")


async def test_what_the_viewer_may_not_see_makes_no_other_version(
    own_examples_url: str, own_partner_keys: dict[str, str]
) -> None:
    """The response has the same bytes and headers as the first one."""
    key, address = own_partner_keys["demo_college"], COHORT.format("csv")
    async with serve(own_examples_url, None) as client:
        first = await get(client, address, key)
        engine = open_engine(own_examples_url)
        for name in ("又一来源", "另一来源"):
            await RowFactory(engine)(
                workers=[{"code": f"hidden_{n}", "name": name} for n in range(7)],
                sources=[{"key": "another", "title": name, "audience": "OWNER"}],
            )
        await engine.dispose()
        again = await get(client, address, key)
        assert again.content == first.content
        assert telling(again) == telling(first)
        assert (await get(client, first.headers["Content-Location"], key)).content == first.content
    assert (await table_row_counts(own_examples_url))["report"] == 1


def telling(response: httpx.Response) -> dict[str, str]:
    """But when it was, and what is left of the rate."""
    return {
        name: value
        for name, value in response.headers.items()
        if name != "date" and not name.startswith("ratelimit")
    }


async def test_an_address_that_was_told_in_the_old_way_is_served_still(
    own_examples_url: str, own_partner_keys: dict[str, str]
) -> None:
    """Versions once began with a number of the registry's: files and papers name them."""
    engine, whose = open_engine(own_examples_url), VIEWERS["college"]
    old, wanted = "1234.20260131", ReportKey("cohort", "csv", QUESTION)
    await store_report(engine, wanted, whose, old, datetime.now(UTC), b"as it was")
    await engine.dispose()
    address = f"{COHORT.format('csv')}&version={old}"
    async with serve(own_examples_url, None) as client:
        assert (
            await get(client, address, own_partner_keys["demo_college"])
        ).content == b"as it was"
        refusal_message(
            await get(client, address, own_partner_keys["demo_union_a"]), 404, "NOT_FOUND"
        )
        other = address.replace("1234", "1235")
        refusal_message(
            await get(client, other, own_partner_keys["demo_college"]), 404, "NOT_FOUND"
        )


async def test_others_cohorts_are_reports_that_dont_exist(
    own_examples_url: str, own_partner_keys: dict[str, str]
) -> None:
    partner = "demo_alliance_axle"
    async with serve(own_examples_url, None) as client:
        hidden = await get(client, COHORT.format("csv"), own_partner_keys[partner])
        none = await get(
            client, "/reports/cohort.csv?college=no&year=2022", own_partner_keys[partner]
        )
        assert refusal_message(hidden, 404, "NOT_FOUND") == refusal_message(none, 404, "NOT_FOUND")
        refusal_message(
            await get(client, "/reports/other.csv", own_partner_keys[partner]), 404, "NOT_FOUND"
        )
        refusal_message(
            await get(client, "/reports/cohort.pdf", own_partner_keys[partner]), 404, "NOT_FOUND"
        )
    assert (await table_row_counts(own_examples_url))["report"] == 0


async def test_a_union_that_may_list_its_region_gets_its_roll_up_exact(
    own_examples_url: str, own_partner_keys: dict[str, str]
) -> None:
    async with serve(own_examples_url, None) as client:
        said = lines(await get(client, ROLLUP, own_partner_keys["demo_union_a"]))
        table = said[said.index(["Roll-up"]) + 2 :]
        assert table[0][:2] == ["demo_province_north", "示例北省"]
        assert all(int(row[8]) >= 0 and row[11] == "True" for row in table)
        refusal_message(
            await get(client, ROLLUP, own_partner_keys["demo_college"]), 403, "FORBIDDEN"
        )
        assert refusal_message(
            await get(client, ROLLUP, own_partner_keys["demo_union_b"]), 400, "BAD_USER_INPUT"
        )


@pytest.mark.parametrize(
    "address",
    [
        "/reports/cohort.csv?college=demo_college",
        "/reports/cohort.csv?college=demo_college&year=x",
        "/reports/cohort.csv?college=demo_college&year=-1",
        "/reports/cohort.csv?college=demo_college&year=99999999999",
        "/reports/cohort.csv?college=demo_college&year=3000",
        "/reports/cohort.csv?college=demo_college&year=2022&year=2022",
        "/reports/cohort.csv?college=demo_college&year=2022&more=1",
        "/reports/cohort.csv?college=demo_college&year=2022&version=1",
        "/reports/cohort.csv?college=demo_college&year=2022&version=1.20261350",
        "/reports/cohort.csv?college=demo_college&year=2022&version=20261350.0123456789abcdef",
        "/reports/cohort.csv?college=demo_college&year=2022&version=20261130.0123456789ABCDEF",
        f"/reports/cohort.csv?college={'a' * 300}&year=2022",
        f"/reports/cohort.csv?college={'a' * 5000}&year=2022",
        "/reports/rollup.csv?root=demo_province_east&measures=NOTHING",
        "/reports/rollup.csv?root=demo_province_east&measures=WORKERS&by=NOTHING",
        "/reports/rollup.csv?root=nowhere&measures=WORKERS",
        "/reports/rollup.csv?root=demo_province_east&measures=WORKERS&depth=9",
    ],
)
async def test_what_cant_be_asked_is_told_in_both_languages_and_stores_nothing(
    own_examples_url: str, address: str
) -> None:
    async with serve(own_examples_url, OPERATOR) as client:
        english = await get(client, address)
        code = english.json()["errors"][0]["extensions"]["code"]
        assert code in {"BAD_USER_INPUT", "LIMIT_EXCEEDED"}
        said = refusal_message(english, 400, code)
        chinese = await get(client, address, **{"Accept-Language": "zh-CN"})
        assert refusal_message(chinese, 400, code) != said
        assert chinese.headers["Content-Language"] == "zh-CN"
    assert (await table_row_counts(own_examples_url))["report"] == 0


async def test_reports_are_for_partners(own_examples_url: str) -> None:
    limited = replace(partner_viewer(Role.UNION, "demo_union_a", "demo_province_north"),
                      scopes=frozenset({Scope.READ_PUBLIC, Scope.AGGREGATE_REGION}))  # fmt: skip
    async with serve(own_examples_url, None) as client:
        assert_unauthenticated(await get(client, COHORT.format("csv")))
        assert_unauthenticated(await get(client, COHORT.format("csv"), "jp_false"))
        wrong = await client.post(COHORT.format("csv"))
        refusal_message(wrong, 405, "BAD_USER_INPUT")
    async with serve(own_examples_url, limited) as client:
        refusal_message(await get(client, ROLLUP), 403, "FORBIDDEN")
    assert (await table_row_counts(own_examples_url))["report"] == 0


async def test_rows_spent_are_limited_as_for_questions(
    own_examples_url: str, own_partner_keys: dict[str, str]
) -> None:
    async with serve(own_examples_url, None, points_per_minute=10) as client:
        for _ in range(3):
            response = await get(client, COHORT.format("csv"), own_partner_keys["demo_college"])
        refusal_message(response, 429, "RATE_LIMITED")


TODAY = today_in_china()
VERSION = parse_version(f"{TODAY:%Y%m%d}.0123456789abcdef")
QUESTION = '{"college": "demo_college", "language": "en", "year": 2022}'
ASKED = ReportKey("cohort", "csv", "{}")
VIEWERS = {
    "college": partner_viewer(Role.COLLEGE, "demo_college"),
    "north": partner_viewer(Role.COLLEGE, "demo_college_north"),
    "union": partner_viewer(Role.UNION, "demo_college", "demo_province_east"),
    "elsewhere": partner_viewer(Role.UNION, "demo_college", "demo_province_north"),
    "alliance": partner_viewer(Role.ALLIANCE, "demo_college"),
    "steward": OPERATOR,
    "public": PUBLIC,
}


@pytest.mark.parametrize("owner", ["college", "union", "alliance"])
async def test_both_walls_hold_a_report_back_from_all_but_whom_it_was_made_for(
    engine: AsyncEngine, owner: str
) -> None:
    """The second wall alone hides them too: each viewer selects every row."""
    version, whose = VERSION, VIEWERS[owner]
    made = await store_report(engine, ASKED, whose, version, datetime.now(UTC), b"first")
    second = await store_report(engine, ASKED, whose, version, datetime.now(UTC), b"second")
    assert made.content == second.content == b"first"
    for name, viewer in VIEWERS.items():
        kept = await find_report(engine, ASKED, viewer, version)
        assert (kept is not None) is (name == owner)
        if engine.dialect.name == "postgresql":
            async with read_transaction(engine, viewer.wall) as connection:
                seen = (await connection.execute(text("SELECT id FROM report"))).all()
            assert len(seen) == (name in (owner, "steward")), name


async def versions_of(engine: AsyncEngine) -> list[str]:
    async with read_transaction(engine) as connection:
        return list(await connection.scalars(select(STORED.c.version).order_by(STORED.c.version)))


def on(day: int, said: int) -> str:
    return f"{TODAY - timedelta(days=400 - day):%Y%m%d}.{said:016x}"


async def test_a_year_of_refreshing_fills_nothing(engine: AsyncEngine) -> None:
    """Every half hour of some days, then once a day what says something else each time."""
    college, at = VIEWERS["college"], datetime.now(UTC) - timedelta(days=500)
    for number in range(48):
        again = await store_report(engine, ASKED, college, on(number // 24, 7), at, b"%d" % number)
        assert (again.version, again.content) == (on(0, 7), b"0")
    assert await versions_of(engine) == [on(0, 7)]
    kept = await pin_report(engine, ASKED, college, on(0, 7))
    assert kept is not None
    assert kept.is_kept
    for day in range(1, 30):
        await store_report(
            engine, ASKED, college, on(day, day), at + timedelta(days=day), b"new", 5
        )
    assert await versions_of(engine) == [on(0, 7), *(on(day, day) for day in range(25, 30))]
    assert await pin_report(engine, ASKED, college, on(1, 1)) is None  # it has gone
    # Others' go by themselves.
    await store_report(engine, ASKED, VIEWERS["north"], on(1, 1), at, b"theirs", 5)
    assert len(await versions_of(engine)) == 7


async def test_the_oldest_go_and_nobody_is_refused_a_new_one(engine: AsyncEngine) -> None:
    college, at = VIEWERS["college"], datetime.now(UTC)
    row = {"name": "cohort", "form": "csv", "question": "", "version": on(1, 1), "wall": "",
           "owner_id": "demo_college", "digest": "", "content": ""}  # fmt: skip
    full = [
        {**row, "id": f"{word}{n}", "asked": f"{word}{n}", "kept_at": kept_at,
         "made_at": at - timedelta(days=1 + n)}
        for word, kept_at in (("kept", at), ("other", None))
        for n in range(MAX_REPORTS_PER_OWNER)
    ]  # fmt: skip
    async with write_transaction(engine) as connection:
        await connection.execute(insert(STORED), full)
    await store_report(engine, ASKED, college, VERSION, at, b"new")
    async with read_transaction(engine) as connection:
        gone = {one["id"] for one in full} - set(await connection.scalars(select(STORED.c.id)))
    assert gone == {f"other{MAX_REPORTS_PER_OWNER - 1}"}
    with pytest.raises(LimitExceeded, match="1000 reports are kept"):
        await pin_report(engine, ASKED, college, VERSION)
    assert await find_report(engine, ASKED, college, VERSION) is not None


async def test_what_was_asked_to_be_kept_stays(
    own_examples_url: str, own_partner_keys: dict[str, str]
) -> None:
    key, address = own_partner_keys["demo_college"], COHORT.format("csv")
    async with serve(own_examples_url, None, keep_reports=1) as client:
        first = await get(client, f"{address}&keep=true", key)
        engine = open_engine(own_examples_url)
        addresses = []
        for n in range(3):
            await RowFactory(engine)(
                sources=[{"key": f"another{n}", "title": "来源", "asserted_by": "demo_college"}],
                enrolments=[
                    {"key": f"another{n}", "trainee": f"demo_trainee_2022_00{n + 1}",
                     "college": "demo_college", "cohort": "2022", "audience": "OWNER",
                     "owner": "demo_college", "sources": f"another{n}", "started": f"20{n + 30}",
                     "ended": f"20{n + 31}"}
                ],
            )  # fmt: skip
            addresses.append((await get(client, address, key)).headers["Content-Location"])
        await engine.dispose()
        assert len({first.headers["Content-Location"], *addresses}) == 4
        kept = await get(client, first.headers["Content-Location"], key)
        assert kept.content == first.content
        assert [(await get(client, one, key)).status_code for one in addresses] == [404, 404, 200]
        refusal_message(await get(client, f"{address}&keep=yes", key), 400, "BAD_USER_INPUT")
    assert (await table_row_counts(own_examples_url))["report"] == 2


async def test_a_report_that_waits_for_the_lock_keeps_nobody_from_reading(
    own_examples_url: str, own_partner_keys: dict[str, str]
) -> None:
    engine, address = open_engine(own_examples_url), COHORT.format("csv")
    async with serve(own_examples_url, None, lock_seconds=0.3) as client:
        async with write_transaction(engine):  # an import, say
            assert_unauthenticated(await get(client, address))
            asked = [get(client, address, own_partner_keys["demo_college"]) for _ in range(8)]
            waiting = [asyncio.create_task(one) for one in asked]
            health = await client.post("/graphql", json={"query": "{ regions { totalCount } }"})
            assert "errors" not in health.json()
            for response in await asyncio.gather(*waiting):
                refusal_message(response, 503, "UNAVAILABLE")
        assert (await table_row_counts(own_examples_url))["report"] == 0
        lines(await get(client, address, own_partner_keys["demo_college"]))
    await engine.dispose()


async def test_no_report_names_a_person_and_erasing_drops_what_does(
    own_examples_url: str, own_partner_keys: dict[str, str]
) -> None:
    """A title, such as that of a source, may name a person: that report is deleted too."""
    college, person = VIEWERS["college"], "demo_trainee_2022_026"
    async with serve(own_examples_url, None) as client:
        answers = [
            await get(client, COHORT.format(form), own_partner_keys["demo_college"])
            for form in ("csv", "xlsx")
        ]
    engine = open_engine(own_examples_url)
    async with read_transaction(engine) as connection:
        people = list(await connection.scalars(text("SELECT name FROM worker")))
        name = await connection.scalar(text(f"SELECT name FROM worker WHERE code = '{person}'"))
    assert [one.status_code for one in answers] == [200, 200]
    said = [extract_text(one.content) for one in answers]
    assert [one for one in people for told in said if one in told] == []
    version = VERSION
    for form in ("csv", "xlsx"):
        book = ReportWorkbook("t", [("来源", f"关于{name}的报道")], [])
        wanted = ReportKey("cohort", form, "{}")
        await store_report(
            engine, wanted, college, version, datetime.now(UTC), write_workbook(book, form)
        )
    async with write_transaction(engine) as connection:
        await erase_person(connection, person, "本人申请删除", "operator")
    assert await find_report(engine, ReportKey("cohort", "csv", "{}"), college, version) is None
    await engine.dispose()
    assert (await table_row_counts(own_examples_url))["report"] == 2


async def test_a_stored_report_that_was_touched_is_found(engine: AsyncEngine) -> None:
    await store_report(engine, ASKED, VIEWERS["college"], VERSION, datetime.now(UTC), b"one")
    async with read_transaction(engine) as connection:
        assert await verify_reports(connection) == (1, [])
    await execute_sql(
        str(engine.url.render_as_string(False)), "UPDATE report SET content = 'b3R0ZXI='"
    )
    async with read_transaction(engine) as connection:
        number, wrong = await verify_reports(connection)
    assert (number, wrong) == (1, [hashlib.sha256(b"one").hexdigest()])


cells = st.text(max_size=12) | st.sampled_from([f"{one}1+1" for one in FORMULA_PREFIXES])


@given(st.lists(st.lists(cells, min_size=2, max_size=2), max_size=4))
def test_no_cell_of_a_csv_begins_as_a_formula(rows: list[list[Any]]) -> None:
    said = write_csv(ReportWorkbook("=t", [("+", "@")], [("-", ["=a", "=b"], rows)])).decode(
        "utf-8-sig"
    )
    for row in csv.reader(StringIO(said, newline="")):
        assert not [cell for cell in row if cell.lstrip(" ").startswith(FORMULA_PREFIXES)]


def test_a_workbook_is_the_same_bytes_each_time_and_has_no_formulas() -> None:
    book = ReportWorkbook(
        "标题", [("条件", "=1+1")], [("表", ["甲", "乙"], [["=HYPERLINK(1)", 2], [None, 1.5]])]
    )
    first, second = write_workbook(book, "xlsx"), write_workbook(book, "xlsx")
    assert first == second
    with ZipFile(BytesIO(first)) as archive:
        sheets = [archive.read(name) for name in archive.namelist() if "worksheets/" in name]
        assert {one.date_time for one in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert not [one for one in sheets if b"<f>" in one]


def test_every_report_asks_for_no_person() -> None:
    """Names of people are in no question: not one field that leads to a worker."""
    for one in REPORTS.values():
        assert not {"nodes { name", "worker {", "trainee", "mentor"} & {
            word for word in ("nodes { name", "worker {", "trainee", "mentor") if word in one.query
        }


def test_the_command_line_writes_verifies_lists_and_drops(
    own_examples_url: str,
    own_partner_keys: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    monkeypatch.setenv("DATABASE_URL", own_examples_url)

    def call(*words: str) -> tuple[int, list[str]]:
        capsys.readouterr()
        code = cli.main(["report", *words])
        printed, said = capsys.readouterr()
        return code, [*printed.splitlines(), *said.splitlines()]

    cohort = ["cohort", "--college", "demo_college", "--year", "2022", "--folder", str(tmp_path)]
    code, written = call(*cohort, "--for", "demo_college")
    files = sorted(tmp_path.iterdir())
    before = [one.read_bytes() for one in files]
    digests = [hashlib.sha256(one).hexdigest() for one in before]
    assert (code, sorted(written)) == (
        0,
        [f"{path} sha256:{digest}" for path, digest in zip(files, digests, strict=True)],
    )
    assert [one.suffix for one in files] == [".csv", ".xlsx"]
    assert {one.stat().st_mode & 0o777 for one in files} == {0o600}
    assert call(*cohort, "--for", "demo_college")[0] == 0
    assert [one.read_bytes() for one in files] == before
    assert call("verify") == (0, ["2 reports, each as it was stored."])
    code, stored = call("list")
    assert (code, sorted(line.split()[-1] for line in stored)) == (0, sorted(digests))
    run_async(execute_sql(own_examples_url, "UPDATE report SET content = 'b3R0ZXI='"))
    code, [said] = call("verify")
    assert code == 1
    assert said.startswith("2 of 2 reports aren't what was stored: ")
    code, [said] = call("cohort", "--college", "no", "--year", "2022")
    assert (code, said) == (1, "There is no such report: nothing in it that this viewer may see.")
    code, [said] = call(*cohort, "--for", "nobody")
    assert (code, said) == (1, "There is no enabled partner 'nobody': see `partner list`.")
    assert call("drop", "--before", "2999-01-01") == (0, ["2 reports dropped."])
