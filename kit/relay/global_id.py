"""Global ids (Relay): kind and permanent key of a record, opaque to clients."""

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode


def to_global_id(kind: str, key: str) -> str:
    return urlsafe_b64encode(f"{kind}:{key}".encode()).decode().rstrip("=")


def from_global_id(text: str) -> tuple[str, str] | None:
    """(kind, key), or None for text that no id of ours looks like."""
    try:
        padded = text.encode("ascii") + b"=" * (-len(text) % 4)
        kind, colon, key = urlsafe_b64decode(padded).decode().partition(":")
    except (ValueError, binascii.Error):
        return None
    # Only the one spelling that we give out: otherwise a record would have many ids.
    return (kind, key) if colon and to_global_id(kind, key) == text else None
