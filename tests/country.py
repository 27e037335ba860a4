"""Asking about the fictional country of the demonstration records."""

from typing import Any

from tests.asking import Ask

PROVINCES = [f"demo_province_{slug}" for slug in ("east", "north", "south")]


async def country(ask: Ask, selection: str) -> Any:
    return (await ask.data(f'{{ region(code: "demo_country") {{ {selection} }} }}'))["region"]


def cells(groups: Any) -> dict[Any, int]:
    """Counts by key, or by keys where there are several."""
    found = {}
    for group in groups["nodes"]:
        codes = tuple(key["code"] for key in group["keys"])
        found[codes if len(codes) > 1 else codes[0]] = group["count"]
    return found


def by(*dimensions: str) -> str:
    return f"groups(by: [{', '.join(dimensions)}]) {{ nodes {{ keys {{ code }} count }} }}"


def codes(connection: Any, link: str | None = None) -> list[str]:
    nodes = (node if link is None else node[link] for node in connection["nodes"])
    return sorted(node["code"] for node in nodes)
