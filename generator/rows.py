"""Rows as they stand in the files: cells by column."""

from collections.abc import Iterable

Row = dict[str, object]

SOURCE = "demo_source"
COLLEGE = "demo_college"


def rows(header: str, *lines: Iterable[object]) -> list[Row]:
    names = header.split()
    return [dict(zip(names, line, strict=True)) for line in lines]


def cited(facts: list[Row]) -> list[Row]:
    return [{**fact, "sources": SOURCE} for fact in facts]


def held_by_college(facts: list[Row]) -> list[Row]:
    """With the college as owner: who else may see a fact stands in its `audience`."""
    return [{**fact, "owner": COLLEGE} for fact in cited(facts)]


SOURCES = rows(
    "key title publisher asserted_by note",
    (
        SOURCE,
        "示范数据：本资料为虚构，所有地区、单位、人员、赛事与数字均不存在",
        "示例职业技术学院",
        COLLEGE,
        "Invented for demonstration; made by generator/",
    ),
)
