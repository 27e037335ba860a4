"""Steps of a plan: each asks one statement for all rows of the level above it."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Select

from engine.compiled import Compiled, compiled
from engine.kind import Kind
from engine.level import Level, Row
from engine.link import Chain, Closed, ClosedOf
from engine.place import Place
from engine.run import Ask, Run
from engine.select import ONE, SEVERAL, Drafts
from engine.shape import Shape, Shaped
from engine.way import Way
from kit.database import Keys, bound_keys
from kit.pieces import pause
from kit.rows import allotting

if TYPE_CHECKING:
    from engine.renamed import Renamed

AT_ONCE = 500  # rows of which objects are made before others may go first
NOTHING = ""  # the key of no record
MOST_SHAPES = 64  # statements that a step keeps: a filter in a variable may have any shape

Filling = Generator[Ask, Any, list[Any]]


class Step:
    """What it finds goes to the projections as (by key, what a key that isn't there stands for)."""

    word = "records"
    asks_below = True  # the steps of its levels are asked by themselves
    always = False  # whether it asks where no row above has a key

    def __init__(self, drafts: Drafts, key: ColumnElement[Any] | None, single: bool) -> None:
        self.drafts, self.key = drafts, key
        # Whether the level above has one row at most.
        self.bound = ONE if single else SEVERAL
        self.statements: dict[Any, Compiled] = {}

    def answer(self, rows: Sequence[Row], parent: Level, run: Run) -> Filling:
        keys: list[Any] = [""]
        if self.key is not None:
            place = parent.place(self.key)
            keys = list(dict.fromkeys(row[place] for row in rows))
            if None in keys:
                keys.remove(None)
            if rows and not keys and self.always:
                keys = [NOTHING]
        if not keys:
            return [{}, self.nothing(run)]
        return (yield from self.find(keys, run))

    def find(self, keys: list[str], run: Run) -> Filling:
        raise NotImplementedError

    def nothing(self, run: Run) -> Any:
        return None

    def draft(self, shape: Any, keys: Keys) -> Select[Any]:
        raise NotImplementedError

    def statement(self, shape: Any = None) -> Compiled:
        found = self.statements.get(shape)
        if found is None:
            if len(self.statements) >= MOST_SHAPES:
                self.statements.clear()
            with allotting(self.drafts.allotment.copy()):
                found = compiled(self.draft(shape, self.bound), self.drafts.dialect)
            self.statements[shape] = found
        return found

    def ask(
        self, keys: list[str], run: Run, shape: Any = None, values: Mapping[str, Any] | None = None
    ) -> Ask:
        statement = self.statement(shape)
        key = keys[0] if self.bound.single else bound_keys(keys, self.drafts.dialect)
        given = {**run.values, **(values or {}), self.bound.name: key}
        run.tally.statements += 1
        return statement, statement.values(given)

    def shape(self, run: Run) -> Any:
        """Which of its statements a request needs."""
        return None

    def drafted(self, run: Run) -> bool:
        """Whether a request needs no statement of it that isn't made yet."""
        return type(self).draft is Step.draft or self.shape(run) in self.statements

    def asks_once(self, run: Run) -> bool:
        """Whether it asks one statement, whatever that finds."""
        return self.has_no_steps_below

    @cached_property
    def has_no_steps_below(self) -> bool:
        return not any(level.steps for level in self.levels())

    def levels(self) -> list[Level]:
        return []


class Records(Step):
    """Records by their ids, one each.

    `always`: also where no row above has a key, so that the number of statements doesn't tell a
    link that leads nowhere from one that leads to what the viewer may not see.
    """

    def __init__(
        self,
        drafts: Drafts,
        key: ColumnElement[Any] | None,
        single: bool,
        level: Level,
        by: str,
        always: bool = False,
    ) -> None:
        super().__init__(drafts, key, single)
        self.level, self.by, self.always = level, by, always

    def draft(self, shape: Any, keys: Keys) -> Select[Any]:
        return self.drafts.found(self.level, self.by, keys)

    def find(self, keys: list[str], run: Run) -> Filling:
        rows = yield self.ask(keys, run)
        objects = yield from project(self.level, rows, run)
        return [dict(zip([row[0] for row in rows], objects, strict=True)), None]

    def levels(self) -> list[Level]:
        return [self.level]


class LookUp(Step):
    """The record that the arguments name; for the row that is nobody's.

    Where there is none under a key, it is asked once whether a record had that key before.
    """

    word = "look-up"

    def __init__(
        self,
        drafts: Drafts,
        place: Place,
        of: Mapping[str, Records],
        renamed: Renamed | None,
    ) -> None:
        super().__init__(drafts, None, single=True)
        self.place, self.of, self.renamed = place, of, renamed

    def find(self, keys: list[str], run: Run) -> Filling:
        asked = run.bound[self.place.number]
        if asked is None:
            return [{}, None]
        column, key = asked
        found, empty = yield from self.of[column].find([key], run)
        if key not in found and (yield from self.renews(run)):
            column, key = run.bound[self.place.number]
            found, empty = yield from self.of[column].find([key], run)
        return [{"": found.get(key)}, empty]

    def renews(self, run: Run) -> Generator[Ask, Any, bool]:
        """Whether a record had the key before: its present one is asked for from now on."""
        ask = self.asks_again(run)
        return ask is not None and self.rebound((yield ask), run)

    def asks_again(self, run: Run) -> Ask | None:
        column, key = run.bound[self.place.number]
        if self.renamed is None or column != self.renamed.kind.key:
            return None
        return self.renamed.ask([key], run)

    def rebound(self, rows: Sequence[Row], run: Run) -> bool:
        if rows:
            column, _ = run.bound[self.place.number]
            run.bound[self.place.number] = (column, rows[0][0])
        return bool(rows)

    def drafted(self, run: Run) -> bool:
        asked = run.bound[self.place.number]
        return asked is None or self.of[asked[0]].drafted(run)

    def only(self, run: Run) -> Ask | None:
        """Its one statement, where it asks once; None where nothing can be found."""
        asked = run.bound[self.place.number]
        if asked is None:
            return None
        column, key = asked
        return self.of[column].ask([key], run)

    def found(self, rows: Sequence[Row], run: Run) -> list[Any]:
        """What `find` finds, from the rows of that statement."""
        if not rows:
            return [{}, None]
        column, _ = run.bound[self.place.number]
        [project] = self.of[column].level.projections
        return [{"": project(rows, None)[0]}, None]

    def levels(self) -> list[Level]:
        return [level for step in self.of.values() for level in step.levels()]


class NamedRecords(Step):
    """Records of any kind, in the order in which they are named: one statement for each kind."""

    word = "nodes"

    def __init__(self, drafts: Drafts, place: Place, of: Mapping[Kind, Records], listed: bool):
        super().__init__(drafts, None, single=True)
        self.place, self.of, self.listed = place, of, listed

    def asks_once(self, run: Run) -> bool:
        return False

    def find(self, keys: list[str], run: Run) -> Filling:
        asked: Sequence[tuple[Kind, str]] = run.bound[self.place.number]
        found: dict[Kind, Any] = {}
        for kind in dict.fromkeys(kind for kind, _ in asked):
            wanted = list(dict.fromkeys(key for one, key in asked if one is kind))
            found[kind], _ = yield from self.of[kind].find(wanted, run)
        objects = [found[kind].get(key) for kind, key in asked]
        return [{"": objects if self.listed else objects[0]}, None]

    def levels(self) -> list[Level]:
        return [level for step in self.of.values() for level in step.levels()]


class Lists(Step):
    """Lists that are given whole."""

    word = "list"

    def __init__(
        self,
        drafts: Drafts,
        key: ColumnElement[Any],
        single: bool,
        level: Level,
        link: Closed | ClosedOf,
        way: Way,
    ) -> None:
        super().__init__(drafts, key, single)
        self.level, self.link, self.way = level, link, way

    def draft(self, shape: Any, keys: Keys) -> Select[Any]:
        return self.drafts.listed(self.level, self.link, self.way, keys)

    def find(self, keys: list[str], run: Run) -> Filling:
        rows = yield self.ask(keys, run)
        objects = yield from project(self.level, rows, run)
        return [by_source(rows, objects), []]

    def nothing(self, run: Run) -> Any:
        return []

    def levels(self) -> list[Level]:
        return [self.level]


class Walks(Step):
    """The distinct records at the ends of chains."""

    word = "walk"

    def __init__(
        self,
        drafts: Drafts,
        key: ColumnElement[Any],
        single: bool,
        level: Level,
        link: Chain,
        place: Place,
    ) -> None:
        super().__init__(drafts, key, single)
        self.level, self.link, self.place = level, link, place

    def draft(self, shape: Shape, keys: Keys) -> Select[Any]:
        return self.drafts.walked(self.level, self.link, shape, keys)

    def find(self, keys: list[str], run: Run) -> Filling:
        asked: Shaped = run.bound[self.place.number]
        rows = yield self.ask(keys, run, asked.shape, asked.values)
        objects = yield from project(self.level, rows, run)
        return [by_source(rows, objects), []]

    def shape(self, run: Run) -> Any:
        return run.bound[self.place.number].shape

    def nothing(self, run: Run) -> Any:
        return []

    def levels(self) -> list[Level]:
        return [self.level]


def project(level: Level, rows: Sequence[Row], run: Run, shape: int = 0) -> Filling:
    """An object for each row."""
    found = yield from level.fill(rows, run)
    return projected(level, shape, rows, None, found)


def projected(
    level: Level, shape: int, rows: Sequence[Row], cursor: Any, found: Sequence[Any]
) -> list[Any]:
    """An object for each row; of many, some at a time."""
    project = level.projections[shape]
    if len(rows) <= AT_ONCE:
        return project(rows, cursor, *found)
    made: list[Any] = []
    for first in range(0, len(rows), AT_ONCE):
        made += project(rows[first : first + AT_ONCE], cursor, *found)
        pause()
    return made


def by_source(rows: Sequence[Row], objects: Sequence[Any]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for row, one in zip(rows, objects, strict=True):
        if row[0] in found:
            found[row[0]].append(one)
        else:
            found[row[0]] = [one]
    return found
