"""The history of a record: its row, and the images of rows that were replaced.

Images that the viewer can't see are left out before versions are numbered, dated, counted or
compared. The oldest that is left is number 1, so numbers stay the same as versions are added; a
cursor holds this number, and no number of the registry as a whole.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    func,
    literal_column,
    select,
    true,
    union_all,
)

from engine.catalog.kind import Kind
from engine.loaders import BatchLoad, FieldPath, RequestLoaders, build_statement
from engine.plan.layer_plan import NO_KEY
from engine.sql.arguments import ConnectionArguments, Page, PageWindow
from engine.sql.path import PathJoins
from kit.db.column_types import UtcDateTime
from kit.db.engine import in_keys
from kit.db.table_aliases import alias_of
from kit.errors import BadInput
from kit.relay.cursor import (
    CURSOR_MISMATCH,
    INT64_MAX,
    decode_cursor,
    encode_cursor,
    positive_number,
)
from models import HISTORY_TABLES
from models.change import ChangeKind
from models.row import FactStatus
from resolvers.core.context import Info, field_path
from resolvers.history.version import RecordVersion, referenced_kinds, row_model
from resolvers.organisation import ORGANISATION


@dataclass(frozen=True, slots=True)
class RecordHistory:
    """A record's versions, newest first; `bound` is the number in the cursor."""

    kind: Kind
    source: str
    asked: ConnectionArguments
    bound: int | None

    async def page(self, reader: RequestLoaders, here: FieldPath) -> Page:
        what = (self.kind, self.asked, "history")
        loader = reader.loader(
            here, what, load_history_pages, reader, self.kind, self.asked, self.bound
        )
        page: Page = await loader.load(self.source)
        return page

    async def count(self, reader: RequestLoaders, here: FieldPath) -> int:
        loader = reader.loader(
            here, (self.kind, "versions"), load_history_counts, reader, self.kind
        )
        number: int = await loader.load(self.source)
        return number


def record_history(row: Any, **values: Any) -> RecordHistory:
    """Return a connection. Raises BadInput or LimitExceeded for invalid page arguments."""
    arguments = ConnectionArguments(**values)
    bound = None if arguments.cursor is None else version_number(row, arguments.cursor)
    return RecordHistory(row.kind, row.id, arguments, bound)


async def resolve_version_owner(version: RecordVersion, info: Info) -> Any:
    owner = version.row.owner_id or NO_KEY
    return await info.context.reader.record(field_path(info.path), ORGANISATION, "id", owner)


def history_signature(kind: Kind) -> str:
    return f"{kind.name}.history"


def version_cursor(row: Any, number: int) -> str:
    return encode_cursor(history_signature(row.kind), [row.id, number])


def version_number(row: Any, cursor: str) -> int:
    """Return the number in a cursor. Raises BadInput if it isn't one of this record's history."""
    record, number = decode_cursor(cursor, history_signature(row.kind), 2)
    if record != row.id:
        raise BadInput(*CURSOR_MISMATCH)
    return positive_number(number)


def load_history_pages(
    reader: RequestLoaders, kind: Kind, arguments: ConnectionArguments, bound: int | None
) -> BatchLoad:
    async def load(keys: list[str]) -> list[Page]:
        versions: defaultdict[str, list[Any]] = defaultdict(list)
        statement = build_statement(history_page_query, reader, kind, arguments, bound, keys)
        for number, until, *values in await reader.all(statement):
            row = kind.row(*values)
            versions[row.id].append((number, until, row))
        return [make_history_page(versions[key], arguments, bound) for key in keys]

    return load


def load_history_counts(reader: RequestLoaders, kind: Kind) -> BatchLoad:
    async def load(keys: list[str]) -> list[int]:
        statement = build_statement(version_counts_query, reader, kind, keys)
        counts: dict[str, int] = dict(map(tuple, await reader.all(statement)))
        return [counts.get(key, 0) for key in keys]

    return load


def make_history_page(rows: list[Any], arguments: ConnectionArguments, bound: int | None) -> Page:
    """Return a page of `rows`: versions newest first, with one neighbour beyond either end."""
    earlier = [row for *_, row in rows][1:] + [None][: len(rows)]
    versions = [
        (number, RecordVersion(row, before, until, change_kind_of(row, before)))
        for (number, until, row), before in zip(rows, earlier, strict=True)
    ]
    if arguments.backward:
        versions = [
            version_pair for version_pair in versions if bound is None or version_pair[0] > bound
        ]
    window = PageWindow.cut_sorted(versions, arguments)
    cursors = [version_cursor(version.row, number) for number, version in window.rows]
    page = [version for _, version in window.rows]
    return Page(page, cursors, window.has_next, window.has_previous)


def change_kind_of(row: Any, before: Any) -> ChangeKind:
    if before is None:
        return ChangeKind.CREATED
    if fact_status(row) == FactStatus.RETRACTED and fact_status(before) != FactStatus.RETRACTED:
        return ChangeKind.RETRACTED
    recoded = getattr(row, "code", None) != getattr(before, "code", None)
    return ChangeKind.RECODED if recoded else ChangeKind.CORRECTED


def fact_status(row: Any) -> FactStatus | None:
    """Return the status; None for a record that isn't a fact."""
    status: FactStatus | None = getattr(row, "status", None)
    return status


def history_page_query(
    reader: RequestLoaders,
    kind: Kind,
    arguments: ConnectionArguments,
    bound: int | None,
    keys: Sequence[str],
) -> Select[Any]:
    """Select (number, known until, columns), newest first within each record.

    It reads two beyond the page: one shows that more follow, one is compared with the page's
    oldest.
    """
    versions = visible_versions(reader, kind, keys)
    number = versions.c["_number"]
    sorting = number.asc() if arguments.backward else number.desc()
    nearest = func.row_number().over(partition_by=versions.c.id, order_by=sorting).label("_place")
    ranked = (
        select(*versions.c, nearest).where(past_version_cursor(number, arguments, bound)).subquery()
    )
    walk = PathJoins(kind, ranked, reader.asker)
    shown = [column for column in ranked.c if column.key not in {"_order", "_place"}]
    columns = [visible_reference(walk, kind, column) for column in shown]
    statement = walk.joined(select(*columns).select_from(ranked))
    statement = statement.where(ranked.c["_place"] <= arguments.size + 2)
    return statement.order_by(ranked.c.id, ranked.c["_number"].desc())


def visible_reference(
    walk: PathJoins, kind: Kind, column: ColumnElement[Any]
) -> ColumnElement[Any]:
    """Return a reference as its link follows it: null if the viewer can't see the record."""
    end = referenced_kinds(kind).get(column.key or "")
    return column if end is None else walk.join(end, [column]).c.id.label(column.key)


def past_version_cursor(
    number: ColumnElement[int], arguments: ConnectionArguments, bound: int | None
) -> ColumnElement[bool]:
    """Return whether a version is past the cursor; backward, the one at the cursor counts."""
    if bound is None:
        return true()
    return number >= bound if arguments.backward else number < bound


def version_counts_query(reader: RequestLoaders, kind: Kind, keys: Sequence[str]) -> Select[Any]:
    """Select (id, number of versions)."""
    versions = visible_versions(reader, kind, keys)
    return select(versions.c.id, func.count()).group_by(versions.c.id)


def visible_versions(reader: RequestLoaders, kind: Kind, keys: Sequence[str]) -> FromClause:
    """Select all visible versions, numbered from the oldest; each is valid until the next."""
    live, twin = kind.rows(reader.asker), alias_of(HISTORY_TABLES[row_model(kind)])
    viewer, dialect = reader.asker.viewer, reader.write.dialect
    images = select(
        twin.c.replaced_by.label("_order"), *(twin.c[column.key] for column in kind.columns)
    )
    present = select(literal_column(f"{INT64_MAX}").label("_order")).add_columns(*kind.own(live))
    every = union_all(
        images.where(in_keys(twin.c.id, keys, dialect), kind.visible(viewer, twin)),
        present.where(in_keys(live.c.id, keys, dialect), kind.visible(viewer, live)),
    ).subquery()
    number, until = (
        function.over(partition_by=every.c.id, order_by=every.c["_order"])
        for function in (func.row_number(), func.lead(every.c.recorded_at, type_=UtcDateTime()))
    )
    return select(number.label("_number"), until.label("_until"), *every.c).subquery()
