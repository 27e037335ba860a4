"""A join composed of two links, which passes only through visible records."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import FromClause, select

from engine.catalog.join import JoinClauses
from engine.catalog.link import ToList, ToMany, ToOne
from engine.sql.arguments import ConnectionArguments
from engine.sql.predicate import list_predicate
from kit.db.expressions import Expression


@dataclass(frozen=True, eq=False)
class ComposedJoin:
    """Joins a list and then one record of each: distinct, whatever the number of paths."""

    first: ToMany | ToList
    name: str

    def join_source(self, target: FromClause, asker: Any) -> tuple[Expression, JoinClauses]:
        kind = self.first.to
        then = kind.links[self.name]
        assert isinstance(then, ToOne)
        between = kind.rows(asker)
        source, joins = self.first.way.join_source(between, asker)
        pairs = select(source.label("source"), between.c[then.by].label("target"))
        pairs = pairs.select_from(between)
        for rows, on in joins:
            pairs = pairs.join(rows, on)
        distinct_pairs = (
            pairs.where(list_predicate(kind, between, ConnectionArguments(), asker))
            .distinct()
            .subquery()
        )
        return distinct_pairs.c.source, [(distinct_pairs, distinct_pairs.c.target == target.c.id)]
