"""Prepared statements: compiled once, and run with other keys for each request."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from engine.sql.compiled import CompiledStatement, compile_statement
from engine.sql.shared_statements import statement_bytes
from kit.db.engine import KeyParameter, key_parameter_value
from kit.db.expressions import SelectStatement, Values
from kit.runtime.byte_cache import ByteCache

# Statements as SQLAlchemy has them, for the default executor: each takes some 50 kB.
MAX_BUILT = 128
PREPARED_BYTES = 16 << 20  # of the text; a viewer's question about collaborators takes nine

PREPARED_STATEMENTS = ByteCache[Hashable, CompiledStatement](PREPARED_BYTES, statement_bytes)

KeyNames = tuple[tuple[str, bool], ...]  # of the lists of keys, and whether each holds a single one
StatementBuilder = Callable[..., SelectStatement]


@dataclass(frozen=True, slots=True)
class PreparedStatement:
    """A statement and its keys, which are bound each time it runs.

    `write` takes `sight`, and by name a `KeyParameter` for each list of `keys` and each of
    `arguments`. The statement depends on nothing else.
    """

    write: StatementBuilder
    sight: Hashable
    dialect: str
    keys: Mapping[str, Sequence[str]]
    arguments: tuple[tuple[str, Hashable], ...] = ()
    lists: bool = False  # a single key is bound as a list too

    @property
    def names(self) -> KeyNames:
        return tuple((name, self.is_single(keys)) for name, keys in self.keys.items())

    def is_single(self, keys: Sequence[str]) -> bool:
        return len(keys) == 1 and not self.lists

    @property
    def statement(self) -> SelectStatement:
        return build_prepared(self.write, self.sight, self.names, self.arguments)

    @property
    def compiled(self) -> CompiledStatement:
        return compile_prepared(self.write, self.sight, self.dialect, self.names, self.arguments)

    @property
    def values(self) -> Values:
        return {
            name: keys[0] if self.is_single(keys) else key_parameter_value(keys, self.dialect)
            for name, keys in self.keys.items()
        }


@lru_cache(maxsize=MAX_BUILT)
def build_prepared(
    write: StatementBuilder,
    sight: Hashable,
    names: KeyNames,
    arguments: tuple[tuple[str, Hashable], ...],
) -> SelectStatement:
    return write_prepared(write, sight, names, arguments)


def write_prepared(
    write: StatementBuilder,
    sight: Hashable,
    names: KeyNames,
    arguments: tuple[tuple[str, Hashable], ...],
) -> SelectStatement:
    keys = {name: KeyParameter(name, single) for name, single in names}
    return write(sight, **keys, **dict(arguments))


def compile_prepared(
    write: StatementBuilder,
    sight: Hashable,
    dialect: str,
    names: KeyNames,
    arguments: tuple[tuple[str, Hashable], ...],
) -> CompiledStatement:
    return PREPARED_STATEMENTS.find(
        (write, sight, dialect, names, arguments),
        lambda: compile_statement(write_prepared(write, sight, names, arguments), dialect),
    )
