"""Texts that a client sends."""


def storable(key: str) -> str:
    """What no database takes as text is no key of ours; the empty text is none either."""
    try:
        return "" if b"\0" in key.encode() else key
    except UnicodeEncodeError:  # half of a surrogate pair
        return ""
