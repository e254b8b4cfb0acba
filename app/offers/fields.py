"""Fields for choosing what a member is given.

Here: roles, presets, and the authorities of member_roles.fields. Not here: the check that the giver
holds them (offers.offer), the drawing (templates/offers/_authorities.html, _roles.html).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from wtforms import RadioField, SelectMultipleField, ValidationError

from app.access.authorities import everything, known
from app.access.roles import CUSTOM, PRESETS
from app.kernel.i18n import lazy
from app.member_roles.builtin import role_description, role_name
from app.member_roles.fields import AuthoritiesField
from app.models import MemberRole, MemberType

__all__ = ["AuthoritiesField", "PresetField", "RolesField", "TypeField"]


@dataclass(frozen=True)
class Card:
    """One card or box to choose."""

    value: str
    name: Any
    description: Any
    checked: bool
    locked: bool = False
    count: int | None = None


class RolesField(SelectMultipleField):
    """Roles of the organization, any number (S4-12); `offer` says which there are before the form
    is read.
    """

    def __init__(self, label: Any = None, **options: Any) -> None:
        super().__init__(label, choices=[], **options)
        self.roles: dict[str, MemberRole] = {}
        self.covered = everything()

    def offer(self, roles: Iterable[MemberRole], covered: Iterable[str]) -> None:
        """Offer these roles; those with more than is covered are shown locked (D-1)."""
        self.roles = {str(role.id): role for role in roles}
        self.choices = [(key, role_name(role)) for key, role in self.roles.items()]
        self.covered = frozenset(covered)

    def process_data(self, value: Iterable[MemberRole] | None) -> None:
        self.data = [str(role.id) for role in value or ()]

    @property
    def chosen(self) -> tuple[MemberRole, ...]:
        return tuple(self.roles[key] for key in dict.fromkeys(self.data or ()) if key in self.roles)

    def boxes(self) -> list[Card]:
        """The roles as boxes."""
        ticked = set(self.data or ())
        return [
            Card(
                key,
                role_name(role),
                role_description(role),
                key in ticked,
                locked=not known(role.authorities) <= self.covered,
            )
            for key, role in self.roles.items()
        ]

    def has_locked(self) -> bool:
        return any(box.locked for box in self.boxes())

    def pre_validate(self, form: Any) -> None:
        if set(self.data or ()) - set(self.roles):
            raise ValidationError(lazy("One of these roles no longer exists. Choose again."))


class TypeField(RadioField):
    """General or power user (S0-12)."""

    WORDS = {
        MemberType.GENERAL: (lazy("General user"), lazy("Can do what you grant below")),
        MemberType.POWER: (
            lazy("Power user"),
            lazy("Holds every authority; edits, removes and invites members"),
        ),
    }

    def __init__(self, label: Any = None, **options: Any) -> None:
        choices = [(str(kind), words[0]) for kind, words in self.WORDS.items()]
        super().__init__(label, choices=choices, default=str(MemberType.GENERAL), **options)
        self.may_give_power = True

    @property
    def chosen(self) -> MemberType:
        return MemberType(self.data)

    def cards(self) -> list[Card]:
        """Both types as cards."""
        return [
            Card(
                str(kind),
                name,
                about,
                str(kind) == self.data,
                locked=kind is MemberType.POWER and not self.may_give_power,
            )
            for kind, (name, about) in self.WORDS.items()
        ]

    def pre_validate(self, form: Any) -> None:
        if not self.raw_data or self.data not in set(MemberType):
            raise ValidationError(lazy("Choose one of the two types."))


class PresetField(RadioField):
    """A common set of authorities, or one's own choice (S1-14…S1-19)."""

    def __init__(self, label: Any = None, **options: Any) -> None:
        choices = [(preset.key, preset.name) for preset in PRESETS.values()] + [
            (CUSTOM, lazy("Custom"))
        ]
        super().__init__(label, choices=choices, default=CUSTOM, **options)
        self.covered = everything()

    def cards(self) -> Sequence[Card]:
        """The presets as cards, those beyond the giver locked."""
        cards = [
            Card(
                preset.key,
                preset.name,
                preset.description,
                preset.key == self.data,
                locked=not preset.authorities <= self.covered,
                count=len(preset.authorities),
            )
            for preset in PRESETS.values()
        ]
        return [
            *cards,
            Card(CUSTOM, lazy("Custom"), lazy("Choose one by one"), self.data == CUSTOM),
        ]

    def pre_validate(self, form: Any) -> None:
        if self.data != CUSTOM and self.data not in PRESETS:
            raise ValidationError(lazy("Choose a preset, or Custom."))
