"""The tables of docs/security.md, as the code has them."""

import re
from collections.abc import Collection
from pathlib import Path

from models.partner import ALLOWED, Role, Scope
from models.row import Audience
from resolvers.access import HOLDERS
from resolvers.declare import REGISTRY
from tests.sdl import SDL

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "security.md"
WALLS = [
    ROOT / "migrations" / "versions" / name for name in ("0005_walls.py", "0020_walls_of_facts.py")
]


def scopes() -> str:
    head = ["scope", *(f"{role.value} {role.label}" for role in Role)]
    rows = [
        [f"`{scope.value}`", *("✓" if scope in ALLOWED[role] else "" for role in Role)]
        for scope in Scope
        if any(scope in allowed for allowed in ALLOWED.values())
    ]
    return table(head, rows)


def kinds() -> str:
    """Of each kind: its term, what it is unless said otherwise, where it lies, the second wall."""
    written = "".join(path.read_text("utf-8") for path in WALLS)
    guarded = set(re.findall(r"^    '(\w+)': ", written, re.MULTILINE))
    rows = []
    for kind in sorted(REGISTRY.kinds.values(), key=lambda kind: kind.name):
        described = (SDL.type_map[kind.name].description or "").split(":")[0].rstrip(".")
        default = kind.model.model_fields["audience"].get_default()
        assert isinstance(default, Audience)
        wall = "✓" if kind.table.name in guarded else ""
        rows.append(
            [
                kind.name,
                described,
                default.value,
                lying([column.key for column in kind.table.c]),
                wall,
            ]
        )
    return table(["kind", "", "audience unless said otherwise", "lies where", "second wall"], rows)


def lying(columns: Collection[str]) -> str:
    if "region_id" in columns:
        return "its region"
    held = [name.removesuffix("_id").replace("_", " ") for name in HOLDERS if name in columns]
    return " or ".join(f"its {name}" for name in held) or "nowhere"


def table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def written() -> str:
    page = PAGE.read_text("utf-8")
    for name, made in (("scopes", scopes()), ("kinds", kinds())):
        between = re.compile(f"(<!-- {name} -->\n).*?(<!-- end of {name} -->)", re.DOTALL)
        assert between.search(page), name
        page = between.sub(rf"\g<1>{made}\n\g<2>", page)
    return page
