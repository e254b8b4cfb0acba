"""Every door asks: each endpoint is public by name or governed by a line of the table; nothing that
writes answers GET.

Here: walking the URL map. Not here: what pages are (test_pages.py), rows of others
(test_outsider.py), what single screens do.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from flask import Flask

from app.access import policy
from app.access.authorities import CATALOGUE, Authority, Use
from app.menu import PUBLIC
from app.models import Account
from tests import factories
from tests.cast import Cast
from tests.conftest import PortalClient

As = Callable[[Account], PortalClient]
WRITING_WORDS = {
    "delete",
    "action",
    "action_post",
    "logout",
    "accept",
    "decline",
    "resend",
    "cancel",
    "choose",
    "retry",
    "suspend",
    "reinstate",
}
ASKS_FIRST = {"delete", "action"}


def views(app: Flask) -> dict[str, object]:
    return {view.endpoint: view for view in app.appbuilder.baseviews}  # type: ignore[attr-defined]


def test_every_endpoint_is_public_by_name_or_has_a_permission(app: Flask) -> None:
    registered = views(app)
    for rule in app.url_map.iter_rules():
        if rule.endpoint in PUBLIC:
            continue
        view_name, _, method = rule.endpoint.partition(".")
        view = registered.get(view_name)
        assert view is not None, (
            f"{rule.endpoint} is neither a view of the map nor in portal.PUBLIC"
        )
        if method in {"action", "action_post"}:
            continue
        handler = getattr(view, method)
        assert hasattr(handler, "_permission_name"), (
            f"put @has_access on {rule.endpoint}, or name it in portal.PUBLIC"
        )
        permission = view.get_method_permission(method)  # type: ignore[attr-defined]
        pair = (view.class_permission_name, permission)  # type: ignore[attr-defined]
        assert policy.is_granted(*pair), (
            f"{rule.endpoint} asks for {pair}: add the line to access.policy.GRANTS"
        )


def test_every_action_has_a_permission(app: Flask) -> None:
    for view in views(app).values():
        for name, action in (getattr(view, "actions", None) or {}).items():
            permission = view.method_permission_name.get(action.func.__name__)  # type: ignore[attr-defined]
            assert permission, (
                f"{view}: name the permission of action {name} in method_permission_name"
            )
            assert policy.is_granted(view.class_permission_name, permission), (
                f"{view}.{name}: add {permission} to access.policy.GRANTS"
            )  # type: ignore[attr-defined]


def test_every_endpoint_for_machines_is_an_operation(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/api/") and rule.endpoint not in PUBLIC:
            view_name, _, method = rule.endpoint.partition(".")
            handler = getattr(views(app)[view_name], method)
            assert hasattr(handler, "operation"), (
                f"put @operation on {rule.endpoint}: it asks, checks, commits and is described"
            )


def test_every_public_endpoint_exists(app: Flask) -> None:
    known = {rule.endpoint for rule in app.url_map.iter_rules()}
    assert known >= PUBLIC, f"portal.PUBLIC names pages that do not exist: {sorted(PUBLIC - known)}"


def test_every_menu_entry_is_granted(app: Flask) -> None:
    for name, (permission, view) in app.appbuilder.menu_permissions.items():  # type: ignore[attr-defined]
        assert policy.is_granted(view, permission), (
            f"the menu entry {name} asks for {(permission, view)}, which no line grants"
        )


def test_every_authority_is_used_or_marked(app: Flask) -> None:
    used = {
        key for alternatives in policy.GRANTS.values() for needed in alternatives for key in needed
    }
    for entry in CATALOGUE.values():
        if entry.use is Use.PORTAL:
            assert entry.key in used, (
                f"{entry.key} governs no screen: mark it CONNECTED or RESERVED"
            )
        elif entry.key in set(Authority):
            assert entry.key not in used, f"{entry.key} governs a screen: mark it PORTAL"


def test_nothing_writes_on_get(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        _view, _, method = rule.endpoint.partition(".")
        if method in WRITING_WORDS - ASKS_FIRST:
            assert "GET" not in (rule.methods or set()), f"{rule.rule} changes something: POST only"


def test_no_view_takes_what_is_no_get_for_a_post(app: Flask) -> None:
    for path in Path(app.root_path).rglob("*.py"):
        asks = 'request.method == "GET"' in path.read_text()
        assert not asks, (
            f'{path}: write request.method != "POST"; a HEAD would pass for a POST, unasked for its'
            " token"
        )


def address(rule: str, cast: Cast) -> str:
    """Fill a rule in with things that exist."""
    member = str(cast.membership(cast.smith).id)
    return (
        rule.replace("<organization>", "aozora")
        .replace("<pk>", member)
        .replace("<int:pk>", member)
        .replace("<token>", "no-such-token")
        .replace("<string:locale>", "en")
        .replace("<string:name>", "x")
        .replace("<path:filename>", "x")
        .replace("<screen>", "MemberView")
    )


def test_a_stranger_is_asked_to_sign_in_everywhere(
    app: Flask, cast: Cast, client: PortalClient
) -> None:
    for rule in app.url_map.iter_rules():
        if rule.endpoint in PUBLIC or rule.endpoint.startswith("static"):
            continue
        method = next(
            one for one in ("GET", "POST", "PATCH", "DELETE") if one in (rule.methods or set())
        )
        answer = client.open(address(rule.rule, cast), method=method)
        if rule.rule.startswith("/api/"):
            assert answer.status_code == 401, (
                f"a stranger got {answer.status_code} from {method} {rule.rule}"
            )
            continue
        refused = answer.status_code in {302, 400} and (
            answer.status_code == 400 or answer.location.startswith("/login/")
        )
        assert refused, f"a stranger got {answer.status_code} from {method} {rule.rule}"


def test_the_outsider_gets_404_for_every_address_of_another_organization(
    app: Flask, cast: Cast, as_: As
) -> None:
    browser = as_(cast.yamada)
    for rule in app.url_map.iter_rules():
        if "<organization>" not in rule.rule:
            continue
        path = address(rule.rule, cast)
        if "GET" in (rule.methods or set()):
            assert browser.get(path).status_code == 404, f"the outsider saw GET {path}"
        else:
            answer = browser.submit(path, page="/profile/")
            assert answer.status_code == 404, (
                f"the outsider reached POST {path}: {answer.status_code}"
            )


def test_the_outsider_gets_404_for_rows_of_another_organization_under_their_own_address(
    app: Flask, cast: Cast, as_: As
) -> None:
    browser = as_(cast.yamada)
    factories.invite(cast.aozora, "guest@example.com", cast.tanaka)
    role = factories.role(cast.aozora, "Night shift")
    ids = {"members": cast.membership(cast.smith).id, "invites": 1, "roles": role.id}
    for rule in app.url_map.iter_rules():
        if (
            "<organization>" in rule.rule
            and "<pk>" in rule.rule
            and "GET" in (rule.methods or set())
        ):
            feature = rule.rule.split("/")[3]
            path = rule.rule.replace("<organization>", "minato").replace(
                "<pk>", str(ids.get(feature, 1))
            )
            assert browser.get(path).status_code == 404, f"the outsider saw {path}"
