"""What a row means, before anything happens (files 29 to 37 of the acceptance). It …"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from flask import Flask

from app.extensions import db
from app.imports.verdicts import Mode, New, Outcome
from app.members.lists import FILE
from app.models import FirstLogin
from tests import factories
from tests.cast import Cast
from tests.imports.conftest import E, H, Importing, R, outcomes, told, warned
from tests.members.conftest import built_in, fingerprint

Statements = Callable[[], list[str]]


def exported(app: Flask) -> bytes:
    db.session.commit()
    answer = app.test_cli_runner().invoke(args=["members", "export", "--organization", "aozora"])
    return answer.stdout_bytes


def test_the_export_read_again_changes_nothing(
    app: Flask, cast: Cast, importing: Importing, letters: Callable[[], list[object]]
) -> None:
    """File 29: the suspended, roles with quotes, names like formulas."""
    role = factories.role(cast.aozora, 'Ops; Night, "A"')
    cast.membership(cast.smith).roles = [role, built_in("viewer")]
    cast.membership(cast.suzuki).authorities = frozenset({"user_viewer", "billing_viewer"})
    cast.smith.family_name, cast.smith.given_name = "=1", "'=1"
    cast.smith.managed_by = cast.aozora
    data = exported(app)
    before = fingerprint()
    done = importing.run(data)
    assert outcomes(done.verdicts) == ["unchanged"] * 4
    assert (done.done, fingerprint(), letters()) == ([], before, [])
    assert len(FILE.columns) == data.split(b"\r\n")[0].count(b",") + 1


def test_the_export_edited_changes_what_was_edited(
    app: Flask, cast: Cast, importing: Importing
) -> None:
    """File 30: emptied stays, (blank) clears, a role less, suspended."""
    for who in (cast.smith, cast.suzuki):
        who.managed_by = cast.aozora
    cast.membership(cast.suzuki).roles = [built_in("viewer"), built_in("editor")]
    text = exported(app).decode()
    text = text.replace("スミス ジョン", "").replace("すずき いちろう", "（空欄）")
    text = text.replace("Viewer; Editor", "Viewer").replace(
        "general,,,,never", "general,,,,suspended"
    )
    verdicts = importing.check(text)
    changed = {
        one.name: one.changes for one in verdicts.rows if one.outcome in ("change", "suspend")
    }
    assert changed == {
        "鈴木 一郎": {
            "reading": ("すずき いちろう", ""),
            "roles": (["Viewer", "Editor"], ["Viewer"]),
        },
        "John Smith": {"state": ("active", "suspended")},
    }
    done = importing.run(text)
    assert len(done.done) == 2
    assert (cast.suzuki.reading, cast.membership(cast.smith).is_suspended) == ("", True)


def test_the_same_person_in_two_lines(importing: Importing) -> None:
    """File 31: other values are an error on both, equal lines are one."""
    verdicts = importing.check(H + R + R.replace("花子", "華子"))
    assert [told(one) for one in verdicts.rows] == [[("login_id", "TwiceInFile")]] * 2
    assert "line 3" in verdicts.rows[0].problems[0].sentence.lower()
    assert "line 2" in verdicts.rows[1].problems[0].sentence.lower()
    verdicts = importing.check(H + R + R)
    assert outcomes(verdicts) == ["add", "skip"]
    assert verdicts.rows[1].warnings[0].sentence == "This is the same as line 2."


def test_two_people_in_one_line(cast: Cast, importing: Importing) -> None:
    """File 32: both are named."""
    pk = cast.membership(cast.smith).id
    (row,) = importing.check(f"id,login_id\r\n{pk},suzuki\r\n").rows
    assert told(row) == [("login_id", "TwoPeople")]
    sentence = row.problems[0].sentence
    assert "John Smith" in sentence and "鈴木 一郎" in sentence
    (row,) = importing.check("id,family_name\r\n999999,x\r\n").rows
    assert told(row) == [("id", "NoSuchMember")]


def test_a_file_gives_no_more_than_its_author(cast: Cast, importing: Importing) -> None:
    """File 33, D-1: the refusal names the authority."""
    suzuki = cast.membership(cast.suzuki)
    suzuki.roles = [built_in("co_admin")]
    db.session.commit()
    text = (
        "ログインID,メールアドレス,姓,名,ロール,種別\r\n"
        "a,a@aozora.example.jp,A,A,Admin,\r\n"
        "b,b@aozora.example.jp,B,B,Co-admin,\r\n"
        "c,c@aozora.example.jp,C,C,Editor,\r\n"
        "tanaka,,,,,一般\r\n"
        "suzuki,,,,Co-admin; Editor,\r\n"
        "d,d@aozora.example.jp,D,D,,特権\r\n"
    )
    verdicts = importing.as_(cast.suzuki).check(text)
    assert outcomes(verdicts) == ["error", "add", "add", "error", "error", "error"]
    assert [told(one) for one in verdicts.errors] == [
        [("roles", "AboveYourself")],
        [("type", "AboveYourself")],
        [("roles", "AboveYourself")],
        [("type", "AboveYourself")],
    ]


def test_an_organization_keeps_a_power_user(cast: Cast, importing: Importing) -> None:
    """File 34, D-2: whoever comes after may take over, in any order."""
    other = factories.account("boss")
    factories.membership(other, cast.aozora, power=True)
    db.session.commit()
    head, both = "login_id,type,roles\r\n", "boss,general,Viewer\r\nsmith,power,\r\n"
    assert not importing.check(head + both.partition("smith")[0]).errors
    (suzuki,) = importing.check(head + "suzuki,power,\r\n").rows
    assert suzuki.makes_power
    down = "tanaka,general,Viewer\r\n"
    alone = importing.check(head + both.partition("smith")[0] + down)
    assert [told(one) for one in alone.errors] == [[("type", "LastPowerUser")]]
    assert alone.errors[0].line == 3
    assert not importing.check(head + both + down).errors


def test_a_check_tells_nobody_who_has_an_account(cast: Cast, importing: Importing) -> None:
    """File 35, D-C11: an address of elsewhere and one of nobody read the same."""
    text = f"{E}\r\nx1,%s,X,Y\r\n"
    there = importing.check(text % cast.yamada.email).rows[0]
    nobody = importing.check(text % "nobody@minato.example").rows[0]
    for verdict in (there, nobody):
        verdict.changes["email"] = (None, "")
        verdict.equals, verdict.said = 0, ""
        verdict.warnings = warned(verdict)  # type: ignore[assignment]
    assert there == nobody
    assert there.outcome is Outcome.ADD


@pytest.mark.parametrize(
    ("password", "wrong"),
    [("abc", True), ("Abcdef1!", True), ("Abc¥1234!", True), ("xK9#mpL2$vQ", False), ("", False)],
)
def test_passwords_obey_the_policy(
    cast: Cast, importing: Importing, password: str, wrong: bool
) -> None:
    """File 36: the value is never shown, and nothing is hashed."""
    cast.aozora.first_login = FirstLogin.PASSWORD
    db.session.commit()
    text = f"{E},password\r\nh,h@aozora.example.jp,佐藤,花子,{password}\r\n"
    (row,) = importing.check(text).rows
    assert [code for _column, code in told(row)] == (["WeakPassword"] if wrong else [])
    assert not password or password not in repr(row.changes)
    assert all(password not in one.value + one.sentence for one in row.problems if password)


def test_removing_is_allowed_by_a_tick(cast: Cast, importing: Importing) -> None:
    """File 37."""
    text = "login_id,action\r\nsmith,削除\r\ntanaka,remove\r\nnobody,remove\r\n"
    verdicts = importing.check(text, Mode())
    assert [told(one) for one in verdicts.rows] == [
        [("action", "MayNotRemove")],
        [("action", "MayNotRemove")],
        [("action", "NotAMember")],
    ]
    verdicts = importing.check(text)
    assert outcomes(verdicts) == ["remove", "error", "error"]
    assert told(verdicts.rows[1]) == [("action", "Yourself")]


def test_identity_changes_only_where_the_form_would(cast: Cast, importing: Importing) -> None:
    """D-C3: an error at that cell, not silence."""
    text = "login_id,given_name,roles\r\nsmith,Jack,Viewer\r\n"
    assert told(importing.check(text).rows[0]) == [("given_name", "NotManaged")]
    cast.smith.managed_by = cast.aozora
    db.session.commit()
    (row,) = importing.check(text).rows
    assert row.changes == {"given_name": ("John", "Jack"), "roles": ([], ["Viewer"])}


def test_somebody_new_needs_login_id_address_and_name(importing: Importing) -> None:
    (row,) = importing.check("login_id,email,family_name\r\n,new@aozora.example.jp,\r\n").rows
    assert told(row) == [("login_id", "Needed"), ("family_name", "NameMissing")]
    (row,) = importing.check("family_name\r\nSato\r\n").rows
    assert told(row) == [("login_id", "NobodyNamed")]


def test_leaves_people_out_by_the_mode(importing: Importing) -> None:
    text = H + R + "smith,,,,Viewer\r\n"
    assert outcomes(importing.check(text, Mode(New.LEAVE_OUT))) == ["skip", "change"]
    assert outcomes(importing.check(text, Mode(changes=False))) == ["add", "skip"]
    assert outcomes(importing.check(text, Mode(New.INVITE))) == ["invite", "change"]


def test_only_reads(
    cast: Cast, importing: Importing, statements: Statements, now: datetime
) -> None:
    text = H + "".join(f"p{at},p{at}@aozora.example.jp,佐藤,花子,閲覧者\r\n" for at in range(600))
    importing.check(H + R)
    statements()
    importing.check(text + "smith,,,,Viewer\r\ntanaka,,,,\r\n")
    seen = statements()
    assert not [one for one in seen if not one.lstrip().upper().startswith("SELECT")]
    assert len(seen) < 40


def test_a_taken_login_id_is_refused(cast: Cast, importing: Importing) -> None:
    """D-C11: as in the form."""
    (row,) = importing.check(f"{E}\r\nyamada,y@aozora.example.jp,Y,Y\r\n").rows
    assert told(row) == [("login_id", "LoginIdTaken")]


def test_a_member_is_never_emptied_silently(cast: Cast, importing: Importing) -> None:
    """D-C13."""
    cast.membership(cast.suzuki).roles = [built_in("viewer")]
    cast.membership(cast.suzuki).authorities = frozenset()
    db.session.commit()
    (row,) = importing.check("login_id,roles\r\nsuzuki,(blank)\r\n").rows
    assert told(row) == [("roles", "LeavesNothing")]


def test_names_that_would_do_harm_stay_text(importing: Importing) -> None:
    """File 41."""
    text = f"{E}\r\na,a@x.jp,<script>,=HYPERLINK(1)\r\nb,b@x.jp,a\u202eb,x\r\nc,c@x.jp,😀𠮷,葛󠄁\r\n"
    verdicts = importing.check(text)
    assert outcomes(verdicts) == ["add", "error", "add"]
    assert told(verdicts.rows[1]) == [("family_name", "Untyped")]


def test_warns_of_what_may_surprise(cast: Cast, importing: Importing) -> None:
    factories.invite(cast.aozora, "hanako@aozora.example.jp", cast.tanaka)
    db.session.commit()
    text = H + R.replace("閲覧者", "") + "sato,,,,Viewer\r\n"
    verdicts = importing.check(text)
    assert [warned(one) for one in verdicts.rows] == [
        ["GivesNothing", "InvitationWaits"],
        ["StaysSuspended"],
    ]
