from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, FromClause, and_, select, union

from engine.catalog.join import ForeignKeyJoin, PairsJoin
from engine.catalog.kind import Kind
from engine.catalog.link import ToList, ToMany, ToOne
from engine.sql.predicate import ViewerContext
from kit.db.table_aliases import alias_of
from models.history import model_table
from models.organisation import Organisation
from models.source import Citation, Source
from resolvers.core.access import visible
from resolvers.core.declare import declare_part, dimension
from resolvers.organisation import ORGANISATION

SOURCE = declare_part(
    Source,
    "title",
    "publisher",
    orders={"PUBLISHED_ON": "published_on"},
    dimensions={
        "PUBLISHER": dimension(column="publisher"),
        "ASSERTED_BY": dimension("asserted_by"),
        "YEAR": dimension(column="published_on", digits=4),
    },
    description="来源",
    place=530,
)

asserted_by = ToOne(SOURCE, "asserted_by", Organisation, "asserted_by_id")
sources_of_organisation = ToMany(
    ORGANISATION,
    "asserted_sources",
    Source,
    ForeignKeyJoin("asserted_by_id"),
    description="Sources for which this organisation vouches. 陈述的来源",
)


citation_visible = visible(Citation)


def further_citations(kind: Kind, asker: ViewerContext) -> tuple[FromClause, ColumnElement[bool]]:
    """Return the citations of a kind's facts, and the condition for those that the viewer sees."""
    rows = alias_of(model_table(Citation))
    return rows, and_(rows.c.fact_type == kind.name, citation_visible(asker.viewer, rows))


def sources_link(kind: Kind) -> ToList:
    """Return the link to a fact's sources: its own and the further ones, each once."""

    def pairs(asker: ViewerContext) -> CompoundSelect[Any]:
        further, is_visible = further_citations(kind, asker)
        return union(
            select(kind.table.c.id, kind.table.c.source_id),
            select(further.c.fact_id, further.c.source_id).where(is_visible),
        )

    return ToList(kind, "sources", Source, PairsJoin(pairs), order=("published_on",))
