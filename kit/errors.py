"""Errors that a partner is meant to read. Anything else is a fault of ours and is masked."""

from collections.abc import Sequence
from dataclasses import dataclass

from kit.identity import masked
from kit.language import Sentence

QUOTED = 60  # characters of somebody's text that a sentence repeats


def quoted(text: str) -> str:
    """Somebody's text inside a sentence: on one line, and its beginning only where it is long.

    No number of an identity document is among it.
    """
    text = masked(text)
    if len(text) <= QUOTED:
        return repr(text)
    return f"{text[:QUOTED]!r} … ({len(text)} characters)"


class Told(Exception):
    """A sentence for the client, with a stable code. As a text it is English: for logs, for us."""

    code = "INTERNAL"

    def __init__(self, english: str, chinese: str) -> None:
        # Whatever a sentence repeats of what was sent, it is no identity number.
        english, chinese = masked(english), masked(chinese)
        super().__init__(english)
        self.sentence = Sentence(english, chinese)


class BadInput(Told):
    code = "BAD_USER_INPUT"


class Forbidden(Told):
    """What is seen, but isn't the caller's to do or to ask."""

    code = "FORBIDDEN"


class LimitExceeded(Told):
    """The sentence says which limit, and its figure."""

    code = "LIMIT_EXCEEDED"


class Overrun(LimitExceeded):
    """Stopped when its time was up: the same question would take as long again."""


class RateLimited(Told):
    """`after` so many seconds there is room again."""

    code = "RATE_LIMITED"

    def __init__(self, english: str, chinese: str, after: int) -> None:
        super().__init__(english, chinese)
        self.after = after


class Unavailable(Told):
    code = "UNAVAILABLE"


class Unauthenticated(Told):
    """Who asks isn't who they say; it is never said what of it was wrong."""

    code = "UNAUTHENTICATED"


class NotDone(Told):
    """A command that wasn't carried out: for who runs the service, who reads English."""

    code = "BAD_USER_INPUT"

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence, sentence)


class Busy(Unavailable):
    """Nothing is broken: too much is asked at once."""


class UserError(Told):
    """What the caller of a mutation can correct, told in its payload; nothing was written."""

    def __init__(self, code: str, english: str, chinese: str, field: str | None = None) -> None:
        super().__init__(english, chinese)
        self.code, self.field = code, field


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one cell, and where it stands; line 0 is the whole file."""

    file: str
    line: int
    column: str
    reason: str

    def __str__(self) -> str:
        place = f"{self.file}, line {self.line}" if self.line else self.file
        return masked(f"{place}, {self.column}: {self.reason}")


class Refused(Told):
    """Nothing was written. `problems`, in the order of the files, are those that were kept."""

    code = "BAD_USER_INPUT"

    def __init__(self, problems: Sequence[Problem], number: int) -> None:
        self.problems = sorted(problems, key=lambda one: (one.file, one.line, one.column))
        self.number = number
        found = f"{number} problem" + ("s" if number != 1 else "")
        super().__init__(f"{found}; nothing was loaded.", f"发现 {number} 个问题，未写入任何记录。")
