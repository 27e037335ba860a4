"""Prints the plan of a query, and what was measured last, into docs/engine.md."""

from tests.house.plans import PAGE, render_engine_page

if __name__ == "__main__":
    PAGE.write_text(render_engine_page(), "utf-8", newline="\n")
