"""Formats of document numbers, as published by their issuers.

Messages don't repeat a number.
"""

import re
from collections.abc import Callable
from datetime import date

import phonenumbers
from stdnum import numdb
from stdnum.cn import ric
from stdnum.exceptions import ValidationError

from kit.text.normalization import normalize_code
from models.personal import PersonalField

EARLIEST_BIRTH = date(1900, 1, 1)
MAX_NUMBER_LENGTH = 64  # longer texts aren't parsed
SEPARATORS = re.compile(r"[\s\-·]+")
ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
# GB 11643 with prefixes that aren't places: the first six digits are the kind of card.
RESIDENCE_PREFIXES = {
    PersonalField.HONG_KONG_MACAO_RESIDENCE: ("810000", "820000"),
    PersonalField.TAIWAN_RESIDENCE: ("830000",),
}
NUMBER_FORMATS = {
    # ICAO 9303: nine characters at most.
    PersonalField.PASSPORT: ("(?=.*[0-9])[A-Z0-9]{5,9}", "has 5 to 9 letters and digits."),
    # 2005: nationality, place, birth, check digit. 2023: eighteen digits, see
    # `check_permanent_residence`.
    PersonalField.PERMANENT_RESIDENCE: ("[A-Z]{3}[0-9]{12}", "has 3 letters and 12 digits, or 18."),
    # Nine characters, or eleven with two digits for the number of renewals.
    PersonalField.HONG_KONG_MACAO_PERMIT: ("[HM][0-9]{8}([0-9]{2})?", "is H or M and 8 digits."),
    PersonalField.TAIWAN_PERMIT: ("[0-9]{8}([0-9]{2})?", "has 8 digits."),
    PersonalField.STUDENT_NUMBER: ("[A-Z0-9]{4,32}", "has 4 to 32 letters and digits."),
    PersonalField.CERTIFICATE_NUMBER: ("[A-Z0-9]{4,32}", "has 4 to 32 letters and digits."),
}


def canonical_number(field: PersonalField, text: str, today: date) -> str:
    """Return the canonical form, so that equal values match. Raises ValueError with a reason."""
    if len(text) > MAX_NUMBER_LENGTH:
        raise ValueError(f"has more than {MAX_NUMBER_LENGTH} characters.")
    if field is PersonalField.PHONE:
        return canonical_phone(text)
    if field is PersonalField.BIRTH_DATE:
        return parse_birth_date(normalize_code(text), today).isoformat()
    number = SEPARATORS.sub("", normalize_code(text)).upper()
    return NUMBER_CHECKS.get(field, check_format)(field, number, today)


def check_format(field: PersonalField, number: str, today: date) -> str:
    shape, reason = NUMBER_FORMATS[field]
    if not re.fullmatch(shape, number):
        raise ValueError(reason)
    return number


def check_resident_id(field: PersonalField, number: str, today: date) -> str:
    check_gb11643(number, today)
    if number[:2] in {"81", "82", "83"} or number[0] == "9":
        raise ValueError("is the number of another kind of card.")
    # Not `ric.validate`, which requires a place code of the birth year: numbers were issued from
    # 1984 on with the codes of that time, so it rejects most people born before.
    if not any(details for _, details in numdb.get("cn/loc").info(number[:6])):
        raise ValueError("begins with no place that ever had a code.")
    return number


def check_residence_permit(field: PersonalField, number: str, today: date) -> str:
    check_gb11643(number, today)
    if number[:6] not in RESIDENCE_PREFIXES[field]:
        raise ValueError(f"begins with {' or '.join(RESIDENCE_PREFIXES[field])}.")
    return number


def check_permanent_residence(field: PersonalField, number: str, today: date) -> str:
    """Check a number of 2023: 9, province, nationality (ISO 3166 numeric), birth, serial, check."""
    if len(number) != 18:
        return check_format(field, number, today)
    check_gb11643(number, today)
    if number[0] != "9":
        raise ValueError("begins with 9 where it has 18 digits.")
    return number


def check_gb11643(number: str, today: date) -> None:
    """Check GB 11643: seventeen digits with the birth date, and an ISO 7064 MOD 11-2 digit."""
    if not re.fullmatch("[0-9]{17}[0-9X]", number):
        raise ValueError("has 18 digits, of which the last may be X.")
    if ric.calc_check_digit(number) != number[-1]:
        raise ValueError("has a wrong check digit: a digit was mistyped.")
    try:
        day = ric.get_birth_date(number)
    except ValidationError:
        raise ValueError("holds a birth date that is no day.") from None
    check_birth_date(day, today)


def parse_birth_date(text: str, today: date) -> date:
    try:
        day = date.fromisoformat(text) if ISO_DATE.fullmatch(text) else None
    except ValueError:
        day = None
    if day is None:
        raise ValueError("is no day; write it as 1990-01-31.")
    check_birth_date(day, today)
    return day


def check_birth_date(day: date, today: date) -> None:
    if not EARLIEST_BIRTH <= day <= today:
        raise ValueError("has a birth date after today, or before 1900.")


def canonical_phone(text: str) -> str:
    """Return the E.164 form; a number without + is from the mainland."""
    try:
        number = phonenumbers.parse(text, "CN")
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_valid_number(number):
        raise ValueError("is no phone number; write one from abroad with + and its country.")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


NUMBER_CHECKS: dict[PersonalField, Callable[[PersonalField, str, date], str]] = {
    PersonalField.RESIDENT_ID: check_resident_id,
    PersonalField.HONG_KONG_MACAO_RESIDENCE: check_residence_permit,
    PersonalField.TAIWAN_RESIDENCE: check_residence_permit,
    PersonalField.PERMANENT_RESIDENCE: check_permanent_residence,
}


def birth_date_of(field: PersonalField, number: str) -> date | None:
    """Return the birth date in a canonical number, if its kind has one."""
    if field is PersonalField.BIRTH_DATE:
        return date.fromisoformat(number)
    if field in {PersonalField.RESIDENT_ID, *RESIDENCE_PREFIXES} or (
        field is PersonalField.PERMANENT_RESIDENCE and len(number) == 18
    ):
        day: date = ric.get_birth_date(number)
        return day
    return None


def mask_value(field: PersonalField, value: str) -> str:
    """Mask all but the first three and last four characters.

    A short value shows at most a third, a date nothing.
    """
    if field is PersonalField.BIRTH_DATE:
        return "****-**-**"
    first, last = (3, 4) if len(value) >= 14 else (len(value) // 9, len(value) // 9 * 2)
    return value[:first] + "*" * (len(value) - first - last) + value[len(value) - last :]
