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
# Words that lists of offices use, where no column of the kind has that term.
SYNONYMS = {
    "code": ("编号",), "key": ("编号",), "region": ("地区", "行政区划", "所在地", "属地"),
    "frontline": ("是否一线", "一线职工", "是否一线职工"), "name_en": ("英文名",),
    "started": ("开始日期", "开始时间", "起始日期"), "ended": ("结束日期", "结束时间", "终止日期"),
    "joined": ("加入日期", "加入时间"), "left": ("退出", "离开日期", "退出日期", "退出时间"),
    "left_reason": ("退出原因",), "founded": ("成立日期", "成立时间"),
    "opened": ("开始日期", "挂牌日期", "挂牌时间"), "closed": ("截止日期", "结束日期"),
    "held_on": ("竞赛日期", "比赛日期", "举办时间"), "issued_on": ("颁发日期", "发证时间"),
    "published_on": ("发布时间",), "rank": ("排名",), "award": ("获奖等级", "奖次", "获奖情况"),
    "score": ("成绩", "分数", "得分"), "year": ("年度",), "grade": ("技能等级", "职业技能等级"),
    "organisation": ("工作单位", "所在单位"), "post": ("岗位名称", "职务"), "studio": ("工作室",),
    "honour": ("荣誉", "称号"), "competition": ("赛事", "竞赛项目"), "college": ("学校", "学院"),
    "credit_code": ("信用代码", "社会信用代码"), "url": ("链接",), "occupation": ("职业工种",),
    "level": ("等级",), "cohort": ("入学年份",), "major": ("所学专业",),
}  # fmt: skip
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
    for declaration in TYPE_PATTERN.finditer(SDL_FILE.read_text("utf-8")):
        types[declaration["name"]] = chinese_terms(declaration["term"] or "")
        fields[declaration["name"]] = {
            name: chinese_terms(description)
            for description, name in FIELD_PATTERN.findall(declaration["fields"])
        }
    return types, fields


def terms_of_kind(model: type[Row]) -> list[str]:
    return schema_terms()[0].get(model.__name__, [])


def headings_by_term(
    model: type[Row], columns: Mapping[str, Column[Any]], key: str
) -> dict[str, list[str]]:
    """Return the headings that each Chinese term may mean; several if it is ambiguous."""
    headings: defaultdict[str, list[str]] = defaultdict(list)
    for heading in (key, *columns):
        for term in dict.fromkeys(heading_terms(model, heading, columns.get(heading))):
            headings[term].append(heading)
    synonyms: defaultdict[str, list[str]] = defaultdict(list)
    for heading in (key, *columns):
        for term in SYNONYMS.get(heading, ()):
            synonyms[term].append(heading)
    return {**synonyms, **headings}


def heading_terms(model: type[Row], heading: str, column: Column[Any] | None) -> Iterator[str]:
    fields = schema_terms()[1].get(model.__name__, {})
    yield from fields.get(camel_case(heading), ())
    yield from EXTRA_TERMS.get(heading, ())
    if column is not None and column.foreign_keys and camel_case(heading) not in fields:
        [foreign] = column.foreign_keys
        yield from table_terms(foreign.column.table.name)
    quantity, _, part = heading.rpartition("_")
    if quantity and part in QUANTITY_PART_TERMS and camel_case(heading) not in fields:
        yield from (
            term + end
            for term in fields.get(camel_case(quantity), ())
            for end in QUANTITY_PART_TERMS[part]
        )
        if part == "unit":
            yield "单位"


def table_terms(name: str) -> Iterable[str]:
    return next(
        (terms_of_kind(model) for model in table_models() if model_table(model).name == name), ()
    )


def camel_case(heading: str) -> str:
    return re.sub("_([a-z0-9])", lambda match: match[1].upper(), heading)


def normalized_heading(heading: str) -> str:
    """Return a heading in half-width letters; Chinese ones also without spaces."""
    return re.sub(r"\s+", "" if not heading.isascii() else " ", normalize_label(heading))
