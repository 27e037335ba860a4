"""Checks the prose of the project by rules.toml. `make check` runs it.

python -m scripts.prose [PATH ...]
"""

import sys
from pathlib import Path

from scripts.prose.lint import lint

problems = lint(map(Path, sys.argv[1:]))
sys.stdout.writelines(f"{problem}\n" for problem in problems)
sys.exit(bool(problems))
