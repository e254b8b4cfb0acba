"""Known browsers: those in which somebody got in before, by a signed cookie of their own.

Here: reading and writing that cookie. It opens nothing: tries in a known browser are counted apart, so that strangers who guess
cannot lock somebody out, and sign-ins in other browsers are told by letter.
"""
from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import after_this_request, current_app, request
from itsdangerous import BadData, URLSafeTimedSerializer
from werkzeug.wrappers import Response

from app.kernel.tokens import new_public_id
from app.models import Account

LIFE = timedelta(days=180)
MOST = 5

Marks = dict[str, str]
"""By account id: what this browser is called there."""


def marks() -> Marks:
    """Return whom this browser let in before; nothing from a cookie that was not written by us."""
    try:
        kept = _signer().loads(request.cookies.get(_name(), ""), max_age=int(LIFE.total_seconds()))
    except BadData:
        return {}
    return kept if isinstance(kept, dict) else {}


def remember(account: Account) -> None:
    """Let this browser keep that this account got in here."""
    before = marks()
    mark = before.pop(str(account.id), None) or new_public_id()
    kept = dict([(str(account.id), mark), *before.items()][:MOST])

    @after_this_request
    def write(response: Response) -> Response:
        response.set_cookie(_name(), _signer().dumps(kept), max_age=LIFE, httponly=True, samesite="Lax", secure=_is_https())
        return response


def _signer() -> URLSafeTimedSerializer:
    keys: list[Any] = [*current_app.config["SECRET_KEY_FALLBACKS"], current_app.config["SECRET_KEY"]]
    return URLSafeTimedSerializer(keys, salt="known browser")


def _name() -> str:
    return "__Host-meibo-known" if _is_https() else "meibo-known"


def _is_https() -> bool:
    return bool(current_app.config["SESSION_COOKIE_SECURE"])
