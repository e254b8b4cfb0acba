"""Entering: from a right password to the second step, and from there to a session.

Here: what every door of signing in does in the end; the doors of passkeys, too. Not here: the pages
(sign_in.views), checking passwords (sign_in.service) and second steps (two_factor).
"""

from __future__ import annotations

from flask import current_app, redirect, url_for
from werkzeug.wrappers import Response

from app.access.two_factor import Method
from app.accounts import service as accounts
from app.extensions import db
from app.http.paths import safe_next
from app.kernel.clock import utcnow
from app.models import Account, LoginCode
from app.sign_in import cookie, known, service, trusted
from app.two_factor import service as two_factor
from app.two_factor import turns
from app.two_factor.methods import methods_of


def complete(account: Account, *, next_path: str) -> Response:
    """Go on from a right password: to the second step where one is needed, else into the portal;
    commits.

    Raises TooManyCodes, NoLongerRight.
    """
    now, changed_at = utcnow(), account.password_changed_at
    db.session.commit()
    is_two_step = bool(methods_of(account, now=now))
    if is_two_step and not trusted.is_trusted(account, now=now):
        db.session.rollback()
        _row, browser = two_factor.begin(
            account,
            key=secret(),
            next_path=next_path,
            now=now,
            browser=cookie.waiting_key(),
            known_as=known.name_of(account),
        )
        accounts.look_again(account)
        service.ensure_still_right(account, changed_at=changed_at)
        cookie.wait_for_code(browser, now=now)
        db.session.commit()
        return redirect(url_for("SignInView.code"))
    cookie.sign_in(account, method="device" if is_two_step else "password", now=now)
    service.ensure_still_right(account, changed_at=changed_at)
    db.session.commit()
    return redirect(next_path or "/")


def enter(row: LoginCode, method: Method, *, trusts: bool) -> Response:
    """Go on from a second step that was taken (two_factor.finish) into the portal, and trust this
    browser where asked to; commits.
    """
    now, known_as = utcnow(), known.name_of(row.account)
    if trusts:
        trusted.trust(row.account, method, now=now)
    cookie.sign_in(row.account, method=method, now=now)
    db.session.commit()
    turns.forget(row.account, known_as)
    return redirect(safe_next(row.next_path) or "/")


def masked(address: str) -> str:
    """An address, recognizable to its owner only."""
    local, _at, domain = address.rpartition("@")
    return f"{local[:1]}•••••@{domain}"


def secret() -> str:
    """The key under which codes are kept."""
    return str(current_app.config["SECRET_KEY"])
