"""The page that asks "Confirm it is you", and the hook that hears the answer before the view runs.

Here: asking, keeping what was posted, going on with it. A proof is sent to the address that asked
for it: fields `proof_…` are taken out, and the view sees the rest. Not here: what counts as a proof
(sign_in.reauthentication), what needs one (http.reauthentication).
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import Flask, redirect, render_template, request, url_for
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import has_access
from flask_login import current_user
from werkzeug.datastructures import ImmutableMultiDict

from app.access.context import current_seat
from app.access.seat import Seat
from app.extensions import db
from app.http.context import seat
from app.http.paths import asked_next, current_path, safe_next
from app.http.reauthentication import ProofNeeded, ensure_recent, is_recent
from app.kernel.clock import utcnow
from app.kernel.errors import Refusal
from app.kernel.i18n import _
from app.passkeys import challenge_session
from app.screens.actions import Page, settle
from app.screens.forms import plain_digits
from app.sign_in import cookies, flow, reauthentication

PASSWORD, CODE, PASSKEY, BACK = "proof_password", "proof_code", "proof_passkey", "proof_back"
OURS = "proof_"
FORBIDDEN = 403


class ProofView(BaseView):
    """/confirm/: the same page on its own, for pages that are only read."""

    route_base = "/confirm"
    default_view = "confirm"
    class_permission_name = "Profile"
    method_permission_name = {"confirm": "manage"}

    @expose("/", methods=["GET", "POST"])
    @has_access
    def confirm(self) -> Page:
        """Ask where the last proof is too old, then go on."""
        ensure_recent(seat(), now=utcnow())
        return redirect(asked_next("/"))


def install(app: Flask) -> None:
    """Ask wherever a door needs a proof, and hear the answer in front of every view; put it behind
    the gate.
    """
    app.register_error_handler(ProofNeeded, _ask)
    app.before_request(_check_answer)


def _check_answer() -> Page | None:
    """Hear a proof; not where there is no page: nothing there has asked, nor looked for the form's
    token.
    """
    if (
        request.endpoint is None
        or request.method != "POST"
        or not (PASSWORD in request.form or CODE in request.form)
    ):
        return None
    reader = current_seat() if current_user.is_authenticated else None
    if reader is None or reader.session is None or reader.scopes is not None:
        return None
    refused = (
        None if is_recent(reader, now=utcnow()) else _prove(reader)
    )  # sent twice: the first one counts
    if refused is not None:
        return _page(refused), refused.status
    request.form = ImmutableMultiDict(
        (name, value) for name, value in request.form.items(multi=True) if not name.startswith(OURS)
    )
    return None


def _prove(reader: Seat) -> Refusal | None:
    """Check what was sent; return the refusal where it is wrong, the transaction ended."""
    now, ip, code = (
        utcnow(),
        cookies.client_address(),
        plain_digits(request.form.get(CODE, "")) or "",
    )
    try:
        if request.form.get(PASSKEY):
            reauthentication.check_passkey(
                reader.account,
                request.form[PASSKEY],
                browser=challenge_session.finish(),
                ip=ip,
                now=now,
            )
        else:
            reauthentication.check(
                reader.account, password=request.form.get(PASSWORD, ""), code=code, now=now
            )
    except Refusal as refusal:
        settle(refusal)
        reauthentication.record(reader, is_proved=False, ip=ip, now=now)
        db.session.commit()
        return refusal
    flow.renew_session(reader, now=now)
    reauthentication.record(reader, is_proved=True, ip=ip, now=now)
    db.session.commit()
    reauthentication.forget_tries(reader.account)
    return None


def _ask(_needed: ProofNeeded) -> Page:
    db.session.rollback()
    return _page(), FORBIDDEN


def _page(refused: Refusal | None = None) -> str:
    """The page; what was posted goes along, secrets apart.

    A page that was only read is come back to.
    """
    is_posted, account, path = request.method == "POST", seat().account, current_path()
    return render_template(
        "sign_in/proof.html",
        title=_("Confirm it is you"),
        account=account,
        complaint=str(refused) if refused else "",
        can_use_app=reauthentication.can_use_app(account),
        can_use_passkey=reauthentication.can_use_passkey(account),
        is_code=bool(request.form.get(CODE)),
        action=path if is_posted else url_for("ProofView.confirm", next=safe_next(path)),
        kept=_posted_fields() if is_posted else [],
        back=_cancel_path(),
    )


def _posted_fields() -> list[tuple[str, Any]]:
    return [
        (name, value)
        for name, value in request.form.items(multi=True)
        if not (name.startswith(OURS) or name.endswith(("password", "csrf_token")))
    ]


def _cancel_path() -> str:
    """Where somebody goes who would rather not: the page they came from."""
    came_from = urlsplit(request.referrer or "")
    path = came_from.path + (f"?{came_from.query}" if came_from.query else "")
    found = request.form.get(BACK) or (path if came_from.netloc == request.host else "")
    return "/" if request.method != "POST" and found == current_path() else safe_next(found) or "/"
