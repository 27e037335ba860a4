"""Prints the tables of who sees what, made from the code, into docs/security.md."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.sight import PAGE, written

if __name__ == "__main__":
    PAGE.write_text(written(), "utf-8", newline="\n")
