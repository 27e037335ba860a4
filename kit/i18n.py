"""The languages of messages, and messages in both of them."""

from enum import Enum
from typing import NamedTuple


class Language(Enum):
    """The value is its tag in `Content-Language`."""

    CHINESE = "zh-CN"
    ENGLISH = "en"


class Message(NamedTuple):
    """A message in both languages, so that neither can be forgotten."""

    english: str
    chinese: str

    def said(self, language: Language) -> str:
        return self.english if language is Language.ENGLISH else self.chinese
