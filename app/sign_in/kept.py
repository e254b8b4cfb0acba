"""Kept: a signed cookie of its own in which a browser keeps a word for each of the last accounts or
invitations that were here.

Here: reading and writing it; several people on one browser do not mix. Not here: what the words
mean (sign_in.known, sign_in.trusted, sign_in.opened).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import after_this_request, current_app, request
from itsdangerous import BadData, URLSafeTimedSerializer
from werkzeug.wrappers import Response

MOST = 5
Words = dict[str, str]
"""By account id, or public id of an invitation: what the browser keeps for it."""


@dataclass(frozen=True)
class Kept:
    """One such cookie: `meibo-<name>`, signed with `salt` of its own."""

    name: str
    salt: str
    life: timedelta

    def read(self) -> Words:
        """Return what this browser keeps; nothing from a cookie that was not written by us."""
        try:
            words = self._signer().loads(
                request.cookies.get(self._cookie(), ""), max_age=int(self.life.total_seconds())
            )
        except BadData:
            return {}
        return words if isinstance(words, dict) else {}

    def keep(self, name: str, word: str) -> None:
        """Let this browser keep a word under a name, no other one lost but the oldest."""
        before = self.read()
        before.pop(name, None)
        self._write(dict([(name, word), *before.items()][:MOST]))

    def forget(self, name: str) -> None:
        """Let this browser keep nothing under a name."""
        words = self.read()
        if words.pop(name, None) is not None:
            self._write(words)

    def _write(self, words: Words) -> None:
        @after_this_request
        def write(response: Response) -> Response:
            response.set_cookie(
                self._cookie(),
                self._signer().dumps(words),
                max_age=self.life,
                httponly=True,
                samesite="Lax",
                secure=_is_https(),
            )
            return response

    def _signer(self) -> URLSafeTimedSerializer:
        keys: list[Any] = [
            *current_app.config["SECRET_KEY_FALLBACKS"],
            current_app.config["SECRET_KEY"],
        ]
        return URLSafeTimedSerializer(keys, salt=self.salt)

    def _cookie(self) -> str:
        return f"__Host-meibo-{self.name}" if _is_https() else f"meibo-{self.name}"


def _is_https() -> bool:
    return bool(current_app.config["SESSION_COOKIE_SECURE"])
