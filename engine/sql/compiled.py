"""Compiles statements once to the text, parameters and result types that a driver needs."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Float, Numeric
from sqlalchemy.dialects.postgresql.asyncpg import dialect as postgresql
from sqlalchemy.dialects.sqlite import dialect as sqlite
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeEngine

from kit.db.column_types import EnumText, FixedDecimal
from kit.db.expressions import Expression, SelectStatement, Values
from kit.runtime.time_slices import yield_to_loop
from kit.values.fixed_point import from_thousandths

ValueProcessor = Callable[[Any], Any]

DIALECTS: dict[str, Dialect] = {
    "postgresql": postgresql(),  # type: ignore[no-untyped-call]  # SQLAlchemy leaves it untyped
    "sqlite": sqlite(paramstyle="qmark"),
}


class CooperativeCompiler:
    """Put before a dialect's compiler: others may go first at each SELECT of a statement."""

    def visit_select(self, *given: object, **more: object) -> object:
        yield_to_loop()
        return super().visit_select(*given, **more)  # type: ignore[misc]  # the dialect's


for dialect in DIALECTS.values():
    compiler = dialect.statement_compiler
    dialect.statement_compiler = type(compiler.__name__, (CooperativeCompiler, compiler), {})


@dataclass(frozen=True, slots=True, eq=False)
class CompiledStatement:
    """`order`: for each value of the statement its name among those of the run, or a constant."""

    text: str
    order: tuple[tuple[str | None, Any, ValueProcessor | None], ...]  # (name, constant, conversion)
    result_processors: tuple[
        ValueProcessor | None, ...
    ]  # a column's value as a row of SQLAlchemy would hold it
    reads: tuple[tuple[int, ValueProcessor], ...]  # where there is anything to do

    def values(self, given: Values) -> list[Any]:
        return [
            constant if name is None else given[name] if convert is None else convert(given[name])
            for name, constant, convert in self.order
        ]

    def read(self, row: Sequence[object]) -> list[object]:
        found = list(row)
        for place, reader in self.reads:
            found[place] = reader(found[place])
        return found


def compile_statement(statement: SelectStatement, dialect_name: str) -> CompiledStatement:
    """Compiled once, run often; values of the statement itself are its constants."""
    dialect = DIALECTS[dialect_name]
    found = statement.compile(dialect=dialect)
    order: list[tuple[str | None, Any, ValueProcessor | None]] = []
    for name in found.positiontup or ():
        bind = found.binds[name]
        convert = bind.type.dialect_impl(dialect).bind_processor(dialect)
        if bind.required:
            order.append((bind.key, None, convert))
        else:
            order.append((None, convert(bind.value) if convert else bind.value, None))
    readers = result_processors(statement.selected_columns, dialect_name)
    reads = tuple((n, reader) for n, reader in enumerate(readers) if reader is not None)
    return CompiledStatement(str(found), tuple(order), readers, reads)


def result_processors(
    columns: Iterable[Expression], dialect_name: str
) -> tuple[ValueProcessor | None, ...]:
    return tuple(result_processor(column.type, dialect_name) for column in columns)


def result_processor(of: TypeEngine[object], dialect_name: str) -> ValueProcessor | None:
    if isinstance(of, Numeric | Float) and dialect_name == "postgresql":
        return None  # asyncpg gives Python's numbers, and SQLAlchemy would ask for more than that
    if isinstance(of, FixedDecimal):
        return read_thousandths
    if isinstance(of, EnumText):
        words: dict[str | None, object] = {None: None}
        return (words | {word.value: word for word in of.words}).__getitem__
    dialect = DIALECTS[dialect_name]
    return of.dialect_impl(dialect).result_processor(dialect, None)


def read_thousandths(value: Any) -> Any:
    """Return a column's number, or a sum of them, which PostgreSQL gives as a decimal."""
    return None if value is None else from_thousandths(int(value))
