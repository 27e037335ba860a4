"""Errors whose messages are for clients. All other errors are masked as server faults."""

from collections.abc import Sequence
from dataclasses import dataclass

from kit.i18n import Message
from kit.text.identity_numbers import mask_identity_numbers

MAX_QUOTED = 60  # characters of a client's text that a message repeats


def quote_input(text: str) -> str:
    """Quote a client's text for a message: on one line, shortened, with identity numbers masked."""
    text = mask_identity_numbers(text)
    if len(text) <= MAX_QUOTED:
        return repr(text)
    return f"{text[:MAX_QUOTED]!r} … ({len(text)} characters)"


class ClientError(Exception):
    """A message for the client, with a stable code. `str()` is English, for logs."""

    code = "INTERNAL"

    def __init__(self, english: str, chinese: str) -> None:
        # A message may repeat input, but no identity number.
        english, chinese = mask_identity_numbers(english), mask_identity_numbers(chinese)
        super().__init__(english)
        self.sentence = Message(english, chinese)


class BadInput(ClientError):
    code = "BAD_USER_INPUT"


class Forbidden(ClientError):
    """The client may see the record, but not do this with it."""

    code = "FORBIDDEN"


class LimitExceeded(ClientError):
    """The message names the limit and its figure."""

    code = "LIMIT_EXCEEDED"


class TimeLimitExceeded(LimitExceeded):
    """The request was stopped at a limit of time; the same query would take as long again."""


class RateLimited(ClientError):
    """The client may try again after `after` seconds."""

    code = "RATE_LIMITED"

    def __init__(self, english: str, chinese: str, after: int) -> None:
        super().__init__(english, chinese)
        self.after = after


class Unavailable(ClientError):
    code = "UNAVAILABLE"


class Unauthenticated(ClientError):
    """The credentials are wrong; the message never says which part of them."""

    code = "UNAUTHENTICATED"


class CommandFailed(ClientError):
    """A command failed. The message is for operators, in both languages."""

    code = "BAD_USER_INPUT"


class Overloaded(Unavailable):
    """Nothing is broken: there are too many requests at once."""


class MutationError(ClientError):
    """An error that the client can correct, in the payload of a mutation; nothing was written."""

    def __init__(self, code: str, english: str, chinese: str, field: str | None = None) -> None:
        super().__init__(english, chinese)
        self.code, self.field = code, field


@dataclass(frozen=True, slots=True)
class Problem:
    """A fault of one cell, with its place; line 0 is the whole file."""

    file: str
    line: int
    column: str
    reason: str

    def __str__(self) -> str:
        position = f"{self.file}, line {self.line}" if self.line else self.file
        return mask_identity_numbers(f"{position}, {self.column}: {self.reason}")


class ImportRejected(ClientError):
    """Nothing was written. `problems`, in the order of the files, are those that were kept."""

    code = "BAD_USER_INPUT"

    def __init__(self, problems: Sequence[Problem], number: int) -> None:
        self.problems = sorted(
            problems, key=lambda problem: (problem.file, problem.line, problem.column)
        )
        self.number = number
        summary = f"{number} problem" + ("s" if number != 1 else "")
        super().__init__(
            f"{summary}; nothing was loaded.", f"发现 {number} 个问题，未写入任何记录。"
        )
