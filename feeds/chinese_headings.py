"""Chinese headings of files, from the schema's descriptions of the same fields.

A description in schema/schema.graphql ends with its Chinese term, so each term is written once.
Fields outside the schema have their terms here.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Column

from kit.text.normalization import normalize_label
from models.history import model_table, table_models
from models.row import Row

SDL_FILE = Path(__file__).parent.parent / "schema" / "schema.graphql"
TYPE_PATTERN = re.compile(
    r'(?:"""(?P<term>(?:(?!""").)*)"""\n)?type (?P<name>\w+)[^{\n]*\{\n(?P<fields>.*?)\n\}',
    re.DOTALL,
)
FIELD_PATTERN = re.compile(r'^  """((?:(?!""").)*)"""\n  (\w+)', re.DOTALL | re.MULTILINE)
TERM_PATTERN = re.compile(r"[\u4e00-\u9fff]+(?: / [\u4e00-\u9fff]+)*")
# Terms of fields outside the schema, and other words that offices use.
EXTRA_TERMS = {
    "code": ("编码", "代码"),
    "name": ("姓名",),
    "key": ("标识", "键"),
    "owner": ("所有者", "归属单位"),
    "audience": ("可见范围", "公开范围"),
    "note": ("备注", "编者注"),
    "sources": ("来源",),
    "competition_class": ("竞赛等级",),
    "member_count_value": ("成员数",),
    "member_count_unit": ("成员数单位",),
    "member_count_qualifier": ("成员数限定",),
    "recipient_region": ("获奖地区",),
}
QUANTITY_PART_TERMS = {"value": ("", "数值"), "unit": ("单位",), "qualifier": ("限定",)}


def chinese_terms(description: str) -> list[str]:
    """Return a description's terms: 奖项 in «As published. 奖项», three in 职工 / 工匠 / 学员."""
    text = re.sub(r"\([^)]*\)", "", " ".join(description.split())).strip()
    for start in re.finditer(r"(?:^|(?<=[.…;:] ))(?=[\u4e00-\u9fff])", text):
        if TERM_PATTERN.fullmatch(text[start.start() :]):
            return text[start.start() :].split(" / ")
    return []


@cache
def schema_terms() -> tuple[dict[str, list[str]], dict[str, dict[str, list[str]]]]:
    """Return the terms of each type, and those of its fields by type and field name."""
    types: dict[str, list[str]] = {}
    fields: dict[str, dict[str, list[str]]] = {}
    for found in TYPE_PATTERN.finditer(SDL_FILE.read_text("utf-8")):
        types[found["name"]] = chinese_terms(found["term"] or "")
        fields[found["name"]] = {
            name: chinese_terms(description)
            for description, name in FIELD_PATTERN.findall(found["fields"])
        }
    return types, fields


def terms_of_kind(model: type[Row]) -> list[str]:
    return schema_terms()[0].get(model.__name__, [])


def headings_by_term(
    model: type[Row], columns: Mapping[str, Column[Any]], key: str
) -> dict[str, list[str]]:
    """Return the headings that each Chinese term may mean; several if it is ambiguous."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for heading in (key, *columns):
        for term in dict.fromkeys(heading_terms(model, heading, columns.get(heading))):
            found[term].append(heading)
    return dict(found)


def heading_terms(model: type[Row], heading: str, column: Column[Any] | None) -> Iterator[str]:
    fields = schema_terms()[1].get(model.__name__, {})
    yield from fields.get(camel_case(heading), ())
    yield from EXTRA_TERMS.get(heading, ())
    if column is not None and column.foreign_keys and camel_case(heading) not in fields:
        [foreign] = column.foreign_keys
        yield from table_terms(foreign.column.table.name)
    whole, _, part = heading.rpartition("_")
    if whole and part in QUANTITY_PART_TERMS and camel_case(heading) not in fields:
        yield from (
            term + end
            for term in fields.get(camel_case(whole), ())
            for end in QUANTITY_PART_TERMS[part]
        )
        if part == "unit":
            yield "单位"


def table_terms(name: str) -> Iterable[str]:
    return next((terms_of_kind(one) for one in table_models() if model_table(one).name == name), ())


def camel_case(heading: str) -> str:
    return re.sub("_([a-z0-9])", lambda match: match[1].upper(), heading)


def normalized_heading(heading: str) -> str:
    """Return a heading in half-width letters; Chinese ones also without spaces."""
    return re.sub(r"\s+", "" if not heading.isascii() else " ", normalize_label(heading))
