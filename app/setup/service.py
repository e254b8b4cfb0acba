"""The first start: the platform administrator and the first organization, once.

Here: the one-time link and the verb behind the page and the command. Not here: the page
(setup.views).
"""

from __future__ import annotations

import hmac
import os
from datetime import datetime
from pathlib import Path

from flask import current_app
from flask_appbuilder.security.sqla.models import Role, assoc_user_role
from sqlalchemy import select, update

from app.access.seat import PLATFORM_ROLE
from app.accounts.policy import Identity
from app.accounts.service import register_account
from app.activity import events
from app.activity import service as activity
from app.extensions import db
from app.kernel.errors import Refusal
from app.kernel.i18n import lazy
from app.kernel.tokens import digest, new_token
from app.memberships import joining
from app.models import Account, MemberType, Organization
from app.offers.offer import Offer
from app.organizations import service as organizations
from app.outbox.service import portal_url


class AlreadySetUp(Refusal):
    """There is a platform administrator; the link is dead."""

    status = 410
    text = lazy("The portal is set up already. Sign in instead.")


class LinkReplaced(Refusal):
    """The portal is not set up, but this link is not the one of its last start."""

    status = 410
    text = lazy(
        "This set-up link was replaced: the portal was restarted and printed a new link where it "
        "was started. Use that one."
    )


def is_set_up() -> bool:
    """Whether there is a platform administrator."""
    administrator = (
        select(assoc_user_role.c.user_id)
        .join(Role, Role.id == assoc_user_role.c.role_id)
        .where(Role.name == PLATFORM_ROLE)
    )
    return db.session.scalar(administrator.limit(1)) is not None


def new_link() -> str | None:
    """Return a fresh link to set the portal up with, None when it is; the link of an earlier start
    dies.
    """
    if is_set_up():
        _file().unlink(missing_ok=True)
        return None
    token = new_token()
    descriptor = os.open(_file(), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(digest(token))
    return portal_url(f"/setup/{token}")


def ensure_link(token: str) -> None:
    """Raise AlreadySetUp once somebody used a link, LinkReplaced for that of an earlier start."""
    if is_set_up():
        raise AlreadySetUp()
    kept = _file().read_text() if _file().exists() else ""
    if not hmac.compare_digest(kept, digest(token)):
        raise LinkReplaced()


def set_up(
    person: Identity, *, code: str, name: str, now: datetime
) -> tuple[Account, Organization]:
    """Make the platform administrator and the first organization, whose power user they are and
    which has their time zone; once, however many try.

    Raises AlreadySetUp and the refusals of accounts and organizations.
    """
    role = claim()
    account = register_account(**person, zone_is_chosen=True, now=now)
    account.email_verified_at = now
    account.roles.append(role)
    organization = organizations.create(
        code=code,
        name=name,
        latin_name="",
        language=person["language"],
        time_zone=person["time_zone"],
        by=account,
        now=now,
    )
    joining.join(organization, account, offer=Offer(type=MemberType.POWER), now=now)
    activity.record(
        events.PLATFORM_SET_UP, now=now, by=account, organization=organization, subject=account
    )
    return account, organization


def claim() -> Role:
    """Return FAB's Admin role, locked until this transaction ends.

    Raises AlreadySetUp when somebody holds it.
    """
    db.session.execute(update(Role).where(Role.name == PLATFORM_ROLE).values(name=PLATFORM_ROLE))
    if is_set_up():
        raise AlreadySetUp()
    return db.session.scalars(select(Role).where(Role.name == PLATFORM_ROLE)).one()


def forget_link() -> None:
    """Forget the link once the portal is set up."""
    _file().unlink(missing_ok=True)


def _file() -> Path:
    return Path(current_app.config["SETTINGS"].instance_path) / "setup_token"
