"""Prints who sees what, and what is held of people, made from the code, into the pages of docs/."""

from tests.house.access_tables import DOCS, GENERATED_PARTS, render_page

if __name__ == "__main__":
    for name in GENERATED_PARTS:
        (DOCS / name).write_text(render_page(name), "utf-8", newline="\n")
