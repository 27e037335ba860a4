"""Projections: selection sets compiled to Python expressions, which read rows or values.

No other file compiles Python at run time. `docs/decisions/0030-compiled-projections.md` has the
reasons and the rules: a source consists of names made here, of literals and of checked attributes.
"""

from __future__ import annotations

import linecache
from collections.abc import Callable, Iterable, Sequence
from itertools import count
from keyword import iskeyword
from typing import Any

from cachetools import LRUCache

from engine.plan.field_plans import NotPlanned

MAX_SOURCE_CHARACTERS = 4_000_000  # of all sources that tracebacks can show
MIN_SOURCE_CHARACTERS = 1_000  # a shorter source counts as this, so there are 4,000 at most
SOURCE_NUMBERS = count(1)
# The checks of `engine.planning.python_output` need these. A projection has no other builtins.
BUILTINS = {"int": int, "str": str}


class SourceRegistry(LRUCache[str, int]):
    """Sizes of the sources in `linecache`, by file name. The oldest source is evicted first."""

    def register(self, source: str) -> str:
        """Register a source, and return the file name for its code."""
        name = f"<projection {next(SOURCE_NUMBERS)}>"
        size = max(len(source), MIN_SOURCE_CHARACTERS)
        if size <= self.maxsize:
            self[name] = size
            # Without a time of modification: `linecache` never looks for such a file.
            linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
        return name

    def popitem(self) -> tuple[str, int]:
        name, size = super().popitem()
        linecache.cache.pop(name, None)
        return name, size


SOURCES = SourceRegistry(MAX_SOURCE_CHARACTERS, getsizeof=lambda size: size)


class ProjectionScope:
    """The globals of a projection: constants, under names that no client chooses."""

    def __init__(self) -> None:
        self.constants: dict[str, object] = {"__builtins__": BUILTINS}

    def constant(self, value: object) -> str:
        name = f"c{len(self.constants)}"
        self.constants[name] = value
        return name

    def compile(self, parameters: Sequence[str], expression: str) -> Callable[..., Any]:
        """Raise NotPlanned for what is nested deeper than Python's parser goes."""
        source = f"lambda {', '.join(parameters)}: {expression}"
        try:
            code = compile(source, SOURCES.register(source), "eval")
        except (RecursionError, MemoryError, SyntaxError) as error:
            if isinstance(error, SyntaxError) and "nested" not in str(error):
                raise
            raise NotPlanned("nested too deep for a projection") from error
        found: Callable[..., Any] = eval(code, self.constants)  # noqa: S307  # decision 0030
        return found


def literal(text: str | None) -> str:
    """Return a literal in ASCII: no character of the text can end the literal or the line."""
    return ascii(text)


def object_expression(fields: Iterable[tuple[str, str]]) -> str:
    """Return the display of a dictionary, with each key on its own line for tracebacks."""
    return "{" + ",\n".join(f"{literal(key)}: {expression}" for key, expression in fields) + "}"


def attribute_expression(value: str, attribute: str) -> str:
    """Raise ValueError for what isn't the name of an attribute."""
    if not attribute.isidentifier() or iskeyword(attribute):
        raise ValueError(f"{attribute!r} is not the name of an attribute.")
    return f"{value}.{attribute}"
