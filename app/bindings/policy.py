"""Which accounts an organization adds without asking their owners first (D-C11).

Here: the rule. Not here: adding (bindings.service).
"""

from __future__ import annotations

from app.access.policy import authorities_for
from app.access.seat import Seat, effective_authorities
from app.models import Account, Membership, Organization


def joins_at_once(account: Account, organization: Organization, *, by: Seat) -> bool:
    """Whether an account joins without being asked: of another organization whose members the adder
    manages, or of a domain that this organization has proved to be its own.

    An API key speaks for one organization, so with one everybody else is asked.
    """
    return _is_managed_by_adder(account, organization, by=by) or is_of_verified_domain(
        account, organization
    )


def is_of_verified_domain(account: Account, organization: Organization) -> bool:
    """Whether an account's verified address lies in a domain that the organization has verified."""
    domain = account.email_key.rpartition("@")[2]
    return account.email_verified_at is not None and domain in verified_domains(organization)


def verified_domains(_organization: Organization) -> frozenset[str]:
    """The domains that an organization has proved to be its own: none yet, nobody can."""
    return frozenset()


def manages_members(membership: Membership) -> bool:
    """Whether somebody manages the members of the organization they belong to."""
    held = effective_authorities(membership)
    return any(needed <= held for needed in authorities_for("manage", "Member"))


def _is_managed_by_adder(account: Account, organization: Organization, *, by: Seat) -> bool:
    if by.key_id is not None:
        return False
    if by.is_platform_administrator:
        return True
    managed = {
        membership.organization_id
        for membership in by.memberships
        if membership.organization_id != organization.id
        and (by.session is None or membership.admits(by.session.created_at))
        and manages_members(membership)
    }
    return any(
        membership.organization_id in managed and not membership.is_suspended
        for membership in account.memberships
    )
