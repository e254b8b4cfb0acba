"""Every letter has a subject, a text and an HTML part in both languages, and all six say the same
with the same words.

Here: each kind as its feature drafts it. Not here: when it is sent (the features' tests), how it
travels (tests/outbox).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from jinja2 import StrictUndefined

from app.access.authorities import Authority
from app.accounts import mail as accounts
from app.api_keys import mail as api_keys
from app.bindings import mail as bindings
from app.extensions import db
from app.invites import mail as invites
from app.memberships import mail as members
from app.models import AccountSession, EmailChange, Invite, InviteStatus, MemberType, Passkey
from app.offers.offer import Offer
from app.outbox.service import Draft, post
from app.oversight import mail as oversight
from app.oversight.acts import Act, Told
from app.passkeys import mail as passkeys
from app.passwords import mail as passwords
from app.sign_in import mail as security
from app.two_factor import mail as two_factor
from app.two_factor_rule import mail as two_factor_rule
from app.webhooks import mail as webhooks
from tests import factories
from tests.cast import Cast
from tests.house.source import listed

FOLDER = Path(__file__).resolve().parents[2] / "app" / "templates" / "mail"
KINDS = sorted(path.name for path in FOLDER.iterdir() if path.is_dir())
PARTS = [
    f"{part}.{language}.{ending}"
    for language in ("en", "ja")
    for part, ending in (("subject", "txt"), ("body", "txt"), ("body", "html"))
]
LINK = re.compile(r"http://localhost/[\w/?=&.-]*", re.ASCII)
ISO_MOMENT = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d")
KANA = re.compile(r"[ぁ-んァ-ヶ]")
LIFE = timedelta(hours=1)


def answered(invite: Invite, status: InviteStatus) -> Invite:
    invite.status, invite.answered_at = status, factories.NOW
    return invite


def drafts(cast: Cast, now: datetime) -> dict[str, Callable[[], Draft]]:
    """Each kind, as its feature drafts it. A new folder of templates/mail needs a line here."""
    who, where, by = cast.smith, cast.aozora, factories.seat(cast.membership(cast.tanaka))
    member = cast.membership(who)
    member.suspended_reason = who.suspended_reason = "On leave"
    member.authorities = frozenset({Authority.USER_VIEWER})
    before = Offer(
        MemberType.GENERAL,
        (factories.role(where, "Night shift"),),
        frozenset({Authority.INQUIRY_USER}),
    )
    invite = factories.invite(where, "guest@example.com", cast.tanaka)[0]
    binding = factories.binding(
        where, who, cast.tanaka, authorities=frozenset({Authority.INQUIRY_USER})
    )
    binding.roles = [factories.role(where, "Day shift")]
    asked = EmailChange(
        account=who, old_email=who.email, new_email="new@example.com", expires_at=now + LIFE
    )
    session = AccountSession(
        account_id=who.id,
        ip="192.0.2.7",
        user_agent="Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0",
    )

    def overseen(act: Act, **more: Any) -> Draft:
        one = Told(act, where.id, now, who.id, True, "Sync", cast.sato.id, "佐藤 美咲", **more)
        people = {one.id: one for one in (who, cast.sato)}
        return oversight.told([one] * 12, where, people, to=cast.tanaka)

    gained = frozenset({Authority.MEMBER_MANAGER})
    return {
        "administration_given": lambda: overseen(
            Act.ADMINISTRATION, gained=gained, role="Night", holders=3
        ),
        "member_factor_reset": lambda: overseen(Act.RESET),
        "member_was_removed": lambda: overseen(Act.REMOVAL),
        "power_user_made": lambda: overseen(Act.POWER, joined=True),
        "webhook_stopped": lambda: webhooks.stopped(
            factories.webhook_message(where).webhook, where, who
        ),
        "invite_expired": lambda: invites.expired([invite] * 12, cast.tanaka),
        "account_changed": lambda: accounts.identity_changed(
            who, {"email", "two_factor"}, old_email="old@example.com", undo="token", by=by, now=now
        )[1],
        "account_registered": lambda: accounts.registered(who, "token", life=LIFE, now=now),
        "account_reinstated": lambda: accounts.reinstated(who, by=by, now=now),
        "account_suspended": lambda: accounts.suspended(who, by=by, now=now),
        "binding_waiting": lambda: bindings.waiting(binding, now=now),
        "email_change_asked": lambda: accounts.email_change_asked(who, now=now),
        "email_confirm": lambda: accounts.email_confirm(asked, "token", now=now),
        "first_sign_in_link": lambda: passwords.first_sign_in_link(
            who, where, "token", expires_at=now
        ),
        "first_sign_in_password": lambda: passwords.first_sign_in_password(
            who, where, "Secret-1", expires_at=now
        ),
        "invite": lambda: invites.invitation(invite, "token", account=None),
        "invite_accepted": lambda: invites.answered(
            answered(invite, InviteStatus.ACCEPTED), cast.tanaka, who
        ),
        "invite_declined": lambda: invites.answered(
            answered(invite, InviteStatus.DECLINED), cast.tanaka, who
        ),
        "key_expiring": lambda: api_keys.expiring(factories.api_key(member), to=who),
        "key_issued": lambda: api_keys.issued(
            factories.api_key(member, Authority.USER_VIEWER), to=who, by=by
        ),
        "key_revoked": lambda: api_keys.revoked(factories.api_key(member), by=by),
        "membership_added": lambda: members.added(member, by=by, now=now),
        "membership_changed": lambda: members.changed(member, before, by=by, now=now),
        "membership_reinstated": lambda: members.reinstated(member, by=by, now=now),
        "membership_removed": lambda: members.removed(member, by=by, now=now),
        "membership_suspended": lambda: members.suspended(member, by=by, now=now),
        "new_sign_in": lambda: security.new_sign_in(who, session, now=now),
        "passkey_added": lambda: passkeys.added(Passkey(account=who, name="Phone"), now=now),
        "passkey_removed": lambda: passkeys.removed(who, "Phone", by=cast.tanaka, now=now),
        "password_changed": lambda: passwords.password_changed(
            who, by=cast.tanaka, is_own=False, now=now
        ),
        "password_forgotten": lambda: passwords.password_forgotten(
            who, "token", life=LIFE, now=now
        ),
        "password_link": lambda: accounts.password_link(who, "token", life=LIFE, now=now),
        "app_added": lambda: two_factor.app_added(who, is_replaced=True, now=now),
        "app_removed": lambda: two_factor.app_removed(who, now=now),
        "recovery_code_used": lambda: two_factor.recovery_code_used(who, left=2, now=now),
        "recovery_codes_made": lambda: two_factor.recovery_codes_made(who, now=now),
        "second_factor_reset": lambda: two_factor.second_factor_reset(who, by=cast.tanaka, now=now),
        "sign_in_code": lambda: two_factor.sign_in_code(who, "123456", life=LIFE, now=now),
        "two_factor_asked": lambda: two_factor_rule.asked(member, days=7),
        "test": lambda: Draft(kind="test", to=who.email, language="en", words={"asked_at": now}),
    }


@pytest.fixture
def strict(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """A word that a template uses and nobody gives is an error."""
    monkeypatch.setattr(app.jinja_env, "undefined", StrictUndefined)


def test_every_kind_has_all_six_templates() -> None:
    assert KINDS
    faults = [
        f"app/templates/mail/{kind}/{part}"
        for kind in KINDS
        for part in PARTS
        if not (FOLDER / kind / part).exists()
    ]
    assert not faults, f"write:{listed(faults)}"


def _rendered(draft: Draft, language: str, now: datetime) -> tuple[set[str], list[str]]:
    """Return the addresses that a letter leads to, and what is wrong with it."""
    letter = post(replace(draft, language=language), now=now)
    where, faults = f"templates/mail/{draft.kind}, {language}", []
    if not letter.subject.strip() or "\n" in letter.subject:
        faults.append(f"{where}: the subject is not one line")
    if bool(KANA.search(letter.subject + letter.text)) is not (language == "ja_JP"):
        faults.append(f"{where} is not in its language: {letter.subject}\n{letter.text}")
    if ISO_MOMENT.search(letter.text + letter.html):
        faults.append(f"{where} writes a moment for machines: use local_datetime")
    if "None" in letter.text + letter.html:
        faults.append(f"{where} says None")
    if f'<html lang="{language[:2]}">' not in letter.html:
        faults.append(f"{where}: its HTML names no language")
    in_text, in_html = (
        {one.rstrip(".") for one in LINK.findall(part)} for part in (letter.text, letter.html)
    )
    if in_text != in_html:
        faults.append(f"{where}: text and HTML differ in {sorted(in_text ^ in_html)}")
    db.session.expunge(letter)
    return in_text, faults


@pytest.mark.usefixtures("strict")
def test_it_says_the_same_in_both_languages_as_text_and_as_html(cast: Cast, now: datetime) -> None:
    """Issue 2 §5: both languages render with the words that the feature gives, none more, and lead
    to the same addresses.
    """
    known, faults = drafts(cast, now), []
    assert set(known) == set(KINDS), f"name in drafts(): {sorted(set(KINDS) ^ set(known))}"
    for kind in KINDS:
        draft = known[kind]()
        assert draft.kind == kind
        japanese, wrong = _rendered(draft, "ja_JP", now)
        english, more = _rendered(draft, "en", now)
        faults += wrong + more
        if japanese != english:
            faults.append(f"{kind}: the languages lead to {sorted(japanese ^ english)}")
    assert not faults, listed(faults)


@pytest.mark.usefixtures("strict")
def test_an_invitation_hides_its_inviter_in_every_part(cast: Cast, now: datetime) -> None:
    """S3-42."""
    invite, _token = factories.invite(
        cast.aozora, "guest@example.com", cast.tanaka, hide_inviter=True
    )
    for language in ("ja_JP", "en"):
        letter = post(
            replace(invites.invitation(invite, "token", account=None), language=language), now=now
        )
        for part in (letter.subject, letter.text, letter.html):
            assert cast.tanaka.email not in part
            assert "田中" not in part
            assert "Taro" not in part
