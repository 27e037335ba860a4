"""Errors whose messages are for clients. All other errors are masked as server faults."""

from collections.abc import Sequence
from dataclasses import dataclass

from kit.i18n import Message
from kit.text.identity_numbers import mask_identity_numbers

MAX_QUOTED = 60  # characters of somebody's text that a sentence repeats


def quote_input(text: str) -> str:
    """Somebody's text inside a sentence: on one line, and its beginning only where it is long.

    No number of an identity document is among it.
    """
    text = mask_identity_numbers(text)
    if len(text) <= MAX_QUOTED:
        return repr(text)
    return f"{text[:MAX_QUOTED]!r} … ({len(text)} characters)"


class ClientError(Exception):
    """A sentence for the client, with a stable code. As a text it is English: for logs, for us."""

    code = "INTERNAL"

    def __init__(self, english: str, chinese: str) -> None:
        # Whatever a sentence repeats of what was sent, it is no identity number.
        english, chinese = mask_identity_numbers(english), mask_identity_numbers(chinese)
        super().__init__(english)
        self.sentence = Message(english, chinese)


class BadInput(ClientError):
    code = "BAD_USER_INPUT"


class Forbidden(ClientError):
    """What is seen, but isn't the caller's to do or to ask."""

    code = "FORBIDDEN"


class LimitExceeded(ClientError):
    """The sentence says which limit, and its figure."""

    code = "LIMIT_EXCEEDED"


class TimeLimitExceeded(LimitExceeded):
    """Stopped when its time was up: the same question would take as long again."""


class RateLimited(ClientError):
    """`after` so many seconds there is room again."""

    code = "RATE_LIMITED"

    def __init__(self, english: str, chinese: str, after: int) -> None:
        super().__init__(english, chinese)
        self.after = after


class Unavailable(ClientError):
    code = "UNAVAILABLE"


class Unauthenticated(ClientError):
    """Who asks isn't who they say; it is never said what of it was wrong."""

    code = "UNAUTHENTICATED"


class CommandFailed(ClientError):
    """A command that wasn't carried out: for who runs the service, who reads English."""

    code = "BAD_USER_INPUT"

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence, sentence)


class Overloaded(Unavailable):
    """Nothing is broken: too much is asked at once."""


class MutationError(ClientError):
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
        return mask_identity_numbers(f"{place}, {self.column}: {self.reason}")


class ImportRejected(ClientError):
    """Nothing was written. `problems`, in the order of the files, are those that were kept."""

    code = "BAD_USER_INPUT"

    def __init__(self, problems: Sequence[Problem], number: int) -> None:
        self.problems = sorted(problems, key=lambda one: (one.file, one.line, one.column))
        self.number = number
        found = f"{number} problem" + ("s" if number != 1 else "")
        super().__init__(f"{found}; nothing was loaded.", f"发现 {number} 个问题，未写入任何记录。")
