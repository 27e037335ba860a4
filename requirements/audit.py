"""What is known against the packages that the service stands on, and under which licences they are.

`make check` runs it. A known fault or a licence that pyproject.toml doesn't allow fails it; where
the advisories can't be asked it says so in a sentence, and nothing has been checked.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
RUN = ROOT / "requirements" / "run.txt"
PATIENCE = 30.0  # seconds, for all packages together
AUDIT = (
    "pip_audit", "--disable-pip", "--no-deps", "--progress-spinner", "off", "--timeout", "5",
    "--format", "json", "--requirement", str(RUN),
)  # fmt: skip


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def asked(*module: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", *module]
    return subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE, check=False
    )


def advisories() -> list[dict[str, Any]] | None:
    """Of each package what is known against it; None where nobody could be asked."""
    try:
        told = json.loads(asked(*AUDIT).stdout)
    except (subprocess.TimeoutExpired, json.JSONDecodeError):
        return None
    packages: list[dict[str, Any]] = told["dependencies"]
    return packages if any("skip_reason" not in one for one in packages) else None


def faults(packages: list[dict[str, Any]] | None) -> list[str]:
    if packages is None:
        say("Known faults of packages are NOT checked: the package index here tells no advisories.")
        return []
    skipped = [one["name"] for one in packages if "skip_reason" in one]
    if skipped:
        say(f"Known faults of these packages are NOT checked: {', '.join(skipped)}.")
    say(f"Known faults of {len(packages) - len(skipped)} packages are checked.")
    return [
        f"{one['name']} {one['version']}: {fault['id']}, mended in "
        f"{', '.join(fault['fix_versions']) or 'no version yet'}."
        for one in packages
        for fault in one.get("vulns", ())
    ]


def licences() -> list[str]:
    """By pip-licenses, which stops at the first that [tool.pip-licenses] doesn't allow."""
    done = asked("piplicenses", "--format", "json")
    if done.returncode:
        return [f"A licence isn't allowed: {done.stderr.strip().splitlines()[-1]}"]
    say(f"Licences of {len(json.loads(done.stdout))} packages are among those allowed.")
    return []


def main() -> int:
    wrong = [*faults(advisories()), *licences()]
    for line in wrong:
        say(line)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
