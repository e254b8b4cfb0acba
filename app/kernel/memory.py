"""Memory: how the C library keeps what was freed, and when Python looks for it.

Here: two of glibc's settings, the collector's rest during a start, and giving back what a large
request took. Not here: what the portal keeps on purpose.
"""

from __future__ import annotations

import ctypes
import gc
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

M_MMAP_THRESHOLD, M_ARENA_MAX = -3, -8
LARGE = 64 * 1024
ARENAS = 1


def give_back_early() -> None:
    """Let large blocks go back to the system when they are freed, and threads share their pools.

    By itself glibc raises the size above which blocks go back, up to 32 MiB: each of eight threads
    would keep the 19 MiB that the hash of one password needs. Elsewhere than on glibc, nothing.
    """
    with suppress(OSError, AttributeError):
        mallopt = ctypes.CDLL(None).mallopt
        mallopt(M_MMAP_THRESHOLD, LARGE)
        mallopt(M_ARENA_MAX, ARENAS)


@contextmanager
def uncollected() -> Iterator[None]:
    """Look for nothing to collect while so much is made that stays: a fifth of a start's time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


_given_back_at = 0.0


def give_back_now() -> None:
    """Let go of what large requests leave behind, at most once a second: what stands in a circle is
    found by the collector only, which looks at old objects once in hundreds of requests.
    """
    global _given_back_at
    if (now := time.monotonic()) - _given_back_at < 1:
        return
    _given_back_at = now
    gc.collect()
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)
