"""Descriptions in both languages. A description without English gets the field's name."""

import re
from typing import Any

from strawberry.types import get_object_definition

ENGLISH_WORD = re.compile(r"[A-Za-z]{3}")

# Descriptions by name, for generated fields and for arguments.
DEFAULT_DESCRIPTIONS = {
    "after": "The page that follows this cursor. 此游标之后",
    "before": "The page that precedes this cursor. 此游标之前",
    "by": "What to group by: one dimension or several. 分组维度",
    "code": "Its code. 编码",
    "cursor": "Where it stands in the list. 游标",
    "edges": "The records of this page with their cursors. 本页记录及游标",
    "end_cursor": "The cursor of the last record; null on an empty page. 末条游标",
    "filter": "Which records; null filters nothing. 筛选条件",
    "has_next_page": "Whether records follow. 是否有下一页",
    "id": "Its global id. 全局标识",
    "ids": "Global ids, 100 at most. 全局标识",
    "node": "The record. 记录",
    "nodes": "In the order of the list. 各项",
    "of": "What to add up. 汇总对象",
    "order_by": "What it is sorted by: the first, then the next. 排序",
    "page_info": "Where the page stands. 分页信息",
    "scope": "Of what the figures are. 统计范围",
    "start_cursor": "The cursor of the first record; null on an empty page. 首条游标",
}


def bilingual_description(name: str, description: str | None) -> str | None:
    if description is None:
        return DEFAULT_DESCRIPTIONS.get(name)
    if ENGLISH_WORD.search(description):
        return description
    return f"{name.replace('_', ' ').capitalize()}. {description}"


def complete_descriptions(published: Any) -> None:
    """Complete the descriptions of a type's fields and arguments."""
    for field in get_object_definition(published, strict=True).fields:
        field.description = bilingual_description(field.python_name, field.description)
        for argument in field.arguments:
            if argument.description is None:
                argument.description = DEFAULT_DESCRIPTIONS.get(argument.python_name)
