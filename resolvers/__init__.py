"""How it is answered: every select, every write, every permission.

Importing this package declares every kind and every link, so that what is made from them is whole.
"""

from importlib import import_module
from pathlib import Path

OF_EVERY_KIND = {"search", "search_statements"}  # made when all are declared

names = {module.stem for module in Path(__file__).parent.glob("*.py")} - {"__init__"}
for name in (*sorted(names - OF_EVERY_KIND), *sorted(OF_EVERY_KIND)):
    import_module(f"resolvers.{name}")
