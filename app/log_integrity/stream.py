"""The stream: each committed line of the log once more, as one JSON line for whoever collects them.

Here: where to, and writing. Off unless ACTIVITY_STREAM says where. Not here: what a line says
(log_integrity.serialization).
"""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Iterable, Mapping
from logging.handlers import WatchedFileHandler
from typing import Any

log = logging.getLogger("meibo.activity")
log.propagate = False
STANDARD_OUTPUT = "stdout"


def open_to(where: str) -> None:
    """Write lines to standard output or to a file, which may be rotated; "" for nowhere."""
    for former in log.handlers[:]:
        log.removeHandler(former)
        former.close()
    if where:
        handler: logging.Handler = (
            logging.StreamHandler(sys.stdout)
            if where == STANDARD_OUTPUT
            else WatchedFileHandler(where, encoding="utf-8")
        )
        handler.setFormatter(logging.Formatter("%(message)s"))
        log.addHandler(handler)
        log.setLevel(logging.INFO)


def write(lines: Iterable[Mapping[str, Any]]) -> None:
    """Write committed lines, each with its place in the chain."""
    if log.handlers:
        for line in lines:
            log.info(json.dumps(line, ensure_ascii=False, sort_keys=True))
