"""Summary tables: rows counted by some of their columns, kept up to date by triggers.

A cell is one combination of the columns, with its number of rows. Triggers add and subtract in the
transaction of each write, so no writer can omit it. All cells that a statement changes are changed
in one order, so that two writers can't deadlock.

If the rows are in a tree, a second table sums the cells of the first up the tree: `above`.
"""
# ruff: noqa: S608 (names of tables and columns are those of the models)

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import Table

CELL_COLUMN = "cell"  # the key: all columns of the cell as one text, for nulls are no key
TRIGGER_EVENTS = ("insert", "delete", "update")
# How each dialect writes a value so that no two differ in nothing but a comma.
QUOTE_FUNCTIONS = {"postgresql": "quote_nullable", "sqlite": "quote"}


@dataclass(frozen=True)
class CellRule:
    """The share of a row in one cell, if `where` holds: expressions by column, `{0}` is the row."""

    keys: Mapping[str, str]
    adds: Mapping[str, str]
    where: str


@dataclass(frozen=True, eq=False)
class TreeRollup:
    """A tree as pairs: a row counts for each ancestor of the member that its `key` names.

    Every member of the tree is its own ancestor: else nothing is counted for it. `outermost` are
    columns of the members that name an ancestor or the member itself: if a member names itself, all
    members below it name it too.
    """

    key: str
    pairs: Table
    below: str
    above: str
    outermost: frozenset[str] = frozenset()


@dataclass(frozen=True, eq=False)
class SummaryTable:
    """`dated`: cells also have a day, on which some of their spells begin and some end.

    The number on a day is then the sum of those that began until that day, less those that ended.
    `undated` are spells whose start is unknown. A table with a `tree_rollup` counts the cells of
    another, its `rows`; that one has it as `above`.
    """

    rows: Table
    table: Table
    parts: Sequence[CellRule]
    dated: bool
    tree_rollup: TreeRollup | None = None
    above: "SummaryTable | None" = None

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
    def count_columns(self) -> list[str]:
        """Return the columns of `added` that count rows; if all are zero, a cell is empty."""
        return ["begun", "ended"] if self.dated else ["number"]

    @property
    def columns(self) -> str:
        return ", ".join([CELL_COLUMN, *self.keys, *self.added])

    def counted(self, dialect: str) -> str:
        """All cells as they must be."""
        return self.grouped(dialect, self.lines(self.rows.name))

    def refill_statement(self, dialect: str) -> str:
        return f"INSERT INTO {self.name} ({self.columns}) {self.counted(dialect)}"

    def grouped(self, dialect: str, lines: str, *, changes: bool = False) -> str:
        sums = ", ".join(f"sum({name}) AS {name}" for name in self.added)
        counts = self.added if changes else self.count_columns
        having = " OR ".join(f"coalesce(sum({name}), 0) <> 0" for name in counts)
        names = ", ".join([CELL_COLUMN, *self.keys])
        celled = f"SELECT {self.cell(dialect)} AS {CELL_COLUMN}, lines.* FROM ({lines}) AS lines"
        return (
            f"SELECT {names}, {sums} FROM ({celled}) AS celled GROUP BY {names} HAVING {having}"
            f" ORDER BY {CELL_COLUMN}"
        )

    def cell(self, dialect: str) -> str:
        return " || ',' || ".join(f"{QUOTE_FUNCTIONS[dialect]}({name})" for name in self.keys)

    def lines(self, rows: str, sign: str = "", pairs: str = "") -> str:
        """Select the shares of the rows in cells; `pairs`: only these of the tree."""
        named = f"{rows} AS r{self.joined('r', pairs)}"
        return " UNION ALL ".join(
            f"SELECT {self.told(part, 'r', sign)} FROM {named} WHERE {part.where.format('r')}"
            for part in self.parts
        )

    def told(self, part: CellRule, row: str, sign: str) -> str:
        keys = dict(part.keys)
        if self.tree_rollup:
            keys[self.tree_rollup.key] = f"p.{self.tree_rollup.above}"
        columns = [f"{expression.format(row)} AS {name}" for name, expression in keys.items()]
        columns += [
            f"{sign}({expression.format(row)}) AS {name}" for name, expression in part.adds.items()
        ]
        return ", ".join(columns)

    def joined(self, row: str, pairs: str = "") -> str:
        if (spread := self.tree_rollup) is None:
            return ""
        on = f"p.{spread.below} = {row}.{spread.key}"
        return f" JOIN {pairs or spread.pairs.name} AS p ON {on}"

    def upsert_clause(self, table: str) -> str:
        """Return the clause that adds to an existing cell."""
        return f"ON CONFLICT ({CELL_COLUMN}) DO UPDATE SET " + ", ".join(
            f"{name} = {table}.{name} + excluded.{name}" for name in self.added
        )

    def trigger(self, event: str) -> str:
        return f"{self.name}_{event}"

    def tree_trigger(self, event: str) -> str:
        return f"{self.name}_tree_{event}"

    @property
    def triggers(self) -> list[tuple[str, Table]]:
        """Their names, and the tables on which they are."""
        pairs = [(self.trigger(event), self.rows) for event in TRIGGER_EVENTS]
        if self.tree_rollup:
            pairs += [
                (self.tree_trigger(event), self.tree_rollup.pairs) for event in TRIGGER_EVENTS
            ]
        return pairs

    def made(self, dialect: str) -> list[str]:
        """Return the statements that make the triggers."""
        return [*(self.on_postgresql() if dialect == "postgresql" else self.on_sqlite())]

    def gone(self, dialect: str) -> list[str]:
        if dialect == "postgresql":
            return [f"DROP FUNCTION IF EXISTS {name}() CASCADE" for name, _ in self.triggers]
        return [f"DROP TRIGGER IF EXISTS {name}" for name, _ in self.triggers]

    def on_postgresql(self) -> Iterator[str]:
        """Once for each statement, however many rows it writes."""
        new, old = self.lines("new_rows"), self.lines("old_rows", "-")
        for event in TRIGGER_EVENTS:
            yield from self.statement_trigger(self.trigger(event), event, self.rows.name, new, old)
        if self.tree_rollup:
            cells, pairs = self.rows.name, self.tree_rollup.pairs.name
            new, old = self.lines(cells, "", "new_rows"), self.lines(cells, "-", "old_rows")
            for event in TRIGGER_EVENTS:
                yield from self.statement_trigger(self.tree_trigger(event), event, pairs, new, old)

    def statement_trigger(
        self, name: str, event: str, on: str, new: str, old: str
    ) -> Iterator[str]:
        lines = {"insert": new, "delete": old, "update": f"{old} UNION ALL {new}"}[event]
        named = {
            "insert": "NEW TABLE AS new_rows",
            "delete": "OLD TABLE AS old_rows",
            "update": "OLD TABLE AS old_rows NEW TABLE AS new_rows",
        }[event]
        changed = self.grouped("postgresql", lines, changes=True)
        body = (
            f"INSERT INTO {self.name} AS held ({self.columns}) {changed} "
            f"{self.upsert_clause('held')}"
        )
        yield (
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql"
            f" AS $$ BEGIN {body}; RETURN NULL; END $$"
        )
        yield (
            f"CREATE TRIGGER {name} AFTER {event.upper()} ON {on}"
            f" REFERENCING {named} FOR EACH STATEMENT EXECUTE FUNCTION {name}()"
        )

    def on_sqlite(self) -> Iterator[str]:
        """Once for each row: SQLite has no other triggers."""
        for event in TRIGGER_EVENTS:
            yield self.row_trigger(
                self.trigger(event), event, self.rows.name, self.read, self.row_changes
            )
            if spread := self.tree_rollup:
                name, pairs = self.tree_trigger(event), spread.pairs.name
                yield self.row_trigger(
                    name, event, pairs, [spread.below, spread.above], self.pair_changes
                )

    def row_trigger(
        self,
        name: str,
        event: str,
        on: str,
        read: Sequence[str],
        lines: Callable[[CellRule, str, str], str],
    ) -> str:
        rows = {"insert": [("NEW", "")], "delete": [("OLD", "-")]}
        body = " ".join(
            f"INSERT INTO {self.name} ({self.columns}) SELECT {self.cell('sqlite')}, lines.*"
            f" FROM ({lines(part, row, sign)}) AS lines WHERE true {self.upsert_clause(self.name)};"
            for row, sign in rows.get(event, [("OLD", "-"), ("NEW", "")])
            for part in self.parts
        )
        when = f" ON {on}"
        if event == "update":
            differs = (f"OLD.{column} IS NOT NEW.{column}" for column in read)
            when = f" OF {', '.join(read)} ON {on} WHEN {' OR '.join(differs)}"
        return f"CREATE TRIGGER {name} AFTER {event.upper()}{when} BEGIN {body} END"

    def row_changes(self, part: CellRule, row: str, sign: str) -> str:
        """Return the statement that adds one row to its cells."""
        columns, where = self.told(part, row, sign), part.where.format(row)
        if (spread := self.tree_rollup) is None:
            return f"SELECT {columns} WHERE {where}"
        pairs = f"{spread.pairs.name} AS p"
        return (
            f"SELECT {columns} FROM {pairs} WHERE p.{spread.below} = {row}.{spread.key} AND {where}"
        )

    def pair_changes(self, part: CellRule, row: str, sign: str) -> str:
        """Return the statement that adds all rows to the cells of one pair."""
        assert self.tree_rollup
        spread = self.tree_rollup
        both = (f"{row}.{column} AS {column}" for column in (spread.below, spread.above))
        pair = f"(SELECT {', '.join(both)}) AS p"
        return (
            f"SELECT {self.told(part, 'r', sign)} FROM {pair} JOIN {self.rows.name} AS r"
            f" ON r.{spread.key} = p.{spread.below} WHERE {part.where.format('r')}"
        )

    @cached_property
    def read(self) -> list[str]:
        """The columns of the rows on which anything depends."""
        said = [
            expression
            for part in self.parts
            for expression in (*part.keys.values(), *part.adds.values(), part.where)
        ]
        names = [column.key for column in self.rows.c]
        return [name for name in names if any(references_column(text, name) for text in said)]


def references_column(expression: str, column: str) -> bool:
    return re.search(rf"\.{column}\b", expression) is not None
