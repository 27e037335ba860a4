"""One function a kind: its rows by column, references by code.

Columns that aren't named have their default. Derived columns are worked out when all is there; what
the generator knows of them need not be written then.
"""

from collections.abc import Iterator

Values = dict[str, object]
Rows = Iterator[Values]


def lying_in(region: str | None) -> Values:
    """Return the region of a fact's recipient, the public one and the real one."""
    return {"region_id": region, "lies_in_id": region}
