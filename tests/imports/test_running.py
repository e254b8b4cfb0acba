"""Doing what a file says. It …"""

from __future__ import annotations

from collections.abc import Callable
from unittest.mock import ANY

import pytest
from sqlalchemy import select, update

from app.accounts import service as accounts
from app.extensions import db
from app.imports.row_refusals import ChangedSince
from app.imports.running import HasErrors, RowRefused, TooMuchAtOnce
from app.imports.verdicts import Mode, New
from app.kernel.errors import Forbidden
from app.models import Account, BindingStatus, FirstLogin, Invite, Letter, Membership, RoleBinding
from tests import factories
from tests.cast import Cast
from tests.imports.conftest import E, H, Importing, R, outcomes
from tests.members.conftest import built_in, events, fingerprint

Letters = Callable[..., list[Letter]]
BAD = "x,kato@@aozora.example.jp,加藤,一,\r\n"


def member(login_id: str) -> Membership | None:
    db.session.expire_all()
    account = accounts.find(login_id)
    return account.memberships[0] if account and account.memberships else None


def test_registers_people_with_their_letters(importing: Importing, letters: Letters) -> None:
    """S2-20 to S2-22: by the verb of the form."""
    importing.run(H + R + "jiro,jiro@aozora.example.jp,鈴木,二郎,\r\n")
    hanako = member("hanako")
    assert hanako is not None
    assert (hanako.account.written_name, [one.name for one in hanako.roles]) == (
        "佐藤 花子",
        ["Viewer"],
    )
    assert hanako.account.managed_by == importing.organization
    assert {one.recipient for one in letters("first_sign_in_link")} == {
        "hanako@aozora.example.jp",
        "jiro@aozora.example.jp",
    }
    assert [line.subject_name for line in events("member_added")] == [ANY, ANY]


@pytest.mark.parametrize("column", ["family_name", "given_name", "氏名"])
def test_needs_one_name_only(importing: Importing, column: str) -> None:
    importing.run(f"login_id,email,{column}\r\nh,h@aozora.example.jp,花子\r\n")
    found = member("h")
    assert found is not None
    assert found.account.written_name == "花子"


def test_does_all_or_nothing(importing: Importing) -> None:
    """D-C6, S2-24; the rows without errors are a second, explicit choice."""
    before = fingerprint()
    with pytest.raises(HasErrors):
        importing.run(H + R + BAD)
    db.session.rollback()
    assert fingerprint() == before
    done = importing.run(H + R + BAD, valid_only=True)
    assert outcomes(done.verdicts) == ["add", "error"]
    assert (member("hanako") is None, member("x")) == (False, None)


def test_is_done_once(importing: Importing, letters: Letters) -> None:
    importing.run(H + R)
    sent = len(letters())
    done = importing.run(H + R)
    assert outcomes(done.verdicts) == ["unchanged"]
    assert len(letters()) == sent


def test_is_not_done_where_something_changed_since_the_check(
    cast: Cast, importing: Importing
) -> None:
    text = "login_id,roles\r\nsmith,Viewer\r\n"
    seen = importing.check(text).seen
    cast.membership(cast.smith).roles = [built_in("editor")]
    db.session.commit()
    with pytest.raises(ChangedSince):
        importing.run(text, seen=seen)
    db.session.rollback()
    importing.run(text, seen=importing.check(text).seen)
    assert [one.name for one in cast.membership(cast.smith).roles] == ["Viewer"]


def test_changes_identity_roles_and_state(cast: Cast, importing: Importing) -> None:
    """S2-25."""
    cast.smith.managed_by = cast.aozora
    db.session.commit()
    head = "login_id,email,given_name,language,2段階認証,メール通知,roles,state\r\n"
    importing.run(f"{head}smith,jack@aozora.example,Jack,日本語,する,しない,編集者,停止\r\n")
    smith, account = cast.membership(cast.smith), cast.smith
    assert (account.email, account.given_name, account.language) == (
        "jack@aozora.example",
        "Jack",
        "ja_JP",
    )
    assert (account.two_factor, account.notifications, smith.is_suspended) == (True, False, True)
    assert [one.name for one in smith.roles] == ["Editor"]
    importing.run("login_id,state\r\nsmith,有効\r\n")
    assert not cast.membership(cast.smith).is_suspended


def test_removes_and_brings_back(cast: Cast, importing: Importing) -> None:
    """D-C12: the same row."""
    cast.membership(cast.smith).roles = [built_in("viewer")]
    db.session.commit()
    pk = cast.membership(cast.smith).id
    importing.run("login_id,action\r\nsmith,remove\r\n")
    assert member("smith") is None
    done = importing.run("login_id,roles\r\nsmith,Editor\r\n")
    assert outcomes(done.verdicts) == ["come_back"]
    back = member("smith")
    assert back is not None
    assert (back.id, [one.name for one in back.roles]) == (pk, ["Editor"])


def test_asks_whoever_has_an_account(cast: Cast, importing: Importing) -> None:
    """D-C11: name, login ID and password of the file are not used."""
    cast.yamada.email_verified_at = importing.now
    db.session.commit()
    done = importing.run(f"{E},roles\r\nnew-id,{cast.yamada.email},X,Y,Viewer\r\n")
    assert [one.name for one in done.notes.values()] == ["HasAccountAlready"]
    binding = db.session.scalars(select(RoleBinding)).one()
    assert (binding.account_id, binding.status) == (cast.yamada.id, BindingStatus.WAITING)
    assert (cast.yamada.family_name, cast.yamada.login_id) == ("山田", "yamada")
    again = importing.check(f"{E},roles\r\nnew-id,{cast.yamada.email},X,Y,Viewer\r\n")
    assert outcomes(again) == ["skip"]


def test_invites(importing: Importing, letters: Letters) -> None:
    importing.run(H + R, Mode(New.INVITE))
    invite = db.session.scalars(select(Invite)).one()
    assert (invite.address, [one.name for one in invite.roles]) == (
        "hanako@aozora.example.jp",
        ["Viewer"],
    )
    assert [one.recipient for one in letters("invite")] == ["hanako@aozora.example.jp"]


def test_sends_first_passwords_where_the_organization_does(
    cast: Cast, importing: Importing, letters: Letters
) -> None:
    """D-C4; grep finds the password nowhere but in that letter."""
    cast.aozora.first_login = FirstLogin.PASSWORD
    db.session.commit()
    secret = "xK9#mpL2$vQ"
    importing.run(f"{E},password\r\nh,h@aozora.example.jp,佐藤,花子,{secret}\r\n")
    assert [one.kind for one in letters()] == ["first_sign_in_password"]
    assert secret not in str([line.details for line in events()])
    assert (
        db.session.scalars(select(Account).where(Account.login_id_key == "h")).one().password_hash
    )


def test_hands_an_organization_over_in_any_order(cast: Cast, importing: Importing) -> None:
    """File 34, D-2: A down, B up."""
    boss = factories.account("boss")
    factories.membership(boss, cast.aozora, power=True)
    db.session.commit()
    text = "login_id,type,roles\r\nboss,general,Viewer\r\nsmith,power,\r\n"
    importing.run(text)
    assert cast.membership(cast.smith).is_power
    assert not boss.memberships[0].is_power


def test_stops_at_what_no_check_can_know(cast: Cast, importing: Importing) -> None:
    """All of it is taken back, and the line is named."""
    cast.yamada.email_verified_at = importing.now
    db.session.commit()
    before = fingerprint()
    with pytest.raises(RowRefused, match="Line 3: Choose at least one role"):
        importing.run(H + R + f"new-id,{cast.yamada.email},X,Y,\r\n")
    db.session.rollback()
    assert fingerprint() == before


def test_needs_the_author_of_the_moment(cast: Cast, importing: Importing) -> None:
    suspended = update(Membership).where(Membership.account_id == cast.tanaka.id)
    db.session.execute(
        suspended.values(suspended_at=importing.now),
        execution_options={"synchronize_session": False},
    )
    with pytest.raises(Forbidden):
        importing.run(H + R)
    db.session.rollback()


def test_does_so_many_at_once(importing: Importing) -> None:
    text = H + "".join(f"p{at},p{at}@aozora.example.jp,佐藤,花子,\r\n" for at in range(501))
    with pytest.raises(TooMuchAtOnce):
        importing.run(text)
