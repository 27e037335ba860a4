from typing import Annotated, Any

import strawberry
from strawberry import Parent

import resolvers.core.records
import resolvers.search.search
import schema.types.enums  # noqa: F401  # enums, before the types that use them
from engine.plan.field_plans import (
    CursorField,
    EdgesField,
    NodeField,
    NodesField,
    PageInfoField,
    TotalCountField,
)
from engine.plan.steps.search import SearchCountField, SearchField
from models.search import SearchForm
from resolvers.core.context import Info
from resolvers.search.search import SEARCH_SOURCE, SearchHit, SearchResults
from schema.types.connections import PageInfo, page_info_resolver, total_count_resolver
from schema.types.factory import list_type, page_arguments
from schema.types.node import Record
from schema.types.plan_metadata import plan_metadata


async def hit_node_resolver(hit: Parent[SearchHit], info: Info) -> Any:
    return await resolvers.search.search.hit_record(hit, info)


def hit_cursor_resolver(hit: Parent[SearchHit]) -> str:
    return hit.cursor


async def hit_edges_resolver(parent: Parent[SearchResults], info: Info) -> Any:
    return (await resolvers.core.records.resolve_page(parent, info)).rows


async def hit_nodes_resolver(parent: Parent[SearchResults], info: Info) -> Any:
    page = await resolvers.core.records.resolve_page(parent, info)
    return [await resolvers.search.search.hit_record(hit, info) for hit in page.rows]


async def capped_resolver(parent: Parent[SearchResults], info: Info) -> bool:
    return await resolvers.search.search.resolve_capped(parent, info)


@strawberry.type(description="One search result: a record and the text that matched. 搜索结果")
class SearchEdge:
    cursor: str = strawberry.field(
        resolver=hit_cursor_resolver,
        description="Position of this record in the list, as an opaque cursor. 游标",
        metadata=plan_metadata(CursorField()),
    )
    matched: str = strawberry.field(
        description="The name or code that matched, as it is written. For pinyin and initials, "
        "the Chinese name. 匹配的文字"
    )
    form: SearchForm = strawberry.field(
        description="Which name or code of the record matched. 匹配方式"
    )
    score: float = strawberry.field(
        description="3 for a match of the whole text, 2 for its beginning or for initials, 1 "
        "inside the text. Plus 0.0 to 0.7 for prominence: published honours, results, outcomes "
        "and members, or the level of a region. 得分"
    )
    node = strawberry.field(
        hit_node_resolver,
        graphql_type=Record,
        description="The record. 记录",
        metadata=plan_metadata(NodeField()),
    )


@strawberry.type(
    description="A page of search results, best match first, with the total. 搜索结果列表"
)
class SearchConnection:
    total_count: int = strawberry.field(
        resolver=total_count_resolver,
        description="Number of matching records that the viewer may see, over all pages. Exact "
        "up to 10,000; for more matches it is 10,000. 总数（一万以内精确）",
        metadata=plan_metadata(TotalCountField()),
    )
    capped: bool = strawberry.field(
        resolver=capped_resolver,
        description="True if there are more matches than `totalCount`. 是否多于总数所示",
        metadata=plan_metadata(SearchCountField("capped")),
    )
    page_info: PageInfo = strawberry.field(
        resolver=page_info_resolver,
        description="Information about this page. 分页信息",
        metadata=plan_metadata(PageInfoField()),
    )
    edges = strawberry.field(
        hit_edges_resolver,
        graphql_type=list_type(SearchEdge),
        description="The results of this page, each with its cursor and the text that matched. "
        "本页结果及匹配方式",
        metadata=plan_metadata(EdgesField()),
    )
    nodes = strawberry.field(
        hit_nodes_resolver,
        graphql_type=list_type(Record),
        description="The records of this page, without cursors. 本页记录",
        metadata=plan_metadata(NodesField()),
    )


def search_resolver(
    text: Annotated[
        str,
        strawberry.argument(
            description="Search text, 1 to 200 characters: simplified or traditional Chinese, "
            "pinyin with or without spaces and tones, pinyin initials, English, or a code. "
            "Punctuation is ignored. There are no wildcards. 搜索文字"
        ),
    ],
    **page: Any,
) -> Any:
    return resolvers.search.search.search_records(text, **page)


def search_field() -> Any:
    field = strawberry.field(
        search_resolver,
        graphql_type=SearchConnection,
        description="Searches all types of records that have a name. Matches of the whole name "
        "come first, then of its beginning, then inside it. Equal matches are sorted by "
        "prominence. 搜索",
        metadata=plan_metadata(
            SearchField(SEARCH_SOURCE, resolvers.search.search.parse_search_arguments)
        ),
    )
    own = [argument for argument in field.arguments if argument.python_name != "page"]
    field.arguments = [*own, *page_arguments()]
    return field


SEARCH_FIELD = search_field()
