"""The contents of a registry, for random queries: ids, codes, values."""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any, Self

from graphql import is_input_object_type

from kit.relay.global_id import to_global_id
from resolvers.core.access import OPERATOR
from tests.support.graph import TODAY, GraphQLTestClient
from tests.support.sdl import LISTS, field_types
from tests.support.visible_picture import KINDS, compared_field, filter_fields, full_list_arguments

DAYS = [TODAY.isoformat(), "2020-06-15", "2200-01-01", "1999-12-31"]
DATED = re.compile(r"[0-9]{4}(-[0-9]{2}){0,2}")


@dataclass
class ValuePool:
    """By kind, of its first hundred records as the operator sees them."""

    ids: dict[str, list[str]] = field(default_factory=dict)
    codes: dict[str, list[str]] = field(default_factory=dict)
    cursors: dict[str, list[str]] = field(default_factory=dict)  # of the order given unasked
    values: defaultdict[tuple[str, str], list[Any]] = field(
        default_factory=lambda: defaultdict(list)
    )
    days: list[str] = field(default_factory=lambda: [*DAYS])

    @classmethod
    async def of(cls, ask: GraphQLTestClient) -> Self:
        known = cls()
        for kind in KINDS:
            await known.learn(ask, kind)
        known.days += sorted(known.starts())[:40]
        return known

    async def learn(self, ask: GraphQLTestClient, kind: str) -> None:
        plain = {compared_field(kind, name) for name in plain_filter_fields(kind)}
        plain |= {"started", "joined", "ended", "code"}
        wanted = " ".join(sorted(plain & field_types(kind).keys()))
        edges = f"edges {{ cursor node {{ id {wanted} }} }}"
        query = (
            f"{{ found: {LISTS[f'{kind}Connection']}({full_list_arguments(kind)}) {{ {edges} }} }}"
        )
        answer = await ask(query, OPERATOR)
        assert answer.errors == []
        edges = answer.data["found"]["edges"]
        nodes = [edge["node"] for edge in edges]
        self.cursors[kind] = [edge["cursor"] for edge in edges]
        self.ids[kind] = [node["id"] for node in nodes]
        if "code" in field_types(kind):
            self.codes[kind] = [node["code"] for node in nodes]
        for name in sorted(plain & field_types(kind).keys()):
            found = dict.fromkeys(node[name] for node in nodes if node[name] is not None)
            self.values[kind, name] = list(found)

    def starts(self) -> set[str]:
        """Return the days on which something begins or ends, as far as it is known to the day."""
        found = [value for values in self.values.values() for value in values]
        dates = {date for date in found if isinstance(date, str) and DATED.fullmatch(date)}
        return {date for date in dates if len(date) == 10}

    def compared(self, kind: str, name: str) -> list[Any]:
        """Return what a field of a filter may be compared with."""
        return self.values[kind, compared_field(kind, name)]

    def unknown_id(self, kind: str) -> str:
        return to_global_id(kind, "nowhere")


def plain_filter_fields(kind: str) -> list[str]:
    """Return the fields of a kind's filter that take a plain value."""
    return [
        name
        for name, type in filter_fields(kind).items()
        if not is_input_object_type(type) and name != "isNull"
    ]
