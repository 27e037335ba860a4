"""Tunes the memory and garbage collector of the process, once at its start."""

import asyncio
import ctypes
import gc
from collections.abc import Callable

# New objects, collections of the youngest, collections of the middle generation. Planning leaves
# reference cycles: with a larger first figure the process grows by half before they are collected,
# which then takes 0.2 s (benchmarks/hold.py, benchmarks/fairness.py --storm); with a smaller one
# the collector runs too often.
GC_THRESHOLDS = (5_000, 10, 10)
IDLE_SECONDS = 1.0  # seconds without a request, after which there is time for a full collection
# Collections of the middle generation that make a full one worth while; ten start one anyway.
IDLE_COLLECTIONS = 3
MMAP_BYTES = 1 << 20  # bytes: a block of this size or more goes back to the system when it is freed
TRIM_BYTES = 4 << 20  # bytes at the end of the heap, above which they go back

TRIM_THRESHOLD, MMAP_THRESHOLD = -1, -3  # M_… of glibc's <malloc.h>


def tune_memory() -> None:
    """Freeze the 700,000 objects of the started process, so that the collector skips them.

    It visits the objects of requests often, and seldom all of them. It doesn't collect before: only
    a thousand objects are garbage, and finding them takes 0.4 s.
    """
    tune_malloc()
    gc.freeze()
    gc.set_threshold(*GC_THRESHOLDS)
    gc.enable()


async def collect_when_idle(
    begun: Callable[[], int | None], idle_seconds: float = IDLE_SECONDS
) -> None:
    """Collect while no request waits, so that requests are seldom stopped by a full collection.

    `begun` is the number of requests that have begun, or None while any is running.
    """
    before = begun()
    while True:
        await asyncio.sleep(idle_seconds)
        now = begun()
        if now is not None and now == before and gc.get_count()[2] >= IDLE_COLLECTIONS:
            gc.collect()
        before = now


def tune_malloc() -> None:
    """glibc raises its thresholds after each large block: an answer of 4 MB would lie in the heap.

    Other C libraries have no `mallopt`, and are left as they are.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(MMAP_THRESHOLD, MMAP_BYTES)
        mallopt(TRIM_THRESHOLD, TRIM_BYTES)
