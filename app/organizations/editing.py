"""Editing an organization's settings: what both screens of them do first.

Here: waiting for other changes, which lines of the log tell of them, when somebody proves who they
are. Not here: the screens (organizations.views, organizations.settings_views), what happens
(organizations.service).
"""

from __future__ import annotations

from app.access.guard import wait_turn
from app.extensions import db
from app.kernel.clock import utcnow
from app.models import Organization
from app.organizations import demands
from app.organizations.service import Settings
from app.web.here import seat
from app.web.meanwhile import About
from app.web.proof import ensure_recent


def look_again(item: Organization) -> None:
    """Wait for every other change to an organization, then read it as it is now."""
    wait_turn(item, by=seat())
    db.session.refresh(item)


def ensure_proved(item: Organization, chosen: Settings) -> None:
    """Raise ProofNeeded before an organization asks less of its members; call it locked."""
    if demands.loosens(item, chosen):
        ensure_recent(seat(), now=utcnow())


def about(item: Organization) -> About:
    """Which lines of the log tell of its changes."""
    return About(item.id, ("organization_",), item.id)
