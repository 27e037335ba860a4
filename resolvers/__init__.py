"""How it is answered: every select, every write, every permission.

Importing this package declares every kind and every link, so that what is made from them is whole.
"""

from importlib import import_module
from pathlib import Path

for module in sorted(Path(__file__).parent.glob("*.py")):
    if module.stem != "__init__":
        import_module(f"resolvers.{module.stem}")
