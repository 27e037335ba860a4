"""Resolvers: every select, every write and every permission.

Importing this package declares all kinds and links, so that what is made from them is complete.
"""

from importlib import import_module
from pathlib import Path

OF_EVERY_KIND = {"search", "search_statements"}  # need all declarations

names = {module.stem for module in Path(__file__).parent.glob("*.py")} - {"__init__"}
for name in (*sorted(names - OF_EVERY_KIND), *sorted(OF_EVERY_KIND)):
    import_module(f"resolvers.{name}")
