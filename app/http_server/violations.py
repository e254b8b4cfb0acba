"""Violations: what browsers report that our content security policy stopped: /csp-reports.

Here: taking a report and telling the operators of it, in few words: an address in it may hold a
secret. Not here: the policy (http_server.headers).
"""

from __future__ import annotations

import logging
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Flask, request

from app.extensions import csrf
from app.http.rate_limit import Limit

PATH = "/csp-reports"
LONGEST = 16 * 1024
MOST = 20
"""How many reports of one request are told of."""
REPORTS = Limit("policy-violations", "60 per hour")

log = logging.getLogger(__name__)
violations = Blueprint("violations", __name__)


def install(app: Flask) -> None:
    """Take reports; a browser sends no form's token with them."""
    csrf.exempt(violations)
    app.register_blueprint(violations)


@violations.post(PATH)
def report() -> tuple[str, int]:
    """Note what a page was kept from."""
    REPORTS.hit(request.remote_addr)
    if (request.content_length or LONGEST + 1) <= LONGEST:
        for directive, blocked in _blocked(request.get_json(force=True, silent=True)):
            log.warning("content security policy: %s stopped %s", directive, blocked)
    return "", 204


def _blocked(sent: Any) -> set[tuple[str, str]]:
    """Each directive and what it stopped, from either form of a report."""
    each = (
        [report.get("body") for report in sent[:MOST] if isinstance(report, dict)]
        if isinstance(sent, list)
        else [sent]
    )
    bodies = [report.get("csp-report", report) for report in each if isinstance(report, dict)]
    return {
        (
            _directive(report.get("effectiveDirective") or report.get("effective-directive")),
            _origin(report.get("blockedURL") or report.get("blocked-uri")),
        )
        for report in bodies
        if isinstance(report, dict)
    }


def _directive(value: object) -> str:
    return value[:40] if isinstance(value, str) else "?"


def _origin(value: object) -> str:
    """Scheme and host, or the word that stands in their place, such as "inline"."""
    if not isinstance(value, str):
        return "?"
    try:
        parts = urlsplit(value[:2000])
        host = parts.hostname
    except ValueError:
        return "?"
    return f"{parts.scheme}://{host}"[:200] if host else (parts.scheme or value)[:40]
