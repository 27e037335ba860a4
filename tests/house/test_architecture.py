"""docs/architecture.md shows the floors and the main kinds as the code has them."""

import re
from pathlib import Path

from engine.catalog.kind import Kind
from engine.catalog.link import LinkToKind, ToOneUnion
from resolvers.core.declare import REGISTRY
from tests.house.test_house import BELOW, PACKAGES
from tests.support.sdl import camel_case

PAGE = (Path(__file__).parent.parent.parent / "docs" / "architecture.md").read_text("utf-8")
KINDS = {kind.name: kind for kind in REGISTRY.kinds.values()}


def test_the_table_of_floors_is_what_imports_are_held_to() -> None:
    rows = re.findall(r"^\| `(\w+)/` \| .+ \| (?:`([a-z ]+)`|–) \|$", PAGE, re.MULTILINE)
    assert {floor: {*imports.split()} for floor, imports in rows} == {
        floor: BELOW[floor] for floor in PACKAGES
    }


def ends(kind: Kind) -> dict[str, set[str]]:
    """Return the kinds to which each link of a kind leads, by its name in the schema."""
    return {
        camel_case(link.name): {target.name for target in link.targets}
        if isinstance(link, ToOneUnion)
        else {link.to.name}
        for link in kind.links.values()
        if isinstance(link, LinkToKind | ToOneUnion)
    }


def test_the_picture_shows_links_and_facts_that_there_are() -> None:
    [picture] = re.findall(r"<!-- boxes -->\n(.+?)<!-- end of boxes -->", PAGE, re.DOTALL)
    boxes = re.findall(r'^  (\w+)\["\1 [\u4e00-\u9fff]+"\]$', picture, re.MULTILINE)
    lines = re.findall(r"^  (\w+) -- (\w+) --> (\w+)$", picture, re.MULTILINE)
    assert len(boxes) == 8
    assert {box for source, _, target in lines for box in (source, target)} == {*boxes}
    assert picture.count("-->") == len(lines)
    for source, label, target in lines:
        if label in KINDS:
            reached = set[str]().union(*ends(KINDS[label]).values())
            assert {source, target} <= reached, label
        else:
            assert target in ends(KINDS[source])[label]
