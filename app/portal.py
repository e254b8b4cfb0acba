"""THE MAP: every screen in menu order, and every page that strangers may open.

Here: one table of screens and one of public pages. A screen that is not here does not exist. Not here: who may open it (access.policy).
"""
from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_appbuilder import AppBuilder, BaseView

from app.access.policy import MENU
from app.accounts.views import AccountView
from app.activity.views import ActivityView
from app.exchange.views import ActivityExport, InviteExport, MemberExport, MemberRoleExport
from app.invites.my_views import MyInvitesView
from app.invites.views import InviteView
from app.kernel.i18n import lazy
from app.member_roles.views import MemberRoleView
from app.members.views import MemberView
from app.organizations.home import HomeView
from app.organizations.views import OrganizationView, SettingsView
from app.outbox.views import MailboxView, OutboxView
from app.profile.views import ProfileView
from app.saved_views.views import SavedViewsView
from app.security.invite_views import InviteLinkView
from app.security.password_views import PasswordView
from app.security.setup_views import SetupView
from app.web.language import LanguageView

Section = tuple[str, Any]
ORGANIZATION: Section = ("organization", lazy("Organization"))
YOU: Section = ("you", lazy("You"))
PLATFORM: Section = ("platform", lazy("Platform"))
HIDDEN: Section = ("", "")


@dataclass(frozen=True)
class Screen:
    """One line of the map. `menu` is what the menu entry asks of the table of grants: (permission, view)."""

    view: type[BaseView]
    section: Section = HIDDEN
    name: str = ""
    label: Any = ""
    icon: str = ""
    menu: tuple[str, str] = ("", "")


SCREENS: tuple[Screen, ...] = (
    Screen(LanguageView),
    # the organization's screens, in menu order
    Screen(HomeView, ORGANIZATION, "home", lazy("Home"), "house", ("read", "Home")),
    Screen(MemberView, ORGANIZATION, "members", lazy("Members"), "people", ("read", "Member")),
    Screen(InviteView, ORGANIZATION, "invites", lazy("Invitations"), "send", ("read", "Invite")),
    Screen(MemberRoleView, ORGANIZATION, "roles", lazy("Roles"), "diagram-3", ("read", "MemberRole")),
    Screen(ActivityView, ORGANIZATION, "activity", lazy("Activity log"), "clock-history", ("read", "Activity")),
    Screen(SettingsView, ORGANIZATION, "settings", lazy("Settings"), "sliders", ("manage", "Settings")),

    # yours, in menu order
    Screen(MyInvitesView, YOU, "my_invites", lazy("Invitations to you"), "envelope", ("read", "MyInvite")),
    Screen(ProfileView, YOU, "profile", lazy("Profile"), "person", ("manage", "Profile")),

    # the platform administrator's, in menu order
    Screen(OrganizationView, PLATFORM, "organizations", lazy("Organizations"), "building", ("manage", "Organization")),
    Screen(AccountView, PLATFORM, "accounts", lazy("Accounts"), "person-check", ("manage", "Account")),
    Screen(OutboxView, PLATFORM, "outbox", lazy("Outbox"), "send", ("manage", "Outbox")),

    # pages without a menu entry
    Screen(PasswordView),
    Screen(SetupView),
    Screen(MailboxView),
    Screen(InviteLinkView),
    Screen(SavedViewsView),

    # files of the lists above
    Screen(MemberExport),
    Screen(InviteExport),
    Screen(MemberRoleExport),
    Screen(ActivityExport),
)

PUBLIC = frozenset({
    "static", "appbuilder.static", "health.alive", "health.ready",
    "SignInView.login", "SignInView.code", "SignInView.resend", "SignInView.logout", "PasswordView.forgot", "PasswordView.set",
    "MailboxView.list", "MailboxView.show", "MailboxView.html", "MailboxView.clear",
    "SetupView.start", "SetupView.demo", "InviteLinkView.open",
    "LanguageView.choose", "ChooserView.index",
})
"""Endpoints that strangers may reach; everything else asks them to sign in."""


def draw(appbuilder: AppBuilder, *, more: tuple[Screen, ...] = ()) -> None:
    """Register every screen of the map, and an integrator's own."""
    for screen in SCREENS + more:
        if screen.section is HIDDEN:
            appbuilder.add_view_no_menu(screen.view)
        else:
            key, label = screen.section
            MENU[screen.name] = screen.menu
            appbuilder.add_view(screen.view, screen.name, icon=screen.icon, label=screen.label, category=key, category_label=label)
