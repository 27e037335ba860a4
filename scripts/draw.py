"""Draws the pictures in docs/model.md from the tables, one of each file in models/.

`--check` only says if they are stale.
"""

import logging
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from paracelsus.graph import get_graph_string
from sqlmodel import SQLModel

from engine.catalog.kind import LAST_PLACE
from models import DERIVED_TABLES
from models.history import model_table, table_models
from resolvers.core.declare import REGISTRY

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "model.md"
RECORDS, OTHERS = "records", "other tables"  # between <!-- records --> and <!-- end of records -->


def models_by_file() -> dict[str, list[type[SQLModel]]]:
    """Return the models whose tables aren't made from others, by module."""
    found = defaultdict(list)
    for model in dict.fromkeys(all_models(SQLModel)):  # some have several bases
        if hasattr(model, "__table__") and model_table(model) not in DERIVED_TABLES:
            found[model.__module__].append(model)
    return found


def all_models(model: type[SQLModel]) -> Iterator[type[SQLModel]]:
    for child in model.__subclasses__():
        yield child
        yield from all_models(child)


def place_of(models: list[type[SQLModel]]) -> tuple[int, str]:
    """Return the place of a file's picture: where the schema lists its first kind, else by name."""
    kinds = [REGISTRY.kinds[model] for model in models if model in REGISTRY.kinds]
    return min((kind.place for kind in kinds), default=LAST_PLACE), models[0].__module__


def heading(models: list[type[SQLModel]]) -> str:
    """Return the kinds in both languages: `Policy 政策文件`."""
    names = ", ".join(re.sub(r"(?<!^)(?=[A-Z])", " ", model.__name__).lower() for model in models)
    described = [REGISTRY.kinds[model].description for model in models if model in REGISTRY.kinds]
    terms = "、".join(text.split(". ")[-1] for text in described if text)
    return f"### {names.capitalize()} {terms}".rstrip()


def sections(*, of_records: bool) -> str:
    rows = set(table_models())
    files = [models for models in models_by_file().values() if of_records == bool(rows & {*models})]
    return "\n\n".join(
        f"{heading(models)}\n\n```mermaid\n{picture(models)}\n```"
        for models in sorted(files, key=place_of)
    )


def picture(models: list[type[SQLModel]]) -> str:
    drawn: str = get_graph_string(
        base_class_path="models.row:Row",
        import_module=["models"],
        include_tables={f"^{model_table(model).name}$" for model in models},
        exclude_tables=set(),
        python_dir=[ROOT],
        format="mermaid",
        column_sort="preserve-order",
        omit_comments=True,
        max_enum_members=0,
        layout=None,
        type_parameter_delimiter="-",
    )
    return drawn.strip()


def set_in(text: str, name: str, made: str) -> str:
    begin, end = f"<!-- {name} -->", f"<!-- end of {name} -->"
    before, rest = text.split(begin)
    _, after = rest.split(end)
    return f"{before}{begin}\n{made}\n{end}{after}"


def main() -> int:
    logging.disable()  # it tells of every reference to a table that another picture shows
    text = PAGE.read_text("utf-8")
    written = set_in(text, RECORDS, sections(of_records=True))
    written = set_in(written, OTHERS, sections(of_records=False))
    if written == text:
        return 0
    if "--check" in sys.argv:
        sys.stderr.write("docs/model.md is not current. Run 'make pictures'.\n")
        return 1
    PAGE.write_text(written, "utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
