"""Theme: the words that every template may use.

Here: the context processor and filters. Not here: the templates, what may be shown (access.policy).
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from flask import Flask, current_app, has_request_context, request, url_for
from flask_babel import get_translations
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup

from app.access import policy
from app.access.context import context, current_seat
from app.http.paths import current_path
from app.kernel.i18n import _, current_language, own_name
from app.screens import formatters
from app.screens.frame.navigation import menu, organization_shown, page_frame, roles_by_organization

FILTERS = {
    "ago": formatters.ago,
    "when": formatters.when,
    "on_date": formatters.on_date,
    "local_date": formatters.local_date,
    "local_time": formatters.local_time,
    "local_datetime": formatters.local_datetime,
    "exact": formatters.exact,
}


def install(app: Flask) -> None:
    """Give every template the seat, the menu, names and dates."""
    app.jinja_env.filters.update(FILTERS)
    app.jinja_env.globals.update(
        may=may,
        menu=menu,
        organization_shown=organization_shown,
        page_frame=page_frame,
        roles_by_organization=roles_by_organization,
        way_back=way_back,
        display_name=formatters.display_name,
        secondary_name=formatters.secondary_name,
        name_language=formatters.name_language,
        initials=formatters.initials,
        tint=formatters.tint,
        language_name=formatters.language_name,
    )
    app.jinja_env.globals.update(
        {"_": _say, "gettext": _say, "ngettext": _say_many, "drawing": drawing}
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.context_processor(words)


@pass_eval_context
def _say(context: EvalContext, sentence: str, /, **words: Any) -> str:
    """What `_` means in a template: Jinja's own looks the language up anew for every sentence."""
    said = Markup(_(sentence)) if context.autoescape else _(sentence)
    return said % words if "%" in said else said


@pass_eval_context
def _say_many(context: EvalContext, singular: str, plural: str, num: int, /, **words: Any) -> str:
    """The same for sentences about so many."""
    said = get_translations().ungettext(singular, plural, num)
    return (Markup(said) if context.autoescape else said) % ({"num": num} | words)


def drawing(name: str, cls: str = "") -> Markup:
    """A drawing of static/icons.svg, silent to screen readers."""
    known = context()
    known.icons_url = known.icons_url or url_for("static", filename="icons.svg")
    return _drawing(known.icons_url, name, cls)


@lru_cache(maxsize=1024)
def _drawing(url: str, name: str, cls: str) -> Markup:
    drawn = Markup('"i {}"').format(cls) if cls else "i"
    return Markup("<svg class={} aria-hidden=true><use href={}#{} /></svg>").format(
        drawn, url, name
    )


def words() -> dict[str, Any]:
    """What changes from request to request."""
    language = current_language()
    return {
        "seat": current_seat(),
        "locale": language,
        "html_lang": language.partition("_")[0],
        "languages": [(code, own_name(code)) for code in current_app.config["LANGUAGES"]],
        "app_name": current_app.config["APP_NAME"],
        "appbuilder": current_app.appbuilder,  # type: ignore[attr-defined]
        "base_template": current_app.config["FAB_BASE_TEMPLATE"],
    }


def way_back() -> str:
    """Where a form at the edge of the page leads back to: this page, where it can be read again."""
    return current_path() if has_request_context() and request.method != "POST" else "/"


def may(permission: str, view: str) -> bool:
    """Whether the reader may; the same table as everywhere."""
    return policy.may(current_seat(), permission, view)
