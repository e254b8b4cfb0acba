"""Words of Flask-AppBuilder that added views may show and that its Japanese catalogue lacks; ours
has them.

Here: marking them for the catalogue. Not here: any use of them.
"""

from __future__ import annotations

from app.kernel.i18n import lazy

MISSING = (
    lazy("Contains (insensitive)"),
    lazy("Database Error"),
    lazy("In"),
    lazy("Not In"),
    lazy("Select Value"),
)
