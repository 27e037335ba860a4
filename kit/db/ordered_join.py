"""A join whose left side the database reads first."""

from typing import Any

from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.selectable import Join


class OrderedJoin(Join):
    """The left side is read first, and the right one for each of its rows.

    SQLite guesses what is fewer, wrongly where it has no statistics. The tables of a CROSS JOIN it
    leaves in their order. PostgreSQL has statistics and needs no hint.
    """

    inherit_cache = True


@compiles(OrderedJoin, "sqlite")
def compile_cross_join(
    join: OrderedJoin, compiler: SQLCompiler, asfrom: bool = False, **options: Any
) -> str:
    left, right = (
        compiler.process(side, asfrom=True, **options) for side in (join.left, join.right)
    )
    assert join.onclause is not None
    return f"{left} CROSS JOIN {right} ON {compiler.process(join.onclause, **options)}"
