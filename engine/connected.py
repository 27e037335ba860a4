"""Connections of a plan: pages, edges, totals and groups of one list."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from graphql import EnumValueNode, GraphQLObjectType, get_named_type
from sqlalchemy import ColumnElement

from engine import meaning as means
from engine.kind import Kind
from engine.level import Level
from engine.link import Many
from engine.meaning import NotPlanned
from engine.paging import INFO, ROWS, Pages
from engine.place import Place
from engine.selection import Selected
from engine.step import Step
from engine.tally import Counts, GroupsOf
from engine.tree import Constant, CursorOf, Object, Tree
from engine.value import show
from engine.way import Everywhere
from engine.written_groups import NotWritten, parts_of

if TYPE_CHECKING:
    from engine.planner import Planner

Fields = list[tuple[str, Tree]]


def is_no_group(field: Selected) -> bool:
    return not isinstance(field.meaning, means.Grouped)


class Connected:
    """One connection: its steps hang on the level of the records that it belongs to."""

    def __init__(
        self, planner: Planner, level: Level, field: Selected, key: Any, *, single: bool
    ) -> None:
        meaning = field.meaning
        assert isinstance(meaning, means.Connection)
        self.planner, self.level, self.field = planner, level, field
        self.link: Many = meaning.link
        self.place: Place = planner.asked(field, meaning.asked, self.link)
        self.key: ColumnElement[Any] | None = key
        if isinstance(self.link.way, Everywhere):
            self.key = None
        self.single = single
        self.pages: Pages | None = None

    def tree(self) -> Tree:
        # Groups first: they know how many records there are, so that nothing counts them again.
        parts = self.below(self.field)
        made = {one.key: self.part(one) for one in sorted(parts, key=is_no_group)}
        trees: Fields = [(one.key, made[one.key]) for one in parts]
        if self.pages:
            self.pages.level.settle()
        return Object(trees)

    def below(self, field: Selected) -> list[Selected]:
        assert field.field is not None
        return self.planner.selector.below(field, get_named_type(field.field.type).name)

    def part(self, one: Selected) -> Tree:
        match one.meaning:
            case means.TypeName():
                return Constant(one.on)
            case means.Total():
                return self.counted("count")
            case means.Undated():
                return self.counted("undated")
            case means.Grouped() as grouped:
                return self.groups(one, grouped)
            case means.Rows() | means.Edges() | means.Standing():
                pages = self.pages = self.pages or self.paged()
                return self.found(pages, self.part_of_page(pages, one))
        raise NotPlanned(f"{one.on}.{one.key}")

    def found(self, step: Step, part: int | None = None) -> Tree:
        return self.planner.found(self.level, step, part)

    def counted(self, word: str) -> Tree:
        drafts = self.planner.drafts
        step = Counts(drafts, self.key, self.single, self.link, self.place, word)
        step.twin = step.first_of(self.level.steps)
        step.groups = step.groups_of_same(self.level.steps)
        return self.found(step)

    def paged(self) -> Pages:
        drafts, kind = self.planner.drafts, self.link.to
        level = Level(kind, kind.rows(drafts.asker), drafts.dialect)
        return Pages(drafts, self.key, self.single, level, self.link, self.place)

    def part_of_page(self, pages: Pages, field: Selected) -> int:
        """Adds what is asked of a page; answers with its number among the parts."""
        match field.meaning:
            case means.Rows():
                self.show(pages, self.record(pages.level, field, pages.link.to))
            case means.Edges():
                self.show(pages, self.edge(pages.level, field, pages.link.to))
            case _:
                pages.parts.append((INFO, self.standing(field)))
        return len(pages.parts) - 1

    def show(self, pages: Pages, shape: Object) -> None:
        pages.parts.append((ROWS, len(pages.level.shapes)))
        pages.level.shapes.append(shape)

    def record(self, level: Level, field: Selected, kind: Kind) -> Object:
        return self.planner.object(level, field, kind, level.extent, single=False)

    def edge(self, level: Level, field: Selected, kind: Kind) -> Object:
        trees: Fields = []
        for one in self.below(field):
            match one.meaning:
                case means.TypeName():
                    trees.append((one.key, Constant(one.on)))
                case means.Cursor():
                    trees.append((one.key, CursorOf()))
                case means.End():
                    trees.append((one.key, self.record(level, one, kind)))
                case _:
                    raise NotPlanned(f"{one.on}.{one.key}")
        return Object(trees)

    def extremes(self, field: Selected) -> bool:
        """Whether anything of a group is asked for that its sums don't tell."""
        if isinstance(field.meaning, means.Extreme):
            return True
        if field.field is None or not isinstance(
            get_named_type(field.field.type), GraphQLObjectType
        ):
            return False
        return any(map(self.extremes, self.below(field)))

    def measures(self, field: Selected) -> Iterator[str]:
        """Those of which something is asked: all, where a variable says of which."""
        if isinstance(field.meaning, means.Measured):
            [of] = [one.value for one in field.node.arguments or () if one.name.value == "of"]
            yield from [of.value] if isinstance(of, EnumValueNode) else self.link.to.measures
        elif field.field is not None and isinstance(
            get_named_type(field.field.type), GraphQLObjectType
        ):
            for one in self.below(field):
                yield from self.measures(one)

    def standing(self, field: Selected) -> list[tuple[str, str]]:
        """Keys of the answer, each with the attribute that it shows, or the name of the type."""
        return [
            (one.key, one.meaning.name if isinstance(one.meaning, means.Stored) else one.on)
            for one in self.below(field)
        ]

    def groups(self, field: Selected, grouped: means.Grouped) -> Tree:
        extremes, measures = self.extremes(field), tuple(self.measures(field))

        def asked(given: Any, today: Any) -> Any:
            by, first, how = grouped.asked(**given)
            return by, first, replace(how, extremes=extremes, measures=measures)

        by = self.planner.place(field, asked)
        assert field.field is not None
        inner = show(field.field.type, field, self.planner)
        parts = None
        with suppress(NotWritten):
            parts = parts_of(field, self.planner)
        step = GroupsOf(
            self.planner.drafts, self.key, self.single, self.link, self.place, by, inner, parts
        )
        return self.found(step)
