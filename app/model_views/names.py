"""Names: what a view is called everywhere, from the name of its class.

Here: word, address, permission, at the moment a class is made. Not here: entering them into the
tables of authorities and events (model_views.registering).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, ClassVar

from app.model_views import declared
from app.screens.interface import OrganizationInterface

READ, MANAGE = "read", "manage"
METHODS = {"list": READ, "show": READ}


class NamesMixin:
    """The names of a model view; one that its class says itself stays as it is."""

    word: ClassVar[str] = ""
    """The one word of its address, REST resource, permission, events and files, in the plural."""
    suffix: ClassVar[str] = "View"
    """What the names of such classes end with."""
    route_base: Any
    has_own_address: ClassVar[bool] = False
    """Whether the class says its address itself."""
    datamodel: Any
    base_permissions: Any
    class_permission_name: Any
    method_permission_name: Any
    named_methods: ClassVar[Mapping[str, str]] = {}
    """What classes said of method_permission_name, before the rest followed."""

    def __init_subclass__(cls, **options: Any) -> None:
        named = vars(cls).get("method_permission_name") or {}
        super().__init_subclass__(**options)
        own = vars(cls)
        if getattr(cls, "datamodel", None) is None:
            return
        if "word" not in own:
            cls.word = plural(snake(cls.__name__.removesuffix(cls.suffix)))
        cls.has_own_address = "route_base" in own
        if not cls.has_own_address:
            cls.stand(in_organization=isinstance(cls.datamodel, OrganizationInterface))
        if "class_permission_name" not in own:
            cls.class_permission_name = cls.word
        cls.named_methods = {**cls.named_methods, **named}
        cls.method_permission_name = methods(cls, cls.named_methods)

    @classmethod
    def stand(cls, *, in_organization: bool) -> None:
        """Take the address that follows from the word, in each organization or outside of them."""
        cls.route_base = f"/o/<organization>/{cls.word}" if in_organization else f"/{cls.word}"


def methods(cls: type[Any], named: Mapping[str, str]) -> dict[str, str]:
    """Return the permission of every method that can be reached; `*` in what a view says stands
    for those that it does not name.
    """
    rest = named.get("*", MANAGE)
    return {name: named.get(name) or METHODS.get(name, rest) for name in declared.methods(cls)}


def snake(name: str) -> str:
    """DeviceLoan → device_loan."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def plural(word: str) -> str:
    """device → devices, policy → policies, box → boxes."""
    if re.search(r"[^aeiou]y$", word):
        return f"{word[:-1]}ies"
    return f"{word}es" if re.search(r"(s|x|z|ch|sh)$", word) else f"{word}s"
