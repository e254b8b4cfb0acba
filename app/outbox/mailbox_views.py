"""The local mailbox as everybody at this machine sees it: letters that would have been sent.

Here: its pages, and that they exist for this machine only. Not here: the outbox (outbox.views), the
mailbox itself (outbox.mailbox).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from flask import current_app, flash, make_response, redirect, request, url_for
from flask_appbuilder import BaseView, expose
from werkzeug.wrappers import Response

from app.kernel.errors import NotFound
from app.kernel.i18n import _, ngettext
from app.outbox.mailbox import LocalMailbox
from app.screens.list_query import Listing
from config import LOOPBACK

View = Callable[..., Any]

SANDBOX = "allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation"

LETTER_POLICY = {
    "default-src": "'none'",
    "style-src": "'unsafe-inline'",
    "img-src": "data:",
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'self'",
    "sandbox": SANDBOX,
}
"""A letter is a stranger's page: it may look as it likes, be framed by us, and lead elsewhere when
somebody presses a link.
"""


def for_this_machine(view: View) -> View:
    """Let a page of the local mailbox exist only while there is one, and only for requests from
    this very machine.
    """

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        if not is_local():
            raise NotFound()
        return view(*args, **kwargs)

    return guarded


def is_local() -> bool:
    """Whether letters stay here, and whoever asks sits at this machine, not behind a proxy
    on it."""
    settings = current_app.config["SETTINGS"]
    forwarded = any(
        name in request.headers for name in ("X-Forwarded-For", "Forwarded", "X-Real-IP")
    )
    here = settings.local_mailbox and urlsplit(settings.portal_url).hostname in LOOPBACK
    return bool(
        here and (settings.trusted_proxies or not forwarded) and _is_loopback(request.remote_addr)
    )


def _is_loopback(address: str | None) -> bool:
    try:
        return ip_address((address or "").removeprefix("::ffff:")).is_loopback
    except ValueError:
        return False


class MailboxView(BaseView):
    """The local mailbox: what would have been sent.

    Public by name (menu.PUBLIC), bounded by `for_this_machine`.
    """

    route_base = "/mailbox"
    default_view = "list"

    @expose("/")
    @for_this_machine
    def list(self) -> str:
        box, path = _mailbox(), url_for("MailboxView.list")
        listing = Listing.read(
            request.args,
            path=path,
            filters=(),
            order_columns={},
            search_label=_("Recipient or subject"),
        )
        names = box.names(listing.q)
        listing.count = len(names)
        listing.page = min(listing.page, listing.pages)
        first = (listing.page - 1) * listing.page_size
        listing.rows = box.some(names[first : first + listing.page_size])
        kept = len(box.names()) if listing.q else listing.count
        return str(
            self.render_template(
                "mailbox/list.html", title=_("Local mailbox"), listing=listing, kept=kept
            )
        )

    @expose("/<string:name>")
    @for_this_machine
    def show(self, name: str) -> str:
        letter = _mailbox().read(name)
        part = "text" if request.args.get("part") == "text" or not letter.html else "html"
        return str(
            self.render_template(
                "mailbox/show.html", title=letter.subject, letter=letter, chosen=part
            )
        )

    @expose("/<string:name>/html")
    @for_this_machine
    def html(self, name: str) -> Response:
        """The letter itself, which may do nothing but be read; its links open in the whole
        window."""
        letter = _mailbox().read(name)
        return make_response(letter.html.replace("<head>", '<head><base target="_top">', 1))

    html.talisman_view_options = {
        "frame_options": "SAMEORIGIN",
        "content_security_policy": LETTER_POLICY,
    }

    @expose("/clear", methods=["POST"])
    @for_this_machine
    def clear(self) -> Response:
        count = _mailbox().clear()
        flash(
            ngettext("%(num)s letter was thrown away.", "%(num)s letters were thrown away.", count),
            "success",
        )
        return redirect(url_for("MailboxView.list"))


def _mailbox() -> LocalMailbox:
    return LocalMailbox(current_app.config["SETTINGS"].instance_path)
