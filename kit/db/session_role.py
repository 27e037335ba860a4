"""Session settings that PostgreSQL row-level security reads: role and keys of the viewer."""

import re
from dataclasses import dataclass
from functools import cached_property

PLAIN_SETTING = re.compile(r"[A-Za-z0-9_.-]*")


@dataclass(frozen=True)
class SessionRole:
    """A role, and settings that its policies read: (name, value), all of them each time."""

    role: str
    settings: tuple[tuple[str, str], ...] = ()

    @cached_property
    def session_statement(self) -> str:
        """The statement that gives a session this role and settings, whatever it had before."""
        return self.statement("false")

    @cached_property
    def transaction_statement(self) -> str:
        """The same, until the transaction ends."""
        return self.statement("true")

    def statement(self, local: str) -> str:
        # As text, for the simple protocol lets it ride with BEGIN in one message.
        pairs = (("role", self.role), *self.settings)
        calls = (
            f"set_config({quote_setting(name)}, {quote_setting(value)}, {local})"
            for name, value in pairs
        )
        return f"SELECT {', '.join(calls)}"


def quote_setting(value: str) -> str:
    """Quote a name or a key. Raises ValueError for other values, which would need escaping."""
    if not PLAIN_SETTING.fullmatch(value):
        raise ValueError("A session role takes names and keys only.")
    return f"'{value}'"
