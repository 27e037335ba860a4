"""How numbers of documents are written, by what their issuers have published.

No sentence of refusal repeats one.
"""

import re
from collections.abc import Callable
from datetime import date

import phonenumbers
from stdnum import numdb
from stdnum.cn import ric
from stdnum.exceptions import ValidationError

from kit.written import code
from models.personal import PersonalField

EARLIEST = date(1900, 1, 1)
LONGEST = 64  # characters that are looked at
SEPARATORS = re.compile(r"[\s\-·]+")
DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
# GB 11643 with a place that is none: the first six digits say what kind of card it is.
RESIDENCE = {
    PersonalField.HONG_KONG_MACAO_RESIDENCE: ("810000", "820000"),
    PersonalField.TAIWAN_RESIDENCE: ("830000",),
}
SHAPES = {
    # ICAO 9303: nine characters at most.
    PersonalField.PASSPORT: ("(?=.*[0-9])[A-Z0-9]{5,9}", "has 5 to 9 letters and digits."),
    # 2005: nationality, place, birth, check. 2023: eighteen digits, see below.
    PersonalField.PERMANENT_RESIDENCE: ("[A-Z]{3}[0-9]{12}", "has 3 letters and 12 digits, or 18."),
    # Nine characters, or eleven with the two digits that counted renewals.
    PersonalField.HONG_KONG_MACAO_PERMIT: ("[HM][0-9]{8}([0-9]{2})?", "is H or M and 8 digits."),
    PersonalField.TAIWAN_PERMIT: ("[0-9]{8}([0-9]{2})?", "has 8 digits."),
    PersonalField.STUDENT_NUMBER: ("[A-Z0-9]{4,32}", "has 4 to 32 letters and digits."),
    PersonalField.CERTIFICATE_NUMBER: ("[A-Z0-9]{4,32}", "has 4 to 32 letters and digits."),
}


def canonical(field: PersonalField, text: str, today: date) -> str:
    """One spelling of a value, so that equal ones are found. Raises ValueError with a reason."""
    if len(text) > LONGEST:
        raise ValueError(f"has more than {LONGEST} characters.")
    if field is PersonalField.PHONE:
        return phone(text)
    if field is PersonalField.BIRTH_DATE:
        return born(code(text), today).isoformat()
    number = SEPARATORS.sub("", code(text)).upper()
    return READERS.get(field, shaped)(field, number, today)


def shaped(field: PersonalField, number: str, today: date) -> str:
    shape, told = SHAPES[field]
    if not re.fullmatch(shape, number):
        raise ValueError(told)
    return number


def resident_id(field: PersonalField, number: str, today: date) -> str:
    check_digits(number, today)
    if number[:2] in {"81", "82", "83"} or number[0] == "9":
        raise ValueError("is the number of another kind of card.")
    # Not `ric.validate`: it wants the place to have had its code in the year of birth, but numbers
    # were given from 1984 on, with the codes of that time: it refuses most of who was born before.
    if not any(known for _, known in numdb.get("cn/loc").info(number[:6])):
        raise ValueError("begins with no place that ever had a code.")
    return number


def residence(field: PersonalField, number: str, today: date) -> str:
    check_digits(number, today)
    if number[:6] not in RESIDENCE[field]:
        raise ValueError(f"begins with {' or '.join(RESIDENCE[field])}.")
    return number


def permanent_residence(field: PersonalField, number: str, today: date) -> str:
    """Since 2023: 9, province, nationality (ISO 3166 numeric), birth, serial, check digit."""
    if len(number) != 18:
        return shaped(field, number, today)
    check_digits(number, today)
    if number[0] != "9":
        raise ValueError("begins with 9 where it has 18 digits.")
    return number


def check_digits(number: str, today: date) -> None:
    """GB 11643: seventeen digits with the day of birth, and ISO 7064 MOD 11-2."""
    if not re.fullmatch("[0-9]{17}[0-9X]", number):
        raise ValueError("has 18 digits, of which the last may be X.")
    if ric.calc_check_digit(number) != number[-1]:
        raise ValueError("has a wrong check digit: a digit was mistyped.")
    try:
        day = ric.get_birth_date(number)
    except ValidationError:
        raise ValueError("holds a birth date that is no day.") from None
    check_day(day, today)


def born(text: str, today: date) -> date:
    try:
        day = date.fromisoformat(text) if DATE.fullmatch(text) else None
    except ValueError:
        day = None
    if day is None:
        raise ValueError("is no day; write it as 1990-01-31.")
    check_day(day, today)
    return day


def check_day(day: date, today: date) -> None:
    if not EARLIEST <= day <= today:
        raise ValueError("says that somebody was born after today, or before 1900.")


def phone(text: str) -> str:
    """E.164; a number without + is one of the mainland."""
    try:
        number = phonenumbers.parse(text, "CN")
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_valid_number(number):
        raise ValueError("is no phone number; write one from abroad with + and its country.")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


READERS: dict[PersonalField, Callable[[PersonalField, str, date], str]] = {
    PersonalField.RESIDENT_ID: resident_id,
    PersonalField.HONG_KONG_MACAO_RESIDENCE: residence,
    PersonalField.TAIWAN_RESIDENCE: residence,
    PersonalField.PERMANENT_RESIDENCE: permanent_residence,
}


def birth_date_in(field: PersonalField, number: str) -> date | None:
    """The day that a canonical number says, of those that say one."""
    if field is PersonalField.BIRTH_DATE:
        return date.fromisoformat(number)
    if field in {PersonalField.RESIDENT_ID, *RESIDENCE} or (
        field is PersonalField.PERMANENT_RESIDENCE and len(number) == 18
    ):
        day: date = ric.get_birth_date(number)
        return day
    return None


def masked(field: PersonalField, value: str) -> str:
    """The first three and last four characters; of a short one a third at most, of a day none."""
    if field is PersonalField.BIRTH_DATE:
        return "****-**-**"
    first, last = (3, 4) if len(value) >= 14 else (len(value) // 9, len(value) // 9 * 2)
    return value[:first] + "*" * (len(value) - first - last) + value[len(value) - last :]
