"""Shows the progress of long work on a terminal."""

import sys
from typing import TextIO

from tqdm import tqdm


class ProgressBar:
    """A bar with the rows that are written, of about `whole`. It shows nothing in files and pipes.

    Call it with a stage and the number of rows that were written since the last call.
    """

    def __init__(self, total: float, stream: TextIO | None = None) -> None:
        self.bar = tqdm(
            total=round(total),
            unit=" rows",
            file=sys.stderr if stream is None else stream,
            disable=None,  # unless the stream is a terminal
        )

    def __call__(self, stage: str, rows: int) -> None:
        if not self.bar.disable:
            self.bar.set_description_str(stage, refresh=False)
        self.bar.update(rows)

    def end(self) -> None:
        self.bar.close()
