"""Letters on their way: the platform administrator's outbox, and an organization's own emails.

Here: the lists and their verbs; no content of letters. Not here: the local mailbox
(outbox.mailbox_views).
"""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter
from typing import Any, ClassVar

from flask import current_app, flash, redirect
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access
from markupsafe import Markup
from werkzeug.wrappers import Response

from app.extensions import db
from app.http.context import seat
from app.kernel.clock import utcnow
from app.kernel.i18n import _, lazy
from app.models import Letter, LetterState
from app.outbox import batch_kinds, failures, kinds, lists, queries
from app.outbox import service as outbox
from app.screens import formatters
from app.screens.model_view import ServiceModelView
from app.screens.row_actions import row_action
from app.screens.services import says


def state_badge(state: LetterState) -> Markup:
    """A letter's state: icon and word."""
    return formatters.badge("outbox/_state.html", state=state, label=lists.STATES[state])


class LetterView(ServiceModelView):
    """Letters and how far they have come, without their content: what every such list shows."""

    exclude_route_methods: ClassVar[set[str]] = {"download", "add", "edit", "delete"}
    empty_title = lazy("No emails yet")
    empty_text = lazy("Emails of the last days and what became of them stand here.")
    formatters_columns = {
        "state": state_badge,
        "kind": lambda kind: kinds.NAMES.get(kind, kind),
        "reason": failures.spoken,
        "refusal": failures.for_others,
        "language": formatters.language_name,
        **dict.fromkeys(
            ("next_try_at", "sent_at", "created_at"), lambda at: formatters.when(at) if at else ""
        ),
    }
    item_name = says(attrgetter("subject"))

    def row_class(self, item: Letter) -> str:
        """Let letters that need somebody stand out."""
        return "due" if item.state is LetterState.DEAD else ""


class OutboxView(LetterView):
    """Letters on their way: 送信トレイ (B-87)."""

    definition = lists.OUTBOX
    list_title = lazy("Outbox")
    page_folder = "outbox"
    show_columns = list(lists.ITEM)
    method_permission_name = {"*": "manage"}

    def page(self, template: str, **words: Any) -> str:
        """Say above the list why letters wait."""
        complaints = [failures.counted(*one) for one in queries.complaints()]
        local = current_app.config["SETTINGS"].local_mailbox
        return super().page(template, complaints=complaints, local_mailbox=local, **words)

    retry = row_action(
        "retry",
        lazy("Send again"),
        lambda letter, now, **_by: outbox.retry(letter, now=now),
        batch_kinds.RETRY,
        icon="arrow-repeat",
        in_menu=False,
        otherwise=lazy("The letter is being sent again."),
    )

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


class EmailsView(LetterView):
    """An organization's emails and how far they have come, without their content (T2-113)."""

    definition = lists.EMAILS
    list_title = lazy("Emails")
    show_columns = ["recipient", "subject", "kind", "state", "refusal", "created_at", "sent_at"]
    method_permission_name = {"list": "read", "show": "read"}
