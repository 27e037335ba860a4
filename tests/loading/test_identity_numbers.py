"""A number of an identity document is taken for nothing else, in no column, and never shown."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric, uscc

from kit.errors import BadInput, Problem, quote_input
from kit.text.identity_numbers import identity_number_error, mask_identity_numbers
from tests.support.commands import RunCli, table_row_counts, write_files
from tests.support.graph import GraphQLTestClient, RowFactory, run_async
from web.log import loggable_name

NUMBER = "370284199001011231"
OLD = "370284900101123"
WIDE = "".join(chr(ord(digit) + 0xFEE0) for digit in NUMBER)
REASON = (
    "holds the number of an identity document (370**************1): such numbers are never "
    "entered here."
)
OLD_REASON = REASON.replace("370**************1", "370***********3")

# The file, the column, the cell.
CELLS = [
    ("workers", "name", f"张三{NUMBER}"),
    ("workers", "code", f"w{NUMBER}"),
    ("workers", "code", f"demo_{NUMBER[:-1]}1"),
    ("workers", "note", f"身份证号：{NUMBER}，见附件"),
    ("workers", "region", NUMBER),
    ("workers", "frontline", NUMBER),
    ("workers", "occupation_as_published", f"370284 19900101 1231 {'x' * 100}"),
    ("workers", "name_en", WIDE),
    ("workers", "name_as_published", "370284\u200b199001011231"),
    ("organisations", "credit_code", NUMBER),
    ("organisations", "parent", "370284-19900101-1231"),
    ("sources", "title", f"关于{NUMBER}的公示"),
    ("sources", "url", f"https://example.org/{NUMBER}.html"),
    ("sources", "published_on", NUMBER),
    ("sources", "key", NUMBER),
    ("figures", "quantity_value", NUMBER),
    ("figures", "year", NUMBER),
    ("figures", "sources", f"s;{NUMBER}"),
    ("policies", "document_number", NUMBER),
]
REST = {
    "workers": {"code": "w", "name": "甲"},
    "organisations": {"code": "o", "name": "院", "organisation_kind": "OTHER"},
    "sources": {"key": "s", "title": "t"},
    "policies": {"code": "p", "name": "办法", "policy_kind": "OTHER"},
    "figures": {
        "key": "f", "metric": "m", "label": "x", "quantity_value": "1", "quantity_unit": "person",
        "quantity_qualifier": "EXACT", "sources": "s", "year": "2020",
    },
}  # fmt: skip


def csv_of(kind: str, column: str, cell: str) -> str:
    row = {**REST[kind], column: cell}
    return f"{','.join(row)}\n{','.join(row.values())}\n"


@pytest.fixture(scope="module")
def registry(databases, dialect):  # type: ignore[no-untyped-def]
    url = databases.copy(dialect, "places")
    yield url
    databases.drop(url)


def test_no_column_of_any_file_takes_one(run_cli: RunCli, registry: str, tmp_path: Path) -> None:
    before = run_async(table_row_counts(registry))
    for number, (kind, column, cell) in enumerate(CELLS):
        folder = tmp_path / str(number)
        folder.mkdir()
        files = {"sources": "key,title\ns,t\n", kind: csv_of(kind, column, cell)}
        code, said = run_cli(registry, "load", write_files(folder, **files))
        assert (code, said[1]) == (1, f"  {kind}.csv, line 2, {column}: {REASON}"), cell
        assert NUMBER not in "".join(said)
        assert WIDE not in "".join(said)
    assert run_async(table_row_counts(registry)) == before


def test_what_is_wrong_elsewhere_does_not_repeat_it(
    run_cli: RunCli, registry: str, tmp_path: Path
) -> None:
    """A heading, a file's name, and what refers to it."""
    files = {
        "workers": f"code,name,{NUMBER}\nw,x,y\n",
        "results": f"key,competition,worker,sources\nr,c,w_{OLD},s\n",
        f"{NUMBER}.csv": "code,name\n",
    }
    code, said = run_cli(registry, "load", write_files(tmp_path, **files))
    assert code == 1
    assert NUMBER not in "".join(said)
    assert OLD not in "".join(said)
    assert any(line.startswith("  370**************1.csv") for line in said)
    assert any("'370**************1': is none of" in line for line in said)


async def test_other_numbers_are_entered(make: RowFactory, ask: GraphQLTestClient) -> None:
    """A wrong check digit, no day, no place, longer runs, credit codes, phones, certificates."""
    for number in (
        "370284199001011230", "370284199013011231", "990284199001011231", f"1{NUMBER}",
        "91110000600037341L", "911100006000373410", "13800138000", "0532-85911111",
        "S000037000012220000123", "1737004002300123", "370200201201234", "2022-08-01",
        "2019 2020 2021 2022 2023", "370200018012345", "6217000010012345678", "ISBN 9787302511625",
    ):  # fmt: skip
        await make(workers=[{"code": "w", "name": "甲", "note": number}])
        assert await ask.data('{ worker(code: "w") { note } }') == {"worker": {"note": number}}


@given(
    place=st.sampled_from(["370284", "110105", "650104", "810000", "230102", "911139"]),
    day=st.dates(min_value=ric.get_birth_date("11010519490101002X")),
    serial=st.integers(0, 999),
    around=st.sampled_from(["{}", "a{}b", "（{}）", "，{}。", "_{}_", "{} 2024"]),
    apart=st.sampled_from(["", " ", "-", "\u200b", "·"]),
)
def test_every_number_is_found_and_masked(
    place: str, day: object, serial: int, around: str, apart: str
) -> None:
    body = f"{place}{str(day).replace('-', '')}{serial:03}"
    number = body + ric.calc_check_digit(body + "0")
    if str(day) > "2026" or (place[0] == "9" and uscc.calc_check_digit(number) == number[-1]):
        return
    text = around.format(apart.join([number[:6], number[6:14], number[14:]]))
    assert identity_number_error(text) is not None
    assert number[6:14] not in mask_identity_numbers(text)
    for sentence in (
        quote_input(text),
        str(BadInput(text, text)),
        str(Problem(text, 1, "x", text)),
    ):
        assert number[6:14] not in sentence
    assert number not in (loggable_name(f"q{number}") or "")


@given(text=st.text(max_size=40))
def test_what_holds_none_is_shown_as_it_is(text: str) -> None:
    if identity_number_error(text) is None:
        assert mask_identity_numbers(text) == text


def test_the_old_form() -> None:
    assert identity_number_error(f"身份证{OLD}") == OLD_REASON
    assert identity_number_error("370284290101123") is None  # nobody born in 1929 works
    assert identity_number_error(f"Y{OLD}") is None  # a capital begins the number of a certificate


async def test_an_error_of_a_question_does_not_repeat_it(ask: GraphQLTestClient) -> None:
    for query in (
        f'{{ workers(first: "{NUMBER}") {{ totalCount }} }}',
        f"{{ w{NUMBER} {{ name }} }}",
        f'{{ rollup(of: WORKERS, region: "{NUMBER}") {{ totalCount }} }}',
        f'{{ node(id: "{NUMBER}") {{ id }} }}',
    ):
        answer = await ask(query)
        assert answer.errors
        assert NUMBER not in str(answer.messages)
