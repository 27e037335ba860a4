"""Descriptions in both languages. A description without English gets the field's name."""

import re
from collections.abc import Callable
from typing import Any

from strawberry.types import get_object_definition

ENGLISH_WORD = re.compile(r"[A-Za-z]{3}")

# Input fields and enum values, described when the descriptions of all fields are complete.
UNDESCRIBED: list[tuple[Any, Callable[[str], str], str]] = []

# Descriptions by name, for generated fields and for arguments.
DEFAULT_DESCRIPTIONS = {
    "after": "Return the page after this cursor. Use with `first`. 此游标之后",
    "before": "Return the page before this cursor. Use with `last`. 此游标之前",
    "by": "Dimensions to group by, one or more. 分组维度",
    "code": "Code of the record. 编码",
    "cursor": "Position of this record in the list, as an opaque cursor. 游标",
    "edges": "The records of this page, each with its cursor. 本页记录及游标",
    "end_cursor": "Cursor of the last record of this page. Null if the page is empty. 末条游标",
    "filter": "Conditions on the records of the list. Null: no condition. 筛选条件",
    "has_next_page": "True if there are records after this page. 是否有下一页",
    "id": "Global id of the record. 全局标识",
    "ids": "Global ids, at most 100. 全局标识",
    "node": "The record. 记录",
    "nodes": "The items, in the order of the list. 各项",
    "of": "The measure to compute. 汇总对象",
    "order_by": "Sort order: by the first entry, then by the next. 排序",
    "page_info": "Information about this page. 分页信息",
    "scope": "SELF: the region itself. SUBTREE: also all regions below it. 统计范围",
    "start_cursor": "Cursor of the first record of this page. Null if the page is empty. 首条游标",
}

# The English of names that say too little; that of all others is the name itself.
ENGLISH_BY_NAME = {
    "basis": "Basis on which it was issued",
    "bids": "Bids for challenges",
    "conferrals": "Awards of honours",
    "editions": "Competitions of this series",
    "ended": "End date. Null if still valid",
    "figures": "Published numbers",
    "founded": "Date of foundation",
    "grants": "Payments",
    "held_on": "Date, as precisely as it is known",
    "host": "Host organisation",
    "hosted_competitions": "Competitions that the academy organised",
    "issued_on": "Date of issue",
    "joined": "Start date of the membership",
    "left": "End date of the membership. Null if still a member",
    "left_reason": "Reason for leaving",
    "level": "Level, such as PROVINCIAL or NATIONAL",
    "narrower": "Categories one level below",
    "nominations": "Nominations for honours",
    "nominator": "The organisation that nominated the candidate",
    "opened": "Opening date",
    "operator": "The organisation that operates it",
    "organiser": "Organising organisation",
    "parent": "The record one level above",
    "payer": "The organisation that pays",
    "posted": "Date of publication",
    "provider": "The organisation that provides the benefit",
    "published_on": "Date of publication",
    "results": "Competition results",
    "started": "Start date",
    "sub_alliances": "Alliances one level below",
    "submitted": "Date of submission",
    "track": "Track of the competition",
}


def bilingual_description(name: str, description: str | None) -> str | None:
    if description is None:
        return DEFAULT_DESCRIPTIONS.get(name)
    if ENGLISH_WORD.search(description):
        return description
    return f"{english_of_name(name)}. {description}"


def english_of_name(name: str) -> str:
    if english := ENGLISH_BY_NAME.get(name):
        return english
    words = name.replace("_", " ")
    if words.endswith((" kind", " status")):
        subject, what = words.rsplit(" ", 1)
        return f"{'Type' if what == 'kind' else 'Status'} of the {subject}"
    return words.capitalize()


def complete_descriptions(published: Any) -> None:
    """Complete the descriptions of a type's fields and arguments."""
    for field in get_object_definition(published, strict=True).fields:
        field.description = bilingual_description(field.python_name, field.description)
        for argument in field.arguments:
            if argument.description is None:
                argument.description = DEFAULT_DESCRIPTIONS.get(argument.python_name)


def describe_fields_later(published: Any, describe: Callable[[str], str]) -> Any:
    """Return an input type whose fields get their descriptions later, by name."""
    for field in published.__strawberry_definition__.fields:
        if field.description is None:
            UNDESCRIBED.append((field, describe, field.python_name))
    return published


def describe_values_later(published: Any, describe: Callable[[str], str]) -> Any:
    """Return an enum whose values get their descriptions later, by the declared word."""
    for value in published.__strawberry_definition__.values:
        UNDESCRIBED.append((value, describe, value.value))
    return published


def complete_later_descriptions() -> None:
    for part, describe, name in UNDESCRIBED:
        part.description = describe(name)
    UNDESCRIBED.clear()
