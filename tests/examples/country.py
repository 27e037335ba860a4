"""Asking about the fictional country of the demonstration records."""

from typing import Any

from tests.support.graph import GraphQLTestClient

PROVINCES = [f"demo_province_{slug}" for slug in ("east", "north", "south")]


async def query_country(ask: GraphQLTestClient, selection: str) -> Any:
    return (await ask.data(f'{{ region(code: "demo_country") {{ {selection} }} }}'))["region"]


def counts_by_key(groups: Any) -> dict[Any, int]:
    """Count by key, or by keys where there are several."""
    found = {}
    for group in groups["nodes"]:
        codes = tuple(key["code"] for key in group["keys"])
        found[codes if len(codes) > 1 else codes[0]] = group["count"]
    return found


def groups_field(*dimensions: str) -> str:
    return f"groups(by: [{', '.join(dimensions)}]) {{ nodes {{ keys {{ code }} count }} }}"


def sorted_codes(connection: Any, link: str | None = None) -> list[str]:
    nodes = (node if link is None else node[link] for node in connection["nodes"])
    return sorted(node["code"] for node in nodes)
