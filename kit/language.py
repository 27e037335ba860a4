"""The languages of messages, and messages in both of them."""

from enum import Enum
from typing import NamedTuple


class Language(Enum):
    """The value is its tag in `Content-Language`."""

    CHINESE = "zh-CN"
    ENGLISH = "en"


class Message(NamedTuple):
    """One thing to say, in both languages: whoever writes one of them has to write the other."""

    english: str
    chinese: str

    def said(self, language: Language) -> str:
        return self.english if language is Language.ENGLISH else self.chinese
