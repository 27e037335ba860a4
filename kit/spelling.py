"""What a text is found by, however it is typed: one spelling of it, and all that it may begin with.

Traditional characters become simplified ones, letters small and plain, lǚ and lyu both lv; signs
and spaces count for nothing.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import accumulate

from opencc import OpenCC

from kit.pinyin import other_readings, syllables, toneless
from kit.written import prose

LONGEST = 100  # characters of a spelling: beyond them two texts are the same

SIMPLIFIED = OpenCC("t2s")
CHINESE = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")
ACCENTS = re.compile("(?<=[a-z])[\u0300-\u036f]+")
UMLAUT = re.compile("(?<=[ln])u\u0308")
PASSPORT = re.compile("(?<=[ln])yu")  # how passports write lü
# Chinese characters one by one, letters and digits together.
UNITS = re.compile(r"[a-z]+|[0-9]+|.")
SYLLABLE = "(?:[zcs]h|[bpmfdtnlgkhjqxrzcsyw])?(?:[aeiou][aeiouv]*|v[ae]?n?)(?:ng|n|r)?"
TONED = re.compile(f"(?:{SYLLABLE}[1-5])+(?:{SYLLABLE})?")


@lru_cache(maxsize=2**14)
def spelt(text: str) -> str:
    """One spelling, of letters, digits and characters alone; nothing of a text that has none."""
    plain = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", prose(text)).casefold())
    plain = UMLAUT.sub("v", plain)
    plain = unicodedata.normalize("NFC", ACCENTS.sub("", plain))
    kept = "".join(char for char in plain if char.isalnum())
    if not kept.isascii():
        kept = SIMPLIFIED.convert(kept)
    return PASSPORT.sub("v", kept)


def typed(text: str) -> str:
    """As somebody may type it into a search: the tones of pinyin as numbers count for nothing."""
    found = spelt(text)
    if found.isascii() and TONED.fullmatch(found):
        found = re.sub("[1-5]", "", found)
    return found


def is_chinese(text: str) -> bool:
    return CHINESE.search(text) is not None


def ends(parts: Sequence[str], least: int = 2) -> Iterator[str]:
    """What remains from each part on but the first, as long as that is `least` parts."""
    whole = list(accumulate(reversed(parts), lambda end, part: part + end))
    yield from reversed(whole[least - 1 : -1])


def units(spelling: str) -> list[str]:
    return UNITS.findall(spelling)


def words(text: str) -> list[str]:
    """The words of an English name, each in its one spelling."""
    return [found for word in re.split(r"[\W_]+", text) if (found := spelt(word))]


@lru_cache(maxsize=2**14)
def spoken(spelling: str, *, person: bool) -> tuple[str, ...]:
    """Pinyin without tones, syllable by syllable, of what is spelt."""
    return plainly(spelling, syllables(spelling, person=person))


@lru_cache(maxsize=2**14)
def spoken_otherwise(spelling: str) -> tuple[tuple[str, ...], ...]:
    """The same of a person, with the further readings of the surname."""
    first = spoken(spelling, person=True)
    read = (plainly(spelling, parts) for parts in other_readings(spelling))
    return tuple(one for one in dict.fromkeys(read) if one != first)


def plainly(spelling: str, parts: Sequence[str]) -> tuple[str, ...]:
    return tuple(one if one in spelling else toneless(one) for one in parts)


def initials(parts: Sequence[str]) -> list[str]:
    """The first letter of each syllable; a number whole."""
    return [part if part.isdigit() else part[:1] for part in parts]
