"""Numbers are kept as they were typed, and what is added up is exact to the last digit."""

from collections.abc import AsyncIterator, Sequence
from decimal import Decimal
from fractions import Fraction
from io import BytesIO
from random import Random
from typing import Any
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Float, Numeric, text
from sqlalchemy.ext.asyncio import AsyncEngine

from feeds.problem_messages_zh import problem_text
from kit.db.engine import write_transaction
from kit.db.postgres_pool import open_read_pool
from kit.db.read_pool import ReadPool
from kit.errors import BadInput, ImportRejected
from kit.i18n import Language
from kit.values.fixed_point import MAX_UNITS
from kit.values.quantity import Qualifier
from models.history import model_table, table_models
from models.outcome import Outcome, OutcomeKind
from models.source import Source
from models.studio import Studio, StudioKind
from reports.formats import CSV, XLSX, write_workbook
from reports.workbook import ReportWorkbook
from resolvers.core.access import OPERATOR, PUBLIC, Viewer
from resolvers.database import bulk_fill
from resolvers.writing.summary_tables import verify_summaries
from tests.random.both_executors import QueryStatistics, compare_executors
from tests.random.queries import RandomQuery
from tests.support.graph import GraphQLTestClient, RowFactory, row_counts
from tests.support.random_rows import max_examples, shrinkable_randoms
from tests.support.table_states import clear_tables

SOURCE = [{"key": "s", "title": "报"}]
PLACES = {"east": "370202", "west": "370703", "far": "230102", "lost": ""}


def studios(*codes: str) -> list[dict[str, Any]]:
    return [
        {"code": code, "name": "室", "studio_kind": "OTHER", "region": PLACES.get(code, "")}
        for code in codes
    ]


def outcome(key: str, studio: str, value: object, qualifier: str = "EXACT") -> dict[str, Any]:
    there = value is not None
    return {
        "key": key, "studio": studio, "outcome_kind": "BENEFIT", "sources": "s",
        "value_value": value, "value_unit": "yuan" if there else None,
        "value_qualifier": qualifier if there else None, "status": "VERIFIED", "audience": "PUBLIC",
    }  # fmt: skip


async def fill(make: RowFactory) -> None:
    """Case 17: sums that are equal, but not as floats are added; and numbers of 19 digits."""
    tenths = [outcome(f"a{n}", "st1", "0.1") for n in range(10)]
    await make(
        sources=SOURCE,
        studios=studios("st1", "st2", "st3", "st4", "st5", "st6", "east"),
        outcomes=[
            *tenths,
            outcome("b", "st2", "1.000"),
            outcome("c1", "st3", "0.1"),
            outcome("c2", "st3", "0.2"),
            outcome("d", "st4", "0.3"),
            outcome("e", "st5", "4503599627370495.999"),
            outcome("f", "st5", "-0.002"),
            outcome("g", "st6", None),
            outcome("h1", "east", "280000000"),
            outcome("h2", "east", "369000.55"),
            outcome("h3", "east", "12050.40"),
        ],
    )


@pytest.fixture
async def snapshots(ask_filled: GraphQLTestClient) -> AsyncIterator[ReadPool]:
    held = open_read_pool(ask_filled.engine.url)
    yield held
    await held.close()


async def both_ways(
    engine: AsyncEngine,
    held: ReadPool,
    query: str,
    viewer: Viewer = OPERATOR,
    **variables: Any,
) -> Any:
    """Return the one response of the executor, of the engine by rows, and of pushdown."""
    tally = QueryStatistics()
    read = await compare_executors(engine, held, RandomQuery(query, variables), viewer, tally)
    assert read.errors == []
    assert tally.routes == {"plan": 1}
    return read.data


NUMBER = "{ value exact unit qualifier }"
GROUPS = f"""query($having: OutcomeGroupHaving, $order: [OutcomeGroupOrder!]) {{
  outcomes {{ groups(by: [STUDIO], having: $having, orderBy: $order) {{
    totalCount nodes {{ count keys {{ code }} sum(of: VALUE) {NUMBER} }} }} }} }}"""


def codes(found: Any) -> list[str]:
    return [one["keys"][0]["code"] for one in found["outcomes"]["groups"]["nodes"]]


@pytest.mark.parametrize(
    ("bounds", "within"),
    [
        ({"gte": 1, "lte": 1000}, {"st1", "st2"}),
        ({"gte": 1.0000000001, "lte": 1000}, set()),
        ({"gte": 0.9999, "lte": 1000}, {"st1", "st2"}),
        ({"lte": 0.3}, {"st3", "st4"}),
        ({"gte": 0.3, "lte": 0.3}, {"st3", "st4"}),
        ({"lte": 0.2999}, set()),
        ({"lte": 0.3000000000000001}, {"st3", "st4"}),
        ({"gte": 0.30000000000000004, "lte": 0.9}, set()),
        ({"gte": 4503599627370495.5}, {"st5"}),
        ({"gte": 4503599627370496}, set()),
        ({"gte": 1e308}, set()),
        ({"gte": -1e308, "lte": 0.3}, {"st3", "st4"}),
        ({"lte": -1e308}, set()),
    ],
)
async def test_bounds_see_the_digits_that_are_shown_and_no_others(
    ask_filled: GraphQLTestClient, snapshots: ReadPool, bounds: dict[str, float], within: set[str]
) -> None:
    having = {"sum": {"value": bounds}}
    found = await both_ways(ask_filled.engine, snapshots, GROUPS, having=having)
    assert set(codes(found)) == within
    assert found["outcomes"]["groups"]["totalCount"] == len(within)


async def test_equal_sums_are_ties(ask_filled: GraphQLTestClient, snapshots: ReadPool) -> None:
    for down, wanted in (
        (True, ["st5", "east", "st1", "st2", "st3", "st4", "st6"]),
        (False, ["st3", "st4", "st1", "st2", "east", "st5", "st6"]),
    ):
        order = [{"field": "VALUE", "descending": down}]
        found = await both_ways(ask_filled.engine, snapshots, GROUPS, order=order)
        assert codes(found) == wanted


async def test_a_sum_is_told_as_the_nearest_float_and_as_a_decimal(
    ask_filled: GraphQLTestClient, snapshots: ReadPool
) -> None:
    found = await both_ways(ask_filled.engine, snapshots, GROUPS)
    told = {one["keys"][0]["code"]: one["sum"] for one in found["outcomes"]["groups"]["nodes"]}
    sums = {code: one and (one["value"], one["exact"]) for code, one in told.items()}
    assert sums == {
        "st1": (1.0, "1"), "st2": (1.0, "1"), "st3": (0.3, "0.3"), "st4": (0.3, "0.3"),
        "st5": (4503599627370496.0, "4503599627370495.997"), "st6": None,
        "east": (280381050.95, "280381050.95"),
    }  # fmt: skip
    assert told["st5"] == {
        "value": 4503599627370496.0, "exact": "4503599627370495.997", "unit": "yuan",
        "qualifier": "EXACT",
    }  # fmt: skip


async def test_extremes_are_exact_and_an_average_has_no_exact_number(
    ask_filled: GraphQLTestClient, snapshots: ReadPool
) -> None:
    query = f"""{{ outcomes {{ groups(by: [STUDIO], orderBy: [{{field: KEY}}]) {{ nodes {{
      keys {{ code }} least: min(of: VALUE) {NUMBER} most: max(of: VALUE) {NUMBER}
      average(of: VALUE) {NUMBER} }} }} }} }}"""
    found = await both_ways(ask_filled.engine, snapshots, query)
    numbers = {
        one["keys"][0]["code"]: [
            one[part] and (one[part]["value"], one[part]["exact"])
            for part in ("least", "most", "average")
        ]
        for one in found["outcomes"]["groups"]["nodes"]
    }
    assert numbers["st1"] == [(0.1, "0.1"), (0.1, "0.1"), (0.1, None)]
    assert numbers["st2"] == [(1.0, "1"), (1.0, "1"), (1.0, None)]
    assert numbers["st5"][:2] == [
        (-0.002, "-0.002"), (4503599627370496.0, "4503599627370495.999")
    ]  # fmt: skip
    assert numbers["east"][2] == (93460350.31667, None)
    assert numbers["st6"] == [None, None, None]


async def test_a_record_a_province_and_a_rollup_tell_the_same_digits(
    ask_filled: GraphQLTestClient, snapshots: ReadPool
) -> None:
    """What is counted beforehand, what is counted when it is filtered, and the roll-up beside."""
    groups = f"groups(by: [KIND]) {{ nodes {{ count sum(of: VALUE) {NUMBER} }} }}"
    query = f"""{{
      summed: region(code: "370000") {{ outcomes {{ {groups} }} }}
      counted: region(code: "370000") {{
        outcomes(filter: {{not: {{title: "-"}}}}) {{ {groups} }} }}
      outcomes(filter: {{studio: {{code: "east"}}}}) {{ nodes {{ value {NUMBER} }} }} }}"""
    for viewer in (OPERATOR, PUBLIC):
        found = await both_ways(ask_filled.engine, snapshots, query, viewer)
        told = {"exact": "280381050.95", "value": 280381050.95, "unit": "yuan"}
        told["qualifier"] = "EXACT"
        wanted = {"outcomes": {"groups": {"nodes": [{"count": 3, "sum": told}]}}}
        assert found["summed"] == found["counted"] == wanted
        numbers = [one["value"]["exact"] for one in found["outcomes"]["nodes"]]
        assert sorted(numbers) == ["12050.4", "280000000", "369000.55"]
    rollup = """{ rollup(root: "370000", measures: [VERIFIED_VALUE], depth: 0) {
      rows { values { quantity { value exact } unapportioned { value exact } } } } }"""
    [row] = (await ask_filled.data(rollup))["rollup"]["rows"]
    number = {"value": 280381050.95, "exact": "280381050.95"}
    assert row == {"values": [{"quantity": number, "unapportioned": number}]}


WRONG = [
    ("9007199254740993", "beyond 9007199254740992"),
    ("-9007199254740992.001", "beyond 9007199254740992"),
    ("370202190001019999", "beyond 9007199254740992"),
    ("100000000000000000", "beyond 9007199254740992"),
    ("9" * 30, "beyond 9007199254740992"),
    ("0.0001", "has more than three decimals"),
    ("35.1234", "has more than three decimals"),
    ("NaN", "is not a number"),
    ("Infinity", "is not a number"),
    ("1e3", "is not a number"),
]


async def test_what_would_have_to_be_changed_is_refused_in_both_languages_and_writes_nothing(
    ask_filled: GraphQLTestClient,
) -> None:
    before = await row_counts(ask_filled.engine)
    outcomes = [outcome(f"w{n}", "st1", number) for n, (number, _) in enumerate(WRONG)]
    with pytest.raises(ImportRejected) as refused:
        await RowFactory(ask_filled.engine)(outcomes=outcomes)
    assert await row_counts(ask_filled.engine) == before
    problems = [one for one in refused.value.problems if one.column == "value_value"]
    problems = [one for one in problems if "goes with its unit" not in one.reason]
    for (number, english), problem in zip(WRONG, problems, strict=True):
        assert repr(number) in problem.reason
        assert english in problem.reason
        chinese = problem_text(problem, Language.CHINESE)
        assert repr(number) in chinese
        assert english not in chinese


@pytest.mark.parametrize("number", ["9007199254740992", "-9007199254740992", "0.001", "1.500"])
async def test_what_just_fits_comes_back_to_the_last_digit(
    empty_registry: AsyncEngine, number: str
) -> None:
    await clear_tables(empty_registry)
    await RowFactory(empty_registry)(
        sources=SOURCE, studios=studios("lost"), outcomes=[outcome("o", "lost", number)]
    )
    query = (
        "{ outcomes { nodes { value { value exact } history { nodes { values { field value }}}}}}"
    )
    [found] = (await GraphQLTestClient(empty_registry).data(query))["outcomes"]["nodes"]
    exact = str(Decimal(number)).removesuffix("00")
    assert found["value"] == {"value": float(number), "exact": exact}
    history = found["history"]["nodes"][0]["values"]
    assert {"field": "value.value", "value": exact} in history


async def test_a_sum_beyond_64_bits_is_refused_on_sqlite_and_exact_on_postgresql(
    empty_registry: AsyncEngine,
) -> None:
    await clear_tables(empty_registry)
    make, ask = RowFactory(empty_registry), GraphQLTestClient(empty_registry)
    largest = [outcome(f"o{n}", "lost", MAX_UNITS) for n in range(3)]
    await make(sources=SOURCE, studios=studios("lost"), outcomes=largest[:1])
    sums = "{ outcomes { groups(by: [KIND]) { nodes { count sum(of: VALUE) { value exact } } } } }"
    if empty_registry.dialect.name == "sqlite":
        before = await row_counts(empty_registry)
        with pytest.raises(ImportRejected) as refused:
            await make(outcomes=largest)
        [problem] = refused.value.problems
        assert problem.column == "value_value"
        assert problem.reason == (
            "brings the sum of this column beyond 9007199254740992, up to which SQLite adds "
            "exactly; PostgreSQL has no such limit."
        )
        assert await row_counts(empty_registry) == before
        await make(outcomes=[outcome("o0", "lost", 1)])
        await make(outcomes=[outcome("o1", "lost", MAX_UNITS - 1)])
        wanted = {"count": 2, "sum": {"value": MAX_UNITS, "exact": str(MAX_UNITS)}}
    else:
        await make(outcomes=largest)
        wanted = {"count": 3, "sum": {"value": 3.0 * MAX_UNITS, "exact": str(3 * MAX_UNITS)}}
    assert (await ask.data(sums))["outcomes"]["groups"]["nodes"] == [wanted]
    async with empty_registry.connect() as connection:
        assert await connection.run_sync(verify_summaries) == []


async def test_verify_sees_a_thousandth(empty_registry: AsyncEngine) -> None:
    await clear_tables(empty_registry)
    number = outcome("o", "lost", "2800000000000.5")
    await RowFactory(empty_registry)(sources=SOURCE, studios=studios("lost"), outcomes=[number])
    async with empty_registry.connect() as connection:
        assert await connection.run_sync(verify_summaries) == []
        if empty_registry.dialect.name == "postgresql":
            await connection.execute(text("SET LOCAL jiangpu.writing = 'on'"))
        await connection.execute(text("UPDATE outcome_summary SET value_value = value_value + 1"))
        said = await connection.run_sync(verify_summaries)
        await connection.rollback()
    [at_place, *_] = said
    assert "holds number 1, quantity_value 0, value_value 2800000000000.501" in at_place
    assert "should hold number 1, quantity_value 0, value_value 2800000000000.5." in at_place


def amounts(chance: Random) -> str:
    """With typos by some powers of ten, as case 01 has them."""
    number = chance.randrange(10 ** chance.randrange(1, 13))
    return f"{chance.choice(['', '', '-'])}{number}.{chance.randrange(1000):03}"


def added(rows: Sequence[dict[str, Any]], *studios: str) -> Decimal | None:
    numbers = [Decimal(one["value_value"]) for one in rows if one["studio"] in studios]
    return sum(numbers, Decimal(0)) if numbers else None


@max_examples(3)
@given(data=st.data())
async def test_whatever_is_entered_and_corrected_every_way_to_a_sum_gives_the_same_decimal(
    empty_registry: AsyncEngine, data: st.DataObject
) -> None:
    chance = data.draw(shrinkable_randoms("sums"))
    await clear_tables(empty_registry)
    make, held = RowFactory(empty_registry), open_read_pool(empty_registry.url)
    nested = [("37", None), ("370200", "37"), ("370202", "370200"), ("370700", "37")]
    nested += [("370703", "370700"), ("23", None), ("230102", "23")]
    await make(
        sources=SOURCE,
        regions=[
            {"code": code, "name": "地", "parent": above,
             "level": {2: "PROVINCIAL"}.get(len(code), "CITY" if code[4:] == "00" else "DISTRICT")}
            for code, above in nested
        ],
        studios=studios(*PLACES),
    )  # fmt: skip
    rows: dict[str, dict[str, Any]] = {}
    try:
        for _ in range(4):
            entered = [
                outcome(f"o{chance.randrange(12)}", chance.choice([*PLACES]), amounts(chance))
                for _ in range(chance.randrange(1, 6))
            ]
            by_key = {one["key"]: one for one in entered}
            await make(outcomes=[*by_key.values()])
            rows |= by_key
            await agree(empty_registry, held, [*rows.values()])
    finally:
        await held.close()


async def agree(engine: AsyncEngine, held: ReadPool, rows: Sequence[dict[str, Any]]) -> None:
    async with engine.connect() as connection:
        assert await connection.run_sync(verify_summaries) == []
    sums = "nodes { keys { code } sum(of: VALUE) { value exact } }"
    query = f"""{{
      region(code: "37") {{
        summed: outcomes {{ groups(by: [KIND]) {{ {sums} }} }}
        counted: outcomes(filter: {{not: {{title: "-"}}}}) {{ groups(by: [KIND]) {{ {sums} }} }} }}
      outcomes {{ groups(by: [PROVINCE]) {{ {sums} }} }} }}"""
    found = await both_ways(engine, held, query)
    ours = added(rows, "east", "west")
    for word in ("summed", "counted"):
        told = [one["sum"] for one in found["region"][word]["groups"]["nodes"]]
        assert told == ([] if ours is None else [number(ours)])
    provinces = {one["keys"][0]["code"]: one["sum"] for one in found["outcomes"]["groups"]["nodes"]}
    wanted = {"37": ours, "23": added(rows, "far"), None: added(rows, "lost")}
    assert provinces == {code: number(one) for code, one in wanted.items() if one is not None}
    rollup = """{ rollup(root: "37", measures: [VERIFIED_VALUE], depth: 2) {
      rows { region { code } elsewhere values { quantity { value exact } } } } }"""
    lines = (await GraphQLTestClient(engine).data(rollup))["rollup"]["rows"]
    values = {
        line["region"]["code"]: line["values"][0]["quantity"]
        for line in lines
        if not line["elsewhere"]
    }
    for code, of in (("37", ("east", "west")), ("370200", ("east",)), ("370703", ("west",))):
        assert values[code] == number(added(rows, *of) or Decimal(0))


def number(exact: Decimal) -> dict[str, Any]:
    """As it is told: the shortest text, and the nearest Float."""
    text = f"{exact:.3f}".rstrip("0").rstrip(".")
    return {"value": float(Fraction(exact)), "exact": "0" if text == "-0" else text}


def test_no_column_of_a_record_holds_a_binary_fraction() -> None:
    for model in table_models():
        for column in model_table(model).c:
            assert not isinstance(column.type, Float | Numeric), column


def test_a_report_has_every_digit_and_a_spreadsheet_no_number_that_it_would_change() -> None:
    numbers: list[Any] = [Decimal("280381050.95"), Decimal("4503599627370495.997"), 1 / 3]
    book = ReportWorkbook("表", [], [("汇总", ["数"], [[one] for one in numbers])])
    lines = write_workbook(book, CSV).decode("utf-8-sig").split("\r\n")
    assert lines[-4:-1] == ["280381050.95", "4503599627370495.997", "0.3333333333333333"]
    with ZipFile(BytesIO(write_workbook(book, XLSX))) as archive:
        sheet = archive.read("xl/worksheets/sheet2.xml").decode()
        texts = archive.read("xl/sharedStrings.xml").decode()
    assert "<v>280381050.95</v>" in sheet
    assert "<v>4503" not in sheet
    assert "<t>4503599627370495.997</t>" in texts


async def test_a_fill_refuses_what_would_have_to_be_changed(empty_registry: AsyncEngine) -> None:
    await clear_tables(empty_registry)
    before = await row_counts(empty_registry)
    source = {"id": "s", "title": "报"}
    studio = {"code": "st", "name": "室", "studio_kind": StudioKind.OTHER}
    number = {"value_value": 0.1 + 0.2, "value_unit": "yuan", "value_qualifier": Qualifier.EXACT}
    kept = {"id": "o", "source_id": "s", "studio_id": "st", "outcome_kind": OutcomeKind.BENEFIT}
    rows: list[Any] = [(Source, [source]), (Studio, [studio]), (Outcome, [kept | number])]
    with pytest.raises(BadInput) as refused:
        async with write_transaction(empty_registry) as connection:
            await bulk_fill.bulk_fill(connection, rows, "test")
    assert refused.value.sentence == (
        "'0.30000000000000004' has more than three decimals: round it to three.",
        "'0.30000000000000004' 的小数超过三位，请先舍入到三位。",
    )
    assert await row_counts(empty_registry) == before
