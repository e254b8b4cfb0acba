"""The form of saving a view.

Here: what must be typed. Not here: whether the name is free (saved_views.service).
"""

from __future__ import annotations

from wtforms import HiddenField, StringField

from app.kernel.i18n import lazy
from app.models.saved_view import NAME_LENGTH
from app.screens.forms import PortalForm, at_most, required, strip


class SaveViewForm(PortalForm):
    """A name for how a list is looked at; `replacing` is the id of the view that the reader agreed
    to replace.
    """

    name = StringField(
        lazy("Name"),
        filters=[strip],
        validators=[required(), at_most(NAME_LENGTH)],
        render_kw={"autocomplete": "off"},
    )
    query = HiddenField()
    replacing = HiddenField()
