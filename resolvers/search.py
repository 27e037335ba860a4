"""Search: one box over every kind that has a name, answered from the table of prepared terms.

The statement reads, for each audience, place and standing, no more terms than a page has, in the
order in which the index holds them: what it costs doesn't depend on how many there are. How terms
are made, and why they are a table, says docs/decisions/0019-search-by-terms.md.
"""

from dataclasses import dataclass
from typing import Any

from engine.hits import Finding
from engine.kind import Kind
from engine.page import Asked, Page
from engine.reader import Load, Place, Reader
from engine.shape import Shaped
from kit.cursor import NOT_OURS, read_cursor, write_cursor
from kit.errors import BadInput, LimitExceeded
from kit.spelling import LONGEST, typed
from models.search import HIGHEST, SearchForm
from resolvers.context import Info, place
from resolvers.search_statements import (
    HITS,
    KINDS,
    LEAST,
    MOST,
    SORTING,
    SearchShape,
    Writing,
    order_of,
)

LONGEST_TEXT = 200  # characters of what is typed


@dataclass(frozen=True, slots=True)
class Question:
    """`text` is spelt as terms are; `after` are the values of a cursor."""

    text: str
    page: Asked
    after: tuple[Any, ...] | None


def asked(text: str, **page: Any) -> Question:
    """Raises BadInput or LimitExceeded."""
    if len(text) > LONGEST_TEXT:
        raise LimitExceeded(
            f"`text` has {LONGEST_TEXT} characters at most; this has {len(text)}.",
            f"`text` 最多 {LONGEST_TEXT} 个字符，收到 {len(text)} 个。",
        )
    spelling = typed(text)
    if not spelling:
        raise BadInput(
            "Search for at least one letter, digit or character; signs and spaces count for "
            "nothing, and there are no wildcards.",
            "请至少输入一个文字、字母或数字；标点和空格不计，也没有通配符。",
        )
    question = Asked(**page)
    after = None if question.cursor is None else values_of(question.cursor)
    return Question(spelling[:LONGEST], question, after)


def values_of(cursor: str) -> tuple[Any, ...]:
    """Raises BadInput for what is no cursor of a search."""
    rank, standing, *texts = found = read_cursor(cursor, "search", len(SORTING))
    numbers = all(type(one) is int and 0 <= one <= HIGHEST for one in (rank, standing))
    if not numbers or not all(isinstance(one, str) and storable(one) for one in texts):
        raise BadInput(*NOT_OURS)
    return tuple(found)


def storable(text: str) -> bool:
    try:
        return "\0" not in text and bool(text.encode())
    except UnicodeEncodeError:  # half of a surrogate pair
        return False


def shaped(question: Question, prefix: str) -> Shaped:
    """The shape of a question, and the values that its statements take."""
    text, page = question.text, question.page
    values: dict[str, Any] = {
        f"{prefix}_text": text,
        f"{prefix}_length": len(text),
        f"{prefix}_beyond": text + LEAST,
        f"{prefix}_end": text + MOST,
    }
    if question.after is not None:
        named = zip(SORTING, question.after, strict=True)
        values |= {f"{prefix}_at_{name}": value for name, value in named}
        values[f"{prefix}_at_end"] = question.after[SORTING.index("term")] + LEAST
    shape = SearchShape(question.after is not None, page.backward, len(text) > 1)
    return Shaped(shape, values, page)  # type: ignore[arg-type]  # a shape of a list's own


def whole(shape: SearchShape) -> SearchShape:
    """Wherever the page stands, all of the list is counted."""
    return SearchShape(inside=shape.inside)


FINDING = Finding(
    "search",
    HITS,
    SORTING,
    KINDS,
    ("total_count", "capped"),
    page=lambda write, shape, prefix: Writing(write, shape, prefix).page(),
    order=order_of,
    count=lambda write, shape, prefix: Writing(write, whole(shape), prefix).count(),
    shaped=shaped,
)


@dataclass(frozen=True, slots=True)
class Hit:
    cursor: str
    matched: str
    form: SearchForm
    score: float
    kind: Kind
    key: str


@dataclass(frozen=True, eq=False, slots=True)
class Search:
    """A search as asked, on the executor's way."""

    question: Question

    async def page(self, reader: Reader, here: Place) -> Page:
        # The fields of one connection share its page, and its count.
        page: Page = await reader.loader(here, self, load_pages, reader).load(self.question)
        return page

    async def count(self, reader: Reader, here: Place) -> int:
        number, _ = await self.counted(reader, here)
        return number

    async def counted(self, reader: Reader, here: Place) -> tuple[int, bool]:
        made = reader.loader((here[1:], "count"), self, load_counts, reader)
        number, capped = await made.load(self.question)
        return number, bool(capped)


def search(text: str, **page: Any) -> Search:
    """Raises as `asked` does."""
    return Search(asked(text, **page))


async def capped(search: Search, info: Info) -> bool:
    _, more = await search.counted(info.context.reader, place(info.path))
    return more


def load_pages(reader: Reader) -> Load:
    async def load(questions: list[Question]) -> list[Page]:
        return [await read_page(reader, one) for one in questions]

    return load


async def read_page(reader: Reader, question: Question) -> Page:
    made = shaped(question, "p")
    size, backward = question.page.size, question.page.backward
    statement = FINDING.found(reader.write, made.shape, "p").add_columns(*HITS.c)
    rows = list(await reader.all(statement.params(**made.values, p_limit=size + 1)))
    more, kept = len(rows) > size, rows[:size]
    if backward:
        kept.reverse()
    behind = question.after is not None
    following, preceding = (behind, more) if backward else (more, behind)
    hits = [hit_of(row) for row in kept]
    return Page(hits, [hit.cursor for hit in hits], following, preceding)


def hit_of(row: Any) -> Hit:
    cursor = write_cursor("search", [getattr(row, name) for name in SORTING])
    kind, key = next(
        (kind, key) for kind, name in KINDS.items() if (key := getattr(row, name)) is not None
    )
    return Hit(cursor, row.matched, row.form, row.score, kind, key)


def load_counts(reader: Reader) -> Load:
    async def load(questions: list[Question]) -> list[Any]:
        return [await read_count(reader, one) for one in questions]

    return load


async def read_count(reader: Reader, question: Question) -> Any:
    made = shaped(question, "p")
    statement = FINDING.count(reader.write, made.shape, "p")
    [found] = await reader.all(statement.params(**made.values))
    return found


async def record_of(hit: Hit, info: Info) -> Any:
    return await info.context.reader.record(place(info.path), hit.kind, "id", hit.key)
