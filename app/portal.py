"""THE MAP: every screen in menu order, every API, and every page that strangers may open.

Here: one table of screens, one of APIs and one of public pages. A screen that is not here does not
exist. Not here: who may open it (access.policy).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_appbuilder import AppBuilder, BaseView

from app.access.authorities import CATALOGUE
from app.access.policy import GRANTS, GrantError, ensure_known
from app.accounts.signing_in_views import AccountSigningInView
from app.accounts.views import AccountView
from app.activity.platform_views import PlatformActivityView
from app.activity.retention_views import RetentionView
from app.activity.views import ActivityView
from app.api_keys.api import MeApi
from app.api_keys.views import KeyView
from app.bindings import adding_views, my_views
from app.bindings.api import BindingsApi
from app.bindings.views import BindingView
from app.enforcement.views import TwoFactorBoardView
from app.exchange import views as exports
from app.i18n.language import LanguageView
from app.invites.api import InvitesApi
from app.invites.my_views import MyInvitesView
from app.invites.views import InviteView
from app.kernel.i18n import lazy
from app.member_roles.api import AuthoritiesApi, RolesApi
from app.member_roles.views import MemberRoleView
from app.members.api import MembersApi
from app.members.check_api import CheckApi
from app.members.former_views import FormerMemberView
from app.members.service_views import ServiceAccountView
from app.members.signing_in_views import MemberSigningInView
from app.members.undo_views import UndoView
from app.members.views import MemberView
from app.organizations.home import HomeView
from app.organizations.settings_views import SettingsView
from app.organizations.views import OrganizationView
from app.outbox.mailbox_views import MailboxView
from app.outbox.views import EmailsView, OutboxView
from app.profile.email_views import EmailView
from app.profile.keys_views import MyKeysView
from app.profile.passkey_views import PasskeyView
from app.profile.two_factor_views import TwoFactorView
from app.profile.views import ProfileView
from app.rest.api import PortalApi
from app.rest.views import DocumentApi, ReferenceView
from app.saved_views.views import SavedViewsView
from app.setup.views import SetupView
from app.sign_in.email_views import EmailLinkView
from app.sign_in.invite_views import InviteLinkView
from app.sign_in.passkey_views import PasskeySignInView
from app.sign_in.password_views import PasswordView
from app.sign_in.reauthentication_views import ProofView

Section = tuple[str, Any]
ORGANIZATION: Section = ("organization", lazy("Organization"))
YOU: Section = ("you", lazy("You"))
PLATFORM: Section = ("platform", lazy("Platform"))
HIDDEN: Section = ("", "")


@dataclass(frozen=True)
class Screen:
    """One line of the map. `menu` is what its entry asks of the grants: (permission, view)."""

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
    Screen(
        MemberRoleView, ORGANIZATION, "roles", lazy("Roles"), "diagram-3", ("read", "MemberRole")
    ),
    Screen(KeyView, ORGANIZATION, "keys", lazy("API keys"), "key", ("read", "Key")),
    Screen(
        ActivityView,
        ORGANIZATION,
        "activity",
        lazy("Activity log"),
        "clock-history",
        ("read", "Activity"),
    ),
    Screen(EmailsView, ORGANIZATION, "emails", lazy("Emails"), "envelope", ("read", "Email")),
    Screen(
        SettingsView, ORGANIZATION, "settings", lazy("Settings"), "sliders", ("manage", "Settings")
    ),
    # yours, in menu order
    Screen(
        MyInvitesView,
        YOU,
        "my_invites",
        lazy("Invitations to you"),
        "envelope",
        ("read", "MyInvite"),
    ),
    Screen(ProfileView, YOU, "profile", lazy("Profile"), "person", ("manage", "Profile")),
    # the platform administrator's, in menu order
    Screen(
        OrganizationView,
        PLATFORM,
        "organizations",
        lazy("Organizations"),
        "building",
        ("manage", "Organization"),
    ),
    Screen(
        AccountView, PLATFORM, "accounts", lazy("Accounts"), "person-check", ("manage", "Account")
    ),
    Screen(
        PlatformActivityView,
        PLATFORM,
        "platform_activity",
        lazy("Platform log"),
        "clock-history",
        ("read", "PlatformActivity"),
    ),
    Screen(OutboxView, PLATFORM, "outbox", lazy("Outbox"), "send", ("manage", "Outbox")),
    # pages without a menu entry
    Screen(BindingView),
    Screen(adding_views.AddExistingView),
    Screen(my_views.JoiningView),
    Screen(TwoFactorBoardView),
    Screen(FormerMemberView),
    Screen(MemberSigningInView),
    Screen(AccountSigningInView),
    Screen(ServiceAccountView),
    Screen(MyKeysView),
    Screen(PasswordView),
    Screen(PasskeyView),
    Screen(TwoFactorView),
    Screen(PasskeySignInView),
    Screen(ProofView),
    Screen(EmailView),
    Screen(EmailLinkView),
    Screen(SetupView),
    Screen(MailboxView),
    Screen(InviteLinkView),
    Screen(SavedViewsView),
    Screen(RetentionView),
    Screen(UndoView),
    Screen(ReferenceView),
    # files of the lists above
    *map(Screen, exports.FILES_OF_LISTS),
)

APIS: tuple[type[PortalApi], ...] = (
    # what programs can do with an API key, in the order of its description
    MeApi,
    CheckApi,
    MembersApi,
    InvitesApi,
    BindingsApi,
    RolesApi,
    AuthoritiesApi,
    DocumentApi,
)

PUBLIC = frozenset(
    {
        "static",
        "appbuilder.static",
        "health.alive",
        "health.ready",
        "well_known.change_password",
        "well_known.robots",
        "violations.report",
        "SignInView.login",
        "SignInView.code",
        "SignInView.resend",
        "SignInView.logout",
        "PasswordView.forgot",
        "PasswordView.set",
        "PasskeySignInView.ask",
        "PasskeySignInView.sign_in",
        "PasskeySignInView.ask_for_step",
        "PasskeySignInView.step",
        "MailboxView.list",
        "MailboxView.show",
        "MailboxView.html",
        "MailboxView.clear",
        "SetupView.start",
        "SetupView.demo",
        "InviteLinkView.open",
        "InviteLinkView.answer",
        "EmailLinkView.undo",
        "LanguageView.choose",
        "ChooserView.index",
        "DocumentApi.openapi",
        "ReferenceView.show",
    }
)
"""Endpoints that strangers may reach; everything else asks them to sign in."""

REACHABLE = frozenset({"MemberView.leave"})
"""Pages of an organization that stay open to members from whom its rule withholds the others."""


def ensure_drawable(screen: Screen) -> None:
    """Raise GrantError, with what to write, for a menu entry that no line of the table answers."""
    if screen.section is HIDDEN or screen.menu[::-1] in GRANTS:
        return
    view = screen.view.__name__
    wanted = ("read", screen.view.class_permission_name or view.removesuffix("View"))
    if screen.menu == ("", ""):
        raise GrantError(
            f"Screen({view}, …) has a menu entry but does not say who sees it: add"
            f" menu={wanted!r}, and grant that pair in app.access.policy."
        )
    raise GrantError(
        f"Screen({view}, …) shows its menu entry to whoever holds {screen.menu!r}, which nothing"
        f" grants: call policy.grant{screen.menu[::-1]!r} with the authorities it needs first."
    )


def draw(appbuilder: AppBuilder, *, more: tuple[Screen, ...] = ()) -> None:
    """Register every screen and API of the map, and an integrator's own."""
    for api in APIS:
        appbuilder.add_api(api)
    ensure_known(CATALOGUE)
    for screen in SCREENS + more:
        ensure_drawable(screen)
        if screen.section is HIDDEN:
            appbuilder.add_view_no_menu(screen.view)
        else:
            key, label = screen.section
            appbuilder.menu_permissions[screen.name] = screen.menu
            appbuilder.add_view(
                screen.view,
                screen.name,
                icon=screen.icon,
                label=screen.label,
                category=key,
                category_label=label,
            )
