from hashlib import sha256

from kit.partial_date import PartialDate
from models.row import Part, key, may_refer_to, maybe_text, partial_date, refers_to, text, verbatim


class Source(Part, table=True):
    """What a fact is known from, and which organisation vouches for it."""

    title: str = text()
    published_on: PartialDate | None = partial_date()
    publisher: str | None = maybe_text()
    url: str | None = verbatim(default=None, nullable=True)
    asserted_by_id: str | None = may_refer_to("organisation")


class Citation(Part, table=True):
    """A further source of a fact; the first one stands in the fact itself, which can't lack it."""

    fact_type: str = verbatim()
    fact_id: str = key(index=True)
    source_id: str = refers_to("source")


def citation_key(fact_type: str, fact_id: str, source: str) -> str:
    """From what it says: entered again, it is the same row."""
    return sha256(f"{fact_type}.{fact_id}.{source}".encode()).hexdigest()[:32]
