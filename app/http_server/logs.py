"""Logs: what a process tells its operators on standard error, one entry a line.

Here: the form of a line: when (UTC), how bad, who says it, in which request, what. Not here: the
activity log (app.activity), which is about people.
"""

from __future__ import annotations

import logging
import re
import sys
import time

from flask import has_request_context

from app.http_server.request_id import request_id

FORM = "%(asctime)s.%(msecs)03dZ %(levelname)s %(name)s %(request)s %(message)s"
DAY = "%Y-%m-%dT%H:%M:%S"
_UNPRINTED = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


class OneLine(logging.Formatter):
    """An entry whose words cannot begin another one: line ends within it are spelled, and a
    traceback's lines are set in.
    """

    converter = staticmethod(time.gmtime)

    def format(self, record: logging.LogRecord) -> str:
        """Write the entry, with the name of the request that it belongs to."""
        entry = logging.makeLogRecord(vars(record))
        entry.msg, entry.args = record.getMessage().replace("\n", "\\n"), None
        entry.request = request_id() if has_request_context() else "-"
        return _UNPRINTED.sub(_escape, super().format(entry).replace("\n", "\n  "))


class StandardError(logging.Handler):
    """Writes to whatever standard error is at the moment, a whole entry at once."""

    def emit(self, record: logging.LogRecord) -> None:
        sys.stderr.write(self.format(record) + "\n")


def install() -> None:
    """Give the process one form of log; a second application in it changes nothing."""
    root = logging.getLogger()
    if not any(isinstance(handler, StandardError) for handler in root.handlers):
        handler = StandardError()
        handler.setFormatter(OneLine(FORM, DAY))
        root.addHandler(handler)


def _escape(found: re.Match[str]) -> str:
    return found[0].encode("unicode_escape").decode()
