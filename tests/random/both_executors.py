"""Every read query can be answered in two ways; here both are taken, and must say the same."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
from graphql import ExecutionResult
from sqlalchemy.ext.asyncio import AsyncEngine

from execution import schema
from kit.db.read_pool import ReadPool
from kit.request_limits import UNLIMITED
from resolvers.core.access import Viewer
from resolvers.core.context import Context, Executor
from tests.random.queries import RandomQuery
from tests.support.graph import TODAY

Path = tuple[str | int, ...]

# Only PostgreSQL writes parts of an answer itself.
EXECUTORS = {"postgresql": [Executor.BATCH, Executor.PLAN], "sqlite": [Executor.BATCH]}


async def run_executor(question: RandomQuery, context: Context) -> ExecutionResult:
    """By the executor that walks the document field by field."""
    query, variables, name = question.query, question.variables, question.operation_name
    return await schema.ask(query, variables, context, name)


async def run_plan(question: RandomQuery, context: Context) -> ExecutionResult:
    """By the engine where it can."""
    query, variables, name = question.query, question.variables, question.operation_name
    return await schema.answer(query, variables, context, name)


def executor_used(context: Context) -> str:
    """Which way was taken, and why it wasn't the engine's."""
    reason = context.fallback_reason
    return "plan" if reason is None else f"default ({reason})"


@dataclass
class QueryStatistics:
    """What was asked, so that one sees whether it was worth asking."""

    questions: int = 0
    routes: Counter[str] = field(default_factory=Counter)
    features: Counter[str] = field(default_factory=Counter)
    depths: Counter[int] = field(default_factory=Counter)
    answers: Counter[str] = field(default_factory=Counter)

    def count(self, question: RandomQuery, answer: "DecodedResult", route: str) -> None:
        self.questions += 1
        self.routes[route] += 1
        self.features.update(name for name, number in question.features.items() if number)
        self.depths[question.deepest] += 1
        self.answers["with errors"] += bool(answer.errors)
        self.answers["without data"] += answer.data is None
        self.answers["with rows"] += any(map(bool, lists_in(answer.data)))
        for _, _, code, _ in answer.errors:
            self.answers[f"errors {code}"] += 1

    def __str__(self) -> str:
        lines = [f"{self.questions} questions"]
        named: dict[str, Counter[Any]] = {
            "by route": self.routes,
            "by links to the deepest": Counter(dict(sorted(self.depths.items()))),
            "answers": self.answers,
            "by feature": Counter(dict(self.features.most_common())),
        }
        for name, counter in named.items():
            shown = ", ".join(f"{what} {number}" for what, number in counter.items())
            lines.append(f"  {name}: {shown}")
        return "\n".join(lines)


@dataclass(frozen=True)
class DecodedResult:
    """An answer as a client decodes it; the id of its request is left out."""

    data: Any
    errors: list[Any]  # (path, message, code, places in the document), sorted

    @property
    def told(self) -> tuple[list[Any], list[Path]]:
        """The errors, and the places of which one error or another is told.

        Where a null rises past a field, all that failed below that place may be told of, or one of
        it: which depends on whom the database answers first, and GraphQL leaves it open.
        """
        risen = [(null_ancestor(self.data, error[0]), error) for error in self.errors]
        own = [error for place, error in risen if place is None]
        return own, sorted({place for place, _ in risen if place is not None}, key=str)

    @classmethod
    def of(cls, result: ExecutionResult) -> "DecodedResult":
        errors = [
            (
                list(error.path or ()),
                error.message.replace((error.extensions or {}).get("requestId", "-"), "…"),
                (error.extensions or {}).get("code"),
                [(place.line, place.column) for place in error.locations or ()],
            )
            for error in result.errors or ()
        ]
        return cls(orjson.loads(orjson.dumps(result.data)), sorted(errors, key=str))


def null_ancestor(data: Any, path: Sequence[str | int]) -> Path | None:
    """How far down the path the data are null, short of its end."""
    for depth, step in enumerate(path):
        if data is None:
            return tuple(path[:depth])
        data = data[step]
    return None


def lists_in(data: Any) -> Iterator[list[Any]]:
    if isinstance(data, list):
        yield data
        data = dict(enumerate(data))
    if isinstance(data, dict):
        for inner in data.values():
            yield from lists_in(inner)


def first_difference(one: Any, other: Any, path: Path = ()) -> tuple[Path, Any, Any] | None:
    """Return the first path on which two answers differ, with what stands there."""
    if isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys():
        steps: Any = one.keys()
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        steps = range(len(one))
    else:
        # In JSON 1 and 1.0 are one number, and true is neither.
        same = one == other and isinstance(one, bool) is isinstance(other, bool)
        return None if same else (path, one, other)
    found = (first_difference(one[step], other[step], (*path, step)) for step in steps)
    return next(filter(None, found), None)


def reproduction(question: RandomQuery, viewer: Viewer, said: str) -> str:
    """Return what is needed to see it again."""
    variables = json.dumps(question.variables, ensure_ascii=False)
    return (
        f"\n# As {viewer.name}, operation {question.operation_name}, on {TODAY}: {said}\n"
        f"{question.query}\n# variables: {variables}"
    )


async def compare_executors(
    engine: AsyncEngine,
    snapshots: ReadPool,
    question: RandomQuery,
    viewer: Viewer,
    tally: QueryStatistics,
) -> DecodedResult:
    """Return the one response of all ways. Raises AssertionError with the case to repeat."""
    context = Context.of(engine, viewer, TODAY, limits=UNLIMITED)
    async with context:
        plain = DecodedResult.of(await run_executor(question, context))
    for way in EXECUTORS[snapshots.dialect]:
        context = Context.of(engine, viewer, TODAY, snapshots, way, UNLIMITED)
        async with context:
            other = DecodedResult.of(await run_plan(question, context))
        for name, one, another in (
            ("data", plain.data, other.data), ("errors", plain.told, other.told),
        ):  # fmt: skip
            if found := first_difference(one, another):
                path, first, second = found
                place = ".".join(map(str, (name, *path)))
                said = f"at {place} the executor says {first!r}, {way.name} says {second!r}"
                raise AssertionError(reproduction(question, viewer, said))
    tally.count(question, plain, executor_used(context))
    faults = [error for error in plain.errors if error[2] == "INTERNAL"]
    assert not faults, reproduction(question, viewer, str(faults[0]))
    return plain
