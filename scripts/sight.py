"""Prints who sees what, and what is held of people, made from the code, into the pages of docs/."""

from tests.sight import DOCS, MADE, written

if __name__ == "__main__":
    for name in MADE:
        (DOCS / name).write_text(written(name), "utf-8", newline="\n")
