"""Forms that two people have open, for the tests of what happens then."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from app.extensions import db
from app.models import Account, Invite, MemberRole, Membership, Organization
from tests import factories
from tests.cast import Cast
from tests.conftest import PortalClient

As = Callable[[Account], PortalClient]
OFFER = {"type": "general", "preset": "custom", "sure": "1"}


def identity(who: Account, **changed: Any) -> dict[str, Any]:
    names = (
        "family_name",
        "given_name",
        "reading",
        "latin_name",
        "email",
        "login_id",
        "language",
        "time_zone",
    )
    return {name: getattr(who, name) for name in names} | {"notifications": "y"} | changed


def settings(where: Organization, **changed: Any) -> dict[str, Any]:
    names = (
        "name",
        "latin_name",
        "code",
        "language",
        "password_policy",
        "first_login",
        "session_idle_minutes",
        "session_hours",
    )
    return {name: str(getattr(where, name)) for name in names} | changed


@dataclass(frozen=True)
class Form:
    """A form that two people have open: who, where, what each sends, what the second one reads
    about the first.
    """

    name: str
    who: str
    path: Callable[[Cast], str]
    first: Callable[[Cast], dict[str, Any]]
    second: Callable[[Cast], dict[str, Any]]
    told: tuple[str, ...]
    kept: str
    state: Callable[[Cast], Any]


def role_of(cast: Cast) -> MemberRole:
    found = db.session.scalars(
        select(MemberRole).where(MemberRole.organization_id == cast.aozora.id)
    ).first()
    return found or factories.role(cast.aozora, "Night shift", "user_viewer")


def invite_of(cast: Cast) -> Invite:
    found = db.session.scalars(select(Invite)).first()
    return found or factories.invite(cast.aozora, "guest@example.com", cast.tanaka)[0]


def managed(cast: Cast) -> Account:
    cast.smith.managed_by = cast.aozora
    return cast.smith


FORMS = [
    Form(
        "a member",
        "tanaka",
        lambda cast: f"/o/aozora/members/edit/{cast.membership(cast.smith).id}",
        lambda _: OFFER | {"authorities": ["user_viewer"]},
        lambda _: OFFER | {"authorities": ["billing_viewer"]},
        ("Rita Root changed what John Smith may do.", "Authorities given:"),
        'value="billing_viewer"',
        lambda cast: db.session.get_one(Membership, cast.membership(cast.smith).id).authorities,
    ),
    Form(
        "a role",
        "tanaka",
        lambda cast: f"/o/aozora/roles/edit/{role_of(cast).id}",
        lambda _: {
            "name": "Day shift",
            "description": "",
            "authorities": ["user_viewer"],
            "sure": "1",
        },
        lambda _: {
            "name": "Late shift",
            "description": "",
            "authorities": ["user_viewer"],
            "sure": "1",
        },
        ("Rita Root edited the role Day shift.", "Name: Night shift → Day shift"),
        'value="Late shift"',
        lambda cast: role_of(cast).name,
    ),
    Form(
        "an invitation",
        "tanaka",
        lambda cast: f"/o/aozora/invites/edit/{invite_of(cast).id}",
        lambda _: {"type": "general", "preset": "custom", "authorities": ["user_viewer"]},
        lambda _: {"type": "general", "preset": "custom", "authorities": ["billing_viewer"]},
        ("Rita Root changed the invitation of guest@example.com.",),
        'value="billing_viewer"',
        lambda cast: invite_of(cast).authorities,
    ),
    Form(
        "the settings",
        "tanaka",
        lambda _: "/o/aozora/settings/",
        lambda cast: settings(cast.aozora, latin_name="Aozora Ltd."),
        lambda cast: settings(cast.aozora, latin_name="Aozora Corp."),
        (
            "Rita Root changed the settings of the organization.",
            "Name in Latin letters: Aozora Inc. → Aozora Ltd.",
        ),
        'value="Aozora Corp."',
        lambda cast: db.session.get_one(Organization, cast.aozora.id).latin_name,
    ),
    Form(
        "an organization",
        "root",
        lambda cast: f"/organizations/edit/{cast.aozora.id}",
        lambda cast: settings(cast.aozora, latin_name="Aozora Ltd."),
        lambda cast: settings(cast.aozora, latin_name="Aozora Corp."),
        ("Rita Root changed the settings of the organization.",),
        'value="Aozora Corp."',
        lambda cast: db.session.get_one(Organization, cast.aozora.id).latin_name,
    ),
    Form(
        "an account",
        "root",
        lambda cast: f"/accounts/edit/{cast.smith.id}",
        lambda cast: identity(cast.smith, given_name="Jack"),
        lambda cast: identity(cast.smith, given_name="Joe"),
        ("Rita Root edited the account of Jack Smith.", "Given name: John → Jack"),
        'value="Joe"',
        lambda cast: cast.smith.given_name,
    ),
    Form(
        "a managed account",
        "tanaka",
        lambda cast: f"/o/aozora/members/account/{cast.membership(managed(cast)).id}",
        lambda cast: identity(cast.smith, given_name="Jack"),
        lambda cast: identity(cast.smith, given_name="Joe"),
        ("Rita Root edited the account of Jack Smith.", "Given name: John → Jack"),
        'value="Joe"',
        lambda cast: cast.smith.given_name,
    ),
]
