"""Hash chains: each entry holds the hash of the one before, so changes and losses are detected.

A person who can write the store can also rewrite the whole chain. Only a number and hash recorded
elsewhere reveal that, or a tail that was cut off.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

GENESIS_HASH = "0" * 64


@dataclass(frozen=True, slots=True)
class ChainEntry:
    number: int
    values: Sequence[Any]  # text, numbers, instants, None
    previous: str
    hash: str


def entry_hash(number: int, values: Sequence[Any], previous: str) -> str:
    """SHA-256 of a JSON list, without spaces, in UTF-8; instants in UTC, to the microsecond."""
    content = [number, *map(canonical_value, values), previous]
    written = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return sha256(written.encode()).hexdigest()


def canonical_value(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return value if value is None or isinstance(value, int) else str(value)


class ChainVerifier:
    """Takes the entries as they are stored, by number; `wrong` tells the first that can't be."""

    def __init__(self) -> None:
        self.number, self.hash = 0, GENESIS_HASH
        self.wrong: str | None = None
        self.pinned_hashes: dict[int, str] = {}

    def take(self, entry: ChainEntry, pinned: int | None = None) -> bool:
        """Whether it follows from the one before."""
        expected = self.number + 1
        if entry.number != expected:
            self.wrong = f"entry {expected} is missing: entry {entry.number} is in its place."
        elif entry.previous != self.hash:
            self.wrong = f"entry {entry.number} doesn't follow on the one before it."
        elif entry.hash != entry_hash(entry.number, entry.values, entry.previous):
            self.wrong = f"entry {entry.number} was changed after it was written."
        if self.wrong:
            return False
        self.number, self.hash = entry.number, entry.hash
        if entry.number == pinned:
            self.pinned_hashes[entry.number] = entry.hash
        return True
