"""What each method of a view asks, said for most of them at once. It …"""

from __future__ import annotations

from app.accounts.views import AccountView
from app.members.api import MembersApi
from app.members.views import MemberView
from app.screens.permissions import REST, PermissionsMixin, methods


def test_stands_for_every_method_that_is_not_named() -> None:
    asked = MemberView.method_permission_name
    known = {name for key, one in methods(MemberView).items() for name in (key, one.__name__)}
    assert asked.keys() == known
    assert {name for name, permission in asked.items() if permission != "manage"} == {
        "list",
        "show",
        "leave",
    }
    assert (asked["list"], asked["leave"], asked["unlock"]) == ("read", "leave", "manage")


def test_is_the_same_for_programs() -> None:
    asked = MembersApi.method_permission_name
    assert {name for name, permission in asked.items() if permission == "read"} == {"list", "show"}
    assert {asked[name] for name in ("register", "edit", "suspend", "remove")} == {"manage"}


def test_is_no_method_itself() -> None:
    for view in (MemberView, MembersApi, AccountView):
        assert REST not in view.method_permission_name


def test_leaves_a_class_alone_that_names_each() -> None:
    class Named(PermissionsMixin):
        method_permission_name = {"list": "read"}

    assert Named.method_permission_name == {"list": "read"}
