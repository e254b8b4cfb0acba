"""The pages of batches: the list, the question, how far one has come, what became of it.

Here: what is shown and pressed. Not here: what happens (batches.service, batches.worker), what a
kind asks (kinds.Question).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from flask import abort, flash, redirect, request
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access

from app.batches import asking, lists, queries, service, words
from app.batches.kinds import KINDS, Kind
from app.extensions import db
from app.http.context import seat
from app.http.paths import asked_next
from app.kernel.clock import utcnow
from app.kernel.errors import NotFound, Refusal
from app.kernel.i18n import _, lazy
from app.models import Batch, BatchState, RowState
from app.outbox import of_batches
from app.screens import batch_verbs, formatters
from app.screens.actions import UNPROCESSABLE, Page, settle
from app.screens.model_view import ServiceModelView

SHOWN = 100
"""Names on the page that asks, rows on a page of the result."""


def state_words(state: BatchState) -> Any:
    """A state, as the list says it."""
    return lists.STATES.get(state, state)


class BatchView(ServiceModelView):
    """What was done to many at once: 一括処理 (T2-42)."""

    definition = lists.BATCHES
    exclude_route_methods: ClassVar[set[str]] = {"download", "add", "edit", "delete", "action"}
    list_title = lazy("Batches")
    empty_title = lazy("No batches yet")
    empty_text = lazy("Whatever is done to many at once stands here: how far it is, what it did.")
    formatters_columns = {"state": state_words, "created_at": formatters.when}
    show_columns = ["kind"]
    method_permission_name = {
        "list": "read",
        "show": "read",
        "ask": "read",
        "progress": "read",
        "cancel": "read",
        "undo": "read",
    }

    def item_name(self, item: Batch) -> str:
        return words.title(item)

    def row_values(self, rows: Sequence[Batch]) -> Any:
        """Each by its title."""
        values = self.datamodel.get_values(rows, self.list_columns)
        return [one | {"kind": words.title(row)} for one, row in zip(values, rows, strict=True)]

    def show_url(self, item: Batch) -> str:
        return batch_verbs.page_url(item)

    @expose("/show/<pk>")
    @has_access
    def show(self, pk: str) -> Page:
        """How far it has come; once it is over, what became of it."""
        batch: Batch = self.load(pk)
        if batch.state is BatchState.CHECKED:
            return redirect(self._checked_url(batch))
        asked = request.args.get("rows", "")
        state = RowState(asked) if asked in {*RowState} else None
        return self.page(
            "batches/show.html",
            title=words.title(batch),
            batch=batch,
            state=state,
            rows=queries.rows(batch, state, most=SHOWN) if batch.is_over else [],
            letters=of_batches.counts(batch.public_id) if batch.is_over else None,
            **self._around(batch),
        )

    @expose("/progress/<pk>")
    @has_access
    def progress(self, pk: str) -> Page:
        """The part of the page that moves."""
        batch: Batch = self.load(pk)
        return self.page("batches/_progress.html", batch=batch, **self._around(batch))

    @expose("/ask/<pk>", methods=["GET", "POST"])
    @has_access
    def ask(self, pk: str) -> Page:
        """Ask whether it is meant; then run it, here if that is quick."""
        batch: Batch = self.load(pk)
        kind = self._kind(batch)
        if batch.state is not BatchState.CHECKED or batch.author_id != seat().account.id:
            return redirect(self.show_url(batch))
        form = kind.question.form(batch) if kind.question.form else None
        if request.method != "POST":
            return self._question(batch, kind, form)
        if form is not None and not form.validate():
            return self._question(batch, kind, form), UNPROCESSABLE
        return self._confirm(batch, kind, form)

    def _confirm(self, batch: Batch, kind: Kind, form: Any) -> Page:
        """Let it run, unless what was chosen makes more of it impossible than the page has said."""
        kind.question.ensure(batch, seat(), utcnow())
        arguments = kind.question.read(form) if form is not None else {}
        if asking.finds_more(batch, kind, arguments, by=seat(), now=utcnow()):
            db.session.commit()
            return self._question(batch, kind, form, finds_more=True), UNPROCESSABLE
        try:
            service.confirm(batch, by=seat(), now=utcnow(), arguments=arguments)
            db.session.commit()
        except Refusal as refusal:
            settle(refusal)
            flash(str(refusal), "danger")
            return redirect(self._back())
        return batch_verbs.run(batch, self._back(self.show_url(batch)))

    @expose("/cancel/<pk>", methods=["POST"])
    @has_access
    def cancel(self, pk: str) -> Page:
        """Stop before the next slice; a question that is not answered is put away."""
        batch: Batch = self.load(pk)
        was_asking = batch.state is BatchState.CHECKED
        self.attempt(lambda: service.cancel(batch, now=utcnow()))
        return redirect(self._back() if was_asking else self.show_url(batch))

    @expose("/undo/<pk>", methods=["GET", "POST"])
    @has_access
    def undo(self, pk: str) -> Page:
        """Take back what it did: a batch of its own."""
        batch: Batch = self.load(pk)
        if not batch_verbs.can_undo(batch):
            if service.can_undo(batch, now=utcnow()):
                abort(403)
            flash(str(service.NotUndoable()), "danger")
            return redirect(self.show_url(batch))
        if request.method != "POST":
            return self.page(
                "batches/undo.html", title=_("Undo"), batch=batch, done=words.title(batch)
            )
        undoing = service.undo(batch, by=seat(), now=utcnow())
        db.session.commit()
        return batch_verbs.run(undoing, self._back(self.show_url(undoing)))

    def _question(self, batch: Batch, kind: Kind, form: Any, *, finds_more: bool = False) -> str:
        concerned = kind.question.concerned(batch)
        return self.page(
            "batches/ask.html",
            title=_("Are you sure?"),
            batch=batch,
            kind=kind,
            form=form,
            rows=queries.rows(batch, None, most=SHOWN),
            possible=batch.count(RowState.PLANNED),
            finds_more=finds_more,
            words=kind.question.words(concerned),
            consequences=kind.question.consequences(concerned),
            back=self._back(),
        )

    def _around(self, batch: Batch) -> dict[str, Any]:
        """What both the page and its moving part say."""
        now = utcnow()
        return {
            "said": words,
            "time_left": words.time_left(batch, now=now),
            "is_stuck": words.is_stuck(batch, now=now),
            "before": queries.before(batch),
            "undone_by": service.undone_by(batch) if batch.is_over else None,
            "can_undo": batch.is_over and batch_verbs.can_undo(batch),
            "url": batch_verbs.page_url,
        }

    def _kind(self, batch: Batch) -> Kind:
        if batch.kind not in KINDS:
            raise NotFound()
        return KINDS[batch.kind]

    def _checked_url(self, batch: Batch) -> str:
        own = self._kind(batch).checked_url
        return own(batch) if own else batch_verbs.page_url(batch, "ask")

    def _back(self, otherwise: str = "") -> str:
        return asked_next(otherwise or self.list_url())


class PlatformBatchView(BatchView):
    """The same for accounts and letters, which are no organization's."""

    definition = lists.PLATFORM_BATCHES
    exclude_route_methods: ClassVar[set[str]] = BatchView.exclude_route_methods | {"undo"}
    list_title = lazy("Batches")
    method_permission_name = BatchView.method_permission_name
