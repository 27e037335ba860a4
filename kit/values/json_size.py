"""Counts the values of parsed JSON, before they are validated."""

from typing import Any

JSON_CONTAINERS = frozenset({dict, list})


def count_json_values(given: Any) -> tuple[int, int]:
    """Return the number of values, and the length of the longest list.

    Each text, number, boolean and null is one, and so is each object and list, an empty one too.
    """
    if type(given) not in JSON_CONTAINERS:
        return 1, 0
    number, longest, holders = 1, 0, [given]
    while holders:
        holder = holders.pop()
        if type(holder) is list:
            longest = max(longest, len(holder))
            held: Any = holder
        else:
            held = holder.values()
        number += len(holder)
        holders += [one for one in held if type(one) in JSON_CONTAINERS]
    return number, longest
