"""Who asks, and which rows they may see."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, FromClause, true

from models.row import Audience


@dataclass(frozen=True)
class Viewer:
    """The public, or the operator of the registry, who sees all."""

    name: str
    sees_all: bool = False


PUBLIC = Viewer("public")
OPERATOR = Viewer("operator", sees_all=True)


def visible(viewer: Viewer, rows: FromClause) -> ColumnElement[bool]:
    """The one predicate of lists, look-ups, totals, groups and filters, so that they agree."""
    return true() if viewer.sees_all else rows.c.audience == Audience.PUBLIC
