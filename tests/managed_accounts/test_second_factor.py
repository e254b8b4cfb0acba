"""How a member signs in, as those see and mend it who manage the member. It …"""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app.access.authorities import Authority
from app.extensions import db
from app.managed_accounts import signing_in
from app.models import Account, AuthenticatorApp, Letter, Membership, Passkey
from app.two_factor.resetting import NothingToReset
from tests import cast as people
from tests import factories
from tests.cast import Cast
from tests.conftest import PortalClient, at_once
from tests.managed_accounts.signing_in import As, Letters, live, path, post, trust
from tests.two_factor_rule.rule import ask, give_app, give_passkey

VERBS = ("reset", "end-all", "distrust")


def has_factor(who: Account) -> bool:
    return any(
        db.session.scalars(select(table.id).where(table.account_id == who.id)).first()
        for table in (AuthenticatorApp, Passkey)
    )


def test_tells_names_and_devices_never_a_secret(cast: Cast, as_: As, now: datetime) -> None:
    """B-68"""
    give_app(cast.smith, now)
    as_(cast.smith, method="app")
    trust(cast.smith)
    page = as_(cast.tanaka).get(path(cast.smith)).get_data(as_text=True)
    for words in (
        "Authenticator app",
        "password and an authenticator app",
        "127.0.0.1",
        "last seen:",
        "signed in:",
    ):
        assert words in page
    assert live(cast.smith)[0].key_digest not in page
    assert path(cast.smith) in as_(cast.tanaka).get(
        f"/o/aozora/members/show/{cast.membership(cast.smith).id}"
    ).get_data(as_text=True)


def test_resets_what_somebody_has_lost(
    cast: Cast, as_: As, letters: Letters, now: datetime
) -> None:
    """B-51, ASVS 6.4.4: factors go, sessions end, no device is trusted, the member is told, and
    set-up is asked for again.
    """
    ask(cast.aozora, strong=True)
    give_app(cast.smith, now)
    give_passkey(cast.smith, now)
    device, smith = trust(cast.smith), as_(cast.smith, method="app")
    assert smith.get("/o/aozora/").status_code == 200
    status, page = post(as_(cast.tanaka, method="app"), cast.smith, "reset")
    assert (status, "The second factors were removed." in page) == (200, True)
    assert not has_factor(cast.smith)
    assert live(cast.smith) == []
    db.session.refresh(device)
    assert device.ended_at
    assert smith.get("/o/aozora/").status_code == 302
    assert [one.recipient for one in letters("second_factor_reset")] == [cast.smith.email]
    assert as_(cast.smith).get("/o/aozora/").status_code == 403, "enrolment is forced"


def test_asks_for_a_proof_before_a_reset(cast: Cast, as_: As, now: datetime) -> None:
    """B-54, ASVS 7.5.3"""
    give_app(cast.smith, now)
    tanaka = as_(cast.tanaka)
    for row in live(cast.tanaka):
        row.proved_at -= timedelta(minutes=11)
    db.session.commit()
    post(tanaka, cast.smith, "reset")
    assert has_factor(cast.smith)


@pytest.mark.parametrize("verb", VERBS)
def test_never_reaches_upwards_nor_oneself(cast: Cast, as_: As, now: datetime, verb: str) -> None:
    """D-1, B-51: a manager resets no power user, and nobody themselves here."""
    cast.membership(cast.suzuki).authorities = frozenset({Authority.MEMBER_MANAGER})
    for who in (cast.tanaka, cast.suzuki, cast.smith):
        give_app(who, now)
        as_(who)
    db.session.commit()
    suzuki = as_(cast.suzuki)
    for who in (cast.tanaka, cast.suzuki):
        post(suzuki, who, verb)
        assert has_factor(who)
        assert live(who)
    assert suzuki.get(path(cast.tanaka)).status_code == 403
    assert suzuki.get(path(cast.suzuki)).status_code == 409
    assert post(suzuki, cast.smith, verb)[0] == 200


@pytest.mark.parametrize("verb", ["", *VERBS, "end"])
def test_is_open_to_managers_only(
    cast: Cast, as_: As, client: PortalClient, now: datetime, verb: str
) -> None:
    give_app(cast.smith, now)
    smith = as_(cast.smith)
    for who, status in ((cast.suzuki, 403), (cast.yamada, 404), (cast.sato, 403)):
        browser = as_(who)
        answer = (
            browser.submit(path(cast.smith, verb), page="/profile/")
            if verb
            else browser.get(path(cast.smith))
        )
        assert answer.status_code == status
    assert client.open(path(cast.smith, verb), method="POST" if verb else "GET").status_code in {
        302,
        400,
    }
    assert has_factor(cast.smith)
    assert smith.get("/profile/").status_code == 200


def test_leaves_accounts_that_another_organization_relies_on_to_the_platform(
    cast: Cast, as_: As, now: datetime
) -> None:
    """B-51: who stands above somebody here may stand below them there, also where the account was
    registered here.
    """
    factories.membership(cast.smith, cast.minato, power=True)
    give_app(cast.smith, now)
    _status, page = post(as_(cast.tanaka), cast.smith, "reset")
    assert "Only the platform administrator can reset it." in page
    assert has_factor(cast.smith)
    cast.smith.managed_by = cast.aozora
    db.session.commit()
    post(as_(cast.tanaka), cast.smith, "reset")
    assert has_factor(cast.smith)
    post(as_(cast.root), cast.smith, "reset")
    assert not has_factor(cast.smith)


def test_leaves_a_platform_administrators_account_alone(cast: Cast, as_: As, now: datetime) -> None:
    """D-1"""
    factories.membership(cast.root, cast.aozora)
    give_app(cast.root, now)
    root = as_(cast.root)
    for verb in VERBS:
        post(as_(cast.tanaka), cast.root, verb)
    assert has_factor(cast.root)
    assert root.get("/profile/").status_code == 200


def test_says_when_there_is_nothing_to_reset(cast: Cast, as_: As, now: datetime) -> None:
    assert "There is nothing to reset" in as_(cast.tanaka).get(path(cast.smith)).get_data(
        as_text=True
    )
    with pytest.raises(NothingToReset):
        signing_in.reset(
            cast.membership(cast.smith), by=factories.seat(cast.membership(cast.tanaka)), now=now
        )


def test_is_there_for_every_account_on_the_platforms_screen(
    cast: Cast, as_: As, letters: Letters, now: datetime
) -> None:
    """B-51, B-68, S4-02"""
    factories.membership(cast.tanaka, cast.minato)
    give_app(cast.tanaka, now)
    tanaka, root, base = as_(cast.tanaka), as_(cast.root), f"/accounts/signing-in/{cast.tanaka.id}"
    assert "127.0.0.1" in root.get(base).get_data(as_text=True)
    root.submit(f"{base}/end", {"session": str(live(cast.tanaka)[0].id)}, page="/profile/")
    assert tanaka.get("/profile/").status_code == 302
    root.submit(f"{base}/reset", page="/profile/")
    assert not has_factor(cast.tanaka)
    assert letters("second_factor_reset")
    own = root.submit(
        f"/accounts/signing-in/{cast.root.id}/end-all", page="/profile/", follow_redirects=True
    ).get_data(as_text=True)
    assert "This is your own account." in own
    for who, status in ((cast.tanaka, 403), (cast.suzuki, 403)):
        assert as_(who).get(base).status_code == status


def test_resets_once_when_two_reset_at_once(each_app: Flask, now: datetime) -> None:
    cast = people.assemble()
    give_app(cast.smith, now)
    ids = (cast.membership(cast.smith).id, cast.membership(cast.tanaka).id)

    def resetting() -> None:
        member, by = (db.session.get_one(Membership, one) for one in ids)
        signing_in.reset(member, by=factories.seat(by), now=now)
        db.session.commit()

    results = at_once(each_app, resetting, resetting)
    assert sorted(type(one).__name__ for one in results) == ["NoneType", "NothingToReset"]
    assert (
        len(list(db.session.scalars(select(Letter).where(Letter.kind == "second_factor_reset"))))
        == 1
    )
