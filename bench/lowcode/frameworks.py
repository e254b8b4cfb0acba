"""The frameworks that are walked: how each is started, and where it has what is walked.

Here: starting, people, addresses. Not here: what is asked of them (observations).
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import httpx

PASSWORD = "p"
EVERYTHING, READING = ["ann", "cho", "ben"], ["vera"]
"""Ann, Cho and Vera are of one organization, Ben of the other; Vera is to see only."""


@dataclass(frozen=True)
class Framework:
    """Where a framework has its tables and pages. `%d` is a row, `%s` what is looked for."""

    packages: list[str]
    module: str
    people: Callable[[Any], None]
    tables: tuple[str, str, str]
    login: str
    list: str
    add: str
    edit: str
    delete: tuple[str, str]
    search: str
    filters: dict[str, str]
    lookup: str | None
    files: dict[str, str]
    rest: list[str]
    log: str
    details: str | None = None
    asgi: bool = False


def start(framework: Framework, database: str) -> Any:
    """Make its application on this database. Only one can be made in a process."""
    return import_module(f"bench.lowcode.{framework.module}").create_app(database)


def _django_people(_app: Any) -> None:
    from bench.lowcode.django_site import add_people

    add_people(PASSWORD, EVERYTHING, READING)


def _stock_people(app: Any) -> None:
    """A role of everything about devices, and one of reading them, as its screens would make it."""
    from bench.lowcode.stock_fab import Member, db

    with app.app_context():
        manager = app.appbuilder.sm
        kinds = {"can_list", "can_show", "can_add", "can_edit", "can_delete"}
        for role, allowed, names in (
            ("Everything", kinds, EVERYTHING),
            ("Reading", {"can_list", "can_show"}, READING),
        ):
            made = manager.add_role(role)
            for kind in sorted(allowed):
                permission = manager.find_permission_view_menu(kind, "DeviceView")
                manager.add_permission_role(made, permission)
            for name in names:
                user = manager.add_user(
                    name, name, name, f"{name}@bench.example", made, password=PASSWORD
                )
                db.session.query(Member).filter_by(name=name).one().user_id = user.id
        db.session.commit()


def _nobody(_app: Any) -> None:
    """Members sign in by their names: there is no account to make."""


def client(framework: Framework, app: Any) -> Callable[[], httpx.Client]:
    """Return what opens a browser: into the process for WSGI, over loopback for ASGI."""
    if not framework.asgi:
        transport = httpx.WSGITransport(app=app, raise_app_exceptions=False)
        return lambda: httpx.Client(transport=transport, base_url="http://localhost")
    return _served(app)


def _served(app: Any) -> Callable[[], httpx.Client]:
    import uvicorn

    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="critical"))
    threading.Thread(target=server.run, daemon=True).start()
    while not server.started:
        time.sleep(0.05)
    return lambda: httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30)


FRAMEWORKS = {
    "stock Flask-AppBuilder": Framework(
        packages=["flask-appbuilder", "sqlalchemy"],
        module="stock_fab",
        people=_stock_people,
        tables=("stock_organization", "stock_member", "stock_device"),
        login="/login/",
        list="/deviceview/list/",
        add="/deviceview/add",
        edit="/deviceview/edit/%d",
        details="/deviceview/show/%d",
        delete=("POST", "/deviceview/delete/%d"),
        search="/deviceview/list/?_flt_0_name=%s",
        filters={
            "kind": "_flt_3_kind=phone",
            "lent_on": "_flt_1_lent_on=2026-01-20",
            "returned": "_flt_0_returned=y",
        },
        lookup=None,
        files={"CSV": "/deviceview/list/?export=csv", "JSON": "/deviceview/api"},
        rest=["/deviceview/api", "/api/v1/device/", "/api/v1/_openapi"],
        log="/deviceview/show/%d",
    ),
    "Django admin": Framework(
        packages=["django"],
        module="django_site",
        people=_django_people,
        tables=("django_devices_organization", "django_devices_member", "django_devices_device"),
        login="/admin/login/",
        list="/admin/django_devices/device/",
        add="/admin/django_devices/device/add/",
        edit="/admin/django_devices/device/%d/change/",
        delete=("POST", "/admin/django_devices/device/%d/delete/"),
        search="/admin/django_devices/device/?q=%s",
        filters={
            "kind": "kind__exact=phone",
            "lent_on": "lent_on__gte=2026-01-21",
            "returned": "returned__exact=1",
        },
        lookup="/admin/autocomplete/?app_label=django_devices&model_name=device"
        "&field_name=holder&term=%s",
        files={"CSV": "/admin/django_devices/device/export/csv/"},
        rest=["/api/", "/openapi.json"],
        log="/admin/django_devices/device/%d/history/",
    ),
    "Flask-Admin": Framework(
        packages=["flask-admin", "sqlalchemy"],
        module="flask_admin_app",
        people=_nobody,
        tables=("organization", "member", "device"),
        login="/login/",
        list="/admin/device/",
        add="/admin/device/new/",
        edit="/admin/device/edit/?id=%d",
        details="/admin/device/details/?id=%d",
        delete=("POST", "/admin/device/delete/?id=%d"),
        search="/admin/device/?search=%s",
        filters={"kind": "flt0_0=phone", "lent_on": "flt0_9=2026-01-20", "returned": "flt0_14=1"},
        lookup="/admin/device/ajax/lookup/?name=holder&query=%s&offset=0&limit=20",
        files={"CSV": "/admin/device/export/csv/", "JSON": "/admin/device/export/json/"},
        rest=["/api/", "/openapi.json"],
        log="/admin/device/details/?id=%d",
    ),
    "SQLAdmin": Framework(
        packages=["sqladmin", "fastapi", "starlette", "sqlalchemy"],
        module="sqladmin_app",
        people=_nobody,
        tables=("organization", "member", "device"),
        login="/admin/login",
        list="/admin/device/list",
        add="/admin/device/create",
        edit="/admin/device/edit/%d",
        details="/admin/device/details/%d",
        delete=("DELETE", "/admin/device/delete?pks=%d"),
        search="/admin/device/list?search=%s",
        filters={
            "kind": "kind=phone",
            "lent_on": "lent_on_op=greater_than&lent_on=2026-01-20",
            "returned": "returned=true",
        },
        lookup="/admin/device/ajax/lookup?name=holder&term=%s",
        files={"CSV": "/admin/device/export/csv", "JSON": "/admin/device/export/json"},
        rest=["/api/", "/openapi.json"],
        log="/admin/device/details/%d",
        asgi=True,
    ),
}
