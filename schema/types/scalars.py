import re
from datetime import date
from decimal import Decimal
from typing import Any, NewType

import strawberry
from strawberry.types.scalar import ScalarDefinition

from kit.errors import BadInput
from kit.values.fixed_point import to_fixed_decimal
from kit.values.partial_date import PartialDate, parse_partial_date

DAY_PATTERN = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
Day = NewType("Day", date)


def coerce_day(value: Any) -> date:
    try:
        if isinstance(value, str) and DAY_PATTERN.fullmatch(value):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise BadInput(
        "A date must have the form YYYY-MM-DD, such as 2023-05-31.",
        "日期的格式为 YYYY-MM-DD，例如 2023-05-31。",
    )


def coerce_partial_date(value: Any) -> PartialDate:
    try:
        if isinstance(value, str):
            return parse_partial_date(value)
    except ValueError:
        pass
    raise BadInput(
        "A date must be a string with a year, a month or a day: 2022, 2022-08 or 2022-08-01.",
        "日期可以是年、月或日：2022、2022-08 或 2022-08-01，写作文本。",
    )


def coerce_decimal(value: Any) -> Decimal:
    """Return an exact number; no argument uses it yet. Raises NumberOutOfRange."""
    return to_fixed_decimal(value if isinstance(value, str) else str(value))


SCALARS: dict[object, ScalarDefinition] = {
    PartialDate: strawberry.scalar(
        name="PartialDate",
        serialize=str,
        parse_value=coerce_partial_date,
        description="A date with the known precision: 2022, 2022-08 or 2022-08-01. "
        "只到已知精度的日期。",
    ),
    Decimal: strawberry.scalar(
        name="Decimal",
        serialize=str,
        parse_value=coerce_decimal,
        description='An exact decimal number as a text, never rounded: "280381050.95". '
        "十进制数，以文本表示，不作舍入。",
    ),
    Day: strawberry.scalar(
        name="Date",
        serialize=str,
        parse_value=coerce_day,
        description='A day in the form YYYY-MM-DD. "Today" is the day in China. '
        "日期，以中国时间为准。",
    ),
}
