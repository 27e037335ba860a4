"""Resolvers: every select, every write and every permission.

Each module of this folder declares the kinds and links of one entity; capabilities are in packages.
Importing this package declares them all, so that what is made from them is complete.
"""

from importlib import import_module
from pathlib import Path

ENTITY_MODULES = sorted({path.stem for path in Path(__file__).parent.glob("*.py")} - {"__init__"})

for name in ENTITY_MODULES:
    import_module(f"resolvers.{name}")
