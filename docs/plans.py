"""Prints the plan of a query, and what was measured last, into docs/engine.md."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.plans import PAGE, written

if __name__ == "__main__":
    PAGE.write_text(written(), "utf-8", newline="\n")
