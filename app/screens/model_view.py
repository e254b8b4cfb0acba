"""CRUD: Flask-AppBuilder's model view, writing through our verbs.

Here: show, add, edit and delete once, safely: bounded rows, one commit, refusals shown at their
field. Not here: lists (screens.list_view), actions (screens.actions), what a feature says of its
rows (screens.verbs), what is shown and what happens (each feature's views and service).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

from flask import redirect, request
from flask_appbuilder import ModelView, expose
from flask_appbuilder.security.decorators import has_access
from werkzeug.wrappers import Response

from app.extensions import db
from app.http.paths import asked_next
from app.kernel.clock import utcnow
from app.kernel.i18n import lazy
from app.screens import notes, optimistic_lock
from app.screens.actions import ActionsMixin, Page, submit
from app.screens.forms import PortalForm
from app.screens.interface import PlatformInterface
from app.screens.list_view import ListMixin
from app.screens.offered import OfferedMixin
from app.screens.own_pages import OwnPagesMixin
from app.screens.permissions import PermissionsMixin
from app.screens.verbs import VerbsMixin


class ServiceModelView(
    PermissionsMixin, OfferedMixin, OwnPagesMixin, VerbsMixin, ListMixin, ActionsMixin, ModelView
):
    """A model view whose writes are `create`, `update`, `remove` and actions: verbs of a service,
    committed here, once.
    """

    datamodel: PlatformInterface
    exclude_route_methods: ClassVar[set[str]] = {"download"}
    search_form: Any = PortalForm
    delete_title: ClassVar[Any] = lazy("Delete")
    delete_label: ClassVar[Any] = lazy("Delete")
    add_label: ClassVar[Any] = lazy("Add")
    save_label: ClassVar[Any] = lazy("Save")
    keep_label: ClassVar[Any] = lazy("Cancel")
    added: ClassVar[Any] = lazy("Added.")
    added_more: ClassVar[Any] = ""
    """What follows the note of what was added."""
    added_opens: ClassVar[bool] = False
    """Whether the page of what was added comes next, instead of the list."""
    saved: ClassVar[Any] = lazy("Saved.")
    deleted: ClassVar[Any] = lazy("Deleted.")
    page_words: ClassVar[Mapping[str, Any]] = {}
    """What every template of the view is given."""
    delete_template = "appbuilder/general/model/delete.html"
    delete_form: Any = None
    """What is filled in before a row is deleted, which `remove` then gets, too; None: nothing, a
    refusal is told on the list.
    """

    # the screens

    @expose("/show/<pk>")
    @has_access
    def show(self, pk: str) -> Page:
        item = self.load(pk)
        return self.page(
            self.show_template,
            pk=item.id,
            title=self.show_title,
            item=item,
            shown=self.shown(item),
            widgets=self.show_widgets(item),
            related_views=[],
            **self.show_words(item),
        )

    @expose("/add", methods=["GET", "POST"])
    @has_access
    def add(self) -> Page:
        form = self.make_form(self.add_form)
        if request.method == "POST":
            return self._write(
                form,
                lambda: self.create(self.values_of(form)),
                self.added,
                self._add_page,
                self.after_add,
                more=self.added_more,
            )
        self.fill(form)
        return self._add_page(form)

    @expose("/edit/<pk>", methods=["GET", "POST"])
    @has_access
    def edit(self, pk: str) -> Page:
        item = self.load(pk)
        sent = request.method == "POST"
        form = self.make_form(self.edit_form, item, **({} if sent else {"obj": item}))
        form._id = item.id
        if sent:
            return self._write(
                form,
                lambda: self._updated(item, form),
                self.saved,
                lambda filled: self._edit_page(filled, item),
                self.after_edit,
            )
        self.ensure_may_change(item)
        self.fill(form, item)
        return self._edit_page(form, item)

    @expose("/delete/<pk>", methods=["GET", "POST"])
    @has_access
    def delete(self, pk: str) -> Page:
        item = self.load(pk)
        if request.method != "POST":
            self.ensure_deletable(item)
        elif self.delete_form is None:
            self.carry_out(lambda: self.remove(item), otherwise=self.deleted)
            return self.post_delete_redirect()
        asked = [] if self.delete_form is None else [self.make_form(self.delete_form, item)]
        remove: Any = self.remove
        return self.form_page(
            self.delete_template,
            asked[0] if asked else PortalForm(),
            lambda: remove(item, *asked),
            lambda form: self._delete_words(item if item in db.session else self.load(pk), form),
            saved=self.deleted,
            back=self.list_url(),
        )

    # how they do it

    def begin(self, form: Any, **more: Any) -> Any:
        """Return a form, with the fields that exist for the reader."""
        return form(**more)

    def make_form(self, form: Any, item: Any = None, **more: Any) -> Any:
        """Return a form that offers what there is to choose."""
        made = self.begin(form, **more)
        self.prepare(made, item)
        return made

    def load(self, pk: str) -> Any:
        """Return one row that exists for this request, or raise NotFound."""
        return self.datamodel.one(pk)

    def after_add(self, item: Any) -> Response:
        """Where to go after adding."""
        return redirect(self.show_url(item) if self.added_opens else asked_next(self.list_url()))

    def after_edit(self, item: Any) -> Response:
        """Where to go after saving."""
        return redirect(asked_next(self.show_url(item)))

    def page(self, template: str, **words: Any) -> str:
        """Render a template of this view."""
        return str(
            self.render_template(
                template,
                view=self,
                modelview_name=self.__class__.__name__,
                **self.page_words,
                **words,
            )
        )

    def update_redirect(self) -> None:
        """Keep no history in the cookie: addresses may hold secrets."""

    def get_redirect(self) -> str:
        """Return where the form asks to go, or the list."""
        return asked_next(self.list_url())

    def _write(
        self,
        form: Any,
        verb: Callable[[], Any],
        message: Any,
        again: Callable[[Any], str],
        after: Callable[[Any], Response],
        *,
        more: Any = "",
        said: Any = "",
    ) -> Page:
        deed = notes.Deed(verb, otherwise=message, more=more, said=said)

        def done(item: Any) -> Response:
            deed.tell()
            return after(item)

        return submit(form, deed, again, done)

    def _updated(self, item: Any, form: Any) -> Any:
        if self.watched(item) is not None:
            self.look_again(item)
            optimistic_lock.ensure_same(self.watched(item) or {}, self.about(item), now=utcnow())
        self.update(item, self.values_of(form))
        return item

    def _delete_words(self, item: Any, form: Any) -> dict[str, Any]:
        return {
            "title": self.delete_title,
            "question": self.delete_question(item),
            "consequences": self.consequences(item),
            "item": item,
            "pk": item.id,
            "label": self.delete_label,
            "cancel_url": asked_next(self.show_url(item)),
        } | self.delete_words(item, form)

    def _add_page(self, form: Any) -> str:
        widget = self.add_widget(
            form=form, include_cols=_names(form), exclude_cols=[], fieldsets=self.add_fieldsets
        )
        return self.page(
            self.add_template,
            title=self.add_title,
            widgets={"add": widget},
            form=form,
            submit_label=self.add_label,
            cancel_url=self.list_url(),
        )

    def _edit_page(self, form: Any, item: Any) -> str:
        item = item if item in db.session else self.load(str(form._id))
        if (state := self.watched(item)) is not None:
            form.seen = optimistic_lock.stamp_for(form, state, now=utcnow())
        widget = self.edit_widget(
            form=form, include_cols=_names(form), exclude_cols=[], fieldsets=self.edit_fieldsets
        )
        return self.page(
            self.edit_template,
            title=self.edit_title,
            widgets={"edit": widget},
            form=form,
            item=item,
            related_views=[],
            submit_label=self.save_label,
            cancel_url=self.show_url(item),
        )


def _names(form: Any) -> Sequence[str]:
    return [field.short_name for field in form if field.type != "CSRFTokenField"]
