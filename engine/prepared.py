"""Statements whose keys alone differ from one request to the next: each is compiled once."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Select

from engine.compiled import Compiled, compiled
from kit.database import Keys, bound_keys

MOST = 1024  # statements of a process; a viewer's question about collaborators takes nine

Names = tuple[tuple[str, bool], ...]  # of the lists of keys, and whether each holds a single one
Writer = Callable[..., Select[Any]]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A statement and its keys, which are bound each time it runs.

    `write` takes `sight`, and by name a `Keys` for each list of `keys` and each of `arguments`. The
    statement depends on nothing else.
    """

    write: Writer
    sight: Hashable
    dialect: str
    keys: Mapping[str, Sequence[str]]
    arguments: tuple[tuple[str, Hashable], ...] = ()
    lists: bool = False  # a single key is bound as a list too

    @property
    def names(self) -> Names:
        return tuple((name, self.is_single(keys)) for name, keys in self.keys.items())

    def is_single(self, keys: Sequence[str]) -> bool:
        return len(keys) == 1 and not self.lists

    @property
    def statement(self) -> Select[Any]:
        return written(self.write, self.sight, self.names, self.arguments)

    @property
    def compiled(self) -> Compiled:
        return compiled_once(self.write, self.sight, self.dialect, self.names, self.arguments)

    @property
    def values(self) -> dict[str, Any]:
        return {
            name: keys[0] if self.is_single(keys) else bound_keys(keys, self.dialect)
            for name, keys in self.keys.items()
        }


@lru_cache(maxsize=MOST)
def written(
    write: Writer, sight: Hashable, names: Names, arguments: tuple[tuple[str, Hashable], ...]
) -> Select[Any]:
    keys = {name: Keys(name, single) for name, single in names}
    return write(sight, **keys, **dict(arguments))


@lru_cache(maxsize=MOST)
def compiled_once(
    write: Writer,
    sight: Hashable,
    dialect: str,
    names: Names,
    arguments: tuple[tuple[str, Hashable], ...],
) -> Compiled:
    return compiled(written(write, sight, names, arguments), dialect)
