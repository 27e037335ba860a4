from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, FromClause, and_, select, union

from engine.kind import Kind
from engine.link import Closed, Many, One
from engine.predicate import Asker
from engine.way import HeldBy, Listed
from kit.rows import rows_of
from models import Citation, Organisation, Source
from models.history import stored
from resolvers.access import visible
from resolvers.declare import by, part
from resolvers.organisation import ORGANISATION

SOURCE = part(
    Source,
    "title",
    "publisher",
    orders={"PUBLISHED_ON": "published_on"},
    dimensions={
        "PUBLISHER": by(column="publisher"),
        "ASSERTED_BY": by("asserted_by"),
        "YEAR": by(column="published_on", digits=4),
    },
)

asserted_by = One(SOURCE, "asserted_by", Organisation, "asserted_by_id")
sources_of_organisation = Many(ORGANISATION, "asserted_sources", Source, HeldBy("asserted_by_id"))


citations = visible(Citation)


def further_citations(kind: Kind, asker: Asker) -> tuple[FromClause, ColumnElement[bool]]:
    """The further sources of facts of a kind, and which of them the asker sees."""
    rows = rows_of(stored(Citation))
    return rows, and_(rows.c.fact_type == kind.name, citations(asker.viewer, rows))


def cited(kind: Kind) -> Closed:
    """A fact's sources: the one that it stands on, and the further ones; each once."""

    def pairs(asker: Asker) -> CompoundSelect[Any]:
        further, seen = further_citations(kind, asker)
        return union(
            select(kind.table.c.id, kind.table.c.source_id),
            select(further.c.fact_id, further.c.source_id).where(seen),
        )

    return Closed(kind, "sources", Source, Listed(pairs), order=("published_on",))
