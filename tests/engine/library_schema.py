"""The library as a schema without resolvers, and what its fields mean to the engine."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from graphql import GraphQLEnumType, GraphQLField, GraphQLObjectType, GraphQLSchema, build_schema
from sqlalchemy import Select, and_, func, or_, select

from engine.aggregates.groups import DEFAULT_GROUPING, GroupingArguments
from engine.catalog.kind import Kind, Link, Spells
from engine.catalog.link import ToListThrough, ToMany
from engine.plan import field_plans
from engine.plan.field_plans import FieldPlan
from engine.queries import QueryBuilder
from engine.sql.arguments import ConnectionArguments, FilterExpr
from kit.errors import BadInput
from kit.relay.global_id import from_global_id
from tests.engine import library
from tests.engine.library import AUTHOR, BOOK, LIBRARY, SHELF, Genre, ShelfScope

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


def camel_case(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.title() for part in rest)


def snake_case(name: str) -> str:
    return "".join(f"_{char.lower()}" if char.isupper() else char for char in name)


def library_sdl() -> str:
    """Return the SDL as written, with the connections of the kinds and arguments of lists."""
    text = SDL.read_text("utf-8")
    for kind in LIBRARY.kinds.values():
        text = text.replace(f"@{kind.name}", LIST.format(kind.name))
        text += CONNECTION.format(kind.name)
    return text


@dataclass(frozen=True, slots=True)
class Contemporaries:
    genre: str
    number: int


def contemporaries_key(row: Any) -> Any:
    return row.year and row.genre and (row.year, row.genre)


def contemporaries_query(write: QueryBuilder, asked: Sequence[Any]) -> Select[Any]:
    rows = BOOK.table.alias()
    wanted = or_(*(and_(rows.c.year == year, rows.c.genre == genre) for year, genre in asked))
    counted = select(rows.c.year, rows.c.genre, func.count()).group_by(rows.c.year, rows.c.genre)
    return counted.where(BOOK.visible(write.asker.viewer, rows), wanted)


def contemporaries_counts(asked: Sequence[Any], rows: Sequence[Any]) -> list[int]:
    found = {(year, genre): number for year, genre, number in rows}
    return [found[one] for one in asked]


def contemporaries_value(row: Any, number: int) -> Contemporaries:
    return Contemporaries(row.genre.label, number)


def connection_arguments(link: ToMany, **given: Any) -> ConnectionArguments:
    order = tuple(
        (one["field"], bool(one.get("descending"))) for one in given.pop("order_by", None) or ()
    )
    return ConnectionArguments(
        order=order, filter=freeze_filter(given.pop("filter", None) or {}), **given
    )


def freeze_filter(given: Mapping[str, Any]) -> FilterExpr:
    return tuple(
        (snake_case(name), freeze_value(value))
        for name, value in given.items()
        if value is not None
    )


def freeze_value(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(map(freeze_value, value))
    return freeze_filter(value) if isinstance(value, dict) else value


def convert_arguments(field: GraphQLField, given: Mapping[str, Any]) -> dict[str, Any]:
    kinds: dict[str, Any] = {"on": date.fromisoformat, "spells": Spells, "scope": ShelfScope}
    return {
        snake_case(name): value if value is None or name not in kinds else kinds[name](value)
        for name, value in given.items()
    }


def group_arguments(
    by: list[str], first: int | None = None
) -> tuple[tuple[str, ...], int, GroupingArguments]:
    return tuple(by), first or 100, DEFAULT_GROUPING


def key_text(value: Any) -> str | None:
    return None if value is None else str(getattr(value, "label", value))


def group_sum(parent: Any, of: str) -> Any:
    return parent.sums[of]


def lookup_key(
    kind: Kind, code: str | None = None, id: str | None = None
) -> tuple[str, str] | None:
    if code is not None:
        return "code", code
    found, key = node_key(id or "")
    return ("id", key) if found is kind else None


def node_key(id: str) -> tuple[Kind, str]:
    name, key = from_global_id(id) or ("", "")
    kind = LIBRARY.named(name)
    if kind is None:
        raise BadInput(id, id)
    return kind, key


def single_node_keys(id: str) -> list[tuple[Kind, str]]:
    return [node_key(id)]


def lookup_field(kind: Kind) -> FieldPlan:
    return field_plans.LookupField(kind, {"code": "code", "id": "id"}, partial(lookup_key, kind))


def link_field_plan(link: Link) -> FieldPlan:
    match link:
        case ToMany():
            return field_plans.ConnectionField(link, partial(connection_arguments, link))
        case ToListThrough():
            return field_plans.ThroughField(link, lambda on=None: ConnectionArguments(on=on))
    return field_plans.LinkField(link)


def connection_field_plans() -> dict[str, FieldPlan]:
    found: dict[str, FieldPlan] = {}
    for kind in LIBRARY.kinds.values():
        found |= {
            f"{kind.name}.id": field_plans.GlobalIdField(),
            f"{kind.name}Connection.nodes": field_plans.NodesField(),
            f"{kind.name}Connection.edges": field_plans.EdgesField(),
            f"{kind.name}Connection.pageInfo": field_plans.PageInfoField(),
            f"{kind.name}Connection.totalCount": field_plans.TotalCountField(),
            f"{kind.name}Connection.undated": field_plans.UndatedCountField(),
            f"{kind.name}Connection.groups": field_plans.GroupsField(group_arguments),
            f"{kind.name}Edge.cursor": field_plans.CursorField(),
            f"{kind.name}Edge.node": field_plans.NodeField(),
        }
        for name, link in kind.links.items():
            found[f"{kind.name}.{camel_case(name)}"] = link_field_plan(link)
    return found


# By type and field; what isn't named is read off the row.
MEANINGS: dict[str, FieldPlan | None] = {
    **connection_field_plans(),
    "Query.shelf": lookup_field(SHELF),
    "Query.author": lookup_field(AUTHOR),
    "Query.book": lookup_field(BOOK),
    "Query.node": field_plans.NodesByIdField(single_node_keys, listed=False),
    "Query.nodes": field_plans.NodesByIdField(lambda ids: list(map(node_key, ids)), listed=True),
    "Query.shelves": link_field_plan(library.shelves),
    "Query.books": link_field_plan(library.books),
    "Query.loans": link_field_plan(library.loans),
    # One meaning for the fields of two kinds, as those of an interface have.
    "Author.shelf": field_plans.NamedLinkField("shelf"),
    "Book.shelf": field_plans.NamedLinkField("shelf"),
    "Book.mustHaveAuthor": field_plans.LinkField(library.author),
    "Book.form": field_plans.AttributeField("genre"),
    "Book.mustHavePages": field_plans.AttributeField("pages"),
    "Book.contemporaries": field_plans.BatchedField(
        contemporaries_key, contemporaries_query, contemporaries_counts, contemporaries_value
    ),
    "Book.blurb": None,
    "Loan.mustBeLent": field_plans.LinkField(library.lent),
    "Groups.totalCount": field_plans.AttributeField("there_are"),
    "Groups.remainder": field_plans.AttributeField("remainder"),
    "Groups.nodes": field_plans.AttributeField("groups"),
    "Group.keys": field_plans.AttributeField("keys"),
    "Group.count": field_plans.AttributeField("count"),
    "Group.sum": field_plans.MeasureField(group_sum),
    "GroupKey.dimension": field_plans.PropertyField(lambda key: key[0]),
    "GroupKey.code": field_plans.PropertyField(lambda key: key_text(key[1])),
    "GroupKey.mustHaveCode": field_plans.PropertyField(lambda key: key_text(key[1])),
    "GroupKey.label": field_plans.PropertyField(lambda key: key_text(key[2])),
}


def field_plan_of(field: GraphQLField) -> FieldPlan | None:
    found: FieldPlan | None = field.extensions["meaning"]
    return found


def build_library_schema() -> GraphQLSchema:
    schema = build_schema(library_sdl())
    for kind in schema.type_map.values():
        if isinstance(kind, GraphQLObjectType) and not kind.name.startswith("__"):
            for name, field in kind.fields.items():
                told = MEANINGS.get(
                    f"{kind.name}.{name}", field_plans.AttributeField(snake_case(name))
                )
                field.extensions = {"meaning": told}
    for word in ("Date", "DateTime"):
        schema.type_map[word].serialize = lambda value: value.isoformat()  # type: ignore[attr-defined]
    forms = schema.type_map["Form"]
    assert isinstance(forms, GraphQLEnumType)
    for name, genre in (("VERSE", Genre.POEM), ("PROSE", Genre.NOVEL)):
        forms.values[name].value = genre
    return schema


SCHEMA = build_library_schema()
