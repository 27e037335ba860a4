"""Codes and names of what doesn't exist: the number in a code begins with 1."""


def code(kind: str, index: int) -> str:
    return f"demo_{kind}_{index + 1:07d}"


COUNTRY = "demo_country"
SCHEME = "DEMONSTRATION"  # never the codes of a national list

FIRST = "云海青金石白龙凤长永安平宁兴泰华"
SECOND = "岭川原泽湾溪浦台山林河阳州城关桥"
WORDS = len(FIRST) * len(SECOND)


def word(index: int) -> str:
    """Two characters, another two for every 256 that are used up; never the same twice."""
    rest, here = divmod(index, WORDS)
    # Neighbours differ in both characters: 37 and 256 have no divisor in common.
    first, second = divmod(here * 37 % WORDS, len(SECOND))
    return (word(rest - 1) if rest else "") + FIRST[first] + SECOND[second]
