"""Built-in roles and presets: the tables of the documents, in their order (S1-14…S1-18,
S3-01…S3-05, S4-05…S4-09).

Here: names and contents. Not here: the rows that mirror them (member_roles.service), the roles an
organization makes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from app.access.authorities import Authority as A
from app.kernel.i18n import lazy

DOCUMENTED = tuple(A)[:20]

ALL = frozenset(DOCUMENTED)
VIEW_ONLY = frozenset(
    {
        A.ORGANIZATION_INVITATION_VIEWER,
        A.USER_VIEWER,
        A.BILLING_VIEWER,
        A.INVOICE_DOWNLOADER,
        A.PROJECT_VIEWER,
        A.PROJECT_ADDRESSES_VIEWER,
        A.AWS_ACCOUNT_VIEWER,
        A.AWS_ACCOUNT_ADDRESSES_VIEWER,
        A.EXPIRATION_LIST_VIEWER,
        A.BILLING_ALARM_VIEWER,
        A.INQUIRY_USER,
    }
)
EDITABLE = VIEW_ONLY | {  # 編集可能 = 閲覧のみ + …
    A.ORGANIZATION_OPTION_EDITOR,
    A.PROJECT_EDITOR,
    A.PROJECT_ADDRESSES_EDITOR,
    A.PROJECT_OPTION_EDITOR,
    A.AWS_ACCOUNT_EDITOR,
    A.AWS_ACCOUNT_ADDRESSES_EDITOR,
    A.AWS_ACCOUNT_OPTION_EDITOR,
    A.BILLING_ALARM_EDITOR,
}
CONTRACTOR = frozenset({A.CONTRACT_MANAGER, A.PROJECT_VIEWER, A.AWS_ACCOUNT_VIEWER, A.INQUIRY_USER})
ACCOUNTING = frozenset({A.INVOICE_DOWNLOADER, A.INQUIRY_USER})

VIEWER = frozenset(
    {
        A.USER_VIEWER,
        A.ORGANIZATION_INVITATION_VIEWER,
        A.ACTIVITY_VIEWER,
        A.DASHBOARD_VIEWER,
        A.AGENT_VIEWER,
        A.TARGET_VIEWER,
        A.PROBING_VIEWER,
    }
)
ASSET_MANAGER = VIEWER | {A.AGENT_EDITOR, A.TARGET_EDITOR, A.PROBING_EDITOR}
CO_ADMIN = ASSET_MANAGER | {A.MEMBER_MANAGER}
ADMIN = CO_ADMIN | {A.ROLE_MANAGER, A.SETTINGS_MANAGER}

CONTENT_VIEWER = frozenset({A.CONTENT_VIEWER})
CONTENT_EDITOR = frozenset({A.CONTENT_VIEWER, A.CONTENT_EDITOR})
USER_MANAGER = frozenset({A.USER_VIEWER, A.ORGANIZATION_INVITATION_VIEWER, A.MEMBER_MANAGER})


@dataclass(frozen=True)
class BuiltIn:
    """A role or preset that ships."""

    key: str
    name: Any
    description: Any
    authorities: frozenset[str]


PRESETS: dict[str, BuiltIn] = {
    preset.key: preset
    for preset in (
        BuiltIn(
            "all",
            lazy("All"),
            lazy("Everything about contracts, billing, projects and AWS accounts"),
            ALL,
        ),
        BuiltIn(
            "editable",
            lazy("Editable"),
            lazy("Billing, projects and AWS accounts, without contracts"),
            EDITABLE,
        ),
        BuiltIn("view_only", lazy("View only"), lazy("Sees, changes nothing"), VIEW_ONLY),
        BuiltIn("contractor", lazy("Contractor"), lazy("Applies for contracts"), CONTRACTOR),
        BuiltIn("accounting", lazy("Accounting"), lazy("Invoices and support"), ACCOUNTING),
    )
}
CUSTOM = "custom"

BUILT_IN: dict[str, BuiltIn] = {
    role.key: role
    for role in (
        BuiltIn(
            "admin",
            lazy("Admin"),
            lazy("Runs the organization: members, roles, settings and resources"),
            ADMIN,
        ),
        BuiltIn(
            "co_admin",
            lazy("Co-admin"),
            lazy("Manages members and resources, but not Admins"),
            CO_ADMIN,
        ),
        BuiltIn(
            "asset_manager",
            lazy("Asset manager"),
            lazy("Manages agents, targets and probing assignments"),
            ASSET_MANAGER,
        ),
        BuiltIn(
            "viewer", lazy("Viewer"), lazy("Sees members, resources and the activity log"), VIEWER
        ),
        BuiltIn(
            "editor",
            lazy("Editor"),
            lazy("Creates, edits, deletes and publishes content"),
            CONTENT_EDITOR,
        ),
        BuiltIn(
            "organization_user_manager",
            lazy("Organization-User-Manager"),
            lazy("Adds members and manages their roles"),
            USER_MANAGER,
        ),
        BuiltIn("content_viewer", lazy("Content viewer"), lazy("Sees content"), CONTENT_VIEWER),
        *PRESETS.values(),
    )
}
