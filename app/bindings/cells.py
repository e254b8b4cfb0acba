"""Cells: what a role binding looks like in the list and on its page.

Here: words for one. Not here: which are listed (bindings.queries).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.models import RoleBinding
from app.offers.words import authority_names, in_short
from app.screens.formatters import name_or_address


@dataclass(frozen=True)
class ShownBinding:
    """One role binding in the reader's words."""

    binding: RoleBinding

    @property
    def offer(self) -> str:
        """What is given, in a few words."""
        return in_short(self.binding)

    @property
    def authorities(self) -> Sequence[Any]:
        """The single authorities that are given, by name."""
        return authority_names(self.binding)

    @property
    def maker(self) -> str:
        """Who added the person."""
        return name_or_address(self.binding.made_by, self.binding.made_by_email)
