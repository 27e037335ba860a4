"""Search over all kinds that have a name, from a table of prepared terms.

For each audience, place and prominence the statement reads no more terms than a page has, in index
order, so the cost doesn't depend on the number of terms. For how terms are made, and why they are a
table, see docs/decisions/0019-search-by-terms.md.
"""

from dataclasses import dataclass
from typing import Any

from engine.catalog.kind import Kind
from engine.loaders import BatchLoad, FieldPath, RequestLoaders
from engine.plan.steps.search import SearchSource
from engine.sql.arguments import ConnectionArguments, Page, PageWindow
from engine.sql.parameters import BoundShape
from kit.errors import BadInput, LimitExceeded
from kit.relay.cursor import INVALID_CURSOR, decode_cursor, encode_cursor
from kit.text.search_key import MAX_KEY_LENGTH, fold_query
from kit.text.storable import storable_key
from models.search import MAX_PROMINENCE, SearchForm
from resolvers.core.context import Info, field_path
from resolvers.search.queries import (
    HIGHEST_CHARACTER,
    HIT_TABLE,
    KIND_KEY_COLUMNS,
    LOWEST_CHARACTER,
    SORT_COLUMNS,
    SearchQueryBuilder,
    SearchShape,
    search_order,
)

MAX_SEARCH_TEXT = 200  # characters of the text in the query


@dataclass(frozen=True, slots=True)
class SearchArguments:
    """Arguments of a search: `text` is folded like terms, `after` has the values of a cursor."""

    text: str
    page: ConnectionArguments
    after: tuple[Any, ...] | None


def parse_search_arguments(text: str, **page: Any) -> SearchArguments:
    """Return coerced arguments. Raises BadInput or LimitExceeded."""
    if len(text) > MAX_SEARCH_TEXT:
        raise LimitExceeded(
            f"`text` can have at most {MAX_SEARCH_TEXT} characters, not {len(text)}.",
            f"`text` 最多 {MAX_SEARCH_TEXT} 个字符，收到 {len(text)} 个。",
        )
    spelling = fold_query(text)
    if not spelling:
        raise BadInput(
            "Search for at least one letter, digit or character. Punctuation and spaces are "
            "ignored, and there are no wildcards.",
            "请至少输入一个文字、字母或数字；标点和空格不计，也没有通配符。",
        )
    question = ConnectionArguments(**page)
    after = None if question.cursor is None else search_cursor_values(question.cursor)
    return SearchArguments(spelling[:MAX_KEY_LENGTH], question, after)


def search_cursor_values(cursor: str) -> tuple[Any, ...]:
    """Return the values of a cursor. Raises BadInput if it isn't a cursor of a search."""
    rank, standing, *texts = fields = decode_cursor(cursor, "search", len(SORT_COLUMNS))
    numbers = all(
        type(number) is int and 0 <= number <= MAX_PROMINENCE for number in (rank, standing)
    )
    if not numbers or not all(isinstance(text, str) and storable_key(text) for text in texts):
        raise BadInput(*INVALID_CURSOR)
    return tuple(fields)


def bind_search_shape(question: SearchArguments, prefix: str) -> BoundShape:
    """Return the shape of a search, with the parameters of its statements."""
    text, page = question.text, question.page
    values: dict[str, Any] = {
        f"{prefix}_text": text,
        f"{prefix}_length": len(text),
        f"{prefix}_beyond": text + LOWEST_CHARACTER,
        f"{prefix}_end": text + HIGHEST_CHARACTER,
    }
    if question.after is not None:
        named = zip(SORT_COLUMNS, question.after, strict=True)
        values |= {f"{prefix}_at_{name}": value for name, value in named}
        values[f"{prefix}_at_end"] = question.after[SORT_COLUMNS.index("term")] + LOWEST_CHARACTER
    shape = SearchShape(question.after is not None, page.backward, len(text) > 1)
    return BoundShape(shape, values, page)  # type: ignore[arg-type]  # a shape of a list's own


def search_count_shape(shape: SearchShape) -> SearchShape:
    """Return the shape of the count: all hits, whatever page is requested."""
    return SearchShape(inside=shape.inside)


SEARCH_SOURCE = SearchSource(
    "search",
    HIT_TABLE,
    SORT_COLUMNS,
    KIND_KEY_COLUMNS,
    ("total_count", "capped"),
    page=lambda write, shape, prefix: SearchQueryBuilder(write, shape, prefix).page(),
    order=search_order,
    count=lambda write, shape, prefix: SearchQueryBuilder(
        write, search_count_shape(shape), prefix
    ).count(),
    shaped=bind_search_shape,
)


@dataclass(frozen=True, slots=True)
class SearchHit:
    cursor: str
    matched: str
    form: SearchForm
    score: float
    kind: Kind
    key: str


@dataclass(frozen=True, eq=False, slots=True)
class SearchResults:
    """A search with its arguments, for Strawberry's executor."""

    question: SearchArguments

    async def page(self, reader: RequestLoaders, here: FieldPath) -> Page:
        # Fields of one connection share its page and its count.
        page: Page = await reader.loader(here, self, load_search_pages, reader).load(self.question)
        return page

    async def count(self, reader: RequestLoaders, here: FieldPath) -> int:
        number, _ = await self.counted(reader, here)
        return number

    async def counted(self, reader: RequestLoaders, here: FieldPath) -> tuple[int, bool]:
        loader = reader.loader((here[1:], "count"), self, load_search_counts, reader)
        number, capped = await loader.load(self.question)
        return number, bool(capped)


def search_records(text: str, **page: Any) -> SearchResults:
    """Return a search. Raises as `parse_search_arguments` does."""
    return SearchResults(parse_search_arguments(text, **page))


async def resolve_capped(search: SearchResults, info: Info) -> bool:
    _, capped = await search.counted(info.context.reader, field_path(info.path))
    return capped


def load_search_pages(reader: RequestLoaders) -> BatchLoad:
    async def load(questions: list[SearchArguments]) -> list[Page]:
        return [await read_search_page(reader, question) for question in questions]

    return load


async def read_search_page(reader: RequestLoaders, question: SearchArguments) -> Page:
    bound_shape = bind_search_shape(question, "p")
    statement = SEARCH_SOURCE.found(reader.write, bound_shape.shape, "p").add_columns(*HIT_TABLE.c)
    limit = question.page.size + 1
    rows = await reader.all(statement.params(**bound_shape.values, p_limit=limit))
    window = PageWindow.cut(rows, question.page)
    hits = [search_hit(row) for row in window.rows]
    return Page(hits, [hit.cursor for hit in hits], window.has_next, window.has_previous)


def search_hit(row: Any) -> SearchHit:
    cursor = encode_cursor("search", [getattr(row, name) for name in SORT_COLUMNS])
    kind, key = next(
        (kind, key)
        for kind, name in KIND_KEY_COLUMNS.items()
        if (key := getattr(row, name)) is not None
    )
    return SearchHit(cursor, row.matched, row.form, row.score, kind, key)


def load_search_counts(reader: RequestLoaders) -> BatchLoad:
    async def load(questions: list[SearchArguments]) -> list[Any]:
        return [await read_search_count(reader, question) for question in questions]

    return load


async def read_search_count(reader: RequestLoaders, question: SearchArguments) -> Any:
    bound_shape = bind_search_shape(question, "p")
    statement = SEARCH_SOURCE.count(reader.write, bound_shape.shape, "p")
    [row] = await reader.all(statement.params(**bound_shape.values))
    return row


async def hit_record(hit: SearchHit, info: Info) -> Any:
    return await info.context.reader.record(field_path(info.path), hit.kind, "id", hit.key)
