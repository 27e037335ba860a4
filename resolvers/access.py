"""Who asks, and which rows they may see."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, FromClause, or_, true

from engine.plan import Template
from engine.shape import Slot, bound
from models.row import Audience


@dataclass(frozen=True)
class Viewer:
    """The public, a partner, who sees its own records too, or the operator, who sees all."""

    name: str
    sees_all: bool = False
    organisation: str | None = None  # its key


PUBLIC = Viewer("public")
OPERATOR = Viewer("operator", sees_all=True)


def visible(viewer: Viewer, rows: FromClause) -> ColumnElement[bool]:
    """The one predicate of lists, look-ups, totals, groups and filters, so that they agree."""
    if viewer.sees_all:
        return true()
    public: ColumnElement[bool] = rows.c.audience == Audience.PUBLIC
    if viewer.organisation is None:
        return public
    return or_(public, rows.c.owner_id == bound(viewer.organisation, rows.c.owner_id.type))


ITS_OWN: Any = Slot("organisation")
PARTNER = Viewer("partner", organisation=ITS_OWN)


def template(viewer: Viewer) -> Template:
    """Partners differ in nothing but their organisation: they share their plans."""
    if viewer.organisation is None:
        return Template(viewer, NOTHING)
    return Template(PARTNER, {ITS_OWN.name: viewer.organisation})


NOTHING: dict[str, Any] = {}
