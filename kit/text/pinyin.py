"""Readings of names: the key by which they are sorted, and the terms by which they are found."""

import re
from collections.abc import Sequence
from functools import lru_cache

from pypinyin import Style, lazy_pinyin

from kit.text import surnames

# Signs between Chinese characters, which are read together all the same.
HAN_SEPARATORS = re.compile(r"(?<=[\u3400-\u9fff])[^\w]+(?=[\u3400-\u9fff])")
TONE_NUMBER = re.compile(r"(?<=[a-zêü])[1-5]$")


# Many names, and more so many given names, are the same; reading one takes 50 microseconds.
@lru_cache(maxsize=2**17)
def read_syllables(words: str) -> tuple[str, ...]:
    """Return syllables with the number of their tone; other characters stay as they are."""
    return tuple(lazy_pinyin(words, style=Style.TONE3, neutral_tone_with_five=True))


def name_syllables(name: str, *, person: bool = False) -> Sequence[str]:
    """As `read_syllables`; of a person the surname as surnames are read."""
    if person:
        surname, forename = surnames.split_surname(name)
        return (*surname, *read_syllables(forename))
    return read_syllables(name)


def other_name_syllables(name: str) -> list[Sequence[str]]:
    """Return the further readings of a name whose surname has several, besides `name_syllables`."""
    splits = dict.fromkeys(surnames.other_surname_splits(name))
    return [(*surname, *read_syllables(forename)) for surname, forename in splits]


def pinyin_sort_key(name: str, *, person: bool = False) -> str:
    """Syllables with tone numbers, then the name itself: one order on every database.

    韩龙吉 gives `han2 long2 ji2 韩龙吉`; letters and digits stand as they are, in lower case.
    Quotation marks and other signs count for nothing.
    """
    spoken = HAN_SEPARATORS.sub("", name.casefold())
    spoken = "".join(char if char.isalnum() else " " for char in spoken)
    return " ".join([*" ".join(name_syllables(spoken, person=person)).split(), name])


def strip_tone(syllable: str) -> str:
    return TONE_NUMBER.sub("", syllable)
