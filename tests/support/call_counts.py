"""Work counted by the functions of Python that it calls: the same number in every run."""

import sys
from collections import Counter
from collections.abc import Callable
from typing import Any


def count_calls(work: Callable[[], Any]) -> Counter[str]:
    """How often each function is called meanwhile, by its module and qualified name."""
    found = Counter[str]()

    def count(frame: Any, event: str, argument: Any) -> None:
        if event == "call":
            found[f"{frame.f_globals.get('__name__')}.{frame.f_code.co_qualname}"] += 1

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(before)
    return found
