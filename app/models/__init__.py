"""Models: the nouns, their columns and relationships, and the questions they can answer about
themselves.

Here: one file per noun. Not here: queries, rules about who may, Flask. All tables live in
Flask-AppBuilder's metadata, which loses those of FAB's that nobody reads (fab).
"""

from flask_appbuilder import Model

import app.models.fab  # noqa: F401  (before anything is mapped to them)
from app.models import organization_scope  # noqa: F401  (listens to what is written)
from app.models.account import Account, RetiredLoginId
from app.models.activity import Activity, ActivityPruning, ActivitySeal
from app.models.batch import Batch, BatchFile, BatchRow, BatchState, RowState
from app.models.binding import BindingStatus, RoleBinding
from app.models.email_change import EmailChange
from app.models.invite import Invite, InviteStatus, ReplacedInviteLink
from app.models.letter import Letter, LetterState
from app.models.login_code import LoginCode
from app.models.member_role import MemberRole
from app.models.membership import Membership, MembershipEnd, MemberType, with_ended
from app.models.organization import FirstLogin, Organization, PasswordPolicyName
from app.models.password_link import LinkPurpose, PasswordLink
from app.models.portal_key import PortalKey
from app.models.rate import Rate
from app.models.saved_view import SavedView
from app.models.search_entry import SearchEntry
from app.models.second_factor import (
    AuthenticatorApp,
    Passkey,
    PasskeyQuestion,
    RecoveryCode,
    TrustedDevice,
)
from app.models.session import AccountSession
from app.models.two_factor_rule import TwoFactorException, TwoFactorReminder
from app.models.webhook import Webhook, WebhookMessage

__all__ = [
    "OWN_TABLES",
    "Account",
    "AccountSession",
    "Activity",
    "ActivityPruning",
    "ActivitySeal",
    "AuthenticatorApp",
    "Batch",
    "BatchFile",
    "BatchRow",
    "BatchState",
    "BindingStatus",
    "EmailChange",
    "FirstLogin",
    "Invite",
    "InviteStatus",
    "Letter",
    "LetterState",
    "LinkPurpose",
    "LoginCode",
    "MemberRole",
    "MemberType",
    "Membership",
    "MembershipEnd",
    "Organization",
    "Passkey",
    "PasskeyQuestion",
    "PasswordLink",
    "PasswordPolicyName",
    "PortalKey",
    "Rate",
    "RecoveryCode",
    "ReplacedInviteLink",
    "RetiredLoginId",
    "RoleBinding",
    "RowState",
    "SavedView",
    "SearchEntry",
    "TrustedDevice",
    "TwoFactorException",
    "TwoFactorReminder",
    "Webhook",
    "WebhookMessage",
    "with_ended",
]

OWN_TABLES = frozenset(Model.metadata.tables)
"""The portal's, which its migrations make; others are those of added screens."""
