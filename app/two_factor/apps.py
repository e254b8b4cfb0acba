"""Authenticator apps: six digits that a phone makes of a secret and the time (TOTP, RFC 6238).

Here: enrolling, replacing, removing an app, and taking its codes, each step once. Not here: the QR
code (profile), a sign-in's tries (two_factor.service), how secrets are kept (app_secrets).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import pyotp
from flask import current_app
from sqlalchemy import ColumnElement, delete, select, update

from app.access.locks import hold_account
from app.access.seat import Seat
from app.access.two_factor import STRONG_METHODS, Method
from app.activity import two_factor_events
from app.activity.service import record_everywhere
from app.extensions import db
from app.kernel.errors import Conflict, Refusal
from app.kernel.i18n import lazy
from app.kernel.unique import unless_taken
from app.models import Account, AuthenticatorApp
from app.outbox import service as outbox
from app.sessions import service as sessions
from app.two_factor import app_secrets, devices, mail, recovery
from app.two_factor.methods import strong_methods
from app.two_factor.steps import step_of


class OfferOver(Refusal):
    """The QR code was shown too long ago, or to somebody else."""

    status = 410
    text = lazy("This QR code has expired. Scan the new one.")


class NotFromThisApp(Refusal):
    """The code shows that the app does not have the secret, or that the phone's clock is wrong."""

    status = 422
    field = "code"
    text = lazy(
        "That is not the code your app shows now. Check that the phone sets its time by itself, and"
        " enter the newest code."
    )


class NoApp(Refusal):
    """There is no authenticator app to remove."""

    status = 409
    text = lazy("There is no authenticator app to remove.")


@dataclass(frozen=True)
class Offer:
    """A secret for an app to be enrolled: kept in the form, encrypted, until a code proves that the
    app has it.
    """

    encrypted: str
    secret: str
    uri: str

    @property
    def groups(self) -> list[str]:
        """The secret to type, in groups of four."""
        return [self.secret[start : start + 4] for start in range(0, len(self.secret), 4)]


def offer(account: Account, *, now: datetime) -> Offer:
    """Offer a fresh secret; nothing is written."""
    secret = pyotp.random_base32()
    return _offer(account, app_secrets.offered(account, secret, now=now), secret)


def read_offer(account: Account, encrypted: str, *, now: datetime) -> Offer:
    """Return the offer of a form, made to this account within the last ten minutes.

    Raises OfferOver.
    """
    secret = app_secrets.read_offered(account, encrypted, now=now)
    if secret is None:
        raise OfferOver()
    return _offer(account, encrypted, secret)


def enrol(offered: Offer, code: str, *, by: Seat, now: datetime) -> list[str] | None:
    """Let an app be the second step from now on, instead of the one before; return recovery codes
    where there were none.

    The session that does it has taken the second step with it; trusted devices must take it anew.
    Raises NotFromThisApp, Conflict, SessionOver.
    """
    account, step = by.account, step_of(offered.secret, code, now=now)
    if step is None:
        raise NotFromThisApp()
    new_codes = recovery.new_codes_if_none(account)
    hold_account(account, by.session)
    is_replaced = Method.APP in strong_methods(account)
    codes = recovery.ensure_codes(account, new_codes, now)
    _keep(account, offered.secret, step, now=now)
    devices.end_all(account, now)
    sessions.prove(by.session, method=Method.APP, now=now)
    record_everywhere(
        two_factor_events.APP_REPLACED if is_replaced else two_factor_events.APP_ADDED,
        account=account,
        by=by,
        now=now,
    )
    outbox.post(mail.app_added(account, is_replaced=is_replaced, now=now), now=now)
    return codes


def remove(account: Account, *, by: Seat, now: datetime) -> None:
    """Let an app no longer count; without a passkey beside it, recovery codes go too.
    Raises NoApp."""
    if (
        db.session.scalar(
            delete(AuthenticatorApp).where(*_confirmed(account)).returning(AuthenticatorApp.id)
        )
        is None
    ):
        raise NoApp()
    factor_removed(account, now=now)
    record_everywhere(two_factor_events.APP_REMOVED, account=account, by=by, now=now)
    outbox.post(mail.app_removed(account, now=now), now=now)


def factor_removed(account: Account, *, now: datetime) -> None:
    """What follows when an app or a passkey is gone: no device is trusted; where it was the last,
    recovery codes stand in for nothing, and sessions that were opened with it count for no more
    than a code by mail."""
    devices.end_all(account, now)
    if not strong_methods(account):
        recovery.drop(account)
        sessions.weaken(account, STRONG_METHODS, to=Method.MAIL)


def takes(account: Account, code: str, *, now: datetime) -> bool:
    """Whether the account's app shows this code, of a step that was not used yet; it is used up by
    this very request.
    """
    shown = _shown(account, code, now=now)
    if shown is None:
        return False
    app, secret, step = shown
    used = (
        update(AuthenticatorApp)
        .where(
            AuthenticatorApp.id == app.id,
            AuthenticatorApp.last_step < step,
            AuthenticatorApp.created_at == app.created_at,
        )
        .values(
            last_step=step,
            last_used_at=now,
            encrypted_secret=app_secrets.encrypted(secret, now=now),  # SECRET_KEY may have changed
        )
        .returning(AuthenticatorApp.id)
    )
    return db.session.scalar(used, execution_options={"synchronize_session": False}) is not None


def is_used(account: Account, code: str, *, now: datetime) -> bool:
    """Whether the account's app shows this code, of a step that was used already."""
    shown = _shown(account, code, now=now)
    return shown is not None and shown[2] <= shown[0].last_step


def app_of(account: Account) -> AuthenticatorApp | None:
    """Return the account's app, None for none."""
    return db.session.scalar(select(AuthenticatorApp).where(*_confirmed(account)))


def _confirmed(account: Account) -> tuple[ColumnElement[bool], ...]:
    return AuthenticatorApp.account_id == account.id, AuthenticatorApp.confirmed_at.is_not(None)


def _keep(account: Account, secret: str, step: int, *, now: datetime) -> None:
    db.session.execute(delete(AuthenticatorApp).where(AuthenticatorApp.account_id == account.id))
    db.session.add(
        AuthenticatorApp(
            account_id=account.id,
            encrypted_secret=app_secrets.encrypted(secret, now=now),
            created_at=now,
            confirmed_at=now,
            last_step=step,
        )
    )
    with unless_taken(account_id=Conflict):
        db.session.flush()


def _shown(
    account: Account, code: str, *, now: datetime
) -> tuple[AuthenticatorApp, str, int] | None:
    """Return the app that shows this code, its secret and the code's step."""
    app = app_of(account)
    secret = app_secrets.read(app.encrypted_secret, now=now) if app is not None else None
    step = step_of(secret, code, now=now) if secret else None
    return (app, secret, step) if app and secret and step is not None else None


def _offer(account: Account, encrypted: str, secret: str) -> Offer:
    name = current_app.config["APP_NAME"]
    return Offer(
        encrypted,
        secret,
        pyotp.TOTP(secret).provisioning_uri(name=account.login_id, issuer_name=name),
    )
