"""Events of people who were added and join at their next sign-in (D-C11).

Here: their part of the catalogue. Not here: the rest of it (activity.events).
"""

from __future__ import annotations

from app.activity.events import declare
from app.kernel.i18n import lazy

BINDING_ADDED = declare(
    "binding_added",
    lazy("%(actor)s added %(subject)s, who joins at the next sign-in."),
    "type",
    "roles",
    "authorities",
)
BINDING_EDITED = declare(
    "binding_edited",
    lazy("%(actor)s changed what %(subject)s is given at the next sign-in."),
    "changes",
)
BINDING_CANCELLED = declare(
    "binding_cancelled",
    lazy("%(actor)s cancelled the addition of %(subject)s before the next sign-in."),
)
BINDING_CONTINUED = declare(
    "binding_continued", lazy("%(subject)s was added, read it at the sign-in and continued.")
)
BINDING_DECLINED = declare(
    "binding_declined", lazy("%(subject)s was added, read it at the sign-in and declined.")
)
BINDING_VOID = declare(
    "binding_void",
    lazy(
        "The addition of %(subject)s became void: whoever added them may not give as much any more."
    ),
)
BINDING_LIST_EXPORTED = declare(
    "binding_list_exported",
    lazy("%(actor)s exported the people who join at the next sign-in as a file."),
    "rows",
    "format",
    "filter",
)
MEMBER_JOINED_ELSEWHERE = declare(
    "member_joined_elsewhere",
    lazy(
        "%(subject)s, whose account this organization manages, joined another organization:"
        " %(elsewhere)s."
    ),
    "elsewhere",
)
