"""Keys and codes that a client sends, normalized to what a database can store."""

from kit.text.normalization import normalize_code


def storable_key(key: str) -> str:
    """Return the key, or the empty text, which is no key, if no database can store it as text."""
    try:
        return "" if b"\0" in key.encode() else key
    except UnicodeEncodeError:  # half of a surrogate pair
        return ""


def storable_code(text: str) -> str:
    """Return the code without full-width forms and invisible characters."""
    return normalize_code(storable_key(text))
