"""The authorities that ship, as the documents describe them: S0-15…S0-34, then ours, then those of
003_ and 004_.

Here: one table. Not here: how it is read (access.authorities).
"""

from __future__ import annotations

from typing import Any

from app.access.authorities import Authority as A
from app.access.authorities import Group as G
from app.access.authorities import Use as U
from app.kernel.i18n import lazy

Entry = tuple[A, Any, Any, G, U, tuple[A, ...]]


def _entry(
    authority: A, name: Any, text: Any, group: G, use: U = U.CONNECTED, needs: tuple[A, ...] = ()
) -> Entry:
    return authority, name, text, group, use, needs


ENTRIES: tuple[Entry, ...] = (
    _entry(
        A.ORGANIZATION_INVITATION_VIEWER,
        lazy("Organization Invitation Viewer"),
        lazy("See the organization’s invitations"),
        G.ORGANIZATION,
        U.PORTAL,
    ),
    _entry(
        A.ORGANIZATION_OPTION_EDITOR,
        lazy("Organization Option Editor"),
        lazy("Update organization options"),
        G.ORGANIZATION,
        U.RESERVED,
    ),
    _entry(
        A.USER_VIEWER,
        lazy("User Viewer"),
        lazy("See the list and details of members"),
        G.ORGANIZATION,
        U.PORTAL,
    ),
    _entry(A.BILLING_VIEWER, lazy("Billing Viewer"), lazy("See AWS usage fees"), G.BILLING),
    _entry(A.INVOICE_DOWNLOADER, lazy("Invoice Downloader"), lazy("Download invoices"), G.BILLING),
    _entry(
        A.PROJECT_VIEWER,
        lazy("Project Viewer"),
        lazy("See the list and details of projects"),
        G.PROJECTS,
    ),
    _entry(
        A.PROJECT_EDITOR,
        lazy("Project Editor"),
        lazy("Update project information"),
        G.PROJECTS,
        U.RESERVED,
    ),
    _entry(
        A.PROJECT_ADDRESSES_VIEWER,
        lazy("Project Addresses Viewer"),
        lazy("See the billing notification address"),
        G.PROJECTS,
    ),
    _entry(
        A.PROJECT_ADDRESSES_EDITOR,
        lazy("Project Addresses Editor"),
        lazy("Update the billing notification address"),
        G.PROJECTS,
    ),
    _entry(
        A.PROJECT_OPTION_EDITOR,
        lazy("Project Option Editor"),
        lazy("Update the mailing option"),
        G.PROJECTS,
    ),
    _entry(
        A.AWS_ACCOUNT_VIEWER,
        lazy("AWS Account Viewer"),
        lazy("See the list and details of AWS accounts"),
        G.AWS_ACCOUNTS,
        U.CONNECTED,
        (A.PROJECT_VIEWER,),
    ),
    _entry(
        A.AWS_ACCOUNT_EDITOR,
        lazy("AWS Account Editor"),
        lazy("Update account information, emergency phone included"),
        G.AWS_ACCOUNTS,
    ),
    _entry(
        A.AWS_ACCOUNT_ADDRESSES_VIEWER,
        lazy("AWS Account Addresses Viewer"),
        lazy("See the account’s e-mail address"),
        G.AWS_ACCOUNTS,
    ),
    _entry(
        A.AWS_ACCOUNT_ADDRESSES_EDITOR,
        lazy("AWS Account Addresses Editor"),
        lazy("Register or update that address"),
        G.AWS_ACCOUNTS,
    ),
    _entry(
        A.AWS_ACCOUNT_OPTION_EDITOR,
        lazy("AWS Account Option Editor"),
        lazy("E-mail notification and security settings"),
        G.AWS_ACCOUNTS,
    ),
    _entry(
        A.INQUIRY_USER,
        lazy("Inquiry User"),
        lazy("Contact support and see some notices"),
        G.ORGANIZATION,
    ),
    _entry(
        A.EXPIRATION_LIST_VIEWER,
        lazy("Expiration List Viewer"),
        lazy("See RI/SP expiry events"),
        G.BILLING,
    ),
    _entry(
        A.BILLING_ALARM_VIEWER,
        lazy("Billing Alarm Viewer"),
        lazy("See the billing alarm"),
        G.BILLING,
    ),
    _entry(
        A.BILLING_ALARM_EDITOR,
        lazy("Billing Alarm Editor"),
        lazy("Create and update the billing alarm"),
        G.BILLING,
    ),
    _entry(
        A.CONTRACT_MANAGER,
        lazy("Contract Manager"),
        lazy("Apply for contracts of projects and AWS accounts"),
        G.ORGANIZATION,
    ),
    _entry(
        A.MEMBER_MANAGER,
        lazy("Member Manager"),
        lazy("Register, invite, edit, suspend and remove members"),
        G.MANAGEMENT,
        U.PORTAL,
    ),
    _entry(
        A.ROLE_MANAGER,
        lazy("Role Manager"),
        lazy("Create, edit and delete roles"),
        G.MANAGEMENT,
        U.PORTAL,
    ),
    _entry(
        A.SETTINGS_MANAGER,
        lazy("Settings Manager"),
        lazy("Change the organization’s settings"),
        G.MANAGEMENT,
        U.PORTAL,
    ),
    _entry(
        A.ACTIVITY_VIEWER,
        lazy("Activity Log Viewer"),
        lazy("See the activity log"),
        G.MANAGEMENT,
        U.PORTAL,
    ),
    _entry(A.DASHBOARD_VIEWER, lazy("Dashboard Viewer"), lazy("See the dashboard"), G.MONITORING),
    _entry(A.AGENT_VIEWER, lazy("Agent Viewer"), lazy("See agents"), G.MONITORING),
    _entry(A.AGENT_EDITOR, lazy("Agent Editor"), lazy("Add, edit and delete agents"), G.MONITORING),
    _entry(A.TARGET_VIEWER, lazy("Target Viewer"), lazy("See targets"), G.MONITORING),
    _entry(
        A.TARGET_EDITOR, lazy("Target Editor"), lazy("Add, edit and delete targets"), G.MONITORING
    ),
    _entry(
        A.PROBING_VIEWER,
        lazy("Probing Assignment Viewer"),
        lazy("See probing assignments"),
        G.MONITORING,
    ),
    _entry(
        A.PROBING_EDITOR,
        lazy("Probing Assignment Editor"),
        lazy("Add, edit and delete probing assignments"),
        G.MONITORING,
    ),
    _entry(A.CONTENT_VIEWER, lazy("Content Viewer"), lazy("See content"), G.CONTENT),
    _entry(
        A.CONTENT_EDITOR,
        lazy("Content Editor"),
        lazy("Create, edit, delete and publish content"),
        G.CONTENT,
    ),
)
