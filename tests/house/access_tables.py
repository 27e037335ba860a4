"""Tables of access and personal data for the pages of docs/, made from the code."""

import re
from collections.abc import Collection
from pathlib import Path

from models.history import model_table
from models.partner import SCOPES_BY_ROLE, Role, Scope
from models.personal import FieldGroup, PersonalField, PersonalSubject, PersonalValue
from models.row import Audience
from resolvers.core.declare import REGISTRY
from resolvers.core.subjects import SUBJECT_COLUMNS
from tests.support.sdl import SDL

SEALED = {"sealed": "sealed (AES-256-GCM)", "mark": "a keyed hash (HMAC-SHA256)"}
ROOT = Path(__file__).parent.parent.parent
DOCS = ROOT / "docs"
WALLS = [
    ROOT / "migrations" / "versions" / name for name in ("0005_walls.py", "0020_walls_of_facts.py")
]


def scopes_table() -> str:
    head = ["scope", *(f"{role.value} {role.label}" for role in Role)]
    rows = [
        [f"`{scope.value}`", *("✓" if scope in SCOPES_BY_ROLE[role] else "" for role in Role)]
        for scope in Scope
    ]
    return markdown_table(head, rows)


def kinds_table() -> str:
    """Return the row of each kind: its term, default audience, place, the second wall."""
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
                region_source([column.key for column in kind.table.c]),
                wall,
            ]
        )
    return markdown_table(["kind", "", "default audience", "place", "second wall"], rows)


def region_source(columns: Collection[str]) -> str:
    if "region_id" in columns:
        return "its region"
    held = [
        name.removesuffix("_id").replace("_", " ") for name in SUBJECT_COLUMNS if name in columns
    ]
    return " or ".join(f"its {name}" for name in held) or "nowhere"


def personal_fields_list() -> str:
    """Return what is held of people apart from their records, by group."""
    found: dict[FieldGroup, list[str]] = {}
    for field in PersonalField:
        found.setdefault(field.group, []).append(f"`{field.value}` {field.label}")
    return "\n".join(
        f"- `{group.value}` {group.label}: {', '.join(fields)}" for group, fields in found.items()
    )


def personal_columns_table() -> str:
    """Return the columns beside a person, and which of them only the keys can read."""
    rows = [
        [f"`{model.__tablename__}`", f"`{column.name}`", SEALED.get(column.name, "in the clear")]
        for model in (PersonalValue, PersonalSubject)
        for column in model_table(model).columns
    ]
    return markdown_table(["table", "column", ""], rows)


def markdown_table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


GENERATED_PARTS = {
    "security.md": {"scopes": scopes_table, "kinds": kinds_table},
    "personal.md": {"stored": personal_columns_table},
    "domain.md": {"personal": personal_fields_list},
    "domain.zh.md": {"personal": personal_fields_list},
}


def render_page(name: str) -> str:
    """Return a page as it would be with what is made from the code."""
    page = (DOCS / name).read_text("utf-8")
    for part, made in GENERATED_PARTS[name].items():
        between = re.compile(f"(<!-- {part} -->\n).*?(<!-- end of {part} -->)", re.DOTALL)
        assert between.search(page), part
        page = between.sub(rf"\g<1>{made()}\n\g<2>", page)
    return page
