"""Decoding of files: UTF-8, UTF-16 with a byte order mark, GB18030 or Big5.

Excel saves CSV as GB18030 in mainland China, and as Big5 in Taiwan. Bytes may be valid in both:
then the encoding is chosen in which all characters are common. A file that stays ambiguous is
refused.
"""

import codecs
from collections.abc import Callable
from pathlib import Path

SAVE_AS = "save it as UTF-8 (in Excel: «CSV UTF-8 (逗号分隔)»)"
BYTE_ORDER_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
# Each encoding with its subset of common characters.
CHINESE_ENCODINGS = {"gb18030": "gb2312", "big5hkscs": "big5"}
ENCODING_NAMES = {"gb18030": "GB18030", "big5hkscs": "Big5"}
LAST_COMMON_BIG5 = b"\xc6\x7e"  # the end of the 5,401 common characters
FIRST_COMMON_BIG5 = b"\xa1\x40"


class UnreadableFile(Exception):
    """A file that can't be decoded. `line` is the first bad one; 0 means the whole file."""

    def __init__(self, reason: str, line: int = 0) -> None:
        super().__init__(reason)
        self.line = line


def ignore_notice(encoding: str) -> None:
    """Ignore the notice about a guessed encoding."""


def read_text(path: Path, heard: Callable[[str], None] = ignore_notice) -> str:
    """Return a file's text. Raises UnreadableFile with what to do.

    `heard` is called if the encoding was guessed.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UnreadableFile(f"can't be read: {error.strerror}.") from error
    text = decode_text(content, heard)
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise UnreadableFile(f"holds NUL characters, as UTF-16 does: {SAVE_AS}.", line)
    return text


def decode_text(content: bytes, heard: Callable[[str], None]) -> str:
    for mark, encoding in BYTE_ORDER_MARKS.items():
        if content.startswith(mark):
            return decode_with_bom(content, encoding)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        if b"\0" in content:
            raise UnreadableFile(f"is not written in UTF-8: {SAVE_AS}.", line) from error
        return decode_chinese(content, line, heard)
    if letters := [char for char in text if not char.isascii()]:
        # Only two-byte sequences: accented letters in UTF-8, or Chinese characters in GB18030.
        other = try_decode(content, "gb18030") if max(letters) < "\u0800" else None
        if other is not None and is_daily_use(other, "gb18030"):
            line = text.count("\n", 0, text.index(letters[0])) + 1
            raise UnreadableFile(f"may be UTF-8 or GB18030: {SAVE_AS}, which marks it.", line)
    return text


def decode_with_bom(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise UnreadableFile(f"is not written in UTF-8: {SAVE_AS}.", line) from error


def decode_chinese(content: bytes, line: int, heard: Callable[[str], None]) -> str:
    fitting = {
        encoding: text for encoding in CHINESE_ENCODINGS if (text := try_decode(content, encoding))
    }
    if len(fitting) > 1:
        common = {name: text for name, text in fitting.items() if is_daily_use(text, name)}
        fitting = common if len(common) == 1 else fitting
        if len(fitting) == 1:
            heard(
                f"was read as {ENCODING_NAMES[next(iter(fitting))]}, the likelier of two: "
                f"{SAVE_AS}."
            )
    if len(fitting) == 1:
        return fitting.popitem()[1]
    reason = "may be GB18030 or Big5" if fitting else "has no known encoding"
    raise UnreadableFile(f"is not written in UTF-8, and {reason}: {SAVE_AS}.", line)


def try_decode(content: bytes, encoding: str) -> str | None:
    """Return the text, or None if it is invalid or has characters for private use."""
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        return None
    return None if any("\ue000" <= char <= "\uf8ff" for char in text) else text


def is_daily_use(text: str, encoding: str) -> bool:
    """Return whether all characters are in the encoding's common subset."""
    try:
        content = text.encode(CHINESE_ENCODINGS[encoding])
    except UnicodeEncodeError:
        return False
    if encoding == "gb18030":
        return True
    pairs = [char.encode("big5") for char in text if not char.isascii()]
    return bool(content) and all(FIRST_COMMON_BIG5 <= pair <= LAST_COMMON_BIG5 for pair in pairs)
