"""The screens of webhooks. Who changes the settings and reads the log …"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from standardwebhooks.webhooks import Webhook as Verifier
from standardwebhooks.webhooks import WebhookVerificationError

from app.extensions import db
from app.kernel.clock import utcnow
from app.models import AccountSession, Activity, Organization, Webhook, WebhookMessage
from app.webhooks import delivery
from tests.cast import Cast
from tests.portal_client import PortalClient
from tests.receiver import Receiver
from tests.webhooks.conftest import HERE, add

FORM = {"name": "CRM", "members": "y"}


@pytest.mark.parametrize("who", ["suzuki", "smith"])
def test_is_closed_to_other_members(
    cast: Cast, as_: Callable[..., PortalClient], tanaka: PortalClient, receiver: Receiver, who: str
) -> None:
    webhook, _secret = add(tanaka, receiver.address)
    browser = as_(getattr(cast, who))
    for path in (
        "list/",
        "add",
        f"show/{webhook.id}",
        f"edit/{webhook.id}",
        f"secret/{webhook.id}",
    ):
        assert browser.get(f"{HERE}/{path}").status_code == 403, path


def test_is_closed_to_other_organizations(
    cast: Cast, as_: Callable[..., PortalClient], tanaka: PortalClient, receiver: Receiver
) -> None:
    webhook, _secret = add(tanaka, receiver.address)
    yamada = as_(cast.yamada)
    own = f"/o/{cast.minato.code}/webhooks"
    for path in (f"show/{webhook.id}", f"edit/{webhook.id}", f"secret/{webhook.id}"):
        assert yamada.get(f"{HERE}/{path}").status_code == 404
        assert yamada.get(f"{own}/{path}").status_code == 404


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("http://example.com/", "Enter the address of a page"),
        ("https://user:secret@example.com/", "Enter the address of a page"),
        ("https://127.0.0.1/", "leads into the network of the portal itself"),
        ("https://169.254.169.254/latest", "leads into the network of the portal itself"),
        ("https://nobody.invalid/", "There is no server of this name."),
    ],
)
def test_is_told_why_an_address_cannot_be_used(
    cast: Cast, tanaka: PortalClient, address: str, sentence: str
) -> None:
    answer = tanaka.submit(f"{HERE}/add", FORM | {"address": address})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert sentence in page and f'value="{address}"' in page
    assert db.session.scalars(select(Webhook)).all() == []


def test_is_asked_for_at_least_one_kind_of_event(tanaka: PortalClient, receiver: Receiver) -> None:
    answer = tanaka.submit(f"{HERE}/add", {"name": "CRM", "address": receiver.address})
    assert answer.status_code == 422
    assert "Choose at least one kind of event." in answer.get_data(as_text=True)


def test_proves_anew_before_sending_elsewhere(
    cast: Cast, tanaka: PortalClient, receiver: Receiver
) -> None:
    webhook, _secret = add(tanaka, receiver.address)
    for session in db.session.scalars(select(AccountSession)):
        session.proved_at = utcnow() - timedelta(hours=1)
    db.session.commit()
    forms = {"edit": FORM | {"address": receiver.address}, "secret": {}, "delete": {}}
    for verb, form in forms.items():
        page = tanaka.submit(f"{HERE}/{verb}/{webhook.id}", form).get_data(as_text=True)
        assert "proof_password" in page, verb


def test_sees_the_secret_once_and_nowhere_else(
    cast: Cast, tanaka: PortalClient, receiver: Receiver
) -> None:
    webhook, secret = add(tanaka, receiver.address)
    for path in ("list/", f"show/{webhook.id}", f"edit/{webhook.id}"):
        assert secret not in tanaka.get(f"{HERE}/{path}").get_data(as_text=True)
    assert secret not in webhook.secret
    lines = db.session.scalars(select(Activity)).all()
    assert all(secret not in str(line.details) for line in lines)


def test_gives_a_new_secret_beside_the_former_one_for_a_day(
    cast: Cast, tanaka: PortalClient, receiver: Receiver
) -> None:
    webhook, former = add(tanaka, receiver.address)
    page = tanaka.submit(f"{HERE}/secret/{webhook.id}", {}).get_data(as_text=True)
    new = page.partition('id="secret"')[2].partition(">")[2].partition("<")[0]
    tanaka.submit(f"{HERE}/action/test/{webhook.id}", {})
    delivery.deliver(utcnow())
    headers, body = receiver.received[-1]
    assert Verifier(former).verify(body, headers) == Verifier(new).verify(body, headers)
    db.session.refresh(webhook)
    webhook.former_until = utcnow() - timedelta(seconds=1)
    db.session.commit()
    tanaka.submit(f"{HERE}/action/test/{webhook.id}", {})
    delivery.deliver(utcnow())
    headers, body = receiver.received[-1]
    Verifier(new).verify(body, headers)
    with pytest.raises(WebhookVerificationError):
        Verifier(former).verify(body, headers)


def test_sends_a_message_again(cast: Cast, tanaka: PortalClient, receiver: Receiver) -> None:
    webhook, _secret = add(tanaka, receiver.address)
    tanaka.submit(f"{HERE}/action/test/{webhook.id}", {})
    delivery.deliver(utcnow())
    message = db.session.scalars(select(WebhookMessage)).one()
    assert "thank you" in tanaka.get(f"{HERE}/messages/show/{message.id}").get_data(as_text=True)
    tanaka.submit(f"{HERE}/messages/action/send_again/{message.id}", {})
    delivery.deliver(utcnow())
    first, second = (headers["webhook-id"] for headers, _body in receiver.received)
    assert first == second


def test_is_not_sent_what_happened_while_it_was_off(
    cast: Cast, tanaka: PortalClient, receiver: Receiver
) -> None:
    webhook, _secret = add(tanaka, receiver.address)
    form = FORM | {"address": receiver.address}
    tanaka.submit(f"{HERE}/edit/{webhook.id}", form)
    db.session.expire_all()
    assert not db.session.get_one(Organization, cast.aozora.id).has_webhooks
    number = cast.membership(cast.smith).id
    tanaka.submit(f"/o/aozora/members/suspension/{number}", {"reason": "休職"})
    tanaka.submit(f"{HERE}/edit/{webhook.id}", form | {"is_active": "y"})
    tanaka.submit(f"/o/aozora/members/action/reinstate/{number}", {})
    delivery.deliver(utcnow())
    types = [json.loads(body)["type"] for _headers, body in receiver.received]
    assert types == ["member_reinstated"]


def test_is_asked_for_at_once_where_something_happens(
    app: Flask, cast: Cast, tanaka: PortalClient, receiver: Receiver, statements: Any
) -> None:
    number = cast.membership(cast.smith).id
    add(tanaka, receiver.address)
    app.extensions["jobs"].huey.storage.flush_queue()
    tanaka.submit(f"/o/aozora/members/suspension/{number}", {"reason": "休職"})
    names = [task.name for task in app.extensions["jobs"].huey.pending()]
    assert "webhooks" in names
