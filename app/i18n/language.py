"""Language: in which one this request is answered, and changing it.

Here: account, cookie, Accept-Language, in that order; POST /lang/<locale>. Not here: the catalogue.
"""

from __future__ import annotations

from collections.abc import Iterable

from flask import current_app, has_request_context, redirect, request, session
from flask_appbuilder import BaseView, expose
from flask_babel import refresh
from flask_login import current_user
from werkzeug.wrappers import Response

from app.access.context import current_seat
from app.extensions import db
from app.http.paths import asked_next, asks_for_api
from app.kernel.errors import NotFound
from app.screens.moments.zones import reader_zone

KEY = "locale"


def choose_language() -> str:
    """Return the language of this request: the account's, else the browser's choice, else what it
    asks for.
    """
    offered: dict[str, object] = current_app.config["LANGUAGES"]
    default = str(current_app.config["BABEL_DEFAULT_LOCALE"])
    if not has_request_context():
        return default
    if asks_for_api():
        return _asked_for(offered) or default  # a machine says what its readers read
    seat = current_seat()
    if seat is not None and seat.account.language in offered:
        return seat.account.language
    if session.get(KEY) in offered:
        return str(session[KEY])
    return _asked_for(offered) or default


def _asked_for(offered: Iterable[str]) -> str | None:
    """Return what the browser asks for, best liked first: fr-CA finds fr before a second choice is
    looked at.
    """
    by_tag = {code.replace("_", "-").lower(): code for code in offered}
    for code in offered:
        by_tag.setdefault(code.partition("_")[0].lower(), code)
    for tag, liking in request.accept_languages:
        found = by_tag.get(tag.lower()) or by_tag.get(tag.partition("-")[0].lower())
        if found and liking > 0:
            return found
    return None


def choose_zone() -> str:
    """Return the reader's time zone."""
    return reader_zone()


class LanguageView(BaseView):
    """POST /lang/<locale>: speak another language from now on."""

    route_base = "/lang"
    default_view = "choose"

    @expose("/<string:locale>", methods=["POST"])
    def choose(self, locale: str) -> Response:
        return speak(locale)


def speak(locale: str) -> Response:
    """Speak another language to this reader, and lead back. Raises NotFound."""
    if locale not in current_app.config["LANGUAGES"]:
        raise NotFound()
    session[KEY] = locale
    if current_user.is_authenticated:
        current_user.language = locale
        db.session.commit()
    refresh()
    return redirect(asked_next("/"))
