"""The worst requests known, by 20 clients at once, beside a partner, who is answered."""

import argparse
import os
import sys
from pathlib import Path

import pytest

from benchmarks.fairness import Told, measured
from benchmarks.servers import ROOT
from tests.support.graph import run_async
from tests.support.partners import issue_partner_keys

SECONDS = float(os.environ.get("STORM_SECONDS", "120"))
CLIENTS = 20
GROWTH = 1.1  # of the memory, from when all kinds of requests have been there to the end
ANSWERED = {200, 429, 503}

pytestmark = pytest.mark.slow


def refusals(storm: Told) -> int:
    """How many of them were refused."""
    return sum(number for status, number in storm.statuses.items() if status != 200)


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"], indirect=True)
def test_a_partner_is_answered_beside_a_storm_and_memory_stays_flat(
    own_examples_url: str, tmp_path: Path
) -> None:
    """Its figures are printed: `make faults T="tests/faults/test_storm.py -s"`."""
    key = run_async(issue_partner_keys(own_examples_url))["demo_college"]
    args = argparse.Namespace(
        tree=ROOT, port=None, key=key, clients=CLIENTS, connections=1, seconds=SECONDS
    )
    found = measured(own_examples_url, tmp_path / "log", args, "worst")
    sys.stdout.write(
        f"\nalone {found.alone.said()}\nbeside {found.beside.said()}\n"
        f"the storm {found.public.said()}\nMiB {found.memory}\n"
    )
    assert found.alone.statuses.keys() == found.beside.statuses.keys() == {200}
    assert found.public.statuses.keys() <= ANSWERED
    assert refusals(found.public) > found.public.statuses[200]
    _, first, *_, last = found.memory
    assert last < first * GROWTH
    lines = (tmp_path / "log").read_text("utf-8").splitlines()
    assert [line for line in lines if not line.startswith("{")] == []  # not a warning of Python's
    assert [line for line in lines if "Traceback" in line or "was destroyed" in line] == []
