"""Browser: how it is asked, and what it keeps of the question until it answers.

Here: the question as JSON, its key in the cookie. Not here: the question itself
(passkeys.challenges).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import jsonify, session

from app.screens.actions import refusal_of

Asked = tuple[dict[str, object], str]
"""What a browser is asked, and the key of the question."""

KEY = "passkey"
MOST_CHARACTERS = 20_000
"""How long an answer can be; whatever is longer, no browser gave."""


def begin(ask: Callable[[], Asked]) -> Any:
    """Ask this browser, as JSON, and let it keep the key; the question before is forgotten. A
    refusal is a sentence for the page. Commits.
    """
    asked: list[Any] = []
    refused = refusal_of(lambda: asked.extend(ask()))
    if refused is not None:
        return jsonify(message=str(refused)), refused.status
    question, session[KEY] = asked
    return jsonify(question)


def finish() -> str:
    """Return the key of the question this browser answers, once; "" for none."""
    return str(session.pop(KEY, ""))
