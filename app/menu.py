"""The menu: every screen in its order, every API, and every page that strangers may open: THE MAP.

Here: one table of screens, one of APIs and one of public pages. A screen that is not here does not
exist. Not here: who may open it (access.policy).
"""

from __future__ import annotations

from flask_appbuilder import AppBuilder

from app.accounts.views import AccountView
from app.activity_log.views import ActivityView, PlatformActivityView
from app.api_keys.api import MeApi
from app.api_keys.views import KeyView
from app.batches.api import BatchesApi
from app.batches.views import BatchView, PlatformBatchView
from app.bindings import adding_views, my_views
from app.bindings.api import BindingsApi
from app.bindings.views import BindingView
from app.former_members.views import FormerMemberView
from app.home.views import HomeView
from app.i18n.language import LanguageView
from app.imports.api import ImportsApi
from app.imports.views import ImportView
from app.invites.api import InvitesApi
from app.invites.my_views import MyInvitesView
from app.invites.views import InviteView
from app.kernel.i18n import lazy
from app.log_integrity.views import RetentionView
from app.managed_accounts.signing_in_views import AccountSigningInView, MemberSigningInView
from app.member_checks.api import CheckApi
from app.member_roles.api import AuthoritiesApi, RolesApi
from app.member_roles.views import MemberRoleView
from app.members.api import MembersApi
from app.members.views import MemberView
from app.organizations.settings_views import SettingsView
from app.organizations.views import OrganizationView
from app.outbox.mailbox_views import MailboxView
from app.outbox.views import EmailsView, OutboxView
from app.profile.email_views import EmailView
from app.profile.keys_views import MyKeysView
from app.profile.passkey_views import PasskeyView
from app.profile.two_factor_views import TwoFactorView
from app.profile.views import ProfileView
from app.registration import HIDDEN, ORGANIZATION, PLATFORM, YOU, Screen, register
from app.rest.api import PortalApi
from app.rest.views import DocumentApi, ReferenceView
from app.saved_views.views import SavedViewsView
from app.service_accounts.views import ServiceAccountView
from app.setup.views import SetupView
from app.sign_in.email_views import EmailLinkView
from app.sign_in.invite_views import InviteLinkView
from app.sign_in.passkey_views import PasskeySignInView
from app.sign_in.password_views import PasswordView
from app.sign_in.reauthentication_views import ProofView
from app.two_factor_rule.views import TwoFactorBoardView
from app.undo.views import UndoView
from app.webhooks.views import WebhookMessageView, WebhookView

SCREENS: tuple[Screen, ...] = (
    Screen(LanguageView, HIDDEN),
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
    *(
        Screen(view, HIDDEN)
        for view in (
            BindingView,
            ImportView,
            adding_views.AddExistingView,
            my_views.JoiningView,
            TwoFactorBoardView,
            WebhookView,
            WebhookMessageView,
            FormerMemberView,
            MemberSigningInView,
            AccountSigningInView,
            ServiceAccountView,
            MyKeysView,
            PasswordView,
            PasskeyView,
            TwoFactorView,
            PasskeySignInView,
            ProofView,
            EmailView,
            EmailLinkView,
            SetupView,
            MailboxView,
            InviteLinkView,
            SavedViewsView,
            RetentionView,
            UndoView,
            BatchView,
            PlatformBatchView,
            ReferenceView,
        )
    ),
    # files of the lists above
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
    BatchesApi,
    ImportsApi,
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


def draw(appbuilder: AppBuilder, *, more: tuple[Screen, ...] = ()) -> None:
    """Register every screen and API of the map, and an integrator's own."""
    register(appbuilder, SCREENS, APIS, more)
