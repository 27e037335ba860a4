"""Resolvers: every select, every write and every permission.

Each module of this folder declares the kinds and links of one entity; capabilities are in packages.
Importing this package imports all of them, so that what follows from declarations is complete.
"""

from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

ENTITY_MODULES = sorted({path.stem for path in Path(__file__).parent.glob("*.py")} - {"__init__"})

for name in ENTITY_MODULES:
    import_module(f"resolvers.{name}")
for module in walk_packages(__path__, "resolvers."):
    import_module(module.name)
