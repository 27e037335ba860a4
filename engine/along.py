"""Ways composed of links, so that nothing is reached past a record that may not be seen."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, FromClause, select

from engine.link import Closed, Many, One
from engine.page import Asked
from engine.predicate import about
from engine.way import Joins


@dataclass(frozen=True, eq=False)
class Along:
    """Along a list and then to one record of each: distinct, whatever the number of ways there."""

    first: Many | Closed
    name: str

    def reach(self, target: FromClause, asker: Any) -> tuple[ColumnElement[Any], Joins]:
        kind = self.first.to
        then = kind.links[self.name]
        assert isinstance(then, One)
        between = kind.rows(asker)
        source, joins = self.first.way.reach(between, asker)
        pairs = select(source.label("source"), between.c[then.by].label("target"))
        pairs = pairs.select_from(between)
        for rows, on in joins:
            pairs = pairs.join(rows, on)
        found = pairs.where(about(kind, between, Asked(), asker)).distinct().subquery()
        return found.c.source, [(found, found.c.target == target.c.id)]
