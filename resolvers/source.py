from sqlalchemy import select, union_all

from engine.kind import Kind
from engine.link import Closed, One
from engine.way import Listed
from models import Citation, Organisation, Source
from models.history import stored
from resolvers.declare import part

SOURCE = part(Source, "title", "publisher", orders={"PUBLISHED_ON": "published_on"})

asserted_by = One(SOURCE, "asserted_by", Organisation, "asserted_by_id")


def cited(kind: Kind) -> Closed:
    """A fact's sources: the one that it stands on, and the further ones."""
    further = stored(Citation)
    pairs = union_all(
        select(kind.table.c.id, kind.table.c.source_id),
        select(further.c.fact_id, further.c.source_id).where(further.c.fact_type == kind.name),
    ).subquery()
    return Closed(kind, "sources", Source, Listed(select(*pairs.c)), order=("published_on",))
