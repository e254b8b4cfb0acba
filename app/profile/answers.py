"""Answers: what follows on something that was pressed on one's own pages.

Here: back to the profile, with a sentence or with recovery codes. Not here: what was pressed (the
profile's doors).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from app.http.context import seat
from app.kernel.clock import utcnow
from app.kernel.i18n import _
from app.screens.actions import Page, attempt


def back(told: str = "") -> Response:
    """Go back to the profile, with a sentence."""
    if told:
        flash(told, "success")
    return redirect(url_for("ProfileView.edit"))


def done(verb: Callable[[], Any], told: Callable[[], str]) -> Response:
    """Run a verb and commit; go back to the profile and say that it was done, or why not."""
    return back(told() if attempt(verb) is None else "")


def ready(told: str, codes: list[str] | None) -> Page:
    """Say that a factor is ready; show the recovery codes that came with a first one."""
    if not codes:
        return back(told)
    flash(told, "success")
    return codes_page(codes)


def codes_page(codes: list[str]) -> str:
    """Show recovery codes, this once; to be the answer to the POST that made them."""
    return render_template(
        "profile/recovery_codes.html",
        title=_("Recovery codes"),
        codes=codes,
        account=seat().account,
        made_at=utcnow(),
    )
