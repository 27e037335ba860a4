"""Walking from rows along links to one record, as joins."""

from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, and_, func

from engine.kind import Kind
from engine.link import One, OneOf
from engine.way import Joins

# Where a walk stands: a kind and its rows; several after a link to one of several kinds.
Standing = list[tuple[Kind, FromClause]]


class Walk:
    """Joins gathered while walking; equal steps are walked once."""

    def __init__(self, kind: Kind, rows: FromClause, viewer: Any) -> None:
        self.start: Standing = [(kind, rows)]
        self.viewer = viewer
        self.joins: Joins = []
        self.walked: dict[tuple[str, ...], Standing] = {(): self.start}

    def to(self, path: tuple[str, ...]) -> Standing:
        if path not in self.walked:
            self.walked[path] = self.step(self.to(path[:-1]), path[-1])
        return self.walked[path]

    def step(self, standing: Standing, name: str) -> Standing:
        found: dict[Kind, list[ColumnElement[Any]]] = {}
        for kind, rows in standing:
            link = kind.links[name]
            if isinstance(link, One):
                found.setdefault(link.to, []).append(rows.c[link.by])
            else:
                assert isinstance(link, OneOf)
                for target, column in link.targets.items():
                    found.setdefault(target, []).append(rows.c[column])
        return [(kind, self.join(kind, keys)) for kind, keys in found.items()]

    def join(self, kind: Kind, keys: list[ColumnElement[Any]]) -> FromClause:
        rows = kind.table.alias()
        key = keys[0] if len(keys) == 1 else func.coalesce(*keys)
        self.joins.append((rows, and_(rows.c.id == key, kind.visible(self.viewer, rows))))
        return rows

    def joined(self, statement: Select[Any]) -> Select[Any]:
        """Left joins: a walk that ends early leaves nulls."""
        for rows, on in self.joins:
            statement = statement.outerjoin(rows, on)
        return statement
