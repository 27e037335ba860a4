"""The queries that partners send, with the variables that their comments name."""

import json
import re
from pathlib import Path
from typing import Any

QUERIES = Path(__file__).parent.parent.parent / "examples" / "queries"
ANSWERS = Path(__file__).parent.parent / "answers"

# Changes have their place in the schema kept free.
UNSUPPORTED = {"12"}
# Computed in Python: no plan knows them.
WITHOUT_PLAN = {"14", "15", "16"}
ANSWERED = sorted({path.name[:2] for path in QUERIES.glob("*.graphql")} - UNSUPPORTED)
PLANNED = [number for number in ANSWERED if number not in WITHOUT_PLAN]


def contract_query(number: str) -> str:
    [path] = QUERIES.glob(f"{number}-*.graphql")
    return path.read_text("utf-8")


def contract_variables(number: str) -> dict[str, Any]:
    """Return the variables after `Variables` in the comment, the first of several."""
    found = re.search(r"Variables[^{]*(\{.*?\})", contract_query(number))
    assert found
    read: dict[str, Any] = json.loads(found[1])
    return read


def expected_answer(number: str) -> Any:
    return json.loads((ANSWERS / f"{number}.json").read_text("utf-8"))
