"""A form that is submitted: its verb, one commit, or the form again (screens.actions). It …"""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import pytest
from flask import Flask
from wtforms import StringField

from app.extensions import db
from app.kernel.errors import Refusal
from app.models import Organization
from app.screens.actions import Page, submit
from app.screens.forms import PortalForm, required
from tests import factories


class NameForm(PortalForm):
    class Meta:
        csrf = False

    name = StringField(validators=[required()])


class Refused(Refusal):
    status = HTTPStatus.CONFLICT
    text = "Not that one."
    field = "name"


class Remembered(Refused):
    keep_changes = True


def sent(app: Flask, name: str, verb: Callable[[str], Any]) -> tuple[Page, NameForm]:
    with app.test_request_context("/", method="POST", data={"name": name}):
        form = NameForm()
        return submit(
            form,
            lambda: verb(form.name.data),
            lambda filled: f"again {filled.name.data}",
            lambda made: f"done {made}",
        ), form


def named(where: Organization, refusal: type[Refusal] | None = None) -> Callable[[str], str]:
    def verb(name: str) -> str:
        where.name = name
        db.session.flush()
        if refusal is not None:
            raise refusal()
        return name

    return verb


@pytest.fixture
def acme(app: Flask) -> Organization:
    made = factories.organization("acme", name="Acme")
    db.session.commit()
    return made


def kept(where: Organization) -> str:
    db.session.rollback()
    return where.name


def test_goes_on_with_what_the_verb_made_once_it_is_kept(app: Flask, acme: Organization) -> None:
    page, _form = sent(app, "Beta", named(acme))
    assert page == "done Beta"
    assert kept(acme) == "Beta"


def test_runs_no_verb_with_what_is_not_in_order(app: Flask, acme: Organization) -> None:
    page, form = sent(app, "", named(acme))
    assert page == ("again ", HTTPStatus.UNPROCESSABLE_ENTITY)
    assert form.name.errors == ["Fill this in."]
    assert kept(acme) == "Acme"


def test_shows_a_refusal_at_its_field_and_undoes_what_led_to_it(
    app: Flask, acme: Organization
) -> None:
    page, form = sent(app, "Beta", named(acme, Refused))
    assert page == ("again Beta", HTTPStatus.CONFLICT)
    assert form.name.errors == ["Not that one."]
    db.session.commit()
    assert kept(acme) == "Acme", "not even by a later commit"


def test_keeps_what_led_to_a_refusal_that_must_be_remembered(
    app: Flask, acme: Organization
) -> None:
    page, _form = sent(app, "Beta", named(acme, Remembered))
    assert page == ("again Beta", HTTPStatus.CONFLICT)
    assert kept(acme) == "Beta"
