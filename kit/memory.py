"""How the process keeps its memory: once, at its start."""

import ctypes
import gc

# New objects, collections of these, collections of those. A plan makes some 40,000 objects that
# refer to each other and are dropped when its SQL is written: with a lower first figure they grow
# old before they are collected, and their memory lies scattered among what is kept.
COLLECTIONS = (50_000, 3, 20)
LARGE = 1 << 20  # bytes: a block of this size or more goes back to the system when it is freed
UNUSED = 4 << 20  # bytes at the end of the heap, above which they go back

TRIM_THRESHOLD, MMAP_THRESHOLD = -1, -3  # M_… of glibc's <malloc.h>


def settle_memory() -> None:
    """What the process is made of, 700,000 objects, is never visited by the collector again; what
    requests leave is visited often, and seldom all of it.
    """
    give_back_large_blocks()
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECTIONS)


def give_back_large_blocks() -> None:
    """glibc raises its thresholds after each large block: an answer of 4 MB would lie in the heap.

    Other C libraries have no `mallopt`, and are left as they are.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(MMAP_THRESHOLD, LARGE)
        mallopt(TRIM_THRESHOLD, UNUSED)
