"""Counts the values of parsed JSON, before they are validated."""

from typing import Any

JSON_CONTAINERS = frozenset({dict, list})


def count_json_values(value: Any) -> tuple[int, int]:
    """Return the number of values, and the length of the longest list.

    Each text, number, boolean and null is one, and so is each object and list, an empty one too.
    """
    if type(value) not in JSON_CONTAINERS:
        return 1, 0
    number, longest, holders = 1, 0, [value]
    while holders:
        holder = holders.pop()
        if type(holder) is list:
            longest = max(longest, len(holder))
            items: Any = holder
        else:
            items = holder.values()
        number += len(holder)
        holders += [item for item in items if type(item) in JSON_CONTAINERS]
    return number, longest
