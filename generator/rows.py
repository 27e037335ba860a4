"""Rows as they stand in the files: cells by column."""

from collections.abc import Iterable

Row = dict[str, object]

SOURCE = "demo_source"
COLLEGE = "demo_college"


def rows(header: str, *lines: Iterable[object]) -> list[Row]:
    names = header.split()
    return [dict(zip(names, line, strict=True)) for line in lines]


def cited(facts: list[Row], sources: str = SOURCE) -> list[Row]:
    """Facts that name their sources themselves keep them."""
    return [{**fact, "sources": fact.get("sources", sources)} for fact in facts]


def held_by_college(facts: list[Row]) -> list[Row]:
    """With the college as owner: who else may see a fact stands in its `audience`."""
    return [{**fact, "owner": COLLEGE} for fact in cited(facts)]
