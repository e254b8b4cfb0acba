"""The pages of an import: the file, the check, and the way to its run (S2-20…S2-25).

Here: what is shown and pressed. Not here: reading and checking (imports.drafts), running and its
result (batches.views).
"""

from __future__ import annotations

from typing import Any

from flask import redirect, request, url_for
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import has_access
from flask_login import current_user
from werkzeug.wrappers import Response

from app.access.context import current_seat
from app.access.policy import may
from app.batches import worker
from app.exchange.writing import BOM
from app.http.context import organization, seat
from app.http.reauthentication import ensure_recent
from app.imports import drafts, refused_rows, telling
from app.imports.columns import READ
from app.imports.drafts import Draft
from app.imports.forms import FileForm, ReadingForm
from app.imports.headers import NOT_IMPORTED
from app.imports.kind import IMPORT
from app.imports.refusals import MOST_BYTES
from app.imports.verdicts import Outcome, Verdicts
from app.kernel.clock import utcnow
from app.kernel.i18n import _, listed, ngettext
from app.models import Batch
from app.screens import batch_verbs
from app.screens.actions import Page, attempt, submit
from config import MAX_UPLOAD

MANY = 50
"""Rows from which on whoever imports proves who they are."""


class ImportView(BaseView):
    """Importing members from a file: CSV一括登録."""

    route_base = "/o/<organization>/members/import"
    default_view = "file"
    class_permission_name = "Member"
    method_permission_name = {
        "file": "manage",
        "template": "manage",
        "check": "manage",
        "again": "manage",
        "result": "manage",
        "refused": "manage",
    }

    def create_blueprint(self, *args: Any, **more: Any) -> Any:
        """Let those who may import send as much as a file may have."""
        blueprint = super().create_blueprint(*args, **more)
        blueprint.url_value_preprocessor(_take_files)
        return blueprint

    @expose("/", methods=["GET", "POST"])
    @has_access
    def file(self) -> Page:
        """Choose a file; nothing changes yet."""
        form = FileForm()
        if request.method == "POST":
            return submit(form, lambda: self._begin(form), self._file, _checked)
        return self._file(form)

    @expose("/template")
    @has_access
    def template(self) -> Response:
        """The names of the columns, in the reader's language (S2-21)."""
        names = ",".join(str(one.label) for one in READ if one.in_template)
        answer = Response(f"{BOM}{names}\r\n".encode(), content_type="text/csv; charset=utf-8")
        name = f"{organization().code}-import.csv"
        answer.headers.set("Content-Disposition", "attachment", filename=name)
        return answer

    @expose("/<pk>", methods=["GET", "POST"])
    @has_access
    def check(self, pk: str) -> Page:
        """What the file would do; then let it."""
        batch = drafts.find(pk, organization(), by=seat())
        if request.method == "POST":
            return self._import(batch)
        return self._check(drafts.look(batch, by=seat(), now=utcnow()))

    @expose("/<pk>/result")
    @has_access
    def result(self, pk: str) -> Page:
        """How far it is, and what became of it."""
        batch = drafts.find_run(pk, organization(), by=seat())
        refused = drafts.refused(batch) if batch.is_over else []
        page = self._page(
            "imports/result.html",
            title=telling.result(batch),
            batch=batch,
            refused=refused[: telling.MOST],
            more=max(0, len(refused) - telling.MOST),
            undo=batch_verbs.page_url(batch, "undo") if batch_verbs.can_undo(batch) else "",
        )
        looks_again = not batch.is_over and "still" not in request.args
        return Response(
            page, content_type="text/html", headers={"Refresh": "4"} if looks_again else {}
        )

    @expose("/<pk>/refused")
    @has_access
    def refused(self, pk: str) -> Response:
        """The rows that were refused, as a file that is imported again once it is mended."""
        batch = drafts.find_run(pk, organization(), by=seat())
        text = refused_rows.written(batch, now=utcnow())
        answer = Response(text.encode(), content_type="text/csv; charset=utf-8")
        name = f"{organization().code}-refused.csv"
        answer.headers.set("Content-Disposition", "attachment", filename=name)
        return answer

    @expose("/<pk>/again", methods=["POST"])
    @has_access
    def again(self, pk: str) -> Page:
        """Read the file otherwise."""
        batch = drafts.find(pk, organization(), by=seat())
        answers = {
            name.removeprefix("column-"): value
            for name, value in request.form.items()
            if name.startswith("column-") and value
        }
        attempt(
            lambda: drafts.choose(
                batch,
                utcnow(),
                encoding=request.form.get("encoding", ""),
                delimiter=request.form.get("delimiter", "")[:1],
                sheet=request.form.get("sheet", "")[:100],
                columns=answers,
            )
        )
        return redirect(_check_url(batch))

    def _begin(self, form: FileForm) -> Batch:
        drafts.CHECKS.hit(seat().account.id)
        content, name = form.content
        return drafts.begin(
            IMPORT, organization(), content, name=name, mode=form.mode, by=seat(), now=utcnow()
        )

    def _import(self, batch: Batch) -> Page:
        """Let it run, here as far as that goes; back to the check where it may not."""
        if attempt(lambda: self._confirm(batch)) is not None:
            return redirect(_check_url(batch))
        worker.run_now(batch)
        return redirect(url_for("ImportView.result", pk=batch.public_id))

    def _confirm(self, batch: Batch) -> None:
        now = utcnow()
        draft = drafts.look(batch, by=seat(), now=now, keeps_plans=True)
        if draft.verdicts is not None:
            _ensure_proved(draft.verdicts)
        drafts.confirm(
            batch,
            draft,
            seen=request.form.get("seen", ""),
            only_valid="only_valid" in request.form,
            by=seat(),
            now=now,
        )

    def _file(self, form: FileForm) -> str:
        return self._page(
            "imports/file.html",
            title=_("Import from a file"),
            form=form,
            columns=[one for one in READ if one.help],
            most=MOST_BYTES // 1024 // 1024,
        )

    def _check(self, draft: Draft) -> str:
        verdicts, table = draft.verdicts, draft.table
        choices = draft.batch.arguments["choices"]
        form = ReadingForm(
            encoding=choices.get("encoding", ""),
            delimiter=choices.get("delimiter", ""),
            sheet=table.sheet,
        )
        form.sheet.choices = [(one, one) for one in table.sheets]
        return self._page(
            "imports/check.html",
            title=_title(draft),
            batch=draft.batch,
            table=table,
            verdicts=verdicts,
            told=telling,
            form=form,
            outcome=Outcome,
            known=[one for one in READ if one.is_read],
            not_imported=NOT_IMPORTED,
            listed=listed,
        )

    def _page(self, template: str, **words: Any) -> str:
        return str(self.render_template(template, **words))


def _ensure_proved(verdicts: Verdicts) -> None:
    """Ask whoever removes, gives power, sets passwords or changes many for a fresh proof."""
    doing = verdicts.doing
    is_grave = verdicts.new_power_users or verdicts.counts[Outcome.REMOVE] or len(doing) > MANY
    if is_grave or any("password" in one.changes for one in doing):
        ensure_recent(seat(), now=utcnow())


def _title(draft: Draft) -> str:
    if draft.verdicts is None:
        return _("Some columns are not known. What are they?")
    errors, doing = len(draft.verdicts.errors), len(draft.verdicts.doing)
    if errors:
        return ngettext(
            "This file cannot be imported. %(num)s row has errors.",
            "This file cannot be imported. %(num)s rows have errors.",
            errors,
        )
    if not doing:
        return _("Everything in this file is so already.")
    return ngettext("%(num)s row can be imported.", "All %(num)s rows can be imported.", doing)


def _checked(batch: Batch) -> Response:
    return redirect(_check_url(batch))


def _check_url(batch: Batch) -> str:
    return url_for("ImportView.check", pk=batch.public_id)


def _take_files(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Take a body of the size of a file, from whoever may import one."""
    if endpoint != "ImportView.file" or not current_user.is_authenticated:
        return
    by = current_seat()
    if by is not None and may(by, "manage", "Member"):
        request.max_content_length = MAX_UPLOAD
