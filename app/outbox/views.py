"""The outbox as the platform administrator sees it, and the local mailbox as everybody at this
machine does.

Here: two screens. Neither shows what it is not for: the outbox no content, the mailbox nothing to
other machines.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import wraps
from ipaddress import ip_address
from typing import Any, ClassVar
from urllib.parse import urlsplit

from flask import current_app, flash, make_response, redirect, request, url_for
from flask_appbuilder import BaseView, expose
from flask_appbuilder.actions import action
from flask_appbuilder.security.decorators import has_access
from markupsafe import Markup
from sqlalchemy import Select, or_
from werkzeug.wrappers import Response

from app.extensions import db
from app.kernel.clock import utcnow
from app.kernel.errors import NotFound
from app.kernel.i18n import _, lazy, ngettext
from app.models import Letter, LetterState
from app.outbox import columns, queries, reasons
from app.outbox import service as outbox
from app.outbox.mailbox import Mailbox
from app.web import formatters
from app.web.crud import ServiceModelView
from app.web.here import seat
from app.web.interface import PlatformInterface
from app.web.listing import Filter, Listing
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


def state_badge(state: LetterState) -> Markup:
    """A letter's state: icon and word."""
    return formatters.badge("outbox/_state.html", state=state, label=columns.STATES[state])


def moment(value: datetime | None) -> Markup:
    """A moment, or nothing where there is none."""
    return formatters.when(value) if value else Markup()


class OutboxView(ServiceModelView):
    """Letters on their way: 送信トレイ (B-87)."""

    datamodel = PlatformInterface(Letter)
    route_base = "/outbox"
    exclude_route_methods: ClassVar[set[str]] = {"download", "add", "edit", "delete"}
    list_title = lazy("Outbox")
    list_template = "outbox/list.html"
    search_label = lazy("Recipient or subject")
    empty_title = lazy("No letters yet")
    empty_text = lazy("Letters of the last days and their state stand here.")
    label_columns = columns.ITEM
    list_columns = list(columns.LIST)
    show_columns = list(columns.ITEM)
    formatters_columns = {
        "state": state_badge,
        "kind": lambda kind: columns.KINDS.get(kind, kind),
        "reason": reasons.spoken,
        "language": formatters.language_name,
        "next_try_at": moment,
        "sent_at": moment,
        "created_at": moment,
    }
    sorts = {
        "recipient": Letter.recipient,
        "attempts": Letter.attempts,
        "next_try_at": Letter.due_at,
        "created_at": Letter.created_at,
    }
    base_sort = "-created_at"
    class_permission_name = "Outbox"
    method_permission_name = {
        "list": "manage",
        "show": "manage",
        "send_test": "manage",
        "retry": "manage",
    }

    filters = (
        Filter(
            "state",
            lazy("State"),
            options=lambda: list(columns.STATES.items()),
            multiple=True,
            apply=lambda query, chosen: query.where(
                Letter.state.in_([LetterState(one) for one in chosen])
            ),
        ),
    )

    def search(self, query: Select[Any], words: str) -> Select[Any]:
        """Find letters by part of their recipient or subject."""
        return query.where(
            or_(
                Letter.recipient.icontains(words, autoescape=True),
                Letter.subject.icontains(words, autoescape=True),
            )
        )

    def page(self, template: str, **words: Any) -> str:
        """Say above the list why letters wait."""
        complaints = [
            ngettext(
                "%(num)s letter: %(reason)s",
                "%(num)s letters: %(reason)s",
                count,
                reason=reasons.spoken(reason),
            )
            for reason, count in queries.complaints()
        ]
        return super().page(
            template,
            complaints=complaints,
            local_mailbox=current_app.config["SETTINGS"].local_mailbox,
            **words,
        )

    @action("retry", lazy("Send again"), icon="arrow-repeat")
    def retry(self, items: Letter | Sequence[Letter]) -> Response:
        """Make letters due at once."""
        now = utcnow()
        chosen = [items] if isinstance(items, Letter) else list(items)
        self.each(
            chosen,
            lambda letter: outbox.retry(letter, now=now),
            lambda count: ngettext(
                "%(num)s letter is being sent again.",
                "%(num)s letters are being sent again.",
                count,
            ),
        )
        return redirect(self.get_redirect())

    @expose("/test", methods=["POST"])
    @has_access
    def send_test(self) -> Response:
        """Post a letter to the reader, so that they see whether mail works."""
        letter = outbox.post_test(seat(), now=utcnow())
        db.session.commit()
        flash(
            _(
                "A test letter to %(address)s is on its way. Its line below says when it has left,"
                " or why not.",
                address=letter.recipient,
            ),
            "success",
        )
        return redirect(self.list_url())

    def allowed_actions(self, item: Letter) -> Sequence[Any]:
        """Offer to send again only what can be."""
        return super().allowed_actions(item) if outbox.can_retry(item) else []

    def item_name(self, item: Letter) -> str:
        return item.subject

    def row_class(self, item: Letter) -> str:
        """Let letters that need somebody stand out."""
        return "due" if item.state is LetterState.DEAD else ""


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

    Public by name (portal.PUBLIC), bounded by `for_this_machine`.
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
            sorts={},
            sort="",
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


def _mailbox() -> Mailbox:
    return Mailbox(current_app.config["SETTINGS"].instance_path)
