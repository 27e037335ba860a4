"""Reports the progress of long work."""

import sys
import time
from collections.abc import Callable
from typing import TextIO

REDRAW_SECONDS = 0.2  # seconds between two states of the line on a terminal
LINE_SECONDS = 10.0  # elsewhere, where every state is a line of its own
BAR_WIDTH = 24  # of the bar
MIN_SHARE = 0.01  # of the whole, before which the remaining time is not estimated


class ProgressBar:
    """Shows how many rows are written, and how long the rest will take at the present rate.

    `whole` is about how many rows there will be; `tail` how much longer the work is than its rows:
    0.3 where what follows them takes three tenths of their time.
    """

    def __init__(
        self,
        whole: float,
        tail: float = 0.0,
        stream: TextIO | None = None,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self.stream = sys.stderr if stream is None else stream
        self.live = self.stream.isatty()
        self.whole, self.length, self.clock = whole, 1 + tail, clock
        self.began = self.stage_began = self.shown = clock()
        self.stage, self.rows, self.rows_of_stage = "", 0, 0
        self.first: float | None = None  # when it was told something first
        self.estimated_total: float | None = None  # the whole work, as far as one can tell

    def __call__(self, stage: str, rows: int) -> None:
        """`rows` more have been written of what is called `stage`."""
        now = self.clock()
        if self.first is None:
            self.first = now
        if stage != self.stage:
            self.turn(stage, now)
        self.rows += rows
        self.rows_of_stage += rows
        if rows and self.rows >= MIN_SHARE * self.whole:
            pace = (now - self.first) * max(1.0, self.whole / self.rows)
            self.estimated_total = self.first - self.began + pace * self.length
        if now - self.shown >= (REDRAW_SECONDS if self.live else LINE_SECONDS):
            self.show(now)

    def turn(self, stage: str, now: float) -> None:
        if self.stage and not self.live:
            self.show(now)
        self.stage, self.rows_of_stage, self.stage_began = stage, 0, now

    def end(self) -> None:
        """The last state, if there was any, and the line is left."""
        if self.stage:
            self.show(self.clock())
        if self.stage and self.live:
            self.stream.write("\n")

    def show(self, now: float) -> None:
        self.shown = now
        line = self.line(now)
        # A terminal's line is drawn over, and what is left of the one before is wiped out.
        self.stream.write(f"\r{self.bar(now)} {line}\x1b[K" if self.live else f"  {line}\n")
        self.stream.flush()

    def line(self, now: float) -> str:
        elapsed = now - self.began
        pace = self.rows_of_stage / max(now - self.stage_began, 1e-9)
        rows = f"{self.rows_of_stage:>11,} rows{pace:>10,.0f} rows/s"
        return (
            f"{self.stage:<22}{rows if self.rows_of_stage else ' ' * len(rows)}"
            f"{format_minutes(elapsed):>8} elapsed{self.remaining(elapsed):>8} remaining"
        )

    def remaining(self, elapsed: float) -> str:
        return (
            "?"
            if self.estimated_total is None
            else format_minutes(max(0.0, self.estimated_total - elapsed))
        )

    def bar(self, now: float) -> str:
        share = min(1.0, (now - self.began) / self.estimated_total) if self.estimated_total else 0.0
        done = round(share * BAR_WIDTH)
        return f"[{'#' * done}{'.' * (BAR_WIDTH - done)}]"


def format_minutes(seconds: float) -> str:
    whole = round(seconds)
    return f"{whole // 60}:{whole % 60:02d}"
