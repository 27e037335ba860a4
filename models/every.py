"""Imports all modules of this package, so that every table is declared.

`models/__init__.py` needs all tables before its own imports would declare some of them, because
the order of declaration is that of the files.
"""

from importlib import import_module
from pathlib import Path

for path in sorted(Path(__file__).parent.glob("[!_]*.py")):
    import_module(f"models.{path.stem}")
