"""Partial dates as published: 2022, 2022-08 or 2022-08-01."""

import re
from datetime import MAXYEAR, date, timedelta
from typing import NewType

from kit.errors import quote_input

PartialDate = NewType("PartialDate", str)

ACCEPTED_FORMATS = "a year, a month or a day is accepted: 2022, 2022-08 or 2022-08-01"
PARTIAL_DATE = re.compile(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?")


def parse_partial_date(text: str) -> PartialDate:
    """Parse a partial date. Raises ValueError, with a message, for anything else."""
    if not PARTIAL_DATE.fullmatch(text):
        raise ValueError(f"{quote_input(text)} is no date; {ACCEPTED_FORMATS}.")
    try:
        first_day(text)
        first_day_after(text)
    except (ValueError, OverflowError) as error:
        raise ValueError(f"{text!r} is not in the calendar; {ACCEPTED_FORMATS}.") from error
    return PartialDate(text)


def first_day(text: str) -> date:
    """Return the first day of a published start."""
    year, month, day = (*map(int, text.split("-")), 1, 1)[:3]
    return date(year, month, day)


def exclusive_end(text: str) -> date:
    """Return the first day after a published end.

    A full date is that day itself; a month or a year lasts to its last day.
    """
    return first_day(text) if len(text) == 10 else first_day_after(text)


def first_day_after(text: str) -> date:
    begin = first_day(text)
    if len(text) == 10:
        return begin + timedelta(days=1)
    if len(text) == 4 or begin.month == 12:
        if begin.year == MAXYEAR:
            raise OverflowError(text)
        return date(begin.year + 1, 1, 1)
    return date(begin.year, begin.month + 1, 1)
