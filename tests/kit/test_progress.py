"""What is said of long work while it goes on."""

from io import StringIO

from kit.runtime.progress import ProgressBar


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


class Clock:
    """Stands still until it is set."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_each_kind_is_a_line_where_nothing_can_be_drawn_over() -> None:
    stream, clock = StringIO(), Clock()
    progress = ProgressBar(1000, 0.5, stream, clock)
    progress("Region", 5)
    clock.now += 1
    progress("Worker", 0)
    clock.now += 10
    progress("Worker", 495)
    clock.now += 11
    progress("Indexes", 0)
    clock.now += 12
    progress.end()
    # 500 rows of 1,000 in 11 seconds, and half as long again for what follows them.
    assert [" ".join(line.split()) for line in stream.getvalue().splitlines()] == [
        "Region 5 rows 5 rows/s 0:01 elapsed ? remaining",
        "Worker 495 rows 50 rows/s 0:11 elapsed 0:22 remaining",
        "Worker 495 rows 24 rows/s 0:22 elapsed 0:11 remaining",
        "Indexes 0:34 elapsed 0:00 remaining",
    ]


def test_a_terminal_shows_one_line_with_a_bar() -> None:
    stream, clock = Terminal(), Clock()
    progress = ProgressBar(100, stream=stream, clock=clock)
    progress("Worker", 0)
    for _ in range(4):
        clock.now += 0.25
        progress("Worker", 25)
    progress.end()
    drawn = stream.getvalue().split("\r")[1:]
    assert [line[:26].count("#") for line in drawn] == [6, 12, 18, 24, 24]
    assert drawn[0].endswith("0:00 elapsed    0:01 remaining\x1b[K")
    assert stream.getvalue().endswith("\x1b[K\n")


def test_getting_ready_once_is_not_taken_for_the_pace() -> None:
    stream, clock = StringIO(), Clock()
    progress = ProgressBar(100, stream=stream, clock=clock)
    clock.now += 60
    progress("Worker", 0)
    clock.now += 10
    progress("Worker", 50)
    assert "1:10 elapsed    0:10 remaining" in stream.getvalue()


def test_nothing_is_said_of_work_that_has_not_begun() -> None:
    stream = StringIO()
    ProgressBar(100, stream=stream).end()
    assert stream.getvalue() == ""
