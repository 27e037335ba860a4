"""Enums whose members have a label for people."""

from enum import StrEnum
from typing import Self


class LabelledEnum(StrEnum):
    """`GRADUATED = "GRADUATED", "毕业"`: the word for machines, the label for people."""

    label: str

    def __new__(cls, word: str, label: str) -> Self:
        made = str.__new__(cls, word)
        made._value_ = word
        made.label = label
        return made
