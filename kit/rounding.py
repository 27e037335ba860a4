"""Counts that may be told where records may not be listed."""

import hmac
from collections.abc import Sequence

STEP = 5


def rounded(number: int, cell: Sequence[str | None], key: bytes) -> int:
    """A multiple of five next to the number: above it the more likely, the nearer it is.

    The same cell always rounds the same way, so that asking again tells nothing; each cell by
    itself, so that parts don't add up to their whole, and nothing is found by subtracting.
    """
    below, rest = number - number % STEP, number % STEP
    return below + STEP if drawn(cell, key) < rest / STEP else below


def drawn(cell: Sequence[str | None], key: bytes) -> float:
    """A number in [0, 1) that is as good as drawn, but always the same for a cell."""
    parts = ("" if part is None else f"={len(part)}:{part}" for part in cell)
    digest = hmac.digest(key, ",".join(parts).encode(), "sha256")
    return int.from_bytes(digest[:6]) / 2**48
