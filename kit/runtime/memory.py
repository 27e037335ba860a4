"""Tunes the memory and garbage collector of the process, once at its start."""

import ctypes
import gc

# New objects, collections of these, collections of those. What planning leaves refers to itself: a
# larger first figure lets it lie until the process has grown by half, and to collect it then takes
# 0.2 s (benchmarks/hold.py, benchmarks/fairness.py --storm); a smaller one visits all too often.
GC_THRESHOLDS = (5_000, 10, 10)
MMAP_BYTES = 1 << 20  # bytes: a block of this size or more goes back to the system when it is freed
TRIM_BYTES = 4 << 20  # bytes at the end of the heap, above which they go back

TRIM_THRESHOLD, MMAP_THRESHOLD = -1, -3  # M_… of glibc's <malloc.h>


def tune_memory() -> None:
    """What the process is made of, 700,000 objects, is never visited by the collector again; what
    requests leave is visited often, and seldom all of it.
    """
    tune_malloc()
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GC_THRESHOLDS)


def tune_malloc() -> None:
    """glibc raises its thresholds after each large block: an answer of 4 MB would lie in the heap.

    Other C libraries have no `mallopt`, and are left as they are.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(MMAP_THRESHOLD, MMAP_BYTES)
        mallopt(TRIM_THRESHOLD, TRIM_BYTES)
