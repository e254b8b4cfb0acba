"""Actions: verbs on one row or on the rows that were selected, verbs with what a form holds.

Here: finding rows and permission, running verbs, one commit, saying what was done and what was
refused. Not here: list, show and which form (screens.model_view).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, TypeVar

from flask import abort, flash, redirect, request
from flask_appbuilder import expose
from werkzeug.wrappers import Response

from app.access.context import context
from app.batches.kinds import Kind
from app.extensions import db
from app.http.paths import asked_next
from app.kernel.errors import NotFound, Refusal
from app.kernel.i18n import _, lazy
from app.screens import notes, row_kinds
from app.screens.batch_verbs import Asked, begin
from app.screens.forms import PortalForm

Page = str | Response | tuple[str, int]
UNPROCESSABLE = 422
Made = TypeVar("Made")


class ActionsMixin:
    """The actions of a model view, by POST only, on rows that exist for this request only; FAB's
    would reach all.
    """

    actions: dict[str, Any]
    endpoint: str
    appbuilder: Any
    asked_rows: Callable[[Any], Any]
    class_permission_name: str
    load: Callable[[str], Any]
    list_url: Callable[[], str]
    get_action_permission_name: Callable[[str], str]
    page: Callable[..., Any]
    show_url: Callable[[Any], str]
    _write: Callable[..., Page]
    action_template: ClassVar[str] = "appbuilder/general/model/action.html"
    action_asks: ClassVar[Mapping[str, Any]] = {}
    """By the name of an action: what is asked before it, about `%(name)s`."""
    action_explanations: ClassVar[dict[str, Any]] = {}
    """By the name of an action: what it does, for the page that asks."""

    @expose("/action/<string:name>/<pk>", methods=["GET", "POST"])
    def action(self, name: str, pk: str) -> Page:
        """One row's action; a GET asks first, for the menu of a row leads here."""
        chosen = self._permitted_action(name)
        if not chosen.single:
            raise NotFound()
        item = self.load(pk)
        if request.method == "POST":
            return self._finish(chosen.func(item))
        return self.page(
            self.action_template,
            title=chosen.text,
            question=self.action_question(name, item),
            explanation=self.action_explanations.get(name, ""),
            item=item,
            pk=item.id,
            chosen=chosen,
            next=asked_next(self.list_url()),
            cancel_url=asked_next(self.list_url()),
        )

    def action_question(self, name: str, item: Any) -> str:
        """What is asked before an action of one row."""
        verb = str(self.actions[name].text).rstrip("…")
        asked = self.action_asks.get(name, lazy("%(verb)s: %(name)s?"))
        return str(asked) % {"verb": verb, "name": self.item_name(item)}

    @expose("/action_post", methods=["POST"])
    def action_post(self) -> Page:
        chosen = self._permitted_action(request.form.get("action", ""))
        if not chosen.multiple:
            raise NotFound()
        try:
            items = self.asked_rows(request.form)
            if items.is_any():
                return self._finish(chosen.func(items))
            flash(_("Nothing was selected."), "warning")
        except Refusal as refusal:
            settle(refusal)
            flash(str(refusal), "danger")
        return redirect(asked_next(self.list_url()))

    def attempt(self, verb: Callable[[], Any]) -> Refusal | None:
        """Run a verb and commit; flash its refusal and return it where there is one."""
        return attempt(verb)

    def each(self, asked: Asked, verb: Callable[[Any], Any]) -> Page:
        """Let a verb of this view be done to each of the rows that were asked for, after a
        question: by the engine (batches), which calls it by its name.
        """
        chosen = self.actions[request.form.get("action", "")]
        permission = self.get_action_permission_name(chosen.name).removeprefix("can_")
        return begin(
            row_kinds.EACH,
            asked,
            needs=(permission, self.class_permission_name),
            arguments={"view": self.endpoint, "verb": verb.__name__},
        )

    def act(self, items: Any, kind: Kind, verb: Callable[[Any], Any], **told: Any) -> Page:
        """Run a verb on one row, whose page comes then; ask for a batch of a kind on the rows that
        were selected.
        """
        if isinstance(items, Asked):
            return begin(kind, items)
        self.carry_out(lambda: verb(items), **told)
        return redirect(asked_next(self.show_url(items)))

    def form_page(
        self,
        template: str,
        form: PortalForm,
        verb: Callable[[], Any],
        words: Callable[[Any], dict[str, Any]],
        *,
        saved: Any,
        back: str,
    ) -> Page:
        """A page with one form: shown, or shown again with what was refused, or done. `words` are
        what it tells besides, of the form as it is filled.
        """

        def show(filled: PortalForm) -> str:
            return str(self.page(template, form=filled, **words(filled)))

        if request.method != "POST":
            return show(form)
        return self._write(form, verb, saved, show, lambda _made: redirect(back))

    def carry_out(self, verb: Callable[[], Any], **told: Any) -> bool:
        """Run a verb, commit, and tell what it did (screens.notes), or why it was refused."""
        return carry_out(verb, **told)

    def item_name(self, item: Any) -> str:
        """How an item is called in a result."""
        return str(item)

    def _permitted_action(self, name: str) -> Any:
        chosen = self.actions.get(name)
        if chosen is None:
            raise NotFound()
        if not self._may_act(chosen):
            abort(403)
        return chosen

    def _may_act(self, action: Any) -> bool:
        return bool(
            self.appbuilder.sm.has_access(
                self.get_action_permission_name(action.name), self.class_permission_name
            )
        )

    def _finish(self, answer: Any) -> Page:
        return answer if answer is not None else redirect(asked_next(self.list_url()))


def submit(
    form: PortalForm,
    verb: Callable[[], Made],
    again: Callable[[Any], str],
    done: Callable[[Made], Page],
) -> Page:
    """Run a verb with what a form holds, and commit; show the form again, each sentence at its
    field, where it is not in order or refused.
    """
    if not form.validate():
        _look_further(form)
        return again(form), UNPROCESSABLE
    try:
        made = verb()
        db.session.commit()
    except Refusal as refusal:
        settle(refusal)
        for one in refusal.each():
            form.refuse_for(one)
        return again(form), refusal.status
    return done(made)


def _look_further(form: PortalForm) -> None:
    """Say of a form that is not in order what else would be refused, at the fields that are."""
    try:
        form.also()
    except Refusal as refusal:
        settle(refusal)
        for one in refusal.each():
            if one.field in form and not form[one.field].errors:
                form.refuse(one.field, str(one))


def attempt(verb: Callable[[], Any]) -> Refusal | None:
    """Run a verb and commit; flash its refusal and return it where there is one."""
    refused = refusal_of(verb)
    if refused is not None:
        flash(str(refused), "danger")
    return refused


def carry_out(verb: Callable[[], Any], **told: Any) -> bool:
    """Run a verb, commit, and tell by name what it did, or why it was refused."""
    deed = notes.Deed(verb, **told)
    if attempt(deed) is not None:
        return False
    deed.tell()
    return True


def refusal_of(verb: Callable[[], Any]) -> Refusal | None:
    """Run a verb and commit; return its refusal, its transaction ended, where there is one."""
    try:
        verb()
        db.session.commit()
    except Refusal as refusal:
        settle(refusal)
        return refusal
    return None


def settle(refusal: Refusal) -> None:
    """End the transaction of a refused verb: undone, unless what led to the refusal must be
    remembered.
    """
    if (seconds := getattr(refusal, "seconds", None)) is not None:
        context().retry_after = seconds
    if refusal.keep_changes:
        db.session.commit()
    else:
        db.session.rollback()
