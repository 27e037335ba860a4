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
    folded = "".join(char for char in plain if char.isalnum())
    if not folded.isascii():
        folded = SIMPLIFIER.convert(folded)
    return PASSPORT_UMLAUT.sub("v", folded)


def fold_query(text: str) -> str:
    """Fold the text of a search: tone numbers of pinyin are dropped."""
    folded = fold_for_search(text)
    if folded.isascii() and TONED_PINYIN.fullmatch(folded):
        folded = re.sub("[1-5]", "", folded)
    return folded


def is_chinese(text: str) -> bool:
    return HAN_CHARACTER.search(text) is not None


def suffixes(parts: Sequence[str], least: int = 2) -> Iterator[str]:
    """Yield the suffixes that begin at each part but the first, if they have `least` parts."""
    endings = list(accumulate(reversed(parts), lambda end, part: part + end))
    yield from reversed(endings[least - 1 : -1])


def split_units(spelling: str) -> list[str]:
    return UNIT_PATTERN.findall(spelling)


def folded_words(text: str) -> list[str]:
    """Return the words of an English name, each normalised."""
    return [folded for piece in re.split(r"[\W_]+", text) if (folded := fold_for_search(piece))]


@lru_cache(maxsize=2**14)
def pinyin_syllables(spelling: str, *, person: bool) -> tuple[str, ...]:
    """Pinyin without tones, syllable by syllable, of what is spelt."""
    return strip_tones(spelling, name_syllables(spelling, person=person))


@lru_cache(maxsize=2**14)
def other_pinyin_syllables(spelling: str) -> tuple[tuple[str, ...], ...]:
    """Return the pinyin of a person, with further readings of the surname."""
    first = pinyin_syllables(spelling, person=True)
    read = (strip_tones(spelling, parts) for parts in other_name_syllables(spelling))
    return tuple(syllables for syllables in dict.fromkeys(read) if syllables != first)


def strip_tones(spelling: str, parts: Sequence[str]) -> tuple[str, ...]:
    return tuple(syllable if syllable in spelling else strip_tone(syllable) for syllable in parts)


def initials(parts: Sequence[str]) -> list[str]:
    """Return the first letter of each syllable; numbers stay whole."""
    return [part if part.isdigit() else part[:1] for part in parts]
