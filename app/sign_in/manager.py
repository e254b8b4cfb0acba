"""The security manager: Flask-AppBuilder asks, our table answers.

Here: FAB's hooks for "who is this" and "may they". Not here: the answers (access.seat,
access.policy), the sign-in screens.
"""

from __future__ import annotations

from typing import Any

from flask import Flask, has_request_context
from flask_appbuilder.security.sqla.manager import SecurityManager
from flask_login import LoginManager, current_user

from app.access import policy
from app.access.context import context, current_seat
from app.access.seating import load_seat
from app.kernel.clock import utcnow
from app.models import Account

PREFIX = "can_"


class PortalSecurityManager(SecurityManager):
    """FAB's security manager over accounts, sessions and the table of grants."""

    user_model = Account

    def create_login_manager(self, app: Flask) -> LoginManager:
        """Let Flask-Login ask for sessions; ours end on the server, so its own fingerprint of the
        browser is off.
        """
        manager = LoginManager(app)
        manager.session_protection = None
        manager.user_loader(self.load_user)
        return manager

    def create_jwt_manager(self, app: Flask) -> Any:
        """No tokens beside the session: they would outlive a new password."""
        return None

    def register_views(self) -> None:
        """Register our sign-in only; none of FAB's security screens and APIs exists."""
        from app.sign_in.views import SignInView

        self.auth_view = SignInView()
        self.appbuilder.add_view_no_menu(self.auth_view)

    def load_user(self, pk: Any) -> Account | None:
        """Return the account behind a session's key, and keep its seat for this request."""
        seat = context().seat = load_seat(str(pk), context().organization_code, utcnow())
        return seat.account if seat else None

    def has_access(self, permission_name: str, view_name: str) -> bool:
        """Answer FAB's decorators from the table."""
        asked = context().permission = (permission_name.removeprefix(PREFIX), view_name)
        return policy.may(_seat(), *asked)

    def is_item_public(self, permission_name: str, view_name: str) -> bool:
        """Nothing is public by a role; public pages are named in the map."""
        return False

    def get_user_menu_access(self, menu_names: list[str] | None = None) -> set[str]:
        """Return the menu entries that lead somewhere this reader may go."""
        return set(self.appbuilder.entries_open_to(_seat(), menu_names or ()))


def _seat() -> Any:
    if not has_request_context():
        return None
    return current_seat() if current_user.is_authenticated else None
