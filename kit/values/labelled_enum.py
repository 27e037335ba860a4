"""Enums whose members have a label for people, and plurals."""

from enum import StrEnum
from typing import Any, ClassVar, Self


class LabelledEnum(StrEnum):
    """`GRADUATED = "GRADUATED", "毕业"`: the word for machines, the label for people.

    A third text says in English what the word doesn't. `description` is that of the type.
    """

    label: str
    meaning: str
    enum_description: ClassVar[str]

    def __init_subclass__(cls, *, description: str = "", **more: Any) -> None:
        super().__init_subclass__(**more)
        cls.enum_description = description

    def __new__(cls, value: str, label: str, meaning: str | None = None) -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        member.meaning = meaning or value.replace("_", " ").capitalize()
        return member


def plural_of(word: str) -> str:
    """Return the regular plural of an English noun."""
    if word.endswith("y"):
        return word[:-1] + "ies"
    return word + ("es" if word.endswith("s") else "s")
