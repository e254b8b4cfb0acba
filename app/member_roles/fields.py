"""Fields for choosing authorities.

Here: one box per authority of the catalogue, grouped; those that the giver may not give are locked.
Not here: the check itself (access.seat), the drawing (templates/offers/_authorities.html).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from wtforms import SelectMultipleField, ValidationError

from app.access.authorities import (
    CATALOGUE,
    AuthorityEntry,
    everything,
    known,
    under_headings,
    with_required,
)
from app.kernel.i18n import _, lazy, listed


@dataclass(frozen=True)
class Box:
    """One authority to tick."""

    entry: AuthorityEntry
    checked: bool
    locked: bool

    @property
    def description(self) -> str:
        """What it allows, and whether anything asks for it yet."""
        text = str(self.entry.description)
        return _("%(description)s (reserved)", description=text) if self.entry.is_reserved else text

    @property
    def needed(self) -> frozenset[str]:
        """What is given with it, however far that goes (S0-25)."""
        return with_required([self.entry.key]) - {self.entry.key}

    @property
    def brings_along(self) -> str:
        """The sentence that tells what was ticked with it."""
        names = listed(CATALOGUE[key].name for key in sorted(self.needed))
        return (
            _(
                "%(authority)s also needs %(needed)s, so we added it.",
                authority=str(self.entry.name),
                needed=names,
            )
            if names
            else ""
        )


class AuthoritiesField(SelectMultipleField):
    """Authorities, ticked one by one (S0-13)."""

    def __init__(self, label: Any = None, **options: Any) -> None:
        super().__init__(label, choices=_choices, **options)
        self.covered = everything()

    def offer(self, covered: Iterable[str]) -> None:
        """Let only these be chosen: what the giver may give."""
        self.covered = frozenset(covered)

    @property
    def chosen(self) -> frozenset[str]:
        return known(self.data or ())

    def groups(self) -> list[tuple[Any, list[Box]]]:
        """The boxes under their headings, in the catalogue's order."""
        chosen = self.chosen
        boxes = (
            Box(entry, entry.key in chosen, not with_required([entry.key]) <= self.covered)
            for entry in CATALOGUE.values()
        )
        return under_headings(boxes, lambda box: box.entry)

    def has_locked(self) -> bool:
        """Whether anything is beyond the giver."""
        return not self.covered >= everything()

    def pre_validate(self, form: Any) -> None:
        if set(self.data or ()) - set(CATALOGUE):
            raise ValidationError(lazy("One of these authorities does not exist. Choose again."))


def _choices() -> list[tuple[str, Any]]:
    return [(entry.key, entry.name) for entry in CATALOGUE.values()]
