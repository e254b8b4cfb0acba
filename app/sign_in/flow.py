"""The flow of signing in: from a right password to the second step, and from there to a session in
this browser; signing out.

Here: what every door of signing in does in the end, those of passkeys too; which second step is
shown. Not here: the pages (sign_in.views), checking passwords (sign_in.service) and second steps
(two_factor), what the browser keeps (sign_in.cookies).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask import current_app, redirect, request, session, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from app.access.context import current_seat
from app.access.seat import Seat
from app.access.two_factor import Method
from app.accounts import service as accounts
from app.extensions import db
from app.http.paths import safe_next
from app.kernel.clock import utcnow
from app.models import Account, LoginCode
from app.passkeys.relying_party import relying_party
from app.sessions import service as sessions
from app.sign_in import cookies, reauthentication, service
from app.sign_in.forms import CodeForm, RecoveryCodeForm, StepForm
from app.two_factor import service as two_factor
from app.two_factor import turns
from app.two_factor.methods import methods_of
from app.two_factor.refusals import CodeOver

ZONE = "zone"
"""The field in which a page of signing in tells the browser's time zone, where scripts run."""
FORMS: dict[Method, Callable[[], StepForm]] = {
    Method.RECOVERY: RecoveryCodeForm,
    Method.PASSKEY: StepForm,
}


@dataclass(frozen=True)
class SecondStep:
    """What a browser that waits for the second step is shown."""

    row: LoginCode
    method: Method
    offered: list[Method]

    @property
    def others(self) -> list[Method]:
        """The other ways, strongest first."""
        return [one for one in self.offered if one is not self.method]

    def form(self) -> StepForm:
        """The form of the method that is shown."""
        return FORMS.get(self.method, CodeForm)()


def second_step(row: LoginCode, asked: str, *, now: datetime) -> SecondStep:
    """Return the step in the way that was asked for, or in the strongest.

    Raises CodeOver where the account has none any more.
    """
    has = methods_of(row.account, now=now)
    usable = [one for one in has if one is not Method.PASSKEY or not relying_party().obstacle]
    offered = usable or has
    if not offered:
        raise CodeOver()
    return SecondStep(row, next((one for one in offered if one == asked), offered[0]), offered)


def continue_from_password(account: Account, *, next_path: str) -> Response:
    """Go on from a right password: to the second step where one is needed, else into the portal;
    commits.

    Raises TooManyCodes, NoLongerRight.
    """
    now, changed_at = utcnow(), account.password_changed_at
    db.session.commit()
    is_two_step = bool(methods_of(account, now=now))
    if is_two_step and not cookies.is_trusted(account, now=now):
        db.session.rollback()
        _row, browser = two_factor.begin(
            account,
            key=code_secret(),
            next_path=next_path,
            now=now,
            browser=cookies.waiting_key(),
            known_as=cookies.known_browser_id(account),
        )
        accounts.look_again(account)
        service.ensure_still_right(account, changed_at=changed_at)
        _end_session(now=now)
        cookies.clear_session(waiting=browser)
        db.session.commit()
        return redirect(url_for("SignInView.code"))
    open_session(account, method="device" if is_two_step else "password", now=now)
    service.ensure_still_right(account, changed_at=changed_at)
    db.session.commit()
    return redirect(next_path or "/")


def continue_from_second_step(row: LoginCode, method: Method, *, trusts: bool) -> Response:
    """Go on from a second step that was taken (two_factor.finish) into the portal, and trust this
    browser where asked to; commits.
    """
    now, known_as = utcnow(), cookies.known_browser_id(row.account)
    if trusts:
        cookies.trust_browser(row.account, method, now=now)
    open_session(row.account, method=method, now=now)
    db.session.commit()
    turns.forget(row.account, known_as)
    return redirect(safe_next(row.next_path) or "/")


def open_session(account: Account, *, method: str, now: datetime) -> None:
    """Open a session in this browser; nothing from before survives but the language.
    `method`: see AccountSession.
    """
    _end_session(now=now)
    key = service.open_session(
        account,
        method=method,
        is_known=str(account.id) in cookies.known_browser_ids(),
        ip=cookies.client_address(),
        user_agent=request.user_agent.string,
        now=now,
    )
    accounts.adopt_zone(account, request.form.get(ZONE, ""))
    cookies.clear_session()
    session["_user_id"], session["_fresh"] = key, True
    cookies.remember_account(account)


def renew_session(seat: Seat, *, now: datetime) -> None:
    """Note that the person in this browser proved who they are; its session goes on under a new
    key.
    """
    if seat.session is not None:
        session["_user_id"] = reauthentication.renew(seat.session, now=now)


def sign_out(*, now: datetime) -> None:
    """End this browser's session on the server and empty the cookie."""
    seat = current_seat() if current_user.is_authenticated else None
    if seat is not None and seat.session is not None:
        service.end_session(seat, seat.session, now=now)
    cookies.clear_session()


def _end_session(*, now: datetime) -> None:
    """End the session that this browser had: whoever signs in anew leaves no live key behind."""
    seat = current_seat() if current_user.is_authenticated else None
    if seat is not None and seat.session is not None:
        sessions.end(seat.session, now=now)


def mask_address(address: str) -> str:
    """An address, recognizable to its owner only."""
    local, _at, domain = address.rpartition("@")
    return f"{local[:1]}•••••@{domain}"


def code_secret() -> str:
    """The key under which codes are kept."""
    return str(current_app.config["SECRET_KEY"])
