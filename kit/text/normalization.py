"""Normalizes text: one spelling for what looks the same, or is typed for the same.

It changes this, and nothing else (docs/loading.md describes it for partners):

- combining marks are composed (NFC), which also folds compatibility ideographs;
- invisible characters and controls are removed: `INVISIBLE`;
- full-width letters and digits, radicals and ligatures become what they stand for:
  `FOLDED_CHARACTERS`.

Full-width signs, ², ①, ㎡, Ⅲ, and characters that differ in meaning or by tradition stay.
All functions are idempotent.
"""

import re
import unicodedata
from collections.abc import Callable

from kit.text.radicals import RADICALS

Normalizer = Callable[[str], str]

FULL_WIDTH_OFFSET = 0xFEE0  # from a letter or digit of ASCII to its full-width form
FOLDED_CHARACTERS = {
    **{
        code: chr(code - FULL_WIDTH_OFFSET)
        for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))
    },
    **{code: unicodedata.normalize("NFKC", chr(code)) for code in range(0x2F00, 0x2FD6)},
    **{code: unicodedata.normalize("NFKC", chr(code)) for code in range(0xFB00, 0xFB07)},
    **{ord(radical): character for radical, character in RADICALS.items()},
    # Among compatibility ideographs, but with no decomposition: 山﨑 is typed 山崎.
    0xFA11: "崎",
}
# Default_Ignorable_Code_Point, and controls that are no white space. NUL is refused elsewhere.
INVISIBLE = (
    "\x01-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
# In the letters of Arabic, of India and of Mongolia, and in pictures, some of them decide how
# something is written: there they stay.
JOINERS = "\u180b-\u180f\u200c\u200d\ufe0f"
JOINER_CONTEXT = (
    "\u0600-\u061b\u061d-\u115e\u1161-\u17b3\u17b6-\u180a\u1810-\u18af"
    "\u2190-\u27ff\u2801-\u2bff\U0001f000-\U0001faff"
)
INVISIBLE_PATTERN = re.compile(f"(?![{JOINERS}])[{INVISIBLE}]")
STRAY_JOINER = re.compile(f"(?<![{JOINER_CONTEXT}])[{JOINERS}]")
NEEDS_FOLDING = re.compile(f"[{INVISIBLE}\r{''.join(map(chr, sorted(FOLDED_CHARACTERS)))}]")

HAN = "\u3005-\u3007\u3400-\u9fff\U00020000-\U0003ffff"
CJK_PUNCTUATION = (
    "\u3001-\u3004\u3008-\u301f\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff60“”‘’"
)
NAME_DOTS = re.compile(
    "[\u2022\u2027\u2219\u22c5\u2e31\u30fb\uff65\ua78f]"
)  # as in 阿依古丽•买买提
# A space that aligns, or the end of a line in a cell: there is none between characters.
ALIGNMENT_SPACE = re.compile(
    f"(?<=[{HAN}{CJK_PUNCTUATION}])(?: *[^\\S ]\\s*|\\s{{2,}})(?=[{HAN}{CJK_PUNCTUATION}])"
)
SPACES = re.compile(r"\s+")
LETTER_SPACED = re.compile(f"[{HAN}](?: [{HAN}])+")  # 一 等 奖
FULL_WIDTH_SIGNS = "\uff0d\uff0e\uff0f\uff06\uff0b\uff3f\uff20\uff03"
FULL_WIDTH_SIGN = re.compile(f"(?<=[0-9A-Za-z])[{FULL_WIDTH_SIGNS}](?=[0-9A-Za-z])")
NAME_SPACE = re.compile(f"(?<=[{HAN}])\\s+(?=[{HAN}])")
NAME_DOT = re.compile(f"(?<=[^\\W_])\\s*·\\s*(?=[^\\W_])|(?<=[{HAN}])\\s*[.\uff0e]\\s*(?=[{HAN}])")
DASHES = re.compile("[\u2010-\u2015\u2212\u30fc]")


def normalize_prose(text: str) -> str:
    """Lines and spaces stay; the space around is none of it."""
    if NEEDS_FOLDING.search(text):
        text = STRAY_JOINER.sub("", INVISIBLE_PATTERN.sub("", text)).translate(FOLDED_CHARACTERS)
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", text).strip()


def normalize_label(text: str) -> str:
    """On one line: names of things, posts, awards, titles."""
    text = normalize_prose(text)
    if text.isascii():
        return SPACES.sub(" ", text)
    text = FULL_WIDTH_SIGN.sub(to_half_width, NAME_DOTS.sub("·", text))
    text = SPACES.sub(" ", ALIGNMENT_SPACE.sub("", text))
    return text.replace(" ", "") if LETTER_SPACED.fullmatch(text) else text


def to_half_width(match: re.Match[str]) -> str:
    return chr(ord(match[0]) - FULL_WIDTH_OFFSET)


def normalize_personal_name(text: str) -> str:
    """Remove spaces between Chinese characters, and around a dot between names."""
    text = normalize_label(text)
    return text if text.isascii() else NAME_DOT.sub("·", NAME_SPACE.sub("", text))


def normalize_code(text: str) -> str:
    """Return a code or key in ASCII, from full-width characters and other dashes."""
    if text.isascii():
        return text.strip()
    return DASHES.sub("-", unicodedata.normalize("NFKC", normalize_prose(text))).strip()
