from typing import Annotated, Any

import strawberry
from strawberry import Parent

import resolvers.answer
import resolvers.search
import schema.words  # noqa: F401  # enums, before the types that use them
from engine.hits import Hits, HitTold
from engine.meaning import Cursor, Edges, End, Rows, Standing, Total
from models.search import SearchForm
from resolvers.context import Info
from resolvers.search import FINDING, Hit, Search
from schema.connection import PageInfo, page_info, total_count
from schema.made import list_of, page_arguments
from schema.meanings import means
from schema.node import Record


async def node(hit: Parent[Hit], info: Info) -> Any:
    return await resolvers.search.record_of(hit, info)


def cursor(hit: Parent[Hit]) -> str:
    return hit.cursor


async def edges(parent: Parent[Search], info: Info) -> Any:
    return (await resolvers.answer.page(parent, info)).rows


async def nodes(parent: Parent[Search], info: Info) -> Any:
    page = await resolvers.answer.page(parent, info)
    return [await resolvers.search.record_of(hit, info) for hit in page.rows]


async def capped(parent: Parent[Search], info: Info) -> bool:
    return await resolvers.search.capped(parent, info)


@strawberry.type(description="A record that was found, and by what. 搜索结果")
class SearchEdge:
    cursor: str = strawberry.field(
        resolver=cursor, description="Where it stands in the list. 游标", metadata=means(Cursor())
    )
    matched: str = strawberry.field(
        description="The name or code that it was found by, as it is written; of pinyin and "
        "initials the name that is read so. 匹配的文字"
    )
    form: SearchForm = strawberry.field(description="What that is of the record. 匹配方式")
    score: float = strawberry.field(
        description="3 where the whole of it was typed, 2 where its beginning was, or initials, 1 "
        "where it stands inside; and tenths, 0 to 7, for the standing: published honours, results, "
        "outcomes, members; of regions the level. 得分"
    )
    node = strawberry.field(
        node, graphql_type=Record, description="The record. 记录", metadata=means(End())
    )


@strawberry.type(description="What was found, the best first: a page, the total. 搜索结果列表")
class SearchConnection:
    total_count: int = strawberry.field(
        resolver=total_count,
        description="Records found that you may see, all pages together: exact to 10,000, and of "
        "more it is 10,000. 总数（一万以内精确）",
        metadata=means(Total()),
    )
    capped: bool = strawberry.field(
        resolver=capped,
        description="Whether there are more than `totalCount` says. 是否多于总数所示",
        metadata=means(HitTold("capped")),
    )
    page_info: PageInfo = strawberry.field(
        resolver=page_info,
        description="Where the page stands. 分页信息",
        metadata=means(Standing()),
    )
    edges = strawberry.field(
        edges,
        graphql_type=list_of(SearchEdge),
        description="What was found, with how. 本页结果及匹配方式",
        metadata=means(Edges()),
    )
    nodes = strawberry.field(
        nodes,
        graphql_type=list_of(Record),
        description="The records of this page, without their edges. 本页记录",
        metadata=means(Rows()),
    )


def search(
    text: Annotated[
        str,
        strawberry.argument(
            description="Chinese, simplified or traditional, pinyin with or without spaces and "
            "tones, initials, English, a code: 1 to 200 characters. Signs count for nothing, and "
            "there are no wildcards. 搜索文字"
        ),
    ],
    **page: Any,
) -> Any:
    return resolvers.search.search(text, **page)


def search_field() -> Any:
    field = strawberry.field(
        search,
        graphql_type=SearchConnection,
        description="Every kind of record that has a name, by what one types: the whole name "
        "first, then the beginning, then inside, and among equals the better known. 搜索",
        metadata=means(Hits(FINDING, resolvers.search.asked)),
    )
    own = [one for one in field.arguments if one.python_name != "page"]
    field.arguments = [*own, *page_arguments()]
    return field


SEARCH = search_field()
