"""From what a document selects to levels and steps."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from datetime import date
from typing import Any

from graphql import GraphQLLeafType, get_named_type, is_leaf_type, is_non_null_type
from sqlalchemy import ColumnElement, False_, FromClause, True_, and_, case

from engine import meaning as means
from engine.connected import Connected, Fields
from engine.hits import HitList, Hits
from engine.kind import Kind
from engine.level import Level
from engine.link import Closed, ClosedOf, Link, Many, One, OneBack, OneOf
from engine.meaning import NotPlanned
from engine.page import Asked, Order
from engine.place import Place
from engine.reckoning import Leading, Reckons
from engine.renamed import Renamed
from engine.select import Drafts
from engine.selection import Selected, Selector
from engine.shape import shaped
from engine.step import Lists, LookUp, NamedRecords, Records, Step, Walks
from engine.tally import Counting
from engine.tree import Choice, Constant, Found, Identity, Joined, Leaf, Object, Shown, Tree
from engine.value import shown
from kit.composite import Composite
from kit.pieces import pause
from kit.prefix import begins
from kit.rows import Allotment, allotting


class Planner:
    """Plans one operation for one class of askers on one dialect."""

    def __init__(self, selector: Selector, drafts: Drafts) -> None:
        self.selector, self.drafts = selector, drafts
        self.places: list[Place] = []
        self.named: dict[int, Lazily] = {}
        self.leads: list[Leading] = []  # of the value that is being planned

    def place(self, field: Selected, read: Callable[[dict[str, Any], date], Any]) -> Place:
        place = Place(len(self.places), field, read)
        self.places.append(place)
        return place

    def root(self) -> Level:
        level = Level(None, None, self.drafts.dialect)
        trees: Fields = [(one.key, self.at_root(level, one)) for one in self.selector.root()]
        level.shapes.append(Object(trees))
        level.settle()
        return level

    def at_root(self, level: Level, field: Selected) -> Tree:
        match field.meaning:
            case means.TypeName():
                return Constant(field.on)
            case means.LookedUp(kind=kind, by=by, asked=asked):
                place = self.place(field, lambda given, today: asked(**given))
                used = [one.name.value for one in field.node.arguments or ()]
                of = {
                    column: self.records(field, kind, None, column, single=True)
                    for name, column in by.items()
                    if name in used
                }
                renamed = Renamed(self.drafts, kind) if kind.renamed else None
                return self.found(level, LookUp(self.drafts, place, of, renamed))
            case means.Named(asked=named, listed=listed):
                place = self.place(field, lambda given, today: named(**given))
                each = Lazily(
                    lambda kind: self.records(field, kind, None, "id", single=False),
                    self.places,
                    self.drafts.allotment,
                )
                self.named[place.number] = each
                return self.found(level, NamedRecords(self.drafts, place, each, listed))
            case means.Connection():
                return Connected(self, level, field, None, single=True).tree()
            case Hits(finding=finding, asked=asked_hits):
                place = self.place(field, lambda given, today: asked_hits(**given))
                place.read = lambda given, today: finding.shaped(asked_hits(**given), place.prefix)
                return HitList(self, level, field, finding, place).tree()
        raise NotPlanned(f"{field.on}.{field.key}")

    def found(self, level: Level, step: Step, part: int | None = None) -> Found:
        if step not in level.steps:
            level.steps.append(step)
        return Found(step, step.key, part)

    def records(
        self,
        field: Selected,
        kind: Kind,
        key: ColumnElement[Any] | None,
        by: str,
        *,
        single: bool,
    ) -> Records:
        level = self.level(field, kind, single=single)
        return Records(self.drafts, key, single, level, by)

    def level(self, field: Selected, kind: Kind, *, single: bool) -> Level:
        """The rows of a kind, with the objects that the field selects of them."""
        level = Level(kind, kind.rows(self.drafts.asker), self.drafts.dialect)
        level.shapes.append(self.object(level, field, kind, level.extent, single=single))
        level.settle()
        return level

    def object(
        self, level: Level, field: Selected, kind: Kind, rows: FromClause, *, single: bool
    ) -> Object:
        selected = self.selector.below(field, kind.name)
        return Object([(one.key, self.of(level, one, kind, rows, single)) for one in selected])

    def of(self, level: Level, field: Selected, kind: Kind, rows: FromClause, single: bool) -> Tree:
        """What one field of a record is made of."""
        pause()
        match field.meaning:
            case means.ByName(name=name):
                return self.linked(level, field, kind.links[name], rows, single)
            case means.To(link=link):
                return self.linked(level, field, link, rows, single)
            case means.TypeName():
                return Constant(kind.name)
            case means.GlobalId():
                return Identity(rows.c.id, kind)
            case means.Begins(prefix=prefix):
                return self.begins(field, rows.c.id, prefix)
            case means.Stored(name=name):
                return self.stored(field, kind, rows, name)
            case means.Shown(column=name, show=show):
                return Shown(rows.c[name], show)
            case means.Walked(link=link, asked=asked):
                place = self.asked(field, asked, None)
                below = self.level(field, link.to, single=False)
                walk = Walks(self.drafts, rows.c.id, single, below, link, place)
                return self.found(level, walk)
            case means.Connection():
                return Connected(self, level, field, rows.c.id, single=single).tree()
            case means.Counted() as counted:
                columns: Sequence[ColumnElement[Any]] = kind.own(rows)
                shows = shown(field, self)
                for column in columns:
                    level.place(column)
                counting = Counting(self.drafts, rows.c.id, columns, counted, kind, shows)
                return self.found(level, counting)
            case means.Reckoned() as reckoned:
                return self.reckoned(level, field, rows.c.id, reckoned)
        raise NotPlanned(f"{field.on}.{field.key}")

    def reckoned(
        self, level: Level, field: Selected, key: ColumnElement[Any], reckoned: means.Reckoned
    ) -> Tree:
        place = self.place(field, lambda given, today: reckoned.asked(**given))
        outer, self.leads = self.leads, []
        shows = shown(field, self)
        step = Reckons(self.drafts, key, reckoned, place, shows, self.leads)
        self.leads = outer
        return self.found(level, step)

    def leading(self, field: Selected, led: means.Led) -> Leading:
        of = {kind: self.records(field, kind, None, "id", single=False) for kind in led.kinds}
        self.leads.append(Leading(led, of))
        return self.leads[-1]

    def linked(
        self, level: Level, field: Selected, link: Link, rows: FromClause, single: bool
    ) -> Tree:
        match link:
            case One() | OneBack():
                return self.folded(level, field, link, rows, single)
            case OneOf():
                choices = [
                    (rows.c[by], self.record(level, field, to, rows.c[by], single, always=True))
                    for to, by in link.targets.items()
                ]
                return Choice(choices, required(field))
            case Closed():
                below = self.level(field, link.to, single=False)
                whole = Lists(self.drafts, rows.c.id, single, below, link, link.way)
                return self.found(level, whole)
            case ClosedOf():
                lists = []
                for to, way in link.targets.items():
                    below = self.level(field, to, single=False)
                    step = Lists(self.drafts, rows.c.id, single, below, link, way)
                    lists.append(self.found(level, step))
                return Joined(lists)
        raise NotPlanned(f"{field.on}.{field.key}")

    def record(
        self,
        level: Level,
        field: Selected,
        kind: Kind,
        key: ColumnElement[Any],
        single: bool,
        *,
        always: bool = False,
    ) -> Found:
        below = self.level(field, kind, single=single)
        return self.found(level, Records(self.drafts, key, single, below, "id", always))

    def stored(self, field: Selected, kind: Kind, rows: FromClause, name: str) -> Tree:
        assert field.field is not None
        published = get_named_type(field.field.type)
        if is_leaf_type(published) and name in rows.c:
            assert isinstance(published, GraphQLLeafType)
            return self.leaf(kind, rows, name, published)
        composite = getattr(kind.row, name, None)
        if not isinstance(composite, Composite):
            raise NotPlanned(f"{field.on}.{field.key}")
        columns = [rows.c[column] for column in composite.columns]
        names = [part.name for part in fields(composite.make)]  # type: ignore[arg-type]
        by_name = dict(zip(names, columns, strict=True))
        by_name |= {name: by_name[part] for name, part in composite.also.items()}
        parts = self.selector.below(field, published.name)
        return Object(
            [(part.key, self.part(part, by_name)) for part in parts], columns, required(field)
        )

    def leaf(self, kind: Kind, rows: FromClause, name: str, published: GraphQLLeafType) -> Tree:
        column = rows.c[name]
        if name not in kind.reserved:
            return Leaf(column, published)
        match shown := kind.reserved[name](self.drafts.asker.viewer, rows):
            case True_():
                return Leaf(column, published)
            case False_():
                return Constant(None)
        return Leaf(case((shown, column)), published)

    def begins(self, field: Selected, key: ColumnElement[Any], prefix: str) -> Tree:
        assert field.field is not None
        published = get_named_type(field.field.type)
        assert isinstance(published, GraphQLLeafType)
        return Leaf(begins(key, prefix), published)

    def part(self, field: Selected, columns: Mapping[str, ColumnElement[Any]]) -> Tree:
        match field.meaning:
            case means.TypeName():
                return Constant(field.on)
            case means.Stored(name=name) if name in columns:
                assert field.field is not None
                published = get_named_type(field.field.type)
                assert isinstance(published, GraphQLLeafType)
                return Leaf(columns[name], published)
        raise NotPlanned(f"{field.on}.{field.key}")

    def folded(
        self, level: Level, field: Selected, link: One | OneBack, rows: FromClause, single: bool
    ) -> Tree:
        """The record that a link leads to, joined to the rows themselves."""
        step = (id(rows), link.name)
        to = level.folded.get(step)
        if to is None:
            to = level.folded[step] = link.to.rows(self.drafts.asker)
            met = (
                to.c.id == rows.c[link.by] if isinstance(link, One) else to.c[link.by] == rows.c.id
            )
            seen = link.to.visible(self.drafts.asker.viewer, to)
            level.joins.append((to, and_(met, seen)))
        inner = self.object(level, field, link.to, to, single=single)
        return Object(inner.fields, [to.c.id], required(field))

    def asked(self, field: Selected, read: Callable[..., Asked], link: Many | None) -> Place:
        """A place whose arguments are a question about a list."""
        place = self.place(field, lambda given, today: read(**given))

        def shape(given: dict[str, Any], today: date) -> Any:
            asked = read(**given)
            order = None if link is None else Order.of(link.to, asked)
            if asked.on is not None:
                place.dated = True
            return shaped(order, asked, today, place.prefix)

        place.read = shape
        return place


class Lazily(dict[Kind, Records]):
    """Records of a kind are planned when somebody names one: once, also where that is in vain."""

    def __init__(
        self, make: Callable[[Kind], Records], places: list[Place], allotment: Allotment
    ) -> None:
        super().__init__()
        self.make, self.places, self.allotment = make, places, allotment
        self.reasons: dict[Kind, str] = {}

    def __missing__(self, kind: Kind) -> Records:
        if kind in self.reasons:
            raise NotPlanned(self.reasons[kind])
        before = len(self.places)
        try:
            with allotting(self.allotment):
                made = self[kind] = self.make(kind)
        except NotPlanned as reason:
            self.reasons[kind] = str(reason)
            del self.places[before:]  # of what there is no plan, nothing is asked
            raise
        return made


def required(field: Selected) -> bool:
    assert field.field is not None
    return bool(is_non_null_type(field.field.type))
