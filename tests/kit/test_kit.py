"""The kit: dates as published, ids, cursors, quantities, sorting keys and words."""

import asyncio
import gc
import inspect
import json
import types
from base64 import urlsafe_b64encode
from collections.abc import Generator
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, ClassVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kit.errors import BadInput
from kit.relay.cursor import decode_cursor, encode_cursor
from kit.relay.global_id import from_global_id, to_global_id
from kit.runtime.memory import IDLE_COLLECTIONS, collect_when_idle
from kit.runtime.metering import Meter, MeteredAwaitable
from kit.text.pinyin import pinyin_sort_key
from kit.values.composite import Composite
from kit.values.labelled_enum import LabelledEnum
from kit.values.partial_date import exclusive_end, first_day, first_day_after, parse_partial_date
from kit.values.quantity import QualifiedQuantity, Qualifier, qualifier_of_sum, quantity_columns

properties = settings(deadline=None, derandomize=True)

ANY_TEXT = st.text(st.characters())  # lone surrogates, too
DAYS = st.dates(max_value=date.max - timedelta(days=1))
MONTHS = st.tuples(st.integers(1, 9999), st.integers(1, 12)).filter(lambda m: m != (9999, 12))
YEARS = st.integers(1, 9998)


@properties
@given(DAYS)
def test_a_day_is_a_date_and_ends_on_itself(day: date) -> None:
    text = day.isoformat()
    assert parse_partial_date(text) == text
    assert first_day(text) == exclusive_end(text) == day
    assert first_day_after(text) == day + timedelta(days=1)


@properties
@given(MONTHS)
def test_a_month_is_a_date_and_lasts_to_its_last_day(month: tuple[int, int]) -> None:
    text = f"{month[0]:04}-{month[1]:02}"
    assert parse_partial_date(text) == text
    assert first_day(text) == date(*month, 1)
    last = first_day_after(text) - timedelta(days=1)
    assert (last.year, last.month) == month
    assert (last + timedelta(days=1)).day == 1
    assert exclusive_end(text) == first_day_after(text)


@properties
@given(YEARS)
def test_a_year_is_a_date_and_lasts_to_its_last_day(year: int) -> None:
    text = f"{year:04}"
    assert parse_partial_date(text) == text
    assert first_day(text) == date(year, 1, 1)
    assert exclusive_end(text) == first_day_after(text) == date(year + 1, 1, 1)


@pytest.mark.parametrize("text", [
    "", "22", "20222", "2022-1", "2022-8-1", "2022-08-", "2022/08", "2022-0801", "20220801",
    " 2022", "2022 ", "2022\n", "２０２２", "2022-08-01T00:00", "-2022", "+2022", "today",
    "0000", "2022-00", "2022-13", "2022-02-29", "2022-04-31", "2022-01-00", "1900-02-29",
    "9999", "9999-12", "9999-12-31",  # nothing comes after them
])  # fmt: skip
def test_what_is_no_date_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(ValueError, match="accepted: 2022, 2022-08 or 2022-08-01"):
        parse_partial_date(text)


@properties
@given(st.one_of(ANY_TEXT, st.from_regex(r"[0-9]{1,4}(-[0-9]{1,2}){0,2}\s?", fullmatch=True)))
def test_a_text_is_a_date_as_it_stands_or_refused(text: str) -> None:
    try:
        found = parse_partial_date(text)
    except ValueError as error:
        assert "accepted" in str(error)  # noqa: PT017 - both outcomes are right
    else:
        assert found == text
        assert first_day(text).isoformat().startswith(text)
        assert first_day(text) <= exclusive_end(text) <= first_day_after(text)


@properties
@given(st.text().filter(lambda kind: ":" not in kind), st.text())
def test_an_id_gives_back_its_kind_and_key(kind: str, key: str) -> None:
    text = to_global_id(kind, key)
    assert from_global_id(text) == (kind, key)
    assert text.isascii()
    assert text.replace("-", "").replace("_", "").isalnum()
    for other in (text + "=", text + "\n", " " + text, text + "A", text + ":"):
        found = from_global_id(other)
        assert found is None or to_global_id(*found) == other


@properties
@given(st.one_of(
    ANY_TEXT,
    st.text("ABCDYZabcdyz0189-_+/=\n "),
    st.binary().map(lambda raw: urlsafe_b64encode(raw).decode()),
    st.binary().map(lambda raw: urlsafe_b64encode(raw).decode().rstrip("=")),
))  # fmt: skip
def test_a_text_is_an_id_in_its_only_spelling_or_none(text: str) -> None:
    found = from_global_id(text)
    assert found is None or to_global_id(*found) == text


VALUES = st.lists(st.one_of(
    st.text(), st.integers(), st.floats(allow_nan=False), st.none(), st.booleans()
))  # fmt: skip


@properties
@given(st.text(), VALUES)
def test_a_cursor_gives_back_its_values(order: str, values: list[Any]) -> None:
    text = encode_cursor(order, values)
    assert text.isascii()
    assert text.replace("-", "").replace("_", "").isalnum()
    found = decode_cursor(text, order, len(values))
    assert found == values
    assert [type(value) for value in found] == [type(value) for value in values]
    with pytest.raises(BadInput, match="another list or order"):
        decode_cursor(text, order + "x", len(values))
    with pytest.raises(BadInput, match="Invalid cursor"):
        decode_cursor(text, order, len(values) + 1)


def encoded(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")


NO_LIST = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text())
NO_CURSOR = st.one_of(
    NO_LIST,
    st.dictionaries(st.text(), NO_LIST),
    st.lists(NO_LIST, max_size=1),
    st.lists(st.integers(), min_size=2, max_size=2),
    st.lists(NO_LIST, min_size=3),
)
DEEP = [b"[" * 100_000, b'["o",' + b"[" * 100_000, b'["o",' + b"1" * 5000 + b"]"]


@properties
@given(st.one_of(
    ANY_TEXT,
    st.binary().map(encoded),
    NO_CURSOR.map(lambda value: encoded(json.dumps(value).encode())),
    st.sampled_from(DEEP).map(encoded),
))  # fmt: skip
def test_what_is_no_cursor_is_bad_input(text: str) -> None:
    with pytest.raises(BadInput, match="Invalid cursor"):
        decode_cursor(text, "o", 1)


PARTS = st.lists(st.sampled_from(Qualifier))
EXACT = st.lists(st.just(Qualifier.EXACT))
LOWER = [Qualifier.OVER, Qualifier.AT_LEAST]
UPPER = [Qualifier.UNDER, Qualifier.AT_MOST]


@properties
@given(PARTS.flatmap(lambda parts: st.tuples(st.just(parts), st.permutations(parts))))
def test_the_order_of_the_parts_does_not_matter(parts: tuple[list[Qualifier], ...]) -> None:
    assert qualifier_of_sum(parts[0]) is qualifier_of_sum(parts[1])


@properties
@given(EXACT)
def test_a_sum_of_exact_numbers_is_exact(parts: list[Qualifier]) -> None:
    assert qualifier_of_sum(parts) is Qualifier.EXACT


@pytest.mark.parametrize("side", [LOWER, UPPER])
@properties
@given(EXACT, st.data())
def test_a_bound_among_exact_numbers_bounds_the_sum(
    side: list[Qualifier], exact: list[Qualifier], data: st.DataObject
) -> None:
    bounds = data.draw(st.lists(st.sampled_from(side), min_size=1))
    strict, loose = side
    wanted = strict if strict in bounds else loose
    assert qualifier_of_sum(exact + bounds) is wanted


@properties
@given(PARTS, st.sampled_from(LOWER), st.sampled_from(UPPER))
def test_bounds_from_both_sides_leave_an_estimate(
    parts: list[Qualifier], lower: Qualifier, upper: Qualifier
) -> None:
    assert qualifier_of_sum([*parts, lower, upper]) is Qualifier.ABOUT
    assert qualifier_of_sum([*parts, Qualifier.ABOUT]) is Qualifier.ABOUT


@pytest.mark.parametrize(("name", "key"), [
    ("韩龙吉", "han2 long2 ji2 韩龙吉"),
    ("重庆", "chong2 qing4 重庆"),
    ("妈妈的", "ma1 ma1 de5 妈妈的"),
    ("“工匠”学院", "gong1 jiang4 xue2 yuan4 “工匠”学院"),
    ("Zoe A组", "zoe a zu3 Zoe A组"),
    ("2022年", "2022 nian2 2022年"),
    ("——", "——"),
])  # fmt: skip
def test_a_name_is_sorted_as_it_is_spoken(name: str, key: str) -> None:
    assert pinyin_sort_key(name) == key


NAMES = st.text(st.one_of(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5),
                          st.sampled_from("abcXYZ019")), min_size=1)  # fmt: skip
SIGNS = st.text("“”《》（）()·、，—-/ \"'", max_size=3)


@properties
@given(NAMES, SIGNS, SIGNS)
def test_signs_around_a_name_count_only_between_equals(name: str, left: str, right: str) -> None:
    spoken = pinyin_sort_key(name).removesuffix(name)
    assert spoken == spoken.lower() != ""
    assert pinyin_sort_key(left + name + right) == spoken + left + name + right


@properties
@given(NAMES, NAMES)
def test_different_names_have_different_keys(one: str, other: str) -> None:
    assert (pinyin_sort_key(one) == pinyin_sort_key(other)) is (one == other)


class Parcel:
    def __init__(self, *measures: Any) -> None:
        self.length, self.width = measures

    size: ClassVar[Composite] = Composite(
        lambda length, width: (length, width), ("length", "width")
    )


@pytest.mark.parametrize("measures", [(1, 2), (1, None), (None, 2), (0, None), ("", None)])
def test_several_columns_are_one_value(measures: tuple[Any, Any]) -> None:
    assert Parcel(*measures).size == measures


def test_columns_that_are_all_empty_are_no_value() -> None:
    assert Parcel(None, None).size is None
    assert isinstance(Parcel.size, Composite)
    columns = ("pages_value", "pages_unit", "pages_qualifier")
    assert quantity_columns("pages") == Composite(QualifiedQuantity, columns, {"exact": "value"})


class Meal(LabelledEnum):
    BREAKFAST = "BREAKFAST", "早饭"
    LUNCH = "LUNCH", "午饭"


MEALS: type[StrEnum] = Meal  # as columns hold it: a word is looked up by its text alone


def test_a_word_is_its_text_and_has_a_label() -> None:
    assert [str(meal) for meal in Meal] == ["BREAKFAST", "LUNCH"]
    assert [meal.label for meal in Meal] == ["早饭", "午饭"]
    assert MEALS("LUNCH") is Meal.LUNCH
    assert Meal.LUNCH == "LUNCH"
    assert json.dumps(Meal.LUNCH) == '"LUNCH"'


@pytest.mark.parametrize("text", ["DINNER", "午饭", "lunch", ""])
def test_what_is_not_on_the_list_is_no_word(text: str) -> None:
    with pytest.raises(ValueError, match="is not a valid Meal"):
        MEALS(text)


@types.coroutine
def suspended() -> Generator[None, None, None]:
    yield


@pytest.mark.parametrize("closed_before", [False, True])
def test_a_metered_wait_that_nobody_goes_on_with_closes_its_coroutine(closed_before: bool) -> None:
    """The collector may close the two in either order."""

    async def wait() -> None:
        await suspended()

    coroutine = wait()
    steps = MeteredAwaitable(coroutine, Meter()).__await__()
    next(steps)
    if closed_before:
        coroutine.close()
    steps.close()
    assert inspect.getcoroutinestate(coroutine) == inspect.CORO_CLOSED


@pytest.mark.parametrize(
    ("begun", "collected"),
    [([1, 1], True), ([1, 2], False), ([1, None], False), ([None, None], False)],
    ids=["idle", "asked meanwhile", "running", "running all the time"],
)
async def test_a_full_collection_is_made_while_nobody_asks(
    begun: list[int | None], collected: bool
) -> None:
    generations: list[int] = []

    def note(phase: str, info: dict[str, int]) -> None:
        generations.append(info["generation"])

    gc.collect()
    for _ in range(IDLE_COLLECTIONS):
        gc.collect(1)
    numbers = iter(begun)
    gc.disable()  # by itself it may run at any moment
    gc.callbacks.append(note)
    task = asyncio.create_task(collect_when_idle(lambda: next(numbers, None), 0))
    try:
        for _ in range(4):
            await asyncio.sleep(0)
    finally:
        task.cancel()
        gc.callbacks.remove(note)
        gc.enable()
    assert (2 in generations) is collected
