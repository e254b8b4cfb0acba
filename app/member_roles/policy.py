"""Roles' rules: what a role may be called.

Here: pure functions that raise. Not here: whether a name is taken (member_roles.service).
"""

from __future__ import annotations

import unicodedata

from app.accounts.policy import SiteInName
from app.kernel.errors import Refusal
from app.kernel.i18n import lazy
from app.kernel.text import has_site

SEPARATORS = frozenset(';,"\r\n')
"""What stands between names in one cell of a file, and around them."""


class RoleNameSeparates(Refusal):
    """A name that a list of names would tear."""

    status = 422
    field = "name"
    text = lazy(
        "A role name cannot contain a semicolon, a comma or a double quotation mark, because "
        "files separate roles with them."
    )


def ensure_name(name: str) -> None:
    """Raise RoleNameSeparates for a new name that holds a separator, full-width ones too, and
    SiteInName for one that holds the address of a site: letters name roles.
    """
    if SEPARATORS & set(unicodedata.normalize("NFKC", name)):
        raise RoleNameSeparates()
    if has_site(name):
        raise SiteInName(field="name")
