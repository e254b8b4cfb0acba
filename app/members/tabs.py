"""Tabs: the lists of who belongs to an organization, is invited, or joins at the next sign-in.

Here: which of them the reader may see, beside each other (S3-08). Not here: the lists (members,
invites, bindings).
"""

from __future__ import annotations

from typing import Any

from flask import current_app, url_for

from app.access.policy import may
from app.http.context import seat
from app.kernel.i18n import _, lazy
from app.screens.counts import JOINING
from app.screens.navigation import counted

LISTS = (
    ("members", lazy("Members"), "MemberView.list", "Member"),
    ("invites", lazy("Invitations"), "InviteView.list", "Invite"),
)


def beside(current: str) -> list[dict[str, Any]]:
    """Return the tabs for this reader, none where there would be only one."""
    found = [
        {"label": str(label), "url": url_for(endpoint), "current": name == current}
        for name, label, endpoint, noun in LISTS
        if endpoint in current_app.view_functions and may(seat(), "read", noun)
    ]
    if "BindingView.list" in current_app.view_functions and may(seat(), "read", "Binding"):
        found.append(
            {
                # I18N: a tab beside “Members” and “Invitations”: people who were added and join at
                # their next sign-in
                "label": _("Joining"),
                "count": counted(JOINING) or None,
                "url": url_for("BindingView.list"),
                "current": current == "bindings",
            }
        )
    return found if len(found) > 1 else []
