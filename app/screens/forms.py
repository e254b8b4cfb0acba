"""Forms: the base and the rules that every form shares.

Here: words for WTForms' own complaints, refusal of characters nobody types, languages and zones to
choose from. Not here: any feature's form.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from flask import current_app
from flask_appbuilder.forms import DynamicForm
from markupsafe import Markup
from wtforms import (
    Field,
    Form,
    PasswordField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import DataRequired, Length, Optional

from app.kernel.addresses import LONGEST, mailbox_or_none, normalize_email
from app.kernel.clock import zone_names
from app.kernel.errors import Refusal
from app.kernel.i18n import lazy, own_name
from app.kernel.text import has_control_characters, narrow, tidy

NAME_LENGTH = 64


class PortalForm(DynamicForm):
    """A form with CSRF protection, whose text fields refuse characters that nobody types."""

    seen: str = ""
    """The stamp of what the form was made from (screens.optimistic_lock)."""
    also: Callable[[], None] = staticmethod(lambda: None)
    """What a service would refuse of what was typed: asked too where a field is not well-formed, so
    that everything is said at once."""

    @property
    def entered(self) -> dict[str, Any]:
        """What was typed, chosen and ticked, as a verb takes it: texts are never none."""
        fields = (field for field in self if field.type != "CSRFTokenField")
        return {field.short_name: _entered(field) for field in fields}

    def hidden_tag(self, *fields: Any) -> Markup:
        """Return the hidden fields, the stamp among them."""
        tag = Markup(super().hidden_tag(*fields))
        return (
            tag + Markup('<input type="hidden" name="{}" value="{}">').format("seen", self.seen)
            if self.seen
            else tag
        )

    def validate(self, extra_validators: Any = None) -> bool:
        """Check every field; control characters and NUL are refused everywhere."""
        valid = bool(super().validate(extra_validators))
        clean = [self._is_clean(field) for field in self]
        self._ask_again(needed=not (valid and all(clean)))
        return valid and all(clean)

    def _ask_again(self, *, needed: bool = True) -> None:
        """Say at each password that was typed that it has to be typed again: no page repeats it."""
        for field in self:
            if isinstance(field, PasswordField):
                field.typed_again = needed and bool(field.data)

    @staticmethod
    def _is_clean(field: Field) -> bool:
        raw: Iterable[object] = field.raw_data or ()
        lines = isinstance(field, TextAreaField)
        if any(isinstance(one, str) and has_control_characters(one, lines=lines) for one in raw):
            field.errors = [*field.errors, str(UNTYPED)]
            return False
        return True

    def refuse_for(self, refusal: Refusal) -> None:
        """Show a refusal, each of its sentences where it has several."""
        for sentence in getattr(refusal, "sentences", None) or [str(refusal)]:
            self.refuse(refusal.field, sentence)

    def refuse(self, field: str | None, sentence: str) -> None:
        """Show a refusal at its field, or above the form where it belongs to none."""
        self._ask_again()
        target = self._fields.get(field or "")
        if target is None:
            self.form_errors.append(sentence)
        else:
            target.errors = [*target.errors, sentence]


def _entered(field: Any) -> Any:
    value = getattr(field, "chosen", field.data)
    return "" if value is None and isinstance(field, StringField) else value


UNTYPED = lazy(
    "This contains a character that cannot be used here, such as a line break or a control"
    " character."
)


def required(sentence: Any | None = None) -> DataRequired:
    """A field that must be filled in."""
    return DataRequired(message=lazy("Fill this in.") if sentence is None else sentence)


def at_most(length: int) -> Length:
    """A field of at most so many characters."""
    return Length(max=length, message=lazy("At most %(max)d characters."))


def text_field(
    label: Any,
    longest: int,
    *,
    needed: Any = False,
    filters: Sequence[Callable[[Any], Any]] | None = None,
    rules: Sequence[Any] = (),
    description: Any = "",
    **attributes: Any,
) -> StringField:
    """A field for one line of at most so many characters, with these attributes in HTML; `needed`:
    whether something must stand there, or the sentence for where nothing does.
    """
    first = required(None if needed is True else needed) if needed is not False else optional()
    return StringField(
        label,
        filters=[strip] if filters is None else filters,
        validators=[first, at_most(longest), *rules],
        description=description,
        render_kw=attributes,
    )


def reason_field(description: Any) -> TextAreaField:
    """Why something is done, which those concerned read."""
    return TextAreaField(
        lazy("Reason"),
        filters=[strip],
        validators=[optional(), at_most(500)],
        render_kw={"rows": 3},
        description=description,
    )


def optional() -> Optional:
    """A field that may stay empty."""
    return Optional(strip_whitespace=True)


def strip(value: str | None) -> str | None:
    """A filter: spaces around an entry, and what cannot be seen in it, do not count."""
    return tidy(value) if isinstance(value, str) else value


def identifier(value: str | None) -> str | None:
    """A filter: a login ID, however wide it was typed."""
    return narrow(value) if isinstance(value, str) else value


def plain_digits(value: str | None) -> str | None:
    """A filter: a code as it was sent, however wide it was typed and whatever stands between its
    digits.
    """
    return (
        "".join(unicodedata.normalize("NFKC", value).replace("-", " ").split())
        if isinstance(value, str)
        else value
    )


def clean_email(value: str | None) -> str | None:
    """A filter: an address as it is kept."""
    return normalize_email(value) if isinstance(value, str) else value


def email_rule(_form: Form, field: Field) -> None:
    """A rule: an address that mail can be sent to."""
    if mailbox_or_none(field.data or "") is None:
        raise ValidationError(NOT_AN_ADDRESS)


NOT_AN_ADDRESS = lazy("That is not an email address, such as name@example.com.")


def email_field(label: Any, **options: Any) -> StringField:
    """A field for one e-mail address."""
    return StringField(
        label,
        filters=[strip, clean_email],
        validators=[
            required(lazy("Enter an email address.")),
            at_most(LONGEST),
            email_rule,
        ],
        render_kw={"type": "email", "autocomplete": "email", "inputmode": "email"}
        | options.pop("render_kw", {}),
        **options,
    )


def language_choices() -> list[tuple[str, str]]:
    """The languages of the portal, each in itself."""
    return [(code, own_name(code)) for code in current_app.config["LANGUAGES"]]


def language_field(label: Any, **options: Any) -> SelectField:
    """A choice of the portal's languages."""
    return SelectField(label, choices=language_choices, **options)


def zone_choices() -> list[tuple[str, str]]:
    """The time zones of the world, by area and city."""
    return [(name, name.replace("_", " ")) for name in zone_names()] + [("UTC", "UTC")]


def zone_field(label: Any, **options: Any) -> SelectField:
    """A choice of time zones."""
    return SelectField(label, choices=zone_choices, **options)


def no_at_sign(_form: Form, field: Field) -> None:
    """A rule: login IDs must not look like e-mail addresses."""
    if "@" in (field.data or "") or "＠" in (field.data or ""):
        raise ValidationError(
            lazy("A login ID cannot contain @, so that it is never mistaken for an e-mail address.")
        )
