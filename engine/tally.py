"""Steps that count: totals, groups, and values that one statement finds for many rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, bindparam

from engine.compiled import compiled, readers_of
from engine.groups import NO_GROUPS, groups_of
from engine.kind import Kind
from engine.level import Level, Row
from engine.link import Many
from engine.meaning import Counted
from engine.place import Place
from engine.run import Ask, Run
from engine.select import Drafts
from engine.shape import Shape, Shaped
from engine.statements import Statements
from engine.step import Filling, Step
from engine.written_groups import Part
from kit.database import Keys


class Counts(Step):
    """How many records lists hold, or how many were left out because nobody knows their dates.

    Groups of the same list know how many it holds: where they are asked for, nothing is counted.
    """

    def __init__(
        self,
        drafts: Drafts,
        key: ColumnElement[Any] | None,
        single: bool,
        link: Many,
        place: Place,
        word: str,
    ) -> None:
        super().__init__(drafts, key, single)
        self.link, self.place, self.word = link, place, word
        # Asked before it, of the same list: by another name, or by groups.
        self.twin: Counts | None = None
        self.groups: GroupsOf | None = None

    def first_of(self, steps: Sequence[Step]) -> Counts | None:
        """The first that counts the same list: with the same answer, if it is asked the same."""
        return next(
            (
                one
                for one in steps
                if isinstance(one, Counts)
                and one.key is self.key
                and (one.link, one.word) == (self.link, self.word)
            ),
            None,
        )

    def groups_of_same(self, steps: Sequence[Step]) -> GroupsOf | None:
        if self.word != "count":
            return None
        found = (one for one in steps if isinstance(one, GroupsOf))
        return next((one for one in found if one.key is self.key and one.link is self.link), None)

    def same(self, other: Counts | GroupsOf, run: Run) -> bool:
        """Whether that was asked about the same records, in whatever order and pages."""
        asked, known = (run.bound[step.place.number].asked for step in (self, other))
        return bool(asked.records == known.records)

    def draft(self, shape: Shape, keys: Keys) -> Select[Any]:
        write = self.drafts.count if self.word == "count" else self.drafts.undated
        return write(self.link, shape, keys)

    def find(self, keys: list[str], run: Run) -> Filling:
        if self.groups and self.same(self.groups, run) and self.groups.tells_all(run):
            known = run.kept[self] = run.kept[self.groups]
            return known
        if self.twin is not None and self.same(self.twin, run):
            return run.kept[self.twin]
        asked: Shaped = run.bound[self.place.number]
        rows = yield self.ask(keys, run, asked.shape, asked.values)
        found = run.kept[self] = [{row[0]: row[1] for row in rows}, 0]
        return found

    def nothing(self, run: Run) -> Any:
        return 0

    def shape(self, run: Run) -> Any:
        return run.bound[self.place.number].shape


class GroupsOf(Step):
    """Groups of lists; `show` makes of what was found what stands in the answer."""

    word = "groups"

    def __init__(
        self,
        drafts: Drafts,
        key: ColumnElement[Any] | None,
        single: bool,
        link: Many,
        place: Place,
        by: Place,
        show: Any,
        parts: tuple[Part, ...] | None,
    ) -> None:
        super().__init__(drafts, key, single)
        self.link, self.place, self.by, self.show = link, place, by, show
        self.parts = parts  # what is asked of groups, if it is for the database to write

    def draft(self, shape: Any, keys: Keys) -> Select[Any]:
        asked, by, how = shape
        first: ColumnElement[int] = bindparam(f"{self.by.prefix}_limit", type_=Integer())
        return self.drafts.groups(self.link, asked, by, first, keys, how)

    def find(self, keys: list[str], run: Run) -> Filling:
        asked: Shaped = run.bound[self.place.number]
        by, first, how = run.bound[self.by.number]
        values = {**asked.values, f"{self.by.prefix}_limit": first}
        values |= how.shaped(self.by.prefix)[1]
        statement, given = self.ask(keys, run, self.shape(run), values)
        rows = [statement.read(row) for row in (yield statement, given)]
        found = groups_of(self.link.to, by, rows, how)
        run.kept[self] = [{key: groups.records for key, groups in found.items()}, 0]
        return [
            {key: self.show(groups, run) for key, groups in found.items()},
            self.nothing(run),
        ]

    def tells_all(self, run: Run) -> bool:
        """Whether every record of the list is in some group."""
        _, _, how = run.bound[self.by.number]
        return how.below is None

    def shape(self, run: Run) -> Any:
        by, _, how = run.bound[self.by.number]
        return run.bound[self.place.number].shape, by, how.shaped(self.by.prefix)[0]

    def nothing(self, run: Run) -> Any:
        return self.show(NO_GROUPS, run)


class Counting(Step):
    """Values of rows that one statement finds for all of them."""

    word = "counted"

    def __init__(
        self,
        drafts: Drafts,
        key: ColumnElement[Any],
        columns: Sequence[ColumnElement[Any]],
        meaning: Counted,
        kind: Kind,
        show: Any,
    ) -> None:
        super().__init__(drafts, key, single=False)
        self.columns, self.meaning, self.kind, self.show = columns, meaning, kind, show

    def draft(self, shape: Any, keys: Keys) -> Select[Any]:
        return self.meaning.statement(self.drafts, shape)

    def drafted(self, run: Run) -> bool:
        """What is asked follows from the rows above, which nobody has read yet."""
        return self.meaning.shape is None or bool(self.statements)

    def counted(self, asked: Sequence[Any], run: Run) -> Ask:
        dialect = self.drafts.dialect
        if self.meaning.shape is None:
            write = Statements(run.asker, dialect)
            made = compiled(self.meaning.statement(write, asked), dialect)
            return made, made.values({})
        shape, values = self.meaning.shape(asked, dialect)
        kept = self.statement(shape)
        return kept, kept.values({**run.values, **values})

    def answer(self, rows: Sequence[Row], parent: Level, run: Run) -> Filling:
        assert self.key is not None
        at = [parent.place(column) for column in self.columns]
        readers = readers_of(self.columns, self.drafts.dialect)
        whole = {}
        for row in rows:
            values = (row[place] for place in at)
            read = (
                value if f is None else f(value) for f, value in zip(readers, values, strict=True)
            )
            whole[row[parent.place(self.key)]] = self.kind.row(*read)
        questions = {key: self.meaning.question(row) for key, row in whole.items()}
        asked = list(dict.fromkeys(one for one in questions.values() if one is not None))
        answers: dict[Any, Any] = {}
        if asked:
            statement, given = self.counted(asked, run)
            run.tally.statements += 1
            found = [statement.read(row) for row in (yield statement, given)]
            answers = dict(zip(asked, self.meaning.answers(asked, found), strict=True))
        return [
            {
                key: self.show(self.meaning.answer(row, answers[questions[key]]), run)
                for key, row in whole.items()
                if questions[key] is not None
            },
            None,
        ]
