"""The log: a line for each event, in one form for the service and its libraries."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from web.log import loggable_name

SAID = """
import logging
import structlog
from web.log import configure_logging

log = structlog.get_logger()
configure_logging({form!r}, "info")
log.debug("unheard")
log.info("request", id="a", operation="名", ms=1.25, half="\\ud800", large=2**70, odd={{1}})
try:
    raise ValueError("ours")
except ValueError:
    log.exception("fault")
logging.getLogger("uvicorn.error").info("Started %s", "at last")
logging.getLogger("uvicorn.error").debug("unheard")
logging.getLogger("alembic").info("unheard")
"""


def lines(root: Path, form: str) -> list[str]:
    program = [sys.executable, "-X", "utf8", "-c", SAID.format(form=form)]
    ended = subprocess.run(program, cwd=root, capture_output=True, check=True)
    assert ended.stdout == b""
    return ended.stderr.decode("utf-8").splitlines()


@pytest.mark.parametrize("form", ["json", "auto"])
def test_a_log_that_is_no_terminal_is_a_line_of_json_for_each_event(
    project_root: Path, form: str
) -> None:
    request, fault, started = (without_time(line) for line in lines(project_root, form))
    assert request == {
        "event": "request", "level": "info", "id": "a", "operation": "名", "ms": 1.25,
        "half": "\ud800", "large": 2**70, "odd": "{1}",
    }  # fmt: skip
    assert fault["exception"].splitlines()[-1] == "ValueError: ours"
    assert (fault["event"], fault["level"]) == ("fault", "error")
    assert started == {"event": "Started at last", "level": "info"}


def without_time(line: str) -> dict[str, Any]:
    entry: dict[str, Any] = json.loads(line)
    assert entry.pop("timestamp").endswith("Z")
    return entry


def test_a_log_can_be_text(project_root: Path) -> None:
    request, fault, *trace, started = lines(project_root, "text")
    assert "request" in request
    assert "名" in request
    assert "fault" in fault
    assert "ValueError: ours" in "\n".join(trace)
    assert "Started at last" in started


@pytest.mark.parametrize(("name", "told"), [
    (None, None),
    ("Cohort", "Cohort"),
    ("a" * 100, "a" * 100),
    ("a" * 60_000, "a" * 100 + "…"),
    ("a\nb\x1b[31m\u202e", "a\ufffdb\ufffd[31m\ufffd"),
])  # fmt: skip
def test_what_a_client_called_something_is_short_and_on_one_line(
    name: str | None, told: str | None
) -> None:
    assert loggable_name(name) == told
