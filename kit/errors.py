"""Errors that a partner is meant to read. Anything else is a fault of ours and is masked."""

from collections.abc import Sequence
from dataclasses import dataclass


class Told(Exception):
    """A sentence for the client, with a stable code."""

    code = "INTERNAL"


class BadInput(Told):
    code = "BAD_USER_INPUT"


class Unavailable(Told):
    code = "UNAVAILABLE"


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one cell, and where it stands; `line` counts as an editor does."""

    file: str
    line: int
    column: str
    reason: str

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}, {self.column}: {self.reason}"


class Refused(Told):
    """Nothing was written: every problem that was found, in the order of the files."""

    code = "BAD_USER_INPUT"

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = sorted(problems, key=lambda one: (one.file, one.line, one.column))
        found = f"{len(problems)} problem" + ("s" if len(problems) != 1 else "")
        super().__init__(f"{found}; nothing was loaded.")
