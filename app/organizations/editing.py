"""Editing an organization's settings: what both screens of them do first.

Here: waiting for other changes, which lines of the log tell of them, when somebody proves who they
are, asking whether a rule is meant that keeps people out at once. Not here: the screens
(organizations.views, organizations.settings_views), what happens (organizations.service).
"""

from __future__ import annotations

from app.access.locks import wait_turn
from app.extensions import db
from app.http.context import seat
from app.http.reauthentication import ensure_recent
from app.kernel.clock import utcnow
from app.models import Organization
from app.organizations import security_policy
from app.organizations import service as organizations
from app.organizations.forms import SettingsForm
from app.organizations.service import Settings
from app.screens.optimistic_lock import About


def look_again(item: Organization) -> None:
    """Wait for every other change to an organization, then read it as it is now."""
    wait_turn(item, by=seat())
    db.session.refresh(item)


def save(item: Organization, form: SettingsForm) -> bool:
    """Save what was chosen; return whether anything differs. A rule that keeps people out at once
    is saved where the form says that it is meant. Raises ProofNeeded, BeginsAtOnce.
    """
    chosen, now = form.settings(item), utcnow()
    _ensure_proved(item, chosen)
    held = security_policy.holds(item, now=now)
    changed = organizations.edit_settings(item, by=seat(), now=now, **chosen)
    if not form.at_once.data:
        security_policy.ensure_meant(item, held=held, by=seat(), now=now)
    return changed


def about(item: Organization) -> About:
    """Which lines of the log tell of its changes."""
    return About(item.id, ("organization_",), item.id)


def _ensure_proved(item: Organization, chosen: Settings) -> None:
    """Raise ProofNeeded before an organization asks less of its members; call it locked."""
    if security_policy.loosens(item, chosen):
        ensure_recent(seat(), now=utcnow())
