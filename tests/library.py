"""A small library, to test the engine away from the registry: tables, kinds, links and rows."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any, ClassVar

from sqlalchemy import (
    ColumnElement,
    Date,
    FromClause,
    MetaData,
    Select,
    insert,
    select,
    true,
)
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import Field, SQLModel

from engine.along import Along
from engine.kind import Dimension, Filter, Graph, Kind, Spell, Spells
from engine.link import Chain, Closed, ClosedOf, Many, One, OneBack, OneOf, everything
from engine.predicate import Asker
from engine.reader import Reader
from engine.way import HeldBy, Listed, Through
from kit.columns import Moment, PartialDateText, Text, Thousandths, Words
from kit.composite import Composite
from kit.database import open_engine, writing
from kit.pinyin import pinyin_key
from kit.quantity import Qualifier, quantity_of
from kit.words import Labelled
from models.history import stored
from tests.asking import run
from tests.databases import Databases

TODAY = date(2026, 6, 1)
STAFF, VISITOR = "staff", "visitor"  # a visitor doesn't see what is hidden


class Genre(Labelled):
    POEM = "POEM", "诗"
    NOVEL = "NOVEL", "小说"


def refers_to(table: str, **more: Any) -> Any:
    return Field(default=None, sa_type=Text(40), nullable=True, foreign_key=f"{table}.id", **more)


def maybe(kind: Any) -> Any:
    return Field(default=None, sa_type=kind, nullable=True)


class Stored(SQLModel):
    metadata = MetaData()  # none of the registry's business

    id: str = Field(primary_key=True, sa_type=Text(40))
    hidden: bool


class Named(Stored):
    code: str = Field(unique=True, sa_type=Text(40))
    name: str = Field(sa_type=Text())
    name_key: str = Field(sa_type=Text())


class Shelf(Named, table=True):
    pass


class Author(Named, table=True):
    shelf_id: str | None = refers_to("shelf")


class Book(Named, table=True):
    author_id: str | None = refers_to("author")
    shelf_id: str | None = refers_to("shelf")
    sequel_of_id: str | None = refers_to("book", unique=True)
    genre: Genre | None = maybe(Words(Genre))
    year: int | None = None
    printed: str | None = maybe(PartialDateText())
    added: datetime = Field(sa_type=Moment())
    pages_value: Decimal | None = maybe(Thousandths)
    pages_unit: str | None = maybe(Text())
    pages_qualifier: Qualifier | None = maybe(Words(Qualifier))
    pages: ClassVar[Composite] = quantity_of("pages")


class Loan(Stored, table=True):
    """Of a book, or of an author for an evening; at the desk by a shelf."""

    shelf_id: str | None = refers_to("shelf")
    book_id: str | None = refers_to("book")
    author_id: str | None = refers_to("author")
    borrower: str = Field(sa_type=Text())
    begins: date | None = maybe(Date)
    ends: date | None = maybe(Date)


class BookShelf(SQLModel, table=True):
    metadata = Stored.metadata

    shelf_id: str = Field(primary_key=True, sa_type=Text(40), foreign_key="shelf.id")
    book_id: str = Field(primary_key=True, sa_type=Text(40), foreign_key="book.id")
    position: int


LIBRARY = Graph(group_key=lambda *key: key)


def visible(viewer: str, rows: FromClause) -> ColumnElement[bool]:
    return true() if viewer == STAFF else rows.c.hidden.is_(False)


def equal(*columns: str) -> dict[str, Filter]:
    def holds(column: str) -> Filter:
        return Filter(column, lambda rows, value: rows.c[column] == value)

    return {column: holds(column) for column in columns}


NAMED = {"NAME": "name_key", "CODE": "code"}
SHELF = Kind(LIBRARY, Shelf, visible, NAMED, equal("code"))
AUTHOR = Kind(LIBRARY, Author, visible, NAMED, equal("code"))
BOOK = Kind(
    LIBRARY,
    Book,
    visible,
    {**NAMED, "YEAR": "year", "GENRE": "genre", "PAGES": "pages_value", "PRINTED": "printed",
     "ADDED": "added", "HIDDEN": "hidden"},
    equal("code", "year", "genre"),
    {
        "AUTHOR": Dimension(("author",)),
        "AUTHORS_SHELF": Dimension(("author", "shelf")),
        "GENRE": Dimension(column="genre"),
        "YEAR": Dimension(column="year"),
        "PRINTED": Dimension(column="printed", digits=4),
    },
    {"PAGES": "pages"},
)  # fmt: skip
LOAN = Kind(
    LIBRARY,
    Loan,
    visible,
    {"BEGINS": "begins"},
    equal("borrower"),
    {"BORROWER": Dimension(column="borrower"), "LENT_SHELF": Dimension(("lent", "shelf"))},
    spell=Spell(),
)


def lent_there(asker: Asker) -> Select[Any]:
    """(shelf, book) for every loan that may be seen."""
    rows = stored(Loan).alias()
    pairs = select(rows.c.shelf_id, rows.c.book_id).distinct()
    return pairs.where(visible(asker.viewer, rows))


class Kept(Enum):
    THERE = "THERE"
    ALSO_SHOWN = "ALSO_SHOWN"


SHOWN_BOOKS = Through(stored(BookShelf), near="shelf_id", far="book_id")
FROM_THE_LAST = Through(
    stored(BookShelf), near="shelf_id", far="book_id", farthest_first="position"
)

books = everything(BOOK)
loans = everything(LOAN)
shelves = everything(SHELF)
authors_shelf = One(AUTHOR, "shelf", Shelf, "shelf_id")
author = One(BOOK, "author", Author, "author_id")
books_shelf = One(BOOK, "shelf", Shelf, "shelf_id")
sequel = OneBack(BOOK, "sequel", Book, "sequel_of_id")
desk = One(LOAN, "desk", Shelf, "shelf_id")
lent = OneOf(LOAN, "lent", {Book: "book_id", Author: "author_id"})
books_of_author = Many(AUTHOR, "books", Book, HeldBy("author_id"))
loans_of_book = Many(BOOK, "loans", Loan, HeldBy("book_id"))
loans_at = Many(SHELF, "loans", Loan, HeldBy("shelf_id"))
shown = Many(SHELF, "shown", Book, SHOWN_BOOKS)
kept = Many(SHELF, "kept", Book, HeldBy("shelf_id"), {Kept.ALSO_SHOWN: SHOWN_BOOKS})
shown_on = Many(BOOK, "shown_on", Shelf, Through(stored(BookShelf), near="book_id", far="shelf_id"))
writers = Many(SHELF, "writers", Author, Along(shown, "author"))
desks = Many(BOOK, "desks", Shelf, Along(loans_of_book, "desk"))
borrowed = Closed(SHELF, "borrowed", Book, Listed(lent_there))
backwards = Closed(SHELF, "backwards", Book, FROM_THE_LAST)
by_name = Closed(AUTHOR, "by_name", Book, HeldBy("author_id"), order=("name_key",))
loans_now = Closed(BOOK, "loans_now", Loan, HeldBy("book_id"))
loans_ever = Closed(BOOK, "loans_ever", Loan, HeldBy("book_id"), spells=Spells.ALL)
belongings = ClosedOf(SHELF, "belongings", {Book: HeldBy("shelf_id"), Author: HeldBy("shelf_id")})
homes = Chain(SHELF, "homes", Shelf, shown, ("author", "shelf"))
lent_homes = Chain(SHELF, "lent_homes", Shelf, loans_at, ("lent", "shelf"))

HIDDEN = {"s9", "a4", "b7", "l8", "l9"}
# code, name, shelf
SHELVES = [("s1", "东"), ("s2", "北"), ("s9", "窖")]
AUTHORS = [("a1", "子", "s1"), ("a2", "丑", "s1"), ("a3", "寅", "s2"), ("a4", "卯", "s2"),
           ("a5", "辰", None), ("a6", "巳", "s9")]  # fmt: skip
# code, name, author, shelf, sequel of, genre, year, printed, pages
BOOKS = [
    ("b1", "甲", "a1", "s1", None, "POEM", 2001, "2001-05", (100, "页", "EXACT")),
    ("b2", "乙", "a1", "s1", "b1", "NOVEL", 2003, "2003", (200, "页", "OVER")),
    ("b3", "甲", "a1", "s2", None, "POEM", None, None, None),
    ("b4", "甲", "a2", "s2", None, "NOVEL", 2001, "2001", (300, "页", "EXACT")),
    ("b5", "丙", "a2", "s9", None, None, 1999, "1999-12-01", (5, "卷", "EXACT")),
    ("b6", "丁", "a3", "s2", None, "POEM", 2003, "2003-01", (50, "页", "UNDER")),
    ("b7", "戊", "a3", "s2", "b4", "POEM", 2001, "2001", (1000, "页", "EXACT")),
    ("b8", "己", "a4", "s1", None, "NOVEL", 2001, "2001", (400, "页", "AT_LEAST")),
    ("b9", "庚", None, None, None, None, None, None, None),
]
# shelf, books in their order there
SHOWN = {"s1": ["b1", "b4", "b2", "b7", "b8"], "s2": ["b3", "b1"], "s9": ["b5"]}
# id, shelf, book, author, borrower, begins, ends
LOANS = [
    ("l1", "s1", "b1", None, "王", "2026-01-01", None),
    ("l2", "s1", "b1", None, "李", "2020-01-01", "2021-01-01"),
    ("l3", "s1", "b2", None, "王", None, None),
    ("l4", "s1", None, "a3", "赵", "2026-05-01", "2026-06-01"),  # ends today: over
    ("l5", "s1", None, "a1", "李", "2026-06-01", None),  # begins today
    ("l6", "s2", "b4", None, "李", "2026-07-01", None),  # still to come
    ("l7", "s2", "b1", None, "王", None, "2025-01-01"),
    ("l8", "s1", "b2", None, "赵", "2026-01-01", None),
    ("l9", "s2", None, "a3", "钱", None, None),
    ("l10", "s1", "b7", None, "赵", "2026-01-01", None),
]


def id_of(code: str | None) -> str | None:
    return None if code is None else f"id-{code}"


def named(code: str, name: str, **more: Any) -> dict[str, Any]:
    given = {"id": id_of(code), "code": code, "name": name, "name_key": pinyin_key(name)}
    return {**given, "hidden": code in HIDDEN, **more}


def book(code: str, name: str = "书", **more: Any) -> dict[str, Any]:
    added = datetime(2026, 1, 1 + ord(code[-1]) % 3, tzinfo=UTC)  # three days, with ties
    return named(code, name, added=added, **more)


def day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def contents() -> dict[type[SQLModel], list[dict[str, Any]]]:
    return {
        Shelf: [named(code, name) for code, name in SHELVES],
        Author: [named(code, name, shelf_id=id_of(shelf)) for code, name, shelf in AUTHORS],
        Book: [
            book(code, name, author_id=id_of(author), shelf_id=id_of(shelf), genre=genre,
                 sequel_of_id=id_of(before), year=year, printed=printed,
                 **dict(zip(("pages_value", "pages_unit", "pages_qualifier"),
                            pages or (None, None, None), strict=True)))
            for code, name, author, shelf, before, genre, year, printed, pages in BOOKS
        ],
        BookShelf: [
            {"shelf_id": id_of(shelf), "book_id": id_of(code), "position": n}
            for shelf, codes in SHOWN.items()
            for n, code in enumerate(codes)
        ],
        Loan: [
            {"id": key, "shelf_id": id_of(shelf), "book_id": id_of(book),
             "author_id": id_of(author), "borrower": borrower, "begins": day(begins),
             "ends": day(ends), "hidden": key in HIDDEN}
            for key, shelf, book, author, borrower, begins, ends in LOANS
        ],
    }  # fmt: skip


async def enter(
    engine: AsyncEngine, rows: Mapping[type[SQLModel], Iterable[Mapping[str, Any]]]
) -> None:
    async with writing(engine) as connection:
        for model, some in rows.items():
            await connection.execute(insert(stored(model)), list(some))


async def fill(url: str) -> None:
    engine = open_engine(url)
    async with writing(engine) as connection:
        await connection.run_sync(Stored.metadata.create_all)
    await enter(engine, contents())
    await engine.dispose()


@contextmanager
def opened(databases: Databases, dialect: str) -> Iterator[str]:
    """The URL of a library with the rows above."""
    url = databases.bare(dialect)
    run(fill(url))
    yield url
    databases.drop(url)


def reader(engine: AsyncEngine, viewer: str = VISITOR) -> Reader:
    return Reader(engine, Asker(viewer, TODAY))


def codes(rows: Iterable[Any]) -> list[str]:
    return [row.id.removeprefix("id-") for row in rows]
