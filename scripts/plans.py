"""Prints the plan of a query, and what was measured last, into docs/engine.md."""

from tests.plans import PAGE, written

if __name__ == "__main__":
    PAGE.write_text(written(), "utf-8", newline="\n")
