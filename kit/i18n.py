"""The languages of messages, and messages in both of them."""

import os
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


LANGUAGES = {"zh": Language.CHINESE, "en": Language.ENGLISH}


def system_language() -> Language:
    """Return the language of this machine's messages: Chinese if the locale is, else English.

    As in POSIX, the first variable that is set decides. This module reads the environment, as
    reading the settings takes longer than `--help` may.
    """
    names = (os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    locale = next((name for name in names if name), "")
    return Language.CHINESE if locale.lower().startswith("zh") else Language.ENGLISH
