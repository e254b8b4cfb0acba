"""Authorities: the catalogue, in the manual's order. An integrator adds to it here, or with
`register`, and nowhere else.

Here: names, descriptions, groups, what needs what. Not here: which screen asks for which
(access.policy).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any, TypeVar

from app.kernel.i18n import lazy

Item = TypeVar("Item")


class Authority(StrEnum):
    """The authorities the portal ships with; the first twenty are those of S0-15…S0-34."""

    ORGANIZATION_INVITATION_VIEWER = "organization_invitation_viewer"
    ORGANIZATION_OPTION_EDITOR = "organization_option_editor"
    USER_VIEWER = "user_viewer"
    BILLING_VIEWER = "billing_viewer"
    INVOICE_DOWNLOADER = "invoice_downloader"
    PROJECT_VIEWER = "project_viewer"
    PROJECT_EDITOR = "project_editor"
    PROJECT_ADDRESSES_VIEWER = "project_addresses_viewer"
    PROJECT_ADDRESSES_EDITOR = "project_addresses_editor"
    PROJECT_OPTION_EDITOR = "project_option_editor"
    AWS_ACCOUNT_VIEWER = "aws_account_viewer"
    AWS_ACCOUNT_EDITOR = "aws_account_editor"
    AWS_ACCOUNT_ADDRESSES_VIEWER = "aws_account_addresses_viewer"
    AWS_ACCOUNT_ADDRESSES_EDITOR = "aws_account_addresses_editor"
    AWS_ACCOUNT_OPTION_EDITOR = "aws_account_option_editor"
    INQUIRY_USER = "inquiry_user"
    EXPIRATION_LIST_VIEWER = "expiration_list_viewer"
    BILLING_ALARM_VIEWER = "billing_alarm_viewer"
    BILLING_ALARM_EDITOR = "billing_alarm_editor"
    CONTRACT_MANAGER = "contract_manager"
    MEMBER_MANAGER = "member_manager"
    ROLE_MANAGER = "role_manager"
    SETTINGS_MANAGER = "settings_manager"
    ACTIVITY_VIEWER = "activity_viewer"
    DASHBOARD_VIEWER = "dashboard_viewer"
    AGENT_VIEWER = "agent_viewer"
    AGENT_EDITOR = "agent_editor"
    TARGET_VIEWER = "target_viewer"
    TARGET_EDITOR = "target_editor"
    PROBING_VIEWER = "probing_viewer"
    PROBING_EDITOR = "probing_editor"
    CONTENT_VIEWER = "content_viewer"
    CONTENT_EDITOR = "content_editor"


ADMINISTRATIVE = frozenset(
    {
        Authority.MEMBER_MANAGER,
        Authority.ROLE_MANAGER,
        Authority.SETTINGS_MANAGER,
        Authority.ACTIVITY_VIEWER,
    }
)
"""Those that rule over other people: given and touched by their holders alone (D-1)."""


class Use(StrEnum):
    """Who asks for an authority: a screen of the portal, a connected application, or nobody yet."""

    PORTAL = "portal"
    CONNECTED = "connected"
    RESERVED = "reserved"


class Group(StrEnum):
    """The headings under which authorities are offered."""

    ORGANIZATION = "organization"
    BILLING = "billing"
    PROJECTS = "projects"
    AWS_ACCOUNTS = "aws_accounts"
    MANAGEMENT = "management"
    MONITORING = "monitoring"
    CONTENT = "content"


GROUP_LABELS: dict[str, Any] = {
    Group.ORGANIZATION: lazy("Organization"),
    Group.BILLING: lazy("Billing"),
    Group.PROJECTS: lazy("Projects"),
    Group.AWS_ACCOUNTS: lazy("AWS accounts"),
    Group.MANAGEMENT: lazy("Running the organization"),
    Group.MONITORING: lazy("Monitoring"),
    Group.CONTENT: lazy("Content"),
}


@dataclass(frozen=True)
class AuthorityEntry:
    """One line of the catalogue."""

    key: str
    name: Any
    description: Any
    group: str
    use: Use = Use.CONNECTED
    requires: frozenset[str] = frozenset()
    is_administrative: bool = False

    @property
    def is_reserved(self) -> bool:
        return self.use is Use.RESERVED

    @property
    def group_name(self) -> Any:
        """What its group is called."""
        return GROUP_LABELS.get(self.group, self.group)


CATALOGUE: dict[str, AuthorityEntry] = {}


def register(
    key: str,
    name: Any,
    description: Any,
    *,
    group: str,
    use: Use = Use.CONNECTED,
    requires: Iterable[str] = (),
    administrative: bool = False,
) -> AuthorityEntry:
    """Add one authority to the catalogue; a key that is taken, or that needs an unknown one, is a
    ValueError. An administrative one is given, and its holders are changed, by its holders alone.
    """
    needed = frozenset(map(str, requires))
    if key in CATALOGUE or not needed <= set(CATALOGUE):
        raise ValueError(f"authority {key!r} is taken, or needs one that does not exist")
    if " " in key:
        raise ValueError("an authority's key has no spaces")
    CATALOGUE[str(key)] = AuthorityEntry(
        str(key), name, description, group, use, needed, administrative
    )
    _everything.cache_clear()
    _administrative.cache_clear()
    return CATALOGUE[str(key)]


def withdraw(key: str) -> None:
    """Take an authority out of the catalogue again, where it is in it."""
    CATALOGUE.pop(key, None)
    _everything.cache_clear()
    _administrative.cache_clear()


def known(keys: Iterable[str]) -> frozenset[str]:
    """Keep the keys that the catalogue knows."""
    return frozenset(keys) & everything()


def everything() -> frozenset[str]:
    """All authorities there are: what a power user holds (S0-14)."""
    return _everything(len(CATALOGUE))


@lru_cache(maxsize=2)
def _everything(_so_many: int) -> frozenset[str]:
    return frozenset(CATALOGUE)


def administrative() -> frozenset[str]:
    """The authorities that rule over other people (D-1)."""
    return _administrative(len(CATALOGUE))


@lru_cache(maxsize=2)
def _administrative(_so_many: int) -> frozenset[str]:
    return frozenset(key for key, entry in CATALOGUE.items() if entry.is_administrative)


def with_required(keys: Iterable[str]) -> frozenset[str]:
    """Add what the chosen ones need (S0-25)."""
    chosen = known(keys)
    needed = frozenset().union(*(CATALOGUE[key].requires for key in chosen))
    return chosen if needed <= chosen else with_required(chosen | needed)


def under_headings(
    items: Iterable[Item], entry: Callable[[Item], AuthorityEntry]
) -> list[tuple[Any, list[Item]]]:
    """Put what stands for authorities, in its order, under the headings of their groups; `entry`
    says which authority each stands for.
    """
    found: dict[str, list[Item]] = {}
    for item in items:
        found.setdefault(entry(item).group, []).append(item)
    return [(GROUP_LABELS.get(group, group), these) for group, these in found.items()]


def _load() -> None:
    from app.access.catalogue import ENTRIES

    for key, name, description, group, use, requires in ENTRIES:
        register(
            key,
            name,
            description,
            group=group,
            use=use,
            requires=requires,
            administrative=key in ADMINISTRATIVE,
        )


_load()
