"""Steps of aggregates: totals, groups, and values that one statement computes for many rows."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Integer, bindparam

from engine.aggregates.groups import NO_GROUPS, groups_by_source
from engine.catalog.kind import Kind
from engine.catalog.link import ToMany
from engine.plan.execution import BoundStatement, PlanExecution
from engine.plan.field_arguments import FieldArguments
from engine.plan.field_plans import BatchedField
from engine.plan.group_selection import GroupSelection
from engine.plan.layer import Layer
from engine.plan.layer_plan import Step, StepGenerator
from engine.plan.layer_queries import LayerQueryBuilder
from engine.queries import QueryBuilder
from engine.sql.compiled import compile_statement, result_processors
from engine.sql.parameters import BoundShape, QueryShape
from kit.db.engine import KeyParameter
from kit.db.expressions import Expression, ResultRow, SelectStatement


class CountStep(Step):
    """Counts the records of lists, or those left out because their dates are unknown.

    Groups of the same list contain its total: if they are selected, nothing is counted.
    """

    def __init__(
        self,
        drafts: LayerQueryBuilder,
        key: Expression | None,
        single: bool,
        link: ToMany,
        arguments: FieldArguments,
        name: str,
    ) -> None:
        super().__init__(drafts, key, single)
        self.link, self.place, self.word = link, arguments, name
        # An earlier count of the same list, by another name or by groups.
        self.duplicate_of: CountStep | None = None
        self.groups: GroupByStep | None = None

    def find_duplicate(self, steps: Sequence[Step]) -> CountStep | None:
        """Return the first step that counts the same list, for when its arguments are equal."""
        return next(
            (
                step
                for step in steps
                if isinstance(step, CountStep)
                and step.key is self.key
                and (step.link, step.word) == (self.link, self.word)
            ),
            None,
        )

    def find_groups_step(self, steps: Sequence[Step]) -> GroupByStep | None:
        if self.word != "count":
            return None
        candidates = (step for step in steps if isinstance(step, GroupByStep))
        return next(
            (step for step in candidates if step.key is self.key and step.link is self.link), None
        )

    def same(self, other: CountStep | GroupByStep, run: PlanExecution) -> bool:
        """Return whether the other step has the same records, in any order and pages."""
        arguments, others = (run.bound[step.place.number].asked for step in (self, other))
        return bool(arguments.records == others.records)

    @property
    def origin(self) -> Hashable:
        return self.word, self.link

    def build(self, shape: QueryShape, keys: KeyParameter) -> SelectStatement:
        write = self.queries.count if self.word == "count" else self.queries.undated
        return write(self.link, shape, keys)

    def find(self, keys: list[str], run: PlanExecution) -> StepGenerator:
        if self.groups and self.same(self.groups, run) and self.groups.covers_all_records(run):
            result = run.kept[self] = run.kept[self.groups]
            return result
        if self.duplicate_of is not None and self.same(self.duplicate_of, run):
            return run.kept[self.duplicate_of]
        bound: BoundShape = run.bound[self.place.number]
        rows = yield self.ask(keys, run, bound.shape, bound.values)
        counts = run.kept[self] = [{row[0]: row[1] for row in rows}, 0]
        return counts

    def empty_result(self, run: PlanExecution) -> object:
        return 0

    def shape(self, run: PlanExecution) -> object:
        return run.bound[self.place.number].shape


class GroupByStep(Step):
    """Groups of lists; `show` converts the results to values of the response."""

    word = "groups"

    def __init__(
        self,
        drafts: LayerQueryBuilder,
        key: Expression | None,
        single: bool,
        link: ToMany,
        arguments: FieldArguments,
        grouping: FieldArguments,
        show: Callable[..., object],
        parts: tuple[GroupSelection, ...] | None,
    ) -> None:
        super().__init__(drafts, key, single)
        self.link, self.place, self.by, self.show = link, arguments, grouping, show
        self.parts = parts  # what is selected of groups, if the database writes them

    @property
    def origin(self) -> Hashable:
        return self.link, self.by.prefix

    def build(self, shape: Any, keys: KeyParameter) -> SelectStatement:
        list_shape, dimensions, how = shape
        first: ColumnElement[int] = bindparam(f"{self.by.prefix}_limit", type_=Integer())
        return self.queries.groups(self.link, list_shape, dimensions, first, keys, how)

    def find(self, keys: list[str], run: PlanExecution) -> StepGenerator:
        bound: BoundShape = run.bound[self.place.number]
        dimensions, first, how = run.bound[self.by.number]
        values = {**bound.values, f"{self.by.prefix}_limit": first}
        values |= how.shaped(self.by.prefix)[1]
        statement, parameters = self.ask(keys, run, self.shape(run), values)
        rows = [statement.read(row) for row in (yield statement, parameters)]
        groups_of = groups_by_source(self.link.to, dimensions, rows, how)
        run.kept[self] = [{key: groups.records for key, groups in groups_of.items()}, 0]
        return [
            {key: self.show(groups, run) for key, groups in groups_of.items()},
            self.empty_result(run),
        ]

    def covers_all_records(self, run: PlanExecution) -> bool:
        """Whether every record of the list is in some group."""
        _, _, how = run.bound[self.by.number]
        return how.below is None

    def shape(self, run: PlanExecution) -> object:
        dimensions, _, how = run.bound[self.by.number]
        return run.bound[self.place.number].shape, dimensions, how.shaped(self.by.prefix)[0]

    def empty_result(self, run: PlanExecution) -> object:
        return self.show(NO_GROUPS, run)


class BatchedStep(Step):
    """Values of rows that one statement finds for all of them."""

    word = "counted"

    def __init__(
        self,
        drafts: LayerQueryBuilder,
        key: Expression,
        columns: Sequence[Expression],
        meaning: BatchedField,
        kind: Kind,
        show: Callable[..., object],
    ) -> None:
        super().__init__(drafts, key, single=False)
        self.columns, self.meaning, self.kind, self.show = columns, meaning, kind, show

    @property
    def origin(self) -> Hashable:
        return self.meaning

    def build(self, shape: Any, keys: KeyParameter) -> SelectStatement:
        return self.meaning.statement(self.queries, shape)

    def is_compiled(self, run: PlanExecution) -> bool:
        """Return false: the statement depends on the rows above, which aren't read yet."""
        return self.meaning.shape is None or bool(self.statements)

    def counted(self, questions: ResultRow, run: PlanExecution) -> BoundStatement:
        dialect = self.queries.dialect
        if self.meaning.shape is None:
            write = QueryBuilder(run.asker, dialect)
            compiled = compile_statement(self.meaning.statement(write, questions), dialect)
            return compiled, compiled.values({})
        shape, values = self.meaning.shape(questions, dialect)
        statement = self.statement(shape)
        return statement, statement.values({**run.values, **values})

    def answer(self, rows: Sequence[ResultRow], parent: Layer, run: PlanExecution) -> StepGenerator:
        assert self.key is not None
        at = [parent.place(column) for column in self.columns]
        readers = result_processors(self.columns, self.queries.dialect)
        records = {}
        for row in rows:
            values = (row[index] for index in at)
            read = (
                value if f is None else f(value) for f, value in zip(readers, values, strict=True)
            )
            records[row[parent.place(self.key)]] = self.kind.row(*read)
        questions = {key: self.meaning.question(row) for key, row in records.items()}
        distinct = list(
            dict.fromkeys(question for question in questions.values() if question is not None)
        )
        answers: dict[object, object] = {}
        if distinct:
            statement, parameters = self.counted(distinct, run)
            run.tally.statements += 1
            answer_rows = [statement.read(row) for row in (yield statement, parameters)]
            answers = dict(zip(distinct, self.meaning.answers(distinct, answer_rows), strict=True))
        return [
            {
                key: self.show(self.meaning.answer(row, answers[questions[key]]), run)
                for key, row in records.items()
                if questions[key] is not None
            },
            None,
        ]
