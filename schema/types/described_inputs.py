"""Descriptions of filters, orders, dimensions and measures, from those of the fields they name."""

import re
from functools import cache
from importlib import import_module
from typing import Any, NamedTuple

from strawberry.types import get_object_definition

from engine.aggregates.groups import COUNT, KEY
from engine.catalog.kind import Kind
from engine.catalog.link import ToList, ToMany, ToOneUnion

CHINESE_TERM = re.compile(r"(?:^|(?<=[.…;:] ))[\u4e00-\u9fff].*$")
END_OF_TERM = re.compile(r"[.:;,] ")
QUANTITY_PART = re.compile(r"(_value|_unit|_qualifier|_id)$")
YEAR_DIGITS = 4
SORT_KEYS = {"name_key": "name"}
CONNECTIVES = {
    "is_null": "All these fields are null. 为空的字段",
    "and_": "All these filters match. 且",
    "or_": "At least one of these filters matches. 或",
    "not_": "This filter doesn't match. 非",
}


class Term(NamedTuple):
    """The first words of a description, and its Chinese term."""

    english: str
    chinese: str

    @property
    def inside(self) -> str:
        """Return the English words as they stand inside a sentence."""
        first, rest = self.english[:1], self.english[1:]
        return self.english if rest[:1].isupper() else first.lower() + rest


# Columns by which lists are sorted, though some types have no field for them.
UNPUBLISHED_COLUMNS = {"recorded_at": Term("Time at which this record was entered", "登记时间")}


def term_of(description: str) -> Term:
    found = CHINESE_TERM.search(description)
    english = description[: found.start()] if found else description
    chinese = found[0] if found else ""
    return Term(END_OF_TERM.split(english.strip())[0].rstrip("."), chinese)


def published_type(kind: Kind) -> Any:
    module = import_module(kind.model.__module__.replace("models", "schema", 1))
    return getattr(module, kind.name)


@cache
def field_terms(kind: Kind) -> dict[str, Term]:
    """Return the terms of a type's fields, whose descriptions must be complete."""
    fields = get_object_definition(published_type(kind), strict=True).fields
    return {field.python_name: term_of(field.description or "") for field in fields}


def kind_term(kind: Kind) -> Term:
    return term_of(get_object_definition(published_type(kind), strict=True).description or "")


def term_of_field(kind: Kind, name: str) -> Term:
    terms = field_terms(kind)
    found = terms.get(SORT_KEYS.get(name, name)) or terms.get(QUANTITY_PART.sub("", name))
    return found or UNPUBLISHED_COLUMNS[name]


def sentence(words: str, chinese: str) -> str:
    return f"{words}. {chinese}"


def describe_filter(kind: Kind, name: str) -> str:
    """Return the description of a filter's field: a column, a bound of one, or a link."""
    if name in CONNECTIVES:
        return CONNECTIVES[name]
    if rule := kind.filters.get(name):
        term = term_of_field(kind, rule.column)
        if name == f"{rule.column}_from":
            return sentence(f"{term.english} is this value or greater", term.chinese)
        if name == f"{rule.column}_to":
            return sentence(f"{term.english} is this value or less", term.chinese)
        return sentence(f"{term.english} is this value", term.chinese)
    term = term_of_field(kind, name)
    if isinstance(kind.links[name], ToMany | ToList):
        return sentence(f"At least one meets these conditions: {term.inside}", term.chinese)
    return sentence(f"{term.english} meets these conditions", term.chinese)


def describe_choice(link: str, target: Kind) -> str:
    words = target.word.replace("_", " ")
    of = f"The {link.replace('_', ' ')} is of the type {words}, and meets these conditions"
    return sentence(of, kind_term(target).chinese)


def describe_null(kind: Kind, name: str) -> str:
    term = term_of_field(kind, name)
    return sentence(f"{term.english} is null", term.chinese)


def describe_order(kind: Kind, word: str) -> str:
    term = term_of_field(kind, kind.orders[word])
    return sentence(f"Sort by {term.inside}", term.chinese)


def describe_dimension(kind: Kind, word: str) -> str:
    dimension = kind.dimensions[word]
    path, reached = list(dimension.path), kind
    names = [*path, dimension.column] if dimension.column else path
    for name in names[:-1]:
        link: Any = reached.links[name]
        reached = next(iter(link.targets)) if isinstance(link, ToOneUnion) else link.to
    term = term_of_field(reached, names[-1])
    words = "".join(f" of the {name.replace('_', ' ')}" for name in reversed(names[:-1]))
    year = "the year of the " if dimension.digits == YEAR_DIGITS else ""
    return sentence(f"Group by {year}{term.inside}{words}", term.chinese)


def describe_measure(kind: Kind, word: str) -> str:
    term = term_of_field(kind, kind.measures[word])
    return sentence(f"The numbers of the field: {term.inside}", term.chinese)


def describe_group_order(kind: Kind, word: str) -> str:
    if word == COUNT:
        return "Number of records in the group. 数量"
    if word == KEY:
        return "Keys of the group, in the order of the dimensions. 分组键"
    term = term_of_field(kind, kind.measures[word])
    return sentence(f"Sum over the group: {term.inside}", term.chinese)


def describe_sum(kind: Kind, word: str) -> str:
    term = term_of_field(kind, kind.measures[word])
    return sentence(f"The sum is in this range: {term.inside}", term.chinese)
