"""Webhooks. What happens in an organization arrives at its webhooks, signed, once each. It …"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import insert, select
from standardwebhooks.webhooks import Webhook as Verifier

from app.extensions import db
from app.kernel.clock import utcnow
from app.memberships import suspension
from app.models import Activity, ActivitySeal, Organization, Webhook, WebhookMessage
from app.webhooks import collecting, delivery
from tests import cast as people
from tests import factories
from tests.cast import Cast
from tests.conftest import at_once
from tests.portal_client import PortalClient
from tests.receiver import Receiver
from tests.webhooks.conftest import HERE, add


def suspend(browser: PortalClient, cast: Cast) -> None:
    number = cast.membership(cast.smith).id
    answer = browser.submit(f"/o/aozora/members/suspension/{number}", {"reason": "休職"})
    assert answer.status_code == 302


def bodies(receiver: Receiver) -> list[dict[str, Any]]:
    return [json.loads(body) for _headers, body in receiver.received]


def only_message() -> WebhookMessage:
    db.session.expire_all()
    return db.session.scalars(select(WebhookMessage)).one()


def test_sends_what_happens_signed_so_that_the_library_believes_it(
    cast: Cast, tanaka: PortalClient, receiver: Receiver
) -> None:
    _webhook, secret = add(tanaka, receiver.address)
    suspend(tanaka, cast)
    delivery.deliver(utcnow())
    ((headers, body),) = receiver.received
    told = Verifier(secret).verify(body, headers)
    assert (told["type"], told["organization"]) == ("member_suspended", "aozora")
    assert told["data"]["subject"] == {"id": cast.smith.id}
    assert told["data"]["actor"] == {"id": cast.tanaka.id}
    assert told["data"]["details"] == {}
    message = only_message()
    assert (message.state, message.status, message.attempts) == ("arrived", 200, 1)
    assert (message.answer, message.message_id) == ("thank you", headers["webhook-id"])
    delivery.deliver(utcnow())
    assert len(receiver.received) == 1


def test_names_people_only_where_it_is_asked_to(
    cast: Cast, tanaka: PortalClient, receiver: Receiver
) -> None:
    add(tanaka, receiver.address, includes_names="y")
    suspend(tanaka, cast)
    delivery.deliver(utcnow())
    (told,) = bodies(receiver)
    assert told["data"]["subject"]["name"] == "Smith John"
    assert told["data"]["details"] == {"reason": "休職"}


def test_tells_nothing_of_other_organizations_or_of_what_was_not_asked_for(
    cast: Cast, tanaka: PortalClient, as_: Any, receiver: Receiver
) -> None:
    add(tanaka, receiver.address, members="", invites="y")
    suspend(tanaka, cast)
    yamada = as_(cast.yamada)
    yamada.submit("/o/minato/invites/add", {"addresses": "a@example.org", "type": "general"})
    delivery.deliver(utcnow())
    assert receiver.received == []


def test_begins_with_what_happens_from_then_on(
    cast: Cast, tanaka: PortalClient, receiver: Receiver
) -> None:
    suspend(tanaka, cast)
    add(tanaka, receiver.address)
    delivery.deliver(utcnow())
    assert receiver.received == []


@pytest.mark.parametrize("status", [301, 400, 500])
def test_tries_again_later_with_the_same_id(
    cast: Cast, tanaka: PortalClient, receiver: Receiver, status: int
) -> None:
    add(tanaka, receiver.address)
    suspend(tanaka, cast)
    receiver.status, receiver.headers = status, {"Location": "/elsewhere"}
    delivery.deliver(utcnow())
    message = only_message()
    assert (message.state, message.status) == ("waiting", status)
    assert timedelta() < message.due_at - utcnow() <= timedelta(seconds=5)
    receiver.status = 204
    make_due(message, utcnow())
    delivery.deliver(utcnow())
    first, second = (headers["webhook-id"] for headers, _body in receiver.received)
    assert first == second
    assert only_message().state == "arrived"
    assert db.session.scalars(select(Webhook)).one().failing_since is None


def test_asks_later_as_the_server_says(
    cast: Cast, tanaka: PortalClient, receiver: Receiver
) -> None:
    add(tanaka, receiver.address)
    suspend(tanaka, cast)
    receiver.status, receiver.headers = 503, {"Retry-After": "7200"}
    delivery.deliver(utcnow())
    assert timedelta(hours=1.9) < only_message().due_at - utcnow() <= timedelta(hours=2)


def test_gives_a_message_up_after_the_last_try(
    cast: Cast, tanaka: PortalClient, receiver: Receiver
) -> None:
    add(tanaka, receiver.address)
    suspend(tanaka, cast)
    receiver.status = 500
    for _try in range(8):
        delivery.deliver(utcnow())
        if (message := only_message()).state == "waiting":
            make_due(message, utcnow())
    assert (message.state, message.attempts, len(receiver.received)) == ("failed", 8, 8)


def test_switches_off_what_is_gone_and_tells_the_power_users(
    cast: Cast, tanaka: PortalClient, receiver: Receiver, letters: Any
) -> None:
    webhook, _secret = add(tanaka, receiver.address)
    suspend(tanaka, cast)
    receiver.status = 410
    delivery.deliver(utcnow())
    db.session.refresh(webhook)
    assert not webhook.is_active
    assert not db.session.get_one(Organization, webhook.organization_id).has_webhooks
    (letter,) = letters("webhook_stopped")
    assert "CRM" in letter.text and f"{HERE}/show/{webhook.id}" in letter.text
    stopped = select(Activity).where(Activity.event == "webhooks_stopped")
    assert db.session.scalars(stopped).one().subject_name == "CRM"


def test_switches_off_after_five_days_of_failures(
    cast: Cast, tanaka: PortalClient, receiver: Receiver, now: datetime
) -> None:
    webhook, _secret = add(tanaka, receiver.address)
    suspend(tanaka, cast)
    receiver.status = 500
    delivery.deliver(utcnow())
    db.session.refresh(webhook)
    webhook.failing_since = now - timedelta(days=5)
    db.session.commit()
    make_due(only_message(), utcnow())
    delivery.deliver(utcnow())
    db.session.refresh(webhook)
    assert not webhook.is_active


def test_sends_to_nobody_inside_though_the_name_leads_there_only_later(
    app: Flask, cast: Cast, tanaka: PortalClient, receiver: Receiver, monkeypatch: Any
) -> None:
    add(tanaka, receiver.address)
    suspend(tanaka, cast)
    settings = replace(app.config["SETTINGS"], outgoing_allowed=())
    monkeypatch.setitem(app.config, "SETTINGS", settings)
    delivery.deliver(utcnow())
    assert (receiver.received, only_message().trouble) == ([], "inside")


def make_due(message: WebhookMessage, now: datetime) -> None:
    message.due_at = now
    db.session.commit()


def test_makes_each_message_once_though_two_workers_collect(each_app: Flask, now: datetime) -> None:
    """On both databases: a line of the log becomes one message of each webhook."""
    cast = people.assemble()
    webhook = Webhook(name="CRM", address="https://192.0.2.1/", organization_id=cast.aozora.id)
    webhook.sent_up_to, webhook.created_at, webhook.is_active = 0, now, True
    webhook.members, webhook.secret = True, "x"
    db.session.add(webhook)
    db.session.commit()
    by = factories.seat(cast.membership(cast.tanaka))
    suspension.suspend(cast.membership(cast.smith), reason="", by=by, now=now)
    db.session.commit()
    at_once(each_app, *[lambda: collecting.collect(now)] * 3)
    messages = db.session.scalars(select(WebhookMessage)).all()
    assert [one.event for one in messages] == ["member_suspended"]
    assert db.session.get_one(Organization, cast.aozora.id).has_webhooks


def test_goes_by_the_organization_s_own_chain(
    cast: Cast, tanaka: PortalClient, receiver: Receiver
) -> None:
    """Not by the places of the one chain that all logs had once."""
    suspend(tanaka, cast)
    seal = db.session.scalars(
        select(ActivitySeal).where(ActivitySeal.log_id == cast.aozora.id)
    ).first()
    values = {column.name: getattr(seal, column.name) for column in ActivitySeal.__table__.columns}
    former = {"sequence": 10_000, "log_id": -1, "activity_id": 10_000}
    db.session.execute(insert(ActivitySeal).values(values | former))
    db.session.commit()
    add(tanaka, receiver.address)
    number = cast.membership(cast.smith).id
    tanaka.submit(f"/o/aozora/members/action/reinstate/{number}", {})
    delivery.deliver(utcnow())
    assert [one["type"] for one in bodies(receiver)] == ["member_reinstated"]
