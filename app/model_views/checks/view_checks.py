"""Checks: what a view says that cannot be honoured, said at start in one sentence each.

Here: attributes of Flask-AppBuilder that have no place here, and values that cannot work, with what
to write instead. Not here: models (model_views.checks.model_checks), names of columns
(model_views.checks.column_checks), names that are taken (model_views.checks.name_checks).
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from flask_appbuilder import BaseView
from flask_appbuilder import ModelView as FabModelView
from flask_appbuilder.api import BaseApi, ModelRestApi
from flask_appbuilder.charts.views import BaseChartView
from flask_appbuilder.views import CompactCRUDMixin, MasterDetailView, MultipleView

from app.kernel.errors import StartRefused
from app.model_views import declared
from app.model_views.checks import column_checks, model_checks, name_checks
from app.model_views.related import relation_to
from app.model_views.view import ModelView
from app.screens.forms import PortalForm
from app.screens.interface import OrganizationInterface, PlatformInterface
from app.screens.list_query import PAGE_SIZES
from app.screens.model_view import ServiceModelView

INSTEAD: dict[str, str] = {
    "actions": "write a method with @action for each",
    "appbuilder": "leave it out, for Flask-AppBuilder sets it",
    "blueprint": "leave it out, for Flask-AppBuilder sets it",
    "endpoint": "leave it out, for a view is reached by the name of its class",
    "previous_class_permission_name": "leave it out, for permissions are kept in code and there is"
    " nothing to converge",
    "previous_method_permission_name": "leave it out, for permissions are kept in code and there is"
    " nothing to converge",
    "search_form": "name columns in search_columns, or give a Column its own `filter`",
    "search_form_extra_fields": "add a Column with its own `filter` to `columns`",
    "search_widget": "override a block in a list_template of your own",
    "static_folder": "serve files from a flask.Blueprint of your own",
    "title": "write list_title",
}
"""Attributes that nothing reads here, and what to write instead."""

NOT_HERE: tuple[tuple[type[Any], str], ...] = (
    (CompactCRUDMixin, "leave CompactCRUDMixin out, for forms open over the list by themselves"),
    (MasterDetailView, "write a ModelView with related_views"),
    (MultipleView, "write one Screen for each view"),
    (BaseChartView, "import GroupByChartView from app.extend"),
    (ModelRestApi, "write a ModelView, which brings its API along"),
    (BaseApi, "write a ModelView, which brings its API along"),
)
"""Kinds of views that would show rows of every organization, and what to write instead."""


class ScreenError(StartRefused):
    """A screen that cannot work; its text is one sentence for the integrator."""


def ensure_sound(view: type[Any]) -> None:
    """Raise ScreenError with the first thing about a view that cannot be honoured."""
    refuse(view, _complaints(view))


def refuse(view: type[Any], complaints: Iterator[str]) -> None:
    """Raise ScreenError with the first complaint about a view."""
    for sentence in complaints:
        raise ScreenError(f"{view.__name__} ({file_of(view)}): {sentence}.")


def file_of(view: type[Any]) -> str:
    """Return the file that a class is written in, from its package on."""
    file, package = inspect.getsourcefile(view), view.__module__.partition(".")[0]
    parts = Path(file or view.__module__).parts
    return "/".join(parts[parts.index(package) :] if package in parts else parts[-1:])


def _complaints(view: type[Any]) -> Iterator[str]:
    yield from _kind(view)
    if not issubclass(view, ModelView):
        return
    yield from _attributes(view)
    yield from _datamodel(view)
    yield from model_checks.complaints(view)
    yield from name_checks.complaints(view)
    yield from _values(view)
    yield from _methods(view)
    yield from column_checks.complaints(view)
    yield from _related(view)


def _kind(view: type[Any]) -> Iterator[str]:
    for kind, instead in NOT_HERE:
        if issubclass(view, kind):
            yield f"a {kind.__name__} reads rows of every organization: {instead}"
    if issubclass(view, FabModelView) and not issubclass(view, ServiceModelView):
        yield "Flask-AppBuilder's ModelView is not bounded: import ModelView from app.extend"
    if not issubclass(view, BaseView):
        yield "this is no view: derive it from app.extend.ModelView"


def _attributes(view: type[Any]) -> Iterator[str]:
    for name, instead in INSTEAD.items():
        if declared.says(view, name):
            yield f"{name} is not read here: {instead}"


def _datamodel(view: type[Any]) -> Iterator[str]:
    datamodel = view.datamodel
    if datamodel is None:
        yield "a model view needs its model: write datamodel = OrganizationInterface(…)"
    elif not isinstance(datamodel, PlatformInterface):
        model = datamodel.obj.__name__
        yield (
            f"{type(datamodel).__name__} reads the rows of every organization: write datamodel ="
            f" OrganizationInterface({model})"
        )
    elif isinstance(datamodel, OrganizationInterface) and (
        not str(view.route_base).startswith("/o/<organization>/")
    ):
        yield (
            f"its rows belong to the organization in the address, which {view.route_base!r} does"
            f" not name: write route_base = '/o/<organization>/{view.word}', or leave it out"
        )


def _related(view: type[Any]) -> Iterator[str]:
    named = [("related_views", child) for child in view.related_views or ()]
    named += [("inline_views", child) for child in getattr(view, "inline_views", ())]
    for where, child in named:
        if not (inspect.isclass(child) and issubclass(child, ModelView)):
            yield f"{where} names {child!r}, which is no ModelView: name the class of one"
            continue
        try:
            relation_to(view.datamodel.obj, child)
        except TypeError as error:
            yield str(error).replace("related_views", where)


def _values(view: type[Any]) -> Iterator[str]:
    if not view.list_title:
        yield "it has no heading: write list_title = lazy('…')"
    if view.page_size not in PAGE_SIZES:
        sizes = ", ".join(map(str, PAGE_SIZES))
        yield f"page_size = {view.page_size!r} is none of the sizes that are offered: write {sizes}"
    for which in ("add_form", "edit_form"):
        form = getattr(view, which)
        if form is not None and not (inspect.isclass(form) and issubclass(form, PortalForm)):
            yield (
                f"{which} lets characters pass that nobody types, and cannot show a refusal: derive"
                " it from app.screens.forms.PortalForm"
            )
    folder = view.template_folder
    if folder != "templates" and not Path(str(folder)).is_dir():
        yield (
            f"template_folder = {folder!r} is no folder: write the whole path, such as"
            " str(Path(__file__).parent / 'templates')"
        )


def _methods(view: type[Any]) -> Iterator[str]:
    known = {*declared.methods(view), "export"}
    for attribute in ("include_route_methods", "exclude_route_methods"):
        for name in sorted({*(getattr(view, attribute) or ())} - {*known}):
            yield f"{attribute} names {name!r}, which cannot be reached: leave it out"
    if "download" in (view.include_route_methods or ()):
        yield "download would give every file to everybody: leave it out of include_route_methods"
    words = {*known} | {f"can_{name}" for name in known}
    words |= {f"can_{one}" for one in view.method_permission_name.values()}
    for name in sorted({*(view.base_permissions or ())} - words):
        yield f"base_permissions names {name!r}, which is no method and no permission of this view"
    for name in sorted({*view.named_methods} - {*known, "*"}):
        yield f"method_permission_name names {name!r}, which is no method that can be reached"
    if view.default_view not in declared.offered(view):
        yield (
            f"the menu leads to default_view = {view.default_view!r}, which has no route: name a"
            " method that has one"
        )
