"""The interface for partners and operators as text, to compare before and after a renaming.

    python scripts/surface.py > before.txt

The SDL without descriptions; the plans of all queries in examples/queries on both databases, with
their statements; all help texts. Answers, codes and paths are compared by the tests, which ask the
same queries. It uses the command line only, so that no name of the code is here.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
QUERIES = sorted((ROOT / "examples" / "queries").glob("*.graphql"))
DATABASES = ["sqlite:///unread.db", "postgresql://unread@127.0.0.1:1/unread"]  # none is opened
DESCRIPTION = re.compile(r'^ *"""(?:(?!""").)*"""\n', re.MULTILINE | re.DOTALL)
SUBCOMMANDS = re.compile(r"^  ([a-z]\w*)  ", re.MULTILINE)


def run(*arguments: str, url: str = DATABASES[0]) -> str:
    """Return what a command of this checkout prints, on either stream."""
    done = subprocess.run(
        [sys.executable, "cli.py", *arguments],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": url, "COLUMNS": "100"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    return f"$ cli.py {' '.join(arguments)}: {done.returncode}\n{done.stdout}"


def main() -> None:
    print(DESCRIPTION.sub("", run("schema")))
    for url in DATABASES:
        for path in QUERIES:
            print(run("explain", str(path.relative_to(ROOT)), url=url))
    overview = run("--help")
    print(overview)
    for command in SUBCOMMANDS.findall(overview):
        print(run(command, "--help"))


if __name__ == "__main__":
    main()
