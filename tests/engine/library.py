"""A small library, to test the engine away from the registry: tables, kinds, links and rows."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any, ClassVar

from sqlalchemy import ColumnElement, Date, FromClause, MetaData, Select, insert, select, true
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import Field, SQLModel

from engine.catalog.join import AssociationJoin, ForeignKeyJoin, PairsJoin
from engine.catalog.kind import Dimension, FilterField, Graph, Kind, SpellColumns, Spells
from engine.catalog.link import (
    ToList,
    ToListThrough,
    ToListUnion,
    ToMany,
    ToOne,
    ToOneBacklink,
    ToOneUnion,
    link_to_all,
)
from engine.loaders import RequestLoaders
from engine.sql.composed_join import ComposedJoin
from engine.sql.predicate import ViewerContext
from kit.db.column_types import EnumText, FixedDecimal, PartialDateText, Text, UtcDateTime
from kit.db.engine import open_engine, write_transaction
from kit.text.pinyin import pinyin_sort_key
from kit.values.composite import Composite
from kit.values.labelled_enum import LabelledEnum
from kit.values.quantity import Qualifier, quantity_columns
from models.history import model_table
from tests.support.databases import Databases
from tests.support.graph import run_async

TODAY = date(2026, 6, 1)
STAFF, VISITOR = "staff", "visitor"  # a visitor doesn't see what is hidden


class Genre(LabelledEnum):
    POEM = "POEM", "诗"
    NOVEL = "NOVEL", "小说"


def foreign_key_field(table: str, **more: Any) -> Any:
    return Field(default=None, sa_type=Text(40), nullable=True, foreign_key=f"{table}.id", **more)


def nullable_field(kind: Any) -> Any:
    return Field(default=None, sa_type=kind, nullable=True)


class LibraryRow(SQLModel):
    metadata = MetaData()  # none of the registry's business

    id: str = Field(primary_key=True, sa_type=Text(40))
    hidden: bool


class NamedLibraryRow(LibraryRow):
    code: str = Field(unique=True, sa_type=Text(40))
    name: str = Field(sa_type=Text())
    name_key: str = Field(sa_type=Text())


class Shelf(NamedLibraryRow, table=True):
    pass


class Author(NamedLibraryRow, table=True):
    shelf_id: str | None = foreign_key_field("shelf")


class Book(NamedLibraryRow, table=True):
    author_id: str | None = foreign_key_field("author")
    shelf_id: str | None = foreign_key_field("shelf")
    sequel_of_id: str | None = foreign_key_field("book", unique=True)
    genre: Genre | None = nullable_field(EnumText(Genre))
    year: int | None = None
    printed: str | None = nullable_field(PartialDateText())
    added: datetime = Field(sa_type=UtcDateTime())
    pages_value: Decimal | None = nullable_field(FixedDecimal)
    pages_unit: str | None = nullable_field(Text())
    pages_qualifier: Qualifier | None = nullable_field(EnumText(Qualifier))
    pages: ClassVar[Composite] = quantity_columns("pages")


class Loan(LibraryRow, table=True):
    """Of a book, or of an author for an evening; at the desk by a shelf."""

    shelf_id: str | None = foreign_key_field("shelf")
    book_id: str | None = foreign_key_field("book")
    author_id: str | None = foreign_key_field("author")
    borrower: str = Field(sa_type=Text())
    begins: date | None = nullable_field(Date)
    ends: date | None = nullable_field(Date)


class BookShelf(SQLModel, table=True):
    metadata = LibraryRow.metadata

    shelf_id: str = Field(primary_key=True, sa_type=Text(40), foreign_key="shelf.id")
    book_id: str = Field(primary_key=True, sa_type=Text(40), foreign_key="book.id")
    position: int


LIBRARY = Graph(group_key=lambda *key: key)


def is_visible(viewer: str, rows: FromClause) -> ColumnElement[bool]:
    return true() if viewer == STAFF else rows.c.hidden.is_(False)


def equality_filters(*columns: str) -> dict[str, FilterField]:
    def holds(column: str) -> FilterField:
        return FilterField(column, lambda rows, value: rows.c[column] == value)

    return {column: holds(column) for column in columns}


NAMED = {"NAME": "name_key", "CODE": "code"}
SHELF = Kind(LIBRARY, Shelf, is_visible, NAMED, equality_filters("code"))
AUTHOR = Kind(LIBRARY, Author, is_visible, NAMED, equality_filters("code"))
BOOK = Kind(
    LIBRARY,
    Book,
    is_visible,
    {**NAMED, "YEAR": "year", "GENRE": "genre", "PAGES": "pages_value", "PRINTED": "printed",
     "ADDED": "added", "HIDDEN": "hidden"},
    equality_filters("code", "year", "genre"),
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
    is_visible,
    {"BEGINS": "begins"},
    equality_filters("borrower"),
    {"BORROWER": Dimension(column="borrower"), "LENT_SHELF": Dimension(("lent", "shelf"))},
    spell=SpellColumns(),
)


def visible_loan_pairs(asker: ViewerContext) -> Select[Any]:
    """(shelf, book) for every loan that may be seen."""
    rows = model_table(Loan).alias()
    pairs = select(rows.c.shelf_id, rows.c.book_id).distinct()
    return pairs.where(is_visible(asker.viewer, rows))


class ShelfScope(Enum):
    THERE = "THERE"
    ALSO_SHOWN = "ALSO_SHOWN"


SHOWN_BOOKS = AssociationJoin(model_table(BookShelf), source_column="shelf_id", far="book_id")
FROM_THE_LAST = AssociationJoin(
    model_table(BookShelf), source_column="shelf_id", far="book_id", farthest_first="position"
)

books = link_to_all(BOOK)
loans = link_to_all(LOAN)
shelves = link_to_all(SHELF)
authors_shelf = ToOne(AUTHOR, "shelf", Shelf, "shelf_id")
author = ToOne(BOOK, "author", Author, "author_id")
books_shelf = ToOne(BOOK, "shelf", Shelf, "shelf_id")
sequel = ToOneBacklink(BOOK, "sequel", Book, "sequel_of_id")
desk = ToOne(LOAN, "desk", Shelf, "shelf_id")
lent = ToOneUnion(LOAN, "lent", {Book: "book_id", Author: "author_id"})
books_of_author = ToMany(AUTHOR, "books", Book, ForeignKeyJoin("author_id"))
loans_of_book = ToMany(BOOK, "loans", Loan, ForeignKeyJoin("book_id"))
loans_at = ToMany(SHELF, "loans", Loan, ForeignKeyJoin("shelf_id"))
shown = ToMany(SHELF, "shown", Book, SHOWN_BOOKS)
kept = ToMany(SHELF, "kept", Book, ForeignKeyJoin("shelf_id"), {ShelfScope.ALSO_SHOWN: SHOWN_BOOKS})
shown_on = ToMany(
    BOOK,
    "shown_on",
    Shelf,
    AssociationJoin(model_table(BookShelf), source_column="book_id", far="shelf_id"),
)
writers = ToMany(SHELF, "writers", Author, ComposedJoin(shown, "author"))
desks = ToMany(BOOK, "desks", Shelf, ComposedJoin(loans_of_book, "desk"))
borrowed = ToList(SHELF, "borrowed", Book, PairsJoin(visible_loan_pairs))
backwards = ToList(SHELF, "backwards", Book, FROM_THE_LAST)
by_name = ToList(AUTHOR, "by_name", Book, ForeignKeyJoin("author_id"), order=("name_key",))
loans_now = ToList(BOOK, "loans_now", Loan, ForeignKeyJoin("book_id"))
loans_ever = ToList(BOOK, "loans_ever", Loan, ForeignKeyJoin("book_id"), spells=Spells.ALL)
belongings = ToListUnion(
    SHELF, "belongings", {Book: ForeignKeyJoin("shelf_id"), Author: ForeignKeyJoin("shelf_id")}
)
homes = ToListThrough(SHELF, "homes", Shelf, shown, ("author", "shelf"))
lent_homes = ToListThrough(SHELF, "lent_homes", Shelf, loans_at, ("lent", "shelf"))

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


def library_id(code: str | None) -> str | None:
    return None if code is None else f"id-{code}"


def named_cells(code: str, name: str, **more: Any) -> dict[str, Any]:
    given = {"id": library_id(code), "code": code, "name": name, "name_key": pinyin_sort_key(name)}
    return {**given, "hidden": code in HIDDEN, **more}


def book_cells(code: str, name: str = "书", **more: Any) -> dict[str, Any]:
    added = datetime(2026, 1, 1 + ord(code[-1]) % 3, tzinfo=UTC)  # three days, with ties
    return named_cells(code, name, added=added, **more)


def parse_day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def library_rows() -> dict[type[SQLModel], list[dict[str, Any]]]:
    return {
        Shelf: [named_cells(code, name) for code, name in SHELVES],
        Author: [
            named_cells(code, name, shelf_id=library_id(shelf)) for code, name, shelf in AUTHORS
        ],
        Book: [
            book_cells(
                code,
                name,
                author_id=library_id(author),
                shelf_id=library_id(shelf),
                genre=genre,
                sequel_of_id=library_id(before),
                year=year,
                printed=printed,
                **dict(
                    zip(
                        ("pages_value", "pages_unit", "pages_qualifier"),
                        pages or (None, None, None),
                        strict=True,
                    )
                ),
            )
            for code, name, author, shelf, before, genre, year, printed, pages in BOOKS
        ],
        BookShelf: [
            {"shelf_id": library_id(shelf), "book_id": library_id(code), "position": n}
            for shelf, codes in SHOWN.items()
            for n, code in enumerate(codes)
        ],
        Loan: [
            {
                "id": key,
                "shelf_id": library_id(shelf),
                "book_id": library_id(book),
                "author_id": library_id(author),
                "borrower": borrower,
                "begins": parse_day(begins),
                "ends": parse_day(ends),
                "hidden": key in HIDDEN,
            }
            for key, shelf, book, author, borrower, begins, ends in LOANS
        ],
    }


async def insert_rows(
    engine: AsyncEngine, rows: Mapping[type[SQLModel], Iterable[Mapping[str, Any]]]
) -> None:
    async with write_transaction(engine) as connection:
        for model, some in rows.items():
            await connection.execute(insert(model_table(model)), list(some))


async def create_library(url: str) -> None:
    engine = open_engine(url)
    async with write_transaction(engine) as connection:
        await connection.run_sync(LibraryRow.metadata.create_all)
    await insert_rows(engine, library_rows())
    await engine.dispose()


@contextmanager
def library_database(databases: Databases, dialect: str) -> Iterator[str]:
    """Yield the URL of a library with the rows above."""
    url = databases.bare(dialect)
    run_async(create_library(url))
    yield url
    databases.drop(url)


def shared_library_url(databases: Databases, dialect: str) -> str:
    """Return the same for all tests of a run, which only read it."""

    def make() -> str:
        url = databases.bare(dialect)
        run_async(create_library(url))
        return url

    return databases.kept(dialect, "library", make)


def library_loaders(engine: AsyncEngine, viewer: str = VISITOR) -> RequestLoaders:
    return RequestLoaders(engine, ViewerContext(viewer, TODAY))


def row_codes(rows: Iterable[Any]) -> list[str]:
    return [row.id.removeprefix("id-") for row in rows]
