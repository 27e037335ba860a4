"""Translates Chinese sentences that are made elsewhere, or composed of parts, to English.

{name} is replaced by a value; {more} is a sentence that is translated in turn.
"""

import re
from collections.abc import Mapping
from functools import cached_property

PLACEHOLDER = re.compile(r"\{([a-z]+)\}")


class MessageTranslator:
    def __init__(self, said: Mapping[str, str]) -> None:
        self.said = said

    @cached_property
    def patterns(self) -> list[tuple[re.Pattern[str], str]]:
        return [
            (re.compile(message_pattern(english), re.DOTALL), chinese)
            for english, chinese in self.said.items()
        ]

    def in_chinese(self, message: str) -> str | None:
        """Return None for an unknown message."""
        for pattern, said in self.patterns:
            if match := pattern.fullmatch(message):
                parts = match.groupdict()
                if "more" in parts:
                    parts["more"] = self.in_chinese(parts["more"]) or parts["more"]
                return said.format(**parts)
        return None


def message_pattern(english: str) -> str:
    """Return the pattern. A quoted placeholder ends at the next quote, so matching stays linear."""
    expression, end = "", 0
    for hole in PLACEHOLDER.finditer(english):
        quoted = english[hole.end() : hole.end() + 1] == "'"
        expression += re.escape(english[end : hole.start()])
        expression += f"(?P<{hole[1]}>" + ("[^']*)" if quoted else ".*)")
        end = hole.end()
    return expression + re.escape(english[end:])
