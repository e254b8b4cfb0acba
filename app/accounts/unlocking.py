"""What the platform administrator sees and presses of an account that wrong passwords shut.

Here: a part of AccountView. Not here: what happens (accounts.locking).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from flask import redirect
from flask_appbuilder.actions import action

from app.accounts import locking
from app.http.context import seat
from app.http.paths import asked_next
from app.kernel.clock import utcnow
from app.kernel.i18n import lazy
from app.models import Account
from app.screens.actions import ActionsMixin, Page


class UnlockActions(ActionsMixin):
    """Unlocking, and until when an account is shut."""

    show_url: Callable[[Account], str]

    @action("unlock", lazy("Unlock"), "", "unlock", multiple=False)
    def unlock(self, item: Account) -> Page:
        """Let somebody whom wrong passwords shut out try again."""
        self.carry_out(lambda: locking.unlock(item, by=seat(), now=utcnow()))
        return redirect(asked_next(self.show_url(item)))

    def locked_until(self, item: Account) -> datetime | None:
        """Until when an account is shut, None where it is not."""
        return item.locked_until if locking.is_locked(item.locked_until, now=utcnow()) else None
