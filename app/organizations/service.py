"""Organizations' verbs: create, change settings.

Here: what happens and what cannot. Not here: deleting (organizations.deleting), who may
(access.policy), what a code looks like (organizations.codes), the screens.
"""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import TypedDict, Unpack, cast

from sqlalchemy import select

from app.accounts.policy import SiteInName
from app.activity import events
from app.activity import service as activity
from app.activity.service import Actor
from app.extensions import db
from app.kernel.errors import Refusal, all_at_once
from app.kernel.i18n import lazy
from app.kernel.text import has_control_characters, has_site
from app.kernel.unique import unless_taken
from app.models import (
    Account,
    FirstLogin,
    Organization,
    PasswordPolicyName,
)
from app.organizations import codes, security_policy

NAME_LENGTH = 128


class Settings(TypedDict, total=False):
    """What can be changed of an organization."""

    name: str
    latin_name: str
    code: str
    language: str
    time_zone: str
    password_policy: PasswordPolicyName
    first_login: FirstLogin
    two_factor_required: bool
    two_factor_strong: bool
    two_factor_deadline: datetime | None
    session_idle_minutes: int
    session_hours: int
    grant_only_held: bool


class CodeTaken(Refusal):
    """Another organization has this code."""

    status = 409
    field = "code"
    text = lazy("Another organization already has the code “%(code)s”.")


class NameMissing(Refusal):
    """An organization without a name."""

    field = "name"
    text = lazy("An organization needs a name.")


class NameUnusable(Refusal):
    """A name that is too long, or has characters that nobody types."""

    text = lazy("At most %(longest)d characters, all on one line.")


def create(
    *,
    code: str,
    name: str,
    latin_name: str,
    language: str,
    time_zone: str,
    by: Actor | Account | None,
    now: datetime,
) -> Organization:
    """Make an organization nobody belongs to yet."""
    name, latin_name = name.strip(), latin_name.strip()
    ensure_new(code, name, latin_name)
    organization = Organization(
        code=code,
        name=name,
        latin_name=latin_name,
        language=language,
        time_zone=time_zone,
        created_at=now,
    )
    db.session.add(organization)
    _flush(code)
    activity.record(
        events.ORGANIZATION_CREATED, now=now, by=by, organization=organization, subject=organization
    )
    return organization


def ensure_new(code: str, name: str, latin_name: str = "") -> None:
    """Raise at once what would be refused of a new organization."""

    def ensure_code() -> None:
        codes.ensure_well_formed(code)
        _ensure_free(code)

    all_at_once(lambda: _ensure_names(name, latin_name), ensure_code)


def edit_settings(
    organization: Organization, *, by: Actor, now: datetime, **settings: Unpack[Settings]
) -> bool:
    """Change the settings that are given and differ; return whether any did. A new code changes
    every address of the organization.

    Raises NameMissing, NameUnusable, CodeTaken, OutOfLimits, DeadlinePassed, YouFirst and the
    refusals of codes.ensure_well_formed.
    """
    changed = _stripped(settings)
    _ensure_names(
        changed.get("name", organization.name), changed.get("latin_name", organization.latin_name)
    )
    security_policy.ensure_possible(organization, dict(changed), now=now)
    was_strong = security_policy.is_strong_now(organization, now=now)
    code = changed.get("code", organization.code)
    if code != organization.code:
        codes.ensure_well_formed(code)
        _ensure_free(code)
    differing = activity.changes({key: getattr(organization, key) for key in changed}, changed)
    for key, value in changed.items():
        setattr(organization, key, value)
    _flush(code)
    security_policy.ensure_inside(organization, by=by, was_strong=was_strong, now=now)
    security_policy.follow(organization, differing)
    if differing:
        activity.record(
            events.ORGANIZATION_EDITED,
            now=now,
            by=by,
            organization=organization,
            subject=organization,
            changes=differing,
        )
    return bool(differing)


def settings_of(organization: Organization) -> Settings:
    """Return the settings as they are."""
    return cast(
        "Settings", {name: getattr(organization, name) for name in Settings.__annotations__}
    )


def _stripped(settings: Settings) -> Settings:
    return cast(
        "Settings",
        {
            key: value.strip() if isinstance(value, str) and key.endswith("name") else value
            for key, value in settings.items()
        },
    )


def _ensure_names(name: str, latin_name: str) -> None:
    if not name:
        raise NameMissing()
    for field, value in (("name", name), ("latin_name", latin_name)):
        if len(value) > NAME_LENGTH or has_control_characters(value):
            raise NameUnusable(field=field, longest=NAME_LENGTH)
        if has_site(value):
            raise SiteInName(field=field)


def _ensure_free(code: str) -> None:
    if db.session.scalar(select(Organization.id).where(Organization.code == code)) is not None:
        raise CodeTaken(code=code)


def _flush(code: str) -> None:
    """Write; where somebody took the code between our look and our write, the database says so and
    we say it in words.
    """
    with unless_taken(code=partial(CodeTaken, code=code)):
        db.session.flush()
