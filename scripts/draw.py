"""Draws the pictures in docs/model.md from the tables; `--check` only says if they are stale."""

import logging
import sys
from pathlib import Path

from paracelsus.graph import get_graph_string

from models.history import model_table, table_models

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "model.md"

# By the name in the comments around a picture: <!-- name --> … <!-- end of name -->.
PARTS: dict[str, tuple[str, ...]] = {
    "places": (
        "region", "region_ancestor", "region_succession", "former_name", "organisation",
        "organisation_former_name", "organisation_succession",
    ),
    "vocabulary": ("occupation", "industry", "major"),
    "work": ("worker", "employment", "position", "qualification", "mentorship"),
    "studios": ("studio", "studio_membership", "outcome", "contribution"),
    "alliances": ("alliance", "alliance_membership", "alliance_support"),
    "learning": ("academy", "teaching", "programme", "training_class", "enrolment"),
    "competitions": ("competition_series", "competition", "result", "prize_rule", "promotion_rule"),
    "honours": (
        "honour", "ladder", "rung", "selection_stage", "criterion", "selection_round",
        "nomination", "conferral", "benefit",
    ),
    "challenges": ("challenge", "bid", "service_team", "service_team_membership"),
    "money": ("policy", "subsidy_rule", "grant"),
    "numbers": ("figure", "target", "completeness"),
    "happenings": ("facility", "event"),
    "provenance": ("source", "citation", "change"),
    "partners": ("partner", "partner_key"),
    "personal": (
        "personal_value", "personal_subject", "legal_basis", "access_log", "dispute",
        "erasure_request", "erased_mark",
    ),
}  # fmt: skip


def drawn(tables: tuple[str, ...]) -> str:
    picture: str = get_graph_string(
        base_class_path="models.row:Row",
        import_module=["models"],
        include_tables={f"^{table}$" for table in tables},
        exclude_tables=set(),
        python_dir=[ROOT],
        format="mermaid",
        column_sort="preserve-order",
        omit_comments=True,
        max_enum_members=0,
        layout=None,
        type_parameter_delimiter="-",
    )
    return picture


def set_in(text: str, name: str, picture: str) -> str:
    begin, end = f"<!-- {name} -->", f"<!-- end of {name} -->"
    before, rest = text.split(begin)
    _, after = rest.split(end)
    return f"{before}{begin}\n```mermaid\n{picture.strip()}\n```\n{end}{after}"


def undrawn() -> set[str]:
    return {model_table(model).name for model in table_models()} - {
        name for part in PARTS.values() for name in part
    }


def main() -> int:
    if missing := undrawn():
        sys.stderr.write(
            f"In no picture: {', '.join(sorted(missing))}. Name them in scripts/draw.py.\n"
        )
        return 1
    logging.disable()  # it tells of every reference to a table that another picture shows
    text = written = PAGE.read_text("utf-8")
    for name, tables in PARTS.items():
        written = set_in(written, name, drawn(tables))
    if written == text:
        return 0
    if "--check" in sys.argv:
        sys.stderr.write("docs/model.md is not current. Run 'make pictures'.\n")
        return 1
    PAGE.write_text(written, "utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
