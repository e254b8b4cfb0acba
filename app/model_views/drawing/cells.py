"""Cells: a value of any kind as it stands in a table or on a page.

Here: values to markup, as templates/appbuilder/general/lib.html draws them. Not here: values to
words (model_views.values.kinds).
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from markupsafe import Markup, escape

from app.kernel.i18n import _
from app.model_views.values.written import written_decimal
from app.screens.frame.theme import drawing

NOTHING = Markup('<span class="faint">—</span>')
LONGEST = 36
"""Characters that a cell shows; the rest is behind it."""


def cell_of(value: Any) -> Markup:
    """Draw a value: "—" for none, a tick for yes, tags for several, a long text cut short."""
    if type(value) is str and 0 < len(value) <= LONGEST:
        return escape(value)
    if value is None or value == "" or value == []:
        return NOTHING
    if value is True:
        return drawing("check2", "ok") + _unseen(_("Yes"))
    if value is False:
        return Markup('<span class="faint" aria-hidden="true">·</span>') + _unseen(_("No"))
    if isinstance(value, Decimal):
        return escape(written_decimal(value, -int(value.as_tuple().exponent)))
    if isinstance(value, list | tuple):
        tags = Markup("").join(Markup('<span class="tag">{}</span>').format(one) for one in value)
        return Markup('<span class="tags gap-1">{}</span>').format(tags)
    if not hasattr(value, "__html__") and len(text := str(value)) > LONGEST:
        cut = '<span class="d-block text-truncate clip" title="{}">{}</span>'
        return Markup(cut).format(text, text)
    return escape(value)


def link_to(address: str, shown: Any, cls: str = "") -> Markup:
    """Draw a name that leads to its page."""
    looks = f' class="{escape(cls)}"' if cls else ""
    return Markup(f'<a{looks} href="{escape(address)}">{escape(shown)}</a>')


def _unseen(words: str) -> Markup:
    return Markup('<span class="visually-hidden">{}</span>').format(words)
