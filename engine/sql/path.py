"""Left joins along paths of links to one record."""

from typing import Any

from sqlalchemy import FromClause, and_, case, func, select

from engine.catalog.join import JoinClauses
from engine.catalog.kind import ClosureTable, Kind
from engine.catalog.link import ToOne, ToOneUnion
from engine.sql.parameters import bind_value
from kit.db.expressions import Expression, SelectStatement
from kit.db.table_aliases import alias_of

# The end of a path: a kind and its rows; several after a link to one of several kinds.
PathEnd = list[tuple[Kind, FromClause]]


class PathJoins:
    """Joins gathered while walking; equal steps are walked once."""

    def __init__(self, kind: Kind, rows: FromClause, asker: Any) -> None:
        self.start: PathEnd = [(kind, rows)]
        self.asker = asker
        self.joins: JoinClauses = []
        self.walked: dict[tuple[str, ...], PathEnd] = {(): self.start}

    def to(self, path: tuple[str, ...]) -> PathEnd:
        if path not in self.walked:
            self.walked[path] = self.step(self.to(path[:-1]), path[-1])
        return self.walked[path]

    def step(self, standing: PathEnd, name: str) -> PathEnd:
        keys_by_kind: dict[Kind, list[Expression]] = {}
        for kind, rows in standing:
            link = kind.links[name]
            if isinstance(link, ToOne):
                keys_by_kind.setdefault(link.to, []).append(rows.c[link.by])
            else:
                assert isinstance(link, ToOneUnion)
                for target, column in link.targets.items():
                    keys_by_kind.setdefault(target, []).append(rows.c[column])
        return [(kind, self.join(kind, keys)) for kind, keys in keys_by_kind.items()]

    def join(self, kind: Kind, keys: list[Expression]) -> FromClause:
        rows = kind.rows(self.asker)
        key = keys[0] if len(keys) == 1 else func.coalesce(*keys)
        self.joins.append((rows, and_(rows.c.id == key, kind.visible(self.asker.viewer, rows))))
        return rows

    def below(self, path: tuple[str, ...], lineage: ClosureTable, root: object) -> FromClause:
        """Select the ancestor just below the root: the root itself for records directly in it.

        Null for records outside the root.
        """
        [(kind, rows)] = self.to(path)
        top, up, at = kind.rows(self.asker), alias_of(lineage.table), alias_of(lineage.table)
        condition = and_(
            top.c.code == bind_value(root, top.c.code.type), kind.visible(self.asker.viewer, top)
        )
        above = up.c[lineage.above] == select(top.c.id).where(condition).scalar_subquery()
        far = up.c[lineage.distance]
        nearer = case((far == 0, 0), else_=far - 1)
        self.joins.append((up, and_(up.c[lineage.below] == rows.c.id, above)))
        self.joins.append(
            (at, and_(at.c[lineage.below] == rows.c.id, at.c[lineage.distance] == nearer))
        )
        return self.join(kind, [at.c[lineage.above]])

    def joined(self, statement: SelectStatement) -> SelectStatement:
        """Left joins: a walk that ends early leaves nulls."""
        for rows, on in self.joins:
            statement = statement.outerjoin(rows, on)
        return statement
