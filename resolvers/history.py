"""What was known of a record when: the row as it is, and the images of what it replaced.

A version is told by the change that made it. Images that a viewer may not see are left out before
anything is numbered, counted or compared: to that viewer they don't exist.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import CTE, ColumnElement, FromClause, Select, func, null, select, true, union_all

from engine.kind import Kind
from engine.page import Asked, Page
from engine.reader import Load, Place, Reader
from engine.step import NOTHING
from engine.walk import Walk
from kit.cursor import NOT_OURS, read_cursor, write_cursor
from kit.database import among
from kit.errors import BadInput
from kit.rows import rows_of
from models import TWINS, Change
from models.change import ChangeKind
from models.history import stored
from resolvers.context import Info, place
from resolvers.organisation import ORGANISATION
from resolvers.version import Version, model_of, references

LARGEST_NUMBER = 2**63 - 1


@dataclass(frozen=True, slots=True)
class History:
    """A record's versions, newest first; `bound` is the change that the cursor names."""

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
    bound = None if asked.cursor is None else change_at(row.kind, asked.cursor)
    return History(row.kind, row.id, asked, bound)


async def asserted_by(version: Version, info: Info) -> Any:
    owner = version.row.owner_id or NOTHING
    return await info.context.reader.record(place(info.path), ORGANISATION, "id", owner)


def signature(kind: Kind) -> str:
    return f"{kind.name}.history"


def change_at(kind: Kind, cursor: str) -> int:
    [number] = read_cursor(cursor, signature(kind), 1)
    if type(number) is not int or not 0 < number <= LARGEST_NUMBER:
        raise BadInput(*NOT_OURS)
    return number


def load_pages(reader: Reader, kind: Kind, asked: Asked, bound: int | None) -> Load:
    async def load(keys: list[str]) -> list[Page]:
        found: defaultdict[str, list[Any]] = defaultdict(list)
        for number, how, until, *values in await reader.all(page(reader, kind, asked, bound, keys)):
            row = kind.row(*values)
            found[row.id].append((number, how, until, row))
        return [page_of(kind, found[key], asked, bound) for key in keys]

    return load


def load_counts(reader: Reader, kind: Kind) -> Load:
    async def load(keys: list[str]) -> list[int]:
        found: dict[str, int] = dict(map(tuple, await reader.all(counts(reader, kind, keys))))
        return [found.get(key, 0) for key in keys]

    return load


def page_of(kind: Kind, found: list[Any], asked: Asked, bound: int | None) -> Page:
    """`found` is newest first; beside the page it holds its neighbours on either side."""
    earlier = [row for *_, row in found][1:] + [None][: len(found)]
    versions = [
        (number, Version(row, before, until, how if before else ChangeKind.CREATED))
        for (number, how, until, row), before in zip(found, earlier, strict=True)
    ]
    behind = bound is not None
    if asked.backward:
        versions = [one for one in versions if bound is None or one[0] > bound]
        kept, more = versions[-asked.size :], len(versions) > asked.size
        has_next, has_previous = behind, more
    else:
        kept, more = versions[: asked.size], len(versions) > asked.size
        has_next, has_previous = more, behind
    cursors = [write_cursor(signature(kind), [number]) for number, _ in kept]
    return Page([version for _, version in kept], cursors, has_next, has_previous)


def page(
    reader: Reader, kind: Kind, asked: Asked, bound: int | None, keys: Sequence[str]
) -> Select[Any]:
    """(change, its kind, known until, the row's columns), newest first within each record.

    Two beyond the page: one tells that more follow, one is what the page's oldest is compared with.
    """
    seen = versions(reader, kind, keys)
    number = seen.c["_change"]
    sorting = number.asc() if asked.backward else number.desc()
    nearest = func.row_number().over(partition_by=seen.c.id, order_by=sorting).label("_place")
    ranked = select(*seen.c, nearest).where(beyond(seen, asked, bound)).subquery()
    walk = Walk(kind, ranked, reader.asker.viewer)
    told = [column for column in ranked.c if column.key not in {"_newer", "_place"}]
    columns = [leading_somewhere(walk, kind, column) for column in told]
    kept = walk.joined(select(*columns).select_from(ranked))
    kept = kept.where(ranked.c["_place"] <= asked.size + 2)
    return kept.order_by(ranked.c.id, ranked.c["_change"].desc())


def leading_somewhere(walk: Walk, kind: Kind, column: ColumnElement[Any]) -> ColumnElement[Any]:
    """A reference as the link itself follows it: null to what the viewer may not see."""
    end = references(kind).get(column.key or "")
    return column if end is None else walk.join(end, [column]).c.id.label(column.key)


def beyond(seen: FromClause, asked: Asked, bound: int | None) -> ColumnElement[bool]:
    """What lies on the far side of the cursor; going backward, the one before that as well."""
    number, newer = seen.c["_change"], seen.c["_newer"]
    if bound is None:
        return true()
    return func.coalesce(newer, number) > bound if asked.backward else number < bound


def counts(reader: Reader, kind: Kind, keys: Sequence[str]) -> Select[Any]:
    """(id, how many versions)."""
    seen = versions(reader, kind, keys)
    return select(seen.c.id, func.count()).group_by(seen.c.id)


def versions(reader: Reader, kind: Kind, keys: Sequence[str]) -> FromClause:
    """All versions that the viewer may see, each with the change that made it and the next one."""
    changes = changes_of(kind, keys, reader.write.dialect)
    live, twin = rows_of(kind.table), rows_of(TWINS[model_of(kind)])
    viewer = reader.asker.viewer
    made = (changes.c.id.label("_change"), changes.c.change_kind.label("_how"))
    images = (
        select(*made, twin.c.known_until.label("_until"), *(twin.c[c.key] for c in live.c))
        .join(twin, twin.c.replaced_by == changes.c.replaced_by)
        .where(kind.visible(viewer, twin))
    )
    present = (
        select(*made, null(), *live.c)
        .join(live, live.c.id == changes.c.subject_id)
        .where(changes.c.replaced_by.is_(None), kind.visible(viewer, live))
    )
    every = union_all(images, present).subquery()
    number = every.c["_change"]
    newer = func.lead(number).over(partition_by=every.c.id, order_by=number).label("_newer")
    return select(*every.c, newer).subquery()


def changes_of(kind: Kind, keys: Sequence[str], dialect: str) -> CTE:
    """Each change of the records, and the one that replaced what it made."""
    change = rows_of(stored(Change))
    following = func.lead(change.c.id).over(partition_by=change.c.subject_id, order_by=change.c.id)
    asked = select(
        change.c.id, change.c.change_kind, change.c.subject_id, following.label("replaced_by")
    )
    ours = among(change.c.subject_id, keys, dialect)
    return asked.where(change.c.subject_type == kind.name, ours).cte()
