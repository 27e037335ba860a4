from hashlib import sha256

from kit.values.partial_date import PartialDate
from models.row import (
    Part,
    identifier,
    optional_reference,
    optional_text,
    partial_date_column,
    reference,
    text_column,
    verbatim_column,
)


class Source(Part, table=True):
    """A publication from which facts are known, and the organisation that vouches for it."""

    title: str = text_column()
    published_on: PartialDate | None = partial_date_column()
    publisher: str | None = optional_text()
    url: str | None = verbatim_column(default=None, nullable=True)
    asserted_by_id: str | None = optional_reference("organisation")


class Citation(Part, table=True):
    """A further source of a fact. The first one is in the fact itself, where it is required."""

    fact_type: str = verbatim_column()
    fact_id: str = identifier(index=True)
    source_id: str = reference("source")


def citation_key(fact_type: str, fact_id: str, source: str) -> str:
    """Return a key made from the content, so that a repeated import gives the same row."""
    return sha256(f"{fact_type}.{fact_id}.{source}".encode()).hexdigest()[:32]
