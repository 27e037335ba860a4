"""Progress of long work: a bar on a terminal, nothing elsewhere."""

from io import StringIO

from kit.runtime.progress import ProgressBar


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def work(stream: StringIO) -> str:
    progress = ProgressBar(1000, stream)
    for stage, rows in (("Region", 5), ("Worker", 0), ("Worker", 995), ("Indexes", 0)):
        progress(stage, rows)
    progress.end()
    return stream.getvalue()


def test_a_terminal_shows_one_line_with_a_bar() -> None:
    drawn = work(Terminal())
    assert drawn.count("\n") == 1
    assert drawn.endswith("\n")
    last = drawn.rstrip("\n").rpartition("\r")[2]
    assert last.startswith("Indexes: 100%|")
    assert "1000/1000 [" in last


def test_nothing_is_drawn_in_a_file_or_pipe() -> None:
    assert work(StringIO()) == ""
