"""What was known of a record when: the row as it is, and the images of what it replaced.

Images that a viewer may not see are left out before anything is numbered, dated, counted or
compared: to that viewer they don't exist. Of what is left the oldest is number 1, so that a number
stays right while versions come; a cursor holds it, and no number of the whole registry.
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

from engine.kind import Kind
from engine.page import Asked, Page
from engine.reader import Load, Place, Reader, statement_of
from engine.step import NOTHING
from engine.walk import Walk
from kit.columns import Moment
from kit.cursor import NOT_OURS, OF_ANOTHER_LIST, read_cursor, write_cursor
from kit.database import among
from kit.errors import BadInput
from kit.rows import rows_of
from models import TWINS
from models.change import ChangeKind
from models.row import FactStatus
from resolvers.context import Info, place
from resolvers.organisation import ORGANISATION
from resolvers.version import Version, model_of, references

LARGEST_NUMBER = 2**63 - 1


@dataclass(frozen=True, slots=True)
class History:
    """A record's versions, newest first; `bound` is the number that the cursor holds."""

    kind: Kind
    source: str
    asked: Asked
    bound: int | None

    async def page(self, reader: Reader, here: Place) -> Page:
        what = (self.kind, self.asked, "history")
        loader = reader.loader(here, what, load_pages, reader, self.kind, self.asked, self.bound)
        page: Page = await loader.load(self.source)
        return page

    async def count(self, reader: Reader, here: Place) -> int:
        loader = reader.loader(here, (self.kind, "versions"), load_counts, reader, self.kind)
        number: int = await loader.load(self.source)
        return number


def history(row: Any, **given: Any) -> History:
    """Raises BadInput for a page or a cursor that can't be asked for."""
    asked = Asked(**given)
    bound = None if asked.cursor is None else number_at(row, asked.cursor)
    return History(row.kind, row.id, asked, bound)


async def asserted_by(version: Version, info: Info) -> Any:
    owner = version.row.owner_id or NOTHING
    return await info.context.reader.record(place(info.path), ORGANISATION, "id", owner)


def signature(kind: Kind) -> str:
    return f"{kind.name}.history"


def cursor_at(row: Any, number: int) -> str:
    return write_cursor(signature(row.kind), [row.id, number])


def number_at(row: Any, cursor: str) -> int:
    """Raises BadInput for what is no cursor of this record's history."""
    record, number = read_cursor(cursor, signature(row.kind), 2)
    if record != row.id:
        raise BadInput(*OF_ANOTHER_LIST)
    if type(number) is not int or not 0 < number <= LARGEST_NUMBER:
        raise BadInput(*NOT_OURS)
    return number


def load_pages(reader: Reader, kind: Kind, asked: Asked, bound: int | None) -> Load:
    async def load(keys: list[str]) -> list[Page]:
        found: defaultdict[str, list[Any]] = defaultdict(list)
        statement = statement_of(page, reader, kind, asked, bound, keys)
        for number, until, *values in await reader.all(statement):
            row = kind.row(*values)
            found[row.id].append((number, until, row))
        return [page_of(found[key], asked, bound) for key in keys]

    return load


def load_counts(reader: Reader, kind: Kind) -> Load:
    async def load(keys: list[str]) -> list[int]:
        statement = statement_of(counts, reader, kind, keys)
        found: dict[str, int] = dict(map(tuple, await reader.all(statement)))
        return [found.get(key, 0) for key in keys]

    return load


def page_of(found: list[Any], asked: Asked, bound: int | None) -> Page:
    """`found` is newest first; beside the page it holds its neighbours on either side."""
    earlier = [row for *_, row in found][1:] + [None][: len(found)]
    versions = [
        (number, Version(row, before, until, how_it_came(row, before)))
        for (number, until, row), before in zip(found, earlier, strict=True)
    ]
    behind = bound is not None
    if asked.backward:
        versions = [one for one in versions if bound is None or one[0] > bound]
        kept, more = versions[-asked.size :], len(versions) > asked.size
        has_next, has_previous = behind, more
    else:
        kept, more = versions[: asked.size], len(versions) > asked.size
        has_next, has_previous = more, behind
    cursors = [cursor_at(version.row, number) for number, version in kept]
    return Page([version for _, version in kept], cursors, has_next, has_previous)


def how_it_came(row: Any, before: Any) -> ChangeKind:
    if before is None:
        return ChangeKind.CREATED
    if status(row) == FactStatus.RETRACTED and status(before) != FactStatus.RETRACTED:
        return ChangeKind.RETRACTED
    recoded = getattr(row, "code", None) != getattr(before, "code", None)
    return ChangeKind.RECODED if recoded else ChangeKind.CORRECTED


def status(row: Any) -> FactStatus | None:
    """None of what isn't a fact."""
    found: FactStatus | None = getattr(row, "status", None)
    return found


def page(
    reader: Reader, kind: Kind, asked: Asked, bound: int | None, keys: Sequence[str]
) -> Select[Any]:
    """(number, known until, the row's columns), newest first within each record.

    Two beyond the page: one tells that more follow, one is what the page's oldest is compared with.
    """
    seen = versions(reader, kind, keys)
    number = seen.c["_number"]
    sorting = number.asc() if asked.backward else number.desc()
    nearest = func.row_number().over(partition_by=seen.c.id, order_by=sorting).label("_place")
    ranked = select(*seen.c, nearest).where(beyond(number, asked, bound)).subquery()
    walk = Walk(kind, ranked, reader.asker)
    told = [column for column in ranked.c if column.key not in {"_order", "_place"}]
    columns = [leading_somewhere(walk, kind, column) for column in told]
    kept = walk.joined(select(*columns).select_from(ranked))
    kept = kept.where(ranked.c["_place"] <= asked.size + 2)
    return kept.order_by(ranked.c.id, ranked.c["_number"].desc())


def leading_somewhere(walk: Walk, kind: Kind, column: ColumnElement[Any]) -> ColumnElement[Any]:
    """A reference as the link itself follows it: null to what the viewer may not see."""
    end = references(kind).get(column.key or "")
    return column if end is None else walk.join(end, [column]).c.id.label(column.key)


def beyond(number: ColumnElement[int], asked: Asked, bound: int | None) -> ColumnElement[bool]:
    """What lies on the far side of the cursor; going backward, the one at the cursor as well."""
    if bound is None:
        return true()
    return number >= bound if asked.backward else number < bound


def counts(reader: Reader, kind: Kind, keys: Sequence[str]) -> Select[Any]:
    """(id, how many versions)."""
    seen = versions(reader, kind, keys)
    return select(seen.c.id, func.count()).group_by(seen.c.id)


def versions(reader: Reader, kind: Kind, keys: Sequence[str]) -> FromClause:
    """All versions that the viewer may see, numbered from the oldest; each until the next one."""
    live, twin = kind.rows(reader.asker), rows_of(TWINS[model_of(kind)])
    viewer, dialect = reader.asker.viewer, reader.write.dialect
    images = select(twin.c.replaced_by.label("_order"), *(twin.c[one.key] for one in kind.columns))
    present = select(literal_column(f"{LARGEST_NUMBER}").label("_order"), *kind.own(live))
    every = union_all(
        images.where(among(twin.c.id, keys, dialect), kind.visible(viewer, twin)),
        present.where(among(live.c.id, keys, dialect), kind.visible(viewer, live)),
    ).subquery()
    number, until = (
        one.over(partition_by=every.c.id, order_by=every.c["_order"])
        for one in (func.row_number(), func.lead(every.c.recorded_at, type_=Moment()))
    )
    return select(number.label("_number"), until.label("_until"), *every.c).subquery()
