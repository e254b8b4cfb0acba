"""Memory: how the C library keeps what was freed.

Here: two of glibc's settings. Not here: what the portal keeps on purpose.
"""

from __future__ import annotations

import ctypes
from contextlib import suppress

M_MMAP_THRESHOLD, M_ARENA_MAX = -3, -8
LARGE = 256 * 1024
ARENAS = 2


def give_back_early() -> None:
    """Let large blocks go back to the system when they are freed, and threads share their pools.

    By itself glibc raises the size above which blocks go back, up to 32 MiB: each of eight threads
    would keep the 19 MiB that the hash of one password needs. Elsewhere than on glibc, nothing.
    """
    with suppress(OSError, AttributeError):
        mallopt = ctypes.CDLL(None).mallopt
        mallopt(M_MMAP_THRESHOLD, LARGE)
        mallopt(M_ARENA_MAX, ARENAS)
