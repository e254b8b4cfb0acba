"""Stale forms: one sent from a page that was opened before somebody signed in or out in another
tab, or too long ago. Its token counts no more; the reader goes on instead of meeting an error.

Here: the answer for each door of signing in, signing out and choosing a language. Not here: every
other form, whose page says that it has expired (http.errors).

Why no other site gains by it: a dead token proves nothing, so nothing that it should have protected
is done. Above all nobody is signed in: the sign-in page is shown anew and wants the password again
(login CSRF), and the code page likewise. What is done, signing out and another language, is done
only where the browser itself says that the form stood on a page of ours (Sec-Fetch-Site, Origin: a
page cannot write these). Where it names another site, not even a message is left: the answer would
bring a cookie that takes the place of the reader's own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, current_app, flash, redirect, request, url_for
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from itsdangerous import BadData

from app.access.context import current_seat
from app.http import errors
from app.http.paths import asked_next, current_path
from app.http.signing import PortalSerializer
from app.i18n import language
from app.kernel.i18n import _
from app.screens.formatters import display_name
from app.sign_in import cookies, views

AGAIN = frozenset({"PasswordView.forgot", "PasswordView.set", "InviteLinkView.open"})
"""Pages of strangers that are opened anew, to be filled in once more."""
MAX_LENGTH = 500
"""Characters of a token, which has about 90."""


def install(app: Flask) -> None:
    """Answer forms with a dead token here first."""
    app.register_error_handler(CSRFError, _answer)


def _answer(error: CSRFError) -> Any:
    door = _DOORS.get(request.endpoint or "")
    if door is None and request.endpoint in AGAIN:
        door = _open_again
    ours = is_ours()
    if door is None or ours is False or (ours is None and not _has_our_token()):
        return errors.form_expired(error)
    answer = door()
    return errors.form_expired(error) if answer is None else answer


def is_ours() -> bool | None:
    """Whether the browser says that the form stood on a page of the portal; None where it says
    nothing, as programs do.
    """
    if (site := request.headers.get("Sec-Fetch-Site")) is not None:
        return site == "same-origin"
    if (origin := request.headers.get("Origin")) is not None:
        own = urlsplit(current_app.config["SETTINGS"].portal_url)
        return origin == f"{own.scheme}://{own.netloc}"
    return None


def _has_our_token() -> bool:
    """Whether the form's token is one that the portal made once, for whichever browser: what tells
    a page of before from a form that never was a page of ours, where the browser says nothing.
    """
    maker = PortalSerializer(current_app.config["SECRET_KEY"], salt="wtf-csrf-token")
    try:
        maker.loads(request.form.get("csrf_token", "")[:MAX_LENGTH])
    except BadData:
        return False
    return True


def _sign_in() -> Any:
    seat = current_seat() if current_user.is_authenticated else None
    if seat is None:
        return views.sign_in_again()
    flash(_("You are signed in already as %(name)s.", name=display_name(seat.account)), "info")
    return redirect(asked_next("/"))


def _second_step() -> Any:
    if current_user.is_authenticated:
        return redirect("/")
    if not cookies.waiting_key():
        return redirect(url_for("SignInView.login"))
    flash(_("That page was out of date. Continue here."), "info")
    return redirect(url_for("SignInView.code", by=request.form.get("by")))


def _sign_out() -> Any:
    """Nothing to end where nobody is signed in any more."""
    if not current_user.is_authenticated:
        return redirect(url_for("SignInView.login"))
    return views.sign_out() if is_ours() else None


def _language() -> Any:
    locale = str((request.view_args or {}).get("locale", ""))
    return language.speak(locale) if locale in current_app.config["LANGUAGES"] else None


def _open_again() -> Any:
    flash(_("That page was out of date, so nothing was sent. Please fill it in again."), "info")
    return redirect(current_path())


_DOORS: dict[str, Callable[[], Any]] = {
    "SignInView.login": _sign_in,
    "SignInView.code": _second_step,
    "SignInView.resend": _second_step,
    "SignInView.logout": _sign_out,
    "LanguageView.choose": _language,
}
