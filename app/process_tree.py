"""Process tree: processes that are started, watched and stopped together.

Here: a child that is started again when it ends unasked, the tree of all. Not here: which processes
there are (serve).
"""

from __future__ import annotations

import ctypes
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from types import FrameType

from config import ROOT

STOP_PATIENCE = 25
"""Seconds between asking a child to stop and killing it."""
FLEETING = 10
"""A child that lived for fewer seconds than this did not really start."""
CHANCES = 3
PR_SET_PDEATHSIG = 1


@dataclass
class Child:
    """One process of the tree, started again when it ends unasked."""

    name: str
    command: list[str]
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    stumbles: int = 0

    def start(self) -> None:
        """Start it in a session of its own, so that Ctrl-C reaches this tree's head alone."""
        self.started_at = time.monotonic()
        self.process = subprocess.Popen(  # noqa: S603
            self.command, cwd=ROOT, start_new_session=True, preexec_fn=_end_with_parent
        )

    def is_lost(self) -> bool:
        """Look after it: start it again if it ended; return whether it keeps ending as soon as it
        starts.
        """
        if self.process is None or self.process.poll() is None:
            return False
        lived = time.monotonic() - self.started_at
        self.stumbles = self.stumbles + 1 if lived < FLEETING else 1
        if self.stumbles >= CHANCES:
            return True
        time.sleep(self.stumbles)
        self.start()
        return False

    def stop(self, deadline: float) -> None:
        """Wait for it to end after SIGTERM; kill it at the deadline."""
        if self.process is None:
            return
        try:
            self.process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Tree:
    """The web server and the worker, together for better or worse."""

    def __init__(self, *children: Child) -> None:
        self.children = children
        self.is_stopping = False

    def ask_to_stop(self, _signum: int = 0, _frame: FrameType | None = None) -> None:
        """Remember that somebody wants the tree to end."""
        self.is_stopping = True

    def start(self) -> None:
        for child in self.children:
            child.start()

    def lost(self) -> Child | None:
        """Return the first child that cannot be kept alive."""
        return next((child for child in self.children if child.is_lost()), None)

    def stop(self) -> None:
        """End every child: asked first, killed later."""
        deadline = time.monotonic() + STOP_PATIENCE
        for child in self.children:
            if child.process is not None and child.process.poll() is None:
                child.process.terminate()
        for child in self.children:
            child.stop(deadline)


def _end_with_parent() -> None:
    """Let the kernel end a child whose parent was killed; elsewhere than on Linux, nothing does."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
