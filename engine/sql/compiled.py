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

    def visit_select(self, *arguments: object, **options: object) -> object:
        yield_to_loop()
        return super().visit_select(*arguments, **options)  # type: ignore[misc]  # the dialect's


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

    def values(self, parameters: Values) -> list[Any]:
        return [
            constant
            if name is None
            else parameters[name]
            if convert is None
            else convert(parameters[name])
            for name, constant, convert in self.order
        ]

    def read(self, row: Sequence[object]) -> list[object]:
        values = list(row)
        for index, reader in self.reads:
            values[index] = reader(values[index])
        return values


def compile_statement(statement: SelectStatement, dialect_name: str) -> CompiledStatement:
    """Compiled once, run often; values of the statement itself are its constants."""
    dialect = DIALECTS[dialect_name]
    compiled = statement.compile(dialect=dialect)
    order: list[tuple[str | None, Any, ValueProcessor | None]] = []
    for name in compiled.positiontup or ():
        bind = compiled.binds[name]
        convert = bind.type.dialect_impl(dialect).bind_processor(dialect)
        if bind.required:
            order.append((bind.key, None, convert))
        else:
            order.append((None, convert(bind.value) if convert else bind.value, None))
    readers = result_processors(statement.selected_columns, dialect_name)
    reads = tuple((n, reader) for n, reader in enumerate(readers) if reader is not None)
    return CompiledStatement(str(compiled), tuple(order), readers, reads)


def result_processors(
    columns: Iterable[Expression], dialect_name: str
) -> tuple[ValueProcessor | None, ...]:
    return tuple(result_processor(column.type, dialect_name) for column in columns)


def result_processor(type_: TypeEngine[object], dialect_name: str) -> ValueProcessor | None:
    if isinstance(type_, Numeric | Float) and dialect_name == "postgresql":
        return None  # asyncpg gives Python's numbers, and SQLAlchemy would ask for more than that
    if isinstance(type_, FixedDecimal):
        return read_thousandths
    if isinstance(type_, EnumText):
        words: dict[str | None, object] = {None: None}
        return (words | {member.value: member for member in type_.words}).__getitem__
    dialect = DIALECTS[dialect_name]
    return type_.dialect_impl(dialect).result_processor(dialect, None)


def read_thousandths(value: Any) -> Any:
    """Return a column's number, or a sum of them, which PostgreSQL gives as a decimal."""
    return None if value is None else from_thousandths(int(value))
