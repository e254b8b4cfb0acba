"""Paths: where a person may be sent next. Never off this site. Which paths are for
machines.

Here: two checks, and the address of this page. Not here: links in letters (outbox.service).
"""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

from flask import has_request_context, request

from app.kernel.text import has_control_characters

API = "/api/"


def asks_for_api() -> bool:
    """Whether this request is for machines: answered in JSON, with a key."""
    return has_request_context() and request.path.startswith(API)


def safe_next(path: str | None) -> str:
    """Return a path of this site, "" for anything else."""
    if not path or len(path) > 2000 or not path.startswith("/"):
        return ""
    plain = unquote(path)
    if "\\" in plain or plain.startswith("//") or has_control_characters(plain):
        return ""
    parts = urlsplit(path)
    return "" if parts.scheme or parts.netloc else path


def current_path() -> str:
    """Return the address of this page, for coming back to it."""
    return request.full_path.rstrip("?")


def asked_next(default: str) -> str:
    """Return where the form or the address asks to go, or the default."""
    return safe_next(request.form.get("next") or request.args.get("next")) or default
