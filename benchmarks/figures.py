"""The figures of a roll-up, whoever tells them: the peer adds up what has several cells elsewhere.

Of W5 the peer's answer has another shape than ours: cells and their sums, without labels. So what
is compared is every number, by the codes under which it stands; that a sum is one of bounds
(`qualifier`) is ours alone.
"""

from collections.abc import Iterable
from typing import Any

Figures = dict[str, Any]


def of_ours(answer: Any) -> Figures:
    region = answer["region"]
    found = heading(region)
    for name in ("workers", "studios", "academies", "competitions", "conferrals", "outcomes"):
        nodes = region[name]["groups"]["nodes"]
        found[name] = (
            region[name]["totalCount"],
            added((tuple(key["code"] for key in node["keys"]), node["count"]) for node in nodes),
        )
    sums = [
        ((node["keys"][0]["code"],), (node["sum"] or {}).get("value", 0))
        for node in region["outcomes"]["groups"]["nodes"]
    ]
    return found | {
        "values": added(sums),
        "children": [
            (*heading(one).values(), *(one[name]["totalCount"] for name in CHILD))
            for one in region["children"]
        ],
    }


CHILD = ("workers", "studios", "academies")


def of_peer(answer: Any) -> Figures:
    region = answer["region"]
    outcomes = region["outcomes"]["groupedAggregates"]
    listed: dict[str, list[tuple[tuple[Any, ...], Any]]] = {
        "workers": [((one["grade"],), one["number"]) for one in region["workers"]["nodes"]],
        "studios": [
            ((one["city"], one["level"]), one["number"]) for one in region["studioCells"]["nodes"]
        ],
        "academies": [
            (tuple(one["keys"]), int(one["distinctCount"]["rowId"]))
            for one in region["academies"]["groupedAggregates"]
        ],
        "competitions": [
            (tuple(one["keys"]), int(one["sum"]["number"]))
            for one in region["competitions"]["groupedAggregates"]
        ],
        "conferrals": [
            ((one["honour"]["code"], text(one["year"])), one["number"])
            for one in region["conferrals"]["nodes"]
        ],
        "outcomes": [((one["keys"][0],), int(one["sum"]["number"])) for one in outcomes],
    }
    found = heading(region)
    for name, cells in listed.items():
        found[name] = total(region[name]), added(cells)
    return found | {
        "values": added(((one["keys"][0],), one["sum"]["valueValue"]) for one in outcomes),
        "children": [
            (*heading(one).values(), *(total(one[name]) for name in CHILD))
            for one in region["children"]["nodes"]
        ],
    }


def heading(region: Any) -> Figures:
    return {name: region[name] for name in ("code", "name", "level") if name in region}


def total(told: Any) -> int:
    """Add up the cells; a sum over no cells is null."""
    if "aggregates" in told:
        return int(told["aggregates"]["sum"]["number"] or 0)
    return int(told["totalCount"])


def text(value: Any) -> str | None:
    return None if value is None else str(value)


def added(cells: Iterable[tuple[tuple[Any, ...], Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, number in cells:
        said = " ".join(map(str, key))
        found[said] = found.get(said, 0) + number
    return found
