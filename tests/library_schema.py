"""The library as a schema without resolvers, and what its fields mean to the engine."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from graphql import GraphQLEnumType, GraphQLField, GraphQLObjectType, GraphQLSchema, build_schema
from sqlalchemy import Select, and_, func, or_, select

from engine import meaning as means
from engine.groups import PLAIN, Arrangement
from engine.kind import Kind, Spells
from engine.link import Chain, Link, Many
from engine.meaning import Meaning
from engine.page import Asked, Wanted
from engine.statements import Statements
from kit.errors import BadInput
from kit.global_id import read_global_id
from tests import library
from tests.library import AUTHOR, BOOK, LIBRARY, SHELF, Genre, Kept

SDL = Path(__file__).with_name("library.graphql")

LIST = (
    "filter: {0}Filter, orderBy: [{0}Order!], first: Int, after: String, last: Int, before: String"
)

CONNECTION = """
type {0}Connection {{
  nodes: [{0}!]!
  edges: [{0}Edge!]!
  pageInfo: PageInfo!
  totalCount: Int!
  undated: Int!
  groups(by: [String!]!, first: Int): Groups!
}}

type {0}Edge {{
  cursor: String!
  node: {0}!
}}

input {0}Order {{
  field: String!
  descending: Boolean
}}
"""


def camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.title() for part in rest)


def snake(name: str) -> str:
    return "".join(f"_{char.lower()}" if char.isupper() else char for char in name)


def sdl() -> str:
    """What is written, the connections that follow from the kinds, and the arguments of lists."""
    text = SDL.read_text("utf-8")
    for kind in LIBRARY.kinds.values():
        text = text.replace(f"@{kind.name}", LIST.format(kind.name))
        text += CONNECTION.format(kind.name)
    return text


@dataclass(frozen=True, slots=True)
class Contemporaries:
    genre: str
    number: int


def like(row: Any) -> Any:
    return row.year and row.genre and (row.year, row.genre)


def count_like(write: Statements, asked: Sequence[Any]) -> Select[Any]:
    rows = BOOK.table.alias()
    wanted = or_(*(and_(rows.c.year == year, rows.c.genre == genre) for year, genre in asked))
    counted = select(rows.c.year, rows.c.genre, func.count()).group_by(rows.c.year, rows.c.genre)
    return counted.where(BOOK.visible(write.asker.viewer, rows), wanted)


def numbers_like(asked: Sequence[Any], rows: Sequence[Any]) -> list[int]:
    found = {(year, genre): number for year, genre, number in rows}
    return [found[one] for one in asked]


def contemporaries(row: Any, number: int) -> Contemporaries:
    return Contemporaries(row.genre.label, number)


def asked(link: Many, **given: Any) -> Asked:
    order = tuple(
        (one["field"], bool(one.get("descending"))) for one in given.pop("order_by", None) or ()
    )
    return Asked(order=order, filter=frozen(given.pop("filter", None) or {}), **given)


def frozen(given: Mapping[str, Any]) -> Wanted:
    return tuple((snake(name), term(value)) for name, value in given.items() if value is not None)


def term(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(map(term, value))
    return frozen(value) if isinstance(value, dict) else value


def convert(field: GraphQLField, given: Mapping[str, Any]) -> dict[str, Any]:
    kinds: dict[str, Any] = {"on": date.fromisoformat, "spells": Spells, "scope": Kept}
    return {
        snake(name): value if value is None or name not in kinds else kinds[name](value)
        for name, value in given.items()
    }


def dimensions(by: list[str], first: int | None = None) -> tuple[tuple[str, ...], int, Arrangement]:
    return tuple(by), first or 100, PLAIN


def text(value: Any) -> str | None:
    return None if value is None else str(getattr(value, "label", value))


def sum_of(parent: Any, of: str) -> Any:
    return parent.sums[of]


def by_code(kind: Kind, code: str | None = None, id: str | None = None) -> tuple[str, str] | None:
    if code is not None:
        return "code", code
    found, key = named(id or "")
    return ("id", key) if found is kind else None


def named(id: str) -> tuple[Kind, str]:
    name, key = read_global_id(id) or ("", "")
    kind = LIBRARY.named(name)
    if kind is None:
        raise BadInput(id, id)
    return kind, key


def one_named(id: str) -> list[tuple[Kind, str]]:
    return [named(id)]


def looked_up(kind: Kind) -> Meaning:
    return means.LookedUp(kind, {"code": "code", "id": "id"}, partial(by_code, kind))


def of_link(link: Link) -> Meaning:
    match link:
        case Many():
            return means.Connection(link, partial(asked, link))
        case Chain():
            return means.Walked(link, lambda on=None: Asked(on=on))
    return means.To(link)


def of_connections() -> dict[str, Meaning]:
    found: dict[str, Meaning] = {}
    for kind in LIBRARY.kinds.values():
        found |= {
            f"{kind.name}.id": means.GlobalId(),
            f"{kind.name}Connection.nodes": means.Rows(),
            f"{kind.name}Connection.edges": means.Edges(),
            f"{kind.name}Connection.pageInfo": means.Standing(),
            f"{kind.name}Connection.totalCount": means.Total(),
            f"{kind.name}Connection.undated": means.Undated(),
            f"{kind.name}Connection.groups": means.Grouped(dimensions),
            f"{kind.name}Edge.cursor": means.Cursor(),
            f"{kind.name}Edge.node": means.End(),
        }
        for name, link in kind.links.items():
            found[f"{kind.name}.{camel(name)}"] = of_link(link)
    return found


# By type and field; what isn't named is read off the row.
MEANINGS: dict[str, Meaning | None] = {
    **of_connections(),
    "Query.shelf": looked_up(SHELF),
    "Query.author": looked_up(AUTHOR),
    "Query.book": looked_up(BOOK),
    "Query.node": means.Named(one_named, listed=False),
    "Query.nodes": means.Named(lambda ids: list(map(named, ids)), listed=True),
    "Query.shelves": of_link(library.shelves),
    "Query.books": of_link(library.books),
    "Query.loans": of_link(library.loans),
    # One meaning for the fields of two kinds, as those of an interface have.
    "Author.shelf": means.ByName("shelf"),
    "Book.shelf": means.ByName("shelf"),
    "Book.mustHaveAuthor": means.To(library.author),
    "Book.form": means.Stored("genre"),
    "Book.mustHavePages": means.Stored("pages"),
    "Book.contemporaries": means.Counted(like, count_like, numbers_like, contemporaries),
    "Book.blurb": None,
    "Loan.mustBeLent": means.To(library.lent),
    "Groups.totalCount": means.Stored("there_are"),
    "Groups.remainder": means.Stored("remainder"),
    "Groups.nodes": means.Stored("groups"),
    "Group.keys": means.Stored("keys"),
    "Group.count": means.Stored("count"),
    "Group.sum": means.Measured(sum_of),
    "GroupKey.dimension": means.Read(lambda key: key[0]),
    "GroupKey.code": means.Read(lambda key: text(key[1])),
    "GroupKey.mustHaveCode": means.Read(lambda key: text(key[1])),
    "GroupKey.label": means.Read(lambda key: text(key[2])),
}


def meaning_of(field: GraphQLField) -> Meaning | None:
    found: Meaning | None = field.extensions["meaning"]
    return found


def built() -> GraphQLSchema:
    schema = build_schema(sdl())
    for kind in schema.type_map.values():
        if isinstance(kind, GraphQLObjectType) and not kind.name.startswith("__"):
            for name, field in kind.fields.items():
                told = MEANINGS.get(f"{kind.name}.{name}", means.Stored(snake(name)))
                field.extensions = {"meaning": told}
    for word in ("Date", "DateTime"):
        schema.type_map[word].serialize = lambda value: value.isoformat()  # type: ignore[attr-defined]
    forms = schema.type_map["Form"]
    assert isinstance(forms, GraphQLEnumType)
    for name, genre in (("VERSE", Genre.POEM), ("PROSE", Genre.NOVEL)):
        forms.values[name].value = genre
    return schema


SCHEMA = built()
