"""What a field of the schema means to the engine: the words in which a schema is told to it.

A schema says of each of its fields what it means; a field that means nothing is computed by the
schema's own executor, and so is every request that asks for it.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select

from engine.groups import Arrangement
from engine.kind import Kind
from engine.link import Chain, Link, Many
from engine.page import Asked
from engine.prepared import Prepared
from engine.statements import Statements


class NotPlanned(Exception):
    """The engine doesn't answer this; the default executor does, and tells every error."""


class Meaning:
    pass


@dataclass(frozen=True, eq=False)
class Stored(Meaning):
    """A column, or several that are one value; of a value in Python, an attribute."""

    name: str


@dataclass(frozen=True, eq=False)
class TypeName(Meaning):
    """`__typename`"""


@dataclass(frozen=True, eq=False)
class GlobalId(Meaning):
    """The kind and the key of a row."""


@dataclass(frozen=True, eq=False)
class Begins(Meaning):
    """Whether the key of a row begins with a text."""

    prefix: str


@dataclass(frozen=True, eq=False)
class To(Meaning):
    """The record or records at the end of a link that isn't a connection."""

    link: Link


@dataclass(frozen=True, eq=False)
class ByName(Meaning):
    """As `To`, of the link that the row's kind has under a name: of an interface's fields."""

    name: str


@dataclass(frozen=True, eq=False)
class Walked(Meaning):
    """The records at the end of a chain, on the day that the arguments name."""

    link: Chain
    asked: Callable[..., Asked]


@dataclass(frozen=True, eq=False)
class Connection(Meaning):
    """A list that can grow. `asked` reads the arguments; it raises what a client is told."""

    link: Many
    asked: Callable[..., Asked]


@dataclass(frozen=True, eq=False)
class Rows(Meaning):
    """The records of a connection's page."""


@dataclass(frozen=True, eq=False)
class Edges(Meaning):
    """The same with their cursors."""


@dataclass(frozen=True, eq=False)
class Cursor(Meaning):
    """Of an edge."""


@dataclass(frozen=True, eq=False)
class End(Meaning):
    """The record of an edge."""


@dataclass(frozen=True, eq=False)
class Standing(Meaning):
    """Where a page stands in its list: its object has the four attributes of Relay's PageInfo."""


@dataclass(frozen=True, eq=False)
class Total(Meaning):
    pass


@dataclass(frozen=True, eq=False)
class Undated(Meaning):
    pass


@dataclass(frozen=True, eq=False)
class Grouped(Meaning):
    """`asked` reads the arguments to (dimensions, how many, which and in which order).

    Its fields are read off `engine.groups.Groups`.
    """

    asked: Callable[..., tuple[tuple[str, ...], int, Arrangement]]


@dataclass(frozen=True, eq=False)
class Read(Meaning):
    """Read off a value in Python: neither awaits nor asks anything of anybody."""

    read: Callable[..., Any]


@dataclass(frozen=True, eq=False)
class Shown(Meaning):
    """What Python makes of one column of a record."""

    column: str
    show: Callable[[Any], Any]


@dataclass(frozen=True, eq=False)
class Measured(Read):
    """Read off a group: the sum of the measure that the argument `of` names."""


@dataclass(frozen=True, eq=False)
class Extreme(Measured):
    """More than the sum."""


@dataclass(frozen=True, eq=False)
class LookedUp(Meaning):
    """One record by a unique column, of which arguments name the key: `by` says which column.

    `asked` gives (column, key), or None where nothing can be found.
    """

    kind: Kind
    by: Mapping[str, str]
    asked: Callable[..., tuple[str, str] | None]


@dataclass(frozen=True, eq=False)
class Named(Meaning):
    """Records of any kind by what names them: `asked` gives a kind and a key for each.

    A single one where `listed` is false.
    """

    asked: Callable[..., Sequence[tuple[Kind, str]]]
    listed: bool


@dataclass(frozen=True, eq=False)
class Counted(Meaning):
    """A value that one statement finds for all rows of a place.

    `question` is what a row asks (None: nothing), `statement` takes all that was asked, `answers`
    makes of its rows an answer for each question, and `answer` of that one the row's value. With
    `shape` a statement is kept: it gives, for a dialect, what decides its text, which `statement`
    takes then, and the values that are bound.
    """

    question: Callable[[Any], Any]
    statement: Callable[[Statements, Any], Select[Any]]
    answers: Callable[[Sequence[Any], Sequence[Any]], Sequence[Any]]
    answer: Callable[[Any, Any], Any]
    shape: Callable[[Sequence[Any], str], tuple[Hashable, Mapping[str, Any]]] | None = None


# Statements one after another: of each the rows are sent back, and what is returned is by key.
Reckoning = Generator[Prepared, Sequence[Sequence[Any]], Mapping[str, Any]]


@dataclass(frozen=True, eq=False)
class Reckoned(Meaning):
    """A value that is worked out in Python, for all rows of a place, from several statements.

    `asked` reads the arguments to what can be hashed, and raises what a client is told. `work`
    takes the keys of the rows and what was asked, and gives a value for each key: its fields are
    `Stored`, `Read` or `Led`.
    """

    asked: Callable[..., Any]
    work: Callable[[Statements, Sequence[str], Any], Reckoning]


@dataclass(frozen=True, eq=False)
class Led(Meaning):
    """Records that a value in Python names by (kind, key): one, or a list of them.

    Only such as are there to be seen; of these kinds, and no others.
    """

    read: Callable[[Any], Any]
    kinds: Sequence[Kind]
