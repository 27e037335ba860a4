"""Rows counted by some of their columns, in a table beside them that the database itself keeps.

A cell is one combination of the columns, with how many rows are in it. Triggers add and take away
in the transaction of the write, whoever writes; so nothing that writes can forget a summary. All
cells that a statement changes are changed in one order, so that two writers never wait crosswise.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import Table

CELL = "cell"  # the key: all columns of the cell as one text, for nulls are no key
EVENTS = ("insert", "delete", "update")
# How each dialect writes a value so that no two differ in nothing but a comma.
QUOTED = {"postgresql": "quote_nullable", "sqlite": "quote"}


@dataclass(frozen=True)
class Part:
    """What a row puts into one cell, where `where` holds: columns as expressions, `{0}` the row."""

    keys: Mapping[str, str]
    adds: Mapping[str, str]
    where: str


@dataclass(frozen=True, eq=False)
class Summary:
    """`dated`: cells have a day as well, on which spells of them begin and on which they end.

    The number that holds on a day is then the sum of what began less what ended until that day.
    `undated` are spells of which nobody knows when they began.
    """

    rows: Table
    table: Table
    parts: Sequence[Part]
    dated: bool

    @property
    def name(self) -> str:
        return self.table.name

    @cached_property
    def keys(self) -> list[str]:
        return list(self.parts[0].keys)

    @cached_property
    def added(self) -> list[str]:
        return list(self.parts[0].adds)

    @cached_property
    def numbers(self) -> list[str]:
        """Those of `added` that count rows; where all are zero, a cell is empty."""
        return ["begun", "ended"] if self.dated else ["number"]

    @property
    def columns(self) -> str:
        return ", ".join([CELL, *self.keys, *self.added])

    def counted(self, dialect: str) -> str:
        """All cells as they must be."""
        return self.grouped(dialect, self.lines(self.rows.name))

    def recounting(self, dialect: str) -> str:
        return f"INSERT INTO {self.name} ({self.columns}) {self.counted(dialect)}"

    def grouped(self, dialect: str, lines: str, *, changes: bool = False) -> str:
        sums = ", ".join(f"sum({name}) AS {name}" for name in self.added)
        some = self.added if changes else self.numbers
        having = " OR ".join(f"coalesce(sum({name}), 0) <> 0" for name in some)
        names = ", ".join([CELL, *self.keys])
        celled = f"SELECT {self.cell(dialect)} AS {CELL}, lines.* FROM ({lines}) AS lines"
        return (
            f"SELECT {names}, {sums} FROM ({celled}) AS celled GROUP BY {names} HAVING {having}"
            f" ORDER BY {CELL}"
        )

    def cell(self, dialect: str) -> str:
        return " || ',' || ".join(f"{QUOTED[dialect]}({name})" for name in self.keys)

    def lines(self, rows: str, sign: str = "") -> str:
        return " UNION ALL ".join(
            f"SELECT {told(part, 'r', sign)} FROM {rows} AS r WHERE {part.where.format('r')}"
            for part in self.parts
        )

    def adding(self, held: str) -> str:
        """What becomes of a cell that is there."""
        return f"ON CONFLICT ({CELL}) DO UPDATE SET " + ", ".join(
            f"{name} = {held}.{name} + excluded.{name}" for name in self.added
        )

    def trigger(self, event: str) -> str:
        return f"{self.name}_{event}"

    def made(self, dialect: str) -> list[str]:
        """The statements that make the triggers."""
        make = self.on_postgresql if dialect == "postgresql" else self.on_sqlite
        return [statement for event in EVENTS for statement in make(event)]

    def gone(self, dialect: str) -> list[str]:
        if dialect == "postgresql":
            return [f"DROP FUNCTION IF EXISTS {self.trigger(event)}() CASCADE" for event in EVENTS]
        return [f"DROP TRIGGER IF EXISTS {self.trigger(event)}" for event in EVENTS]

    def on_postgresql(self, event: str) -> list[str]:
        """Once for each statement, however many rows it writes."""
        new, old = self.lines("new_rows"), self.lines("old_rows", "-")
        lines = {"insert": new, "delete": old, "update": f"{old} UNION ALL {new}"}[event]
        named = {
            "insert": "NEW TABLE AS new_rows",
            "delete": "OLD TABLE AS old_rows",
            "update": "OLD TABLE AS old_rows NEW TABLE AS new_rows",
        }[event]
        changed = self.grouped("postgresql", lines, changes=True)
        body = f"INSERT INTO {self.name} AS held ({self.columns}) {changed} {self.adding('held')}"
        function = self.trigger(event)
        return [
            f"CREATE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql"
            f" AS $$ BEGIN {body}; RETURN NULL; END $$",
            f"CREATE TRIGGER {function} AFTER {event.upper()} ON {self.rows.name}"
            f" REFERENCING {named} FOR EACH STATEMENT EXECUTE FUNCTION {function}()",
        ]

    def on_sqlite(self, event: str) -> list[str]:
        """Once for each row: SQLite has no other triggers."""
        rows = {"insert": [("NEW", "")], "delete": [("OLD", "-")]}
        body = " ".join(
            f"INSERT INTO {self.name} ({self.columns}) SELECT {self.cell('sqlite')}, lines.*"
            f" FROM (SELECT {told(part, row, sign)}) AS lines WHERE {part.where.format(row)}"
            f" {self.adding(self.name)};"
            for row, sign in rows.get(event, [("OLD", "-"), ("NEW", "")])
            for part in self.parts
        )
        when = ""
        if event == "update":
            differs = (f"OLD.{name} IS NOT NEW.{name}" for name in self.read)
            when = f" OF {', '.join(self.read)} ON {self.rows.name} WHEN {' OR '.join(differs)}"
        on = when or f" ON {self.rows.name}"
        return [f"CREATE TRIGGER {self.trigger(event)} AFTER {event.upper()}{on} BEGIN {body} END"]

    @cached_property
    def read(self) -> list[str]:
        """The columns of the rows on which anything depends."""
        said = [
            expression
            for part in self.parts
            for expression in (*part.keys.values(), *part.adds.values(), part.where)
        ]
        names = [column.key for column in self.rows.c]
        return [name for name in names if any(mentions(one, name) for one in said)]


def told(part: Part, row: str, sign: str) -> str:
    columns = [f"{one.format(row)} AS {name}" for name, one in part.keys.items()]
    columns += [f"{sign}({one.format(row)}) AS {name}" for name, one in part.adds.items()]
    return ", ".join(columns)


def mentions(expression: str, column: str) -> bool:
    return re.search(rf"\.{column}\b", expression) is not None
