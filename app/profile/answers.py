"""Answers: what follows on something that was pressed on one's own pages.

Here: back to the profile, with a sentence. Not here: what was pressed (the profile's doors).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from app.screens.actions import attempt


def back(told: str = "") -> Response:
    """Go back to the profile, with a sentence."""
    if told:
        flash(told, "success")
    return redirect(url_for("ProfileView.edit"))


def done(verb: Callable[[], Any], told: Callable[[], str]) -> Response:
    """Run a verb and commit; go back to the profile and say that it was done, or why not."""
    return back(told() if attempt(verb) is None else "")
