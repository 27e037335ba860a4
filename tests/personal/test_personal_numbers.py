"""Numbers of documents: which are taken, how they are spelled, what a mask shows."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.personal import PersonalField as F
from resolvers.personal.document_numbers import birth_date_of, canonical_number, mask_value
from tests.support.graph import TODAY
from tests.support.personal_records import ADULT, resident_id

WRONG_DIGIT = "has a wrong check digit: a digit was mistyped."
NOT_BORN = "has a birth date after today, or before 1900."
OLD = resident_id("372928", date(1950, 1, 1), 1)
MISTYPED = ADULT[:-1] + ("1" if ADULT[-1] != "1" else "2")
NOWHERE, NO_PERSON = (resident_id(place, date(1965, 3, 9), 1) for place in ("380102", "990102"))
UNBORN = resident_id("370102", date(2030, 1, 1), 1)
PERMANENT = resident_id("911840", date(1981, 8, 3), 22)
HONG_KONG, TAIWAN = (resident_id(place, date(1988, 1, 1), 5) for place in ("810000", "830000"))


@pytest.mark.parametrize(("field", "written", "known"), [
    (F.RESIDENT_ID, f" {ADULT[:6]} {ADULT[6:14]}-{ADULT[14:].lower()} ", ADULT),
    (F.RESIDENT_ID, OLD, OLD),
    (F.PASSPORT, "e 12345678", "E12345678"),
    (F.PERMANENT_RESIDENCE, "usa310081010105", "USA310081010105"),
    (F.PERMANENT_RESIDENCE, PERMANENT, PERMANENT),
    (F.HONG_KONG_MACAO_PERMIT, "h12345678", "H12345678"),
    (F.HONG_KONG_MACAO_PERMIT, "M1234567800", "M1234567800"),
    (F.TAIWAN_PERMIT, "12345678", "12345678"),
    (F.HONG_KONG_MACAO_RESIDENCE, HONG_KONG, HONG_KONG),
    (F.TAIWAN_RESIDENCE, TAIWAN, TAIWAN),
    (F.PHONE, "138 0013 8000", "+8613800138000"),
    (F.PHONE, "0532-8588 8888", "+8653285888888"),
    (F.PHONE, "+852 6123 4567", "+85261234567"),
    (F.BIRTH_DATE, " 1965-03-09", "1965-03-09"),
    (F.STUDENT_NUMBER, "2022-0148", "20220148"),
])  # fmt: skip
def test_a_number_has_one_spelling(field: F, written: str, known: str) -> None:
    assert canonical_number(field, written, TODAY) == known


@pytest.mark.parametrize(("field", "written", "reason"), [
    (F.RESIDENT_ID, ADULT[:-1], "has 18 digits, of which the last may be X."),
    (F.RESIDENT_ID, "１" * 18, WRONG_DIGIT),
    (F.RESIDENT_ID, MISTYPED, WRONG_DIGIT),
    (F.RESIDENT_ID, NO_PERSON, "is the number of another kind of card."),
    (F.RESIDENT_ID, NOWHERE, "begins with no place that ever had a code."),
    (F.RESIDENT_ID, UNBORN, NOT_BORN),
    (F.RESIDENT_ID, HONG_KONG, "is the number of another kind of card."),
    (F.TAIWAN_RESIDENCE, HONG_KONG, "begins with 830000."),
    (F.PASSPORT, "ABCDEFGH", "has 5 to 9 letters and digits."),
    (F.PASSPORT, "E1234567890", "has 5 to 9 letters and digits."),
    (F.PHONE, "12345", "is no phone number; write one from abroad with + and its country."),
    (F.PHONE, "x" * 64, "is no phone number; write one from abroad with + and its country."),
    (F.PHONE, "1" * 65, "has more than 64 characters."),
    (F.BIRTH_DATE, "1965-02-30", "is no day; write it as 1990-01-31."),
    (F.BIRTH_DATE, "1965", "is no day; write it as 1990-01-31."),
    (F.BIRTH_DATE, "1899-12-31", NOT_BORN),
])  # fmt: skip
def test_what_is_no_number_is_refused_and_not_repeated(field: F, written: str, reason: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(reason)}$"):
        canonical_number(field, written, TODAY)


def test_a_number_was_given_with_the_codes_of_its_time_not_of_the_birth() -> None:
    """python-stdnum refuses this one: 370102 has had its name since 1984 only."""
    assert canonical_number(F.RESIDENT_ID, ADULT, TODAY) == ADULT
    assert birth_date_of(F.RESIDENT_ID, ADULT) == date(1965, 3, 9)
    assert birth_date_of(F.PERMANENT_RESIDENCE, PERMANENT) == date(1981, 8, 3)
    assert birth_date_of(F.PERMANENT_RESIDENCE, "USA310081010105") is None
    assert birth_date_of(F.PASSPORT, "E12345678") is None


@pytest.mark.parametrize(("field", "value", "shown"), [
    (F.RESIDENT_ID, "370102199001010012", "370***********0012"),
    (F.PHONE, "+8613800138000", "+86*******8000"),
    (F.PASSPORT, "E12345678", "E******78"),
    (F.TAIWAN_PERMIT, "12345678", "********"),
    (F.STUDENT_NUMBER, "2022", "****"),
    (F.BIRTH_DATE, "1965-03-09", "****-**-**"),
])  # fmt: skip
def test_a_mask_shows_the_first_three_and_last_four(field: F, value: str, shown: str) -> None:
    assert mask_value(field, value) == shown


@given(st.sampled_from(F), st.text("0123456789ABCX", min_size=4, max_size=32))
def test_a_mask_keeps_the_length_and_hides_at_least_half(field: F, value: str) -> None:
    shown = mask_value(field, value)
    if field is F.BIRTH_DATE:
        assert shown == "****-**-**"
        return
    kept = [char for char, was in zip(shown, value, strict=True) if char != "*"]
    assert all(char in ("*", was) for char, was in zip(shown, value, strict=True))
    assert len(kept) <= 7
    assert 2 * len(kept) <= len(value)
