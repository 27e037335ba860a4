"""Search terms of a text: one normalized spelling, and all its prefixes.

Traditional characters become simplified ones; letters lose case and accents, lǚ and lyu become lv;
punctuation and spaces are ignored.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import accumulate

from opencc import OpenCC

from kit.text.normalization import normalize_prose
from kit.text.pinyin import name_syllables, other_name_syllables, strip_tone

MAX_KEY_LENGTH = 100  # characters of a spelling: beyond them two texts are the same

SIMPLIFIER = OpenCC("t2s")
HAN_CHARACTER = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")
ACCENTS = re.compile("(?<=[a-z])[\u0300-\u036f]+")
UMLAUT = re.compile("(?<=[ln])u\u0308")
# How passports write lü and nü. After a vowel an n may end the syllable before: 陈宇 is chenyu.
PASSPORT_UMLAUT = re.compile("(?<=l)yu|(?<=^n)yu|(?<=[^aeiouv]n)yu")
# Chinese characters one by one, letters and digits together.
UNIT_PATTERN = re.compile(r"[a-z]+|[0-9]+|.")
SYLLABLE = "(?:[zcs]h|[bpmfdtnlgkhjqxrzcsyw])?(?:[aeiou][aeiouv]*|v[ae]?n?)(?:ng|n|r)?"
TONED_PINYIN = re.compile(f"(?:{SYLLABLE}[1-5])+(?:{SYLLABLE})?")


@lru_cache(maxsize=2**14)
def fold_for_search(text: str) -> str:
    """One spelling, of letters, digits and characters alone; nothing of a text that has none."""
    plain = unicodedata.normalize(
        "NFD", unicodedata.normalize("NFKC", normalize_prose(text)).casefold()
    )
    plain = UMLAUT.sub("v", plain)
    plain = unicodedata.normalize("NFC", ACCENTS.sub("", plain))
    kept = "".join(char for char in plain if char.isalnum())
    if not kept.isascii():
        kept = SIMPLIFIER.convert(kept)
    return PASSPORT_UMLAUT.sub("v", kept)


def fold_query(text: str) -> str:
    """Fold the text of a search: tone numbers of pinyin are dropped."""
    found = fold_for_search(text)
    if found.isascii() and TONED_PINYIN.fullmatch(found):
        found = re.sub("[1-5]", "", found)
    return found


def is_chinese(text: str) -> bool:
    return HAN_CHARACTER.search(text) is not None


def suffixes(parts: Sequence[str], least: int = 2) -> Iterator[str]:
    """Yield the suffixes that begin at each part but the first, if they have `least` parts."""
    whole = list(accumulate(reversed(parts), lambda end, part: part + end))
    yield from reversed(whole[least - 1 : -1])


def split_units(spelling: str) -> list[str]:
    return UNIT_PATTERN.findall(spelling)


def folded_words(text: str) -> list[str]:
    """Return the words of an English name, each normalised."""
    return [found for word in re.split(r"[\W_]+", text) if (found := fold_for_search(word))]


@lru_cache(maxsize=2**14)
def pinyin_syllables(spelling: str, *, person: bool) -> tuple[str, ...]:
    """Pinyin without tones, syllable by syllable, of what is spelt."""
    return strip_tones(spelling, name_syllables(spelling, person=person))


@lru_cache(maxsize=2**14)
def other_pinyin_syllables(spelling: str) -> tuple[tuple[str, ...], ...]:
    """Return the pinyin of a person, with further readings of the surname."""
    first = pinyin_syllables(spelling, person=True)
    read = (strip_tones(spelling, parts) for parts in other_name_syllables(spelling))
    return tuple(one for one in dict.fromkeys(read) if one != first)


def strip_tones(spelling: str, parts: Sequence[str]) -> tuple[str, ...]:
    return tuple(one if one in spelling else strip_tone(one) for one in parts)


def initials(parts: Sequence[str]) -> list[str]:
    """Return the first letter of each syllable; numbers stay whole."""
    return [part if part.isdigit() else part[:1] for part in parts]
