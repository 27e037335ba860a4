"""Keys and codes that a client sends, normalized to what a database can store."""

from kit.written import normalize_code


def storable_key(key: str) -> str:
    """What no database takes as text is no key of ours; the empty text is none either."""
    try:
        return "" if b"\0" in key.encode() else key
    except UnicodeEncodeError:  # half of a surrogate pair
        return ""


def storable_code(text: str) -> str:
    """The code that somebody means who types it full-width, or copies it with what nobody sees."""
    return normalize_code(storable_key(text))
