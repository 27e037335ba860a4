"""Steps whose part of the answer the database writes, put where a plan gains by them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from orjson import Fragment
from sqlalchemy import ColumnElement, Select, select, true

from engine.level import Level
from engine.paging import Pages
from engine.place import Place
from engine.run import Ask, Run
from engine.select import ONE, folded, kind_of
from engine.shape import Shape, Shaped
from engine.step import Filling, LookUp, Records, Step
from engine.subtree import Writer, as_it_is
from engine.tally import Counts, GroupsOf
from engine.writable import can_be_written
from kit.database import Keys
from kit.pieces import pause

BYTES_OF_A_ROW = 50  # in the JSON that the database writes

# (number of a place, its shape, or by what to group and how) for each, and what goes into slots
Asked = tuple[tuple[tuple[int, Any], ...], dict[str, Any]]


class Written(Step):
    """Asks what `step` asks, and gets it as JSON text; backward pages are left to `step`."""

    asks_below = False

    def __init__(self, step: Step) -> None:
        super().__init__(step.drafts, step.key, step.bound.single)
        self.step = step
        self.word = f"{step.word}, written by the database"
        self.places = [place for one in within(step) for place in places_of(one)]
        self.fixed: Asked | None = None

    def nothing(self, run: Run) -> Any:
        return self.step.nothing(run)

    def asks_once(self, run: Run) -> bool:
        shapes, _ = self.asked(run)
        return not any(isinstance(shape, Shape) and shape.backward for _, shape in shapes)

    def drafted(self, run: Run) -> bool:
        if isinstance(self.step, LookUp) and run.bound[self.step.place.number] is None:
            return True
        return self.asks_once(run) and super().drafted(run)

    def find(self, keys: list[str], run: Run) -> Filling:
        _, values = self.asked(run)
        if not self.asks_once(run):
            return (yield from self.step.find(keys, run))
        if isinstance(self.step, LookUp):
            if (ask := self.only(run)) is None:
                return [{}, None]
            rows = yield ask
            if not rows and (yield from self.step.renews(run)):
                ask = self.only(run)
                assert ask is not None
                rows = yield ask
            return self.found(rows, run)
        rows = yield self.ask(keys, run, self.shape(run), values)
        weigh(rows, run)
        return [dict(map(self.read, rows)), self.nothing(run)]

    def only(self, run: Run) -> Ask | None:
        """As a look-up's."""
        assert isinstance(self.step, LookUp)
        named = run.bound[self.step.place.number]
        if named is None:
            return None
        _, values = self.asked(run)
        return self.ask([named[1]], run, self.shape(run), values)

    def found(self, rows: Sequence[Any], run: Run) -> list[Any]:
        weigh(rows, run)
        return [{"": Fragment(rows[0][0])} if rows else {}, None]

    def asked(self, run: Run) -> Asked:
        """The shapes of all places, and what fills them; the same each time if nothing varies."""
        if self.fixed is not None:
            return self.fixed
        bound = {place: run.bound[place.number] for place in self.places}
        values: dict[str, Any] = {}
        listed: list[tuple[int, Any]] = []
        for place, one in bound.items():
            shape: Any
            if isinstance(one, Shaped):
                shape, given, size = one.shape, one.values, one.size
            else:
                by, size, how = one
                arrangement, given = how.shaped(place.prefix)
                shape = by, arrangement
            listed.append((place.number, shape))
            values |= given
            values[f"{place.prefix}_limit"] = size
        shapes = tuple(listed)
        if all(place.is_fixed for place in self.places):
            self.fixed = shapes, values
        return shapes, values

    def shape(self, run: Run) -> Any:
        shapes, _ = self.asked(run)
        if not isinstance(self.step, LookUp):
            return None, shapes, frozenset[int]()
        column, _ = run.bound[self.step.place.number]
        return column, shapes, counted_once(self.step.of[column].level, run)

    def read(self, row: Sequence[Any]) -> tuple[str, Any]:
        source, *texts = row
        if isinstance(self.step, Pages):
            return source, tuple(map(Fragment, texts))
        [text] = texts
        return source, None if text is None else Fragment(text)

    def draft(self, shape: Any, keys: Keys) -> Select[Any]:
        column, shapes, shared = shape
        writer = Writer(self.drafts, dict(shapes), shared)
        if column is not None:
            assert isinstance(self.step, LookUp)
            return looked_up(writer, self.step.of[column], column)
        if keys.single:
            source: Any = keys.bound()
            return select(source, *self.parts(writer, keys))
        parents = keys.listed(self.drafts.dialect)
        return select(parents.c.key, *self.parts(writer, parents.c.key))

    def parts(self, writer: Writer, key: ColumnElement[Any] | Keys) -> list[ColumnElement[Any]]:
        if isinstance(self.step, Pages):
            return [writer.page(self.step, key, part) for part in range(len(self.step.parts))]
        return [writer.found(self.step, key)]

    def levels(self) -> list[Level]:
        return self.step.levels()


def weigh(rows: Sequence[Any], run: Run) -> None:
    """What was read to write the text isn't told: its length says about how much that was."""
    for row in rows:
        for text in row:
            if type(text) is bytes:
                run.tally.rows += len(text) // BYTES_OF_A_ROW


def looked_up(writer: Writer, records: Records, column: str) -> Select[Any]:
    level = records.level
    kind, key = kind_of(level), level.extent.c.id
    alone = writer.drafts.records(kind, column, ONE)
    [only] = alone.get_final_froms()
    writer.root = key, alone.with_only_columns(only.c.id).scalar_subquery()
    found = writer.drafts.records(kind, column, ONE, level.extent)
    made = writer.tree(level.shapes[0], as_it_is)
    whole = folded(found.with_only_columns(made), level.joins)
    for counted in writer.laterals.values():
        whole = whole.join(counted, true())
    return whole


def counted_once(level: Level, run: Run) -> frozenset[int]:
    """The places of totals that are the same as another of the record's, and of those others."""
    twins = [
        (step, step.twin)
        for step in level.steps
        if isinstance(step, Counts) and step.twin and step.same(step.twin, run)
    ]
    return frozenset(one.place.number for pair in twins for one in pair)


def within(step: Step) -> Iterator[Step]:
    """The step and all steps below it."""
    yield step
    for level in step.levels():
        for one in level.steps:
            yield from within(one)


def places_of(step: Step) -> list[Place]:
    if isinstance(step, GroupsOf):
        return [step.place, step.by]
    return [step.place] if isinstance(step, Pages | Counts) else []


def let_write(level: Level) -> None:
    """Put written steps wherever they can stand, as near to the root as they can."""
    for n, step in enumerate(level.steps):
        pause()
        if gains(step) and can_be_written(step):
            level.steps[n] = Written(step)
        else:
            for below in step.levels():
                let_write(below)


def gains(step: Step) -> bool:
    """A subtree of one level is one statement in any case, and Python makes its objects faster."""
    return any(level.steps for level in step.levels())
