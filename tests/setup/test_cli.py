"""`flask portal …`: upgrade, setup, demo. It …

Not here: check (test_checks.py).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import delete, select

from app import create_app
from app.extensions import db
from app.member_roles.builtin import mirror
from app.models import Account, MemberRole, Organization
from app.upgrade import one_at_a_time, upgrade
from tests.conftest import PortalClient, settings_for

Run = Callable[..., Result]
SETUP = {
    "--organization-code": "acme",
    "--organization-name": "Acme",
    "--login-id": "boss",
    "--email": "boss@example.com",
    "--name": "Emma Clark",
}


@pytest.fixture
def run(app: Flask) -> Run:
    """`run("upgrade")`: what `flask portal upgrade` does."""

    def ran(*words: str, portal: Flask = app) -> Result:
        db.session.commit()
        answer = portal.test_cli_runner().invoke(args=["portal", *words])
        db.session.expire_all()
        return answer

    return ran


def options(**changes: str) -> list[str]:
    chosen = SETUP | {f"--{name.replace('_', '-')}": value for name, value in changes.items()}
    return ["setup", *(word for pair in chosen.items() for word in pair)]


def settings(app: Flask, monkeypatch: pytest.MonkeyPatch, **changes: Any) -> None:
    """Run the portal with other settings until the test ends."""
    monkeypatch.setitem(app.config, "SETTINGS", replace(app.config["SETTINGS"], **changes))


# upgrade


def test_upgrades_and_says_so(run: Run) -> None:
    for _time in range(2):
        answer = run("upgrade")
        assert (answer.exit_code, answer.stdout) == (0, "The database is up to date.\n")


@pytest.mark.parametrize("words", [["demo"], options()])
def test_says_what_to_run_first_on_an_empty_database(tmp_path: Path, words: list[str]) -> None:
    portal = create_app(settings_for(tmp_path), check_database=False)
    answer = portal.test_cli_runner().invoke(args=["portal", *words])
    assert answer.exit_code == 4
    assert "Run: flask portal upgrade" in answer.output
    assert "Traceback" not in answer.output


# setup


def test_sets_up_the_administrator_and_the_first_organization(
    run: Run, app: Flask, client: PortalClient
) -> None:
    """S4-02: and prints the link with which the administrator sets a password."""
    answer = run(*options())
    assert answer.exit_code == 0, answer.output
    link = answer.stdout.strip()
    assert link.startswith("http://localhost/password/set/")
    assert client.get(link.removeprefix("http://localhost")).status_code == 200
    boss = db.session.scalars(select(Account)).one()
    assert (boss.login_id, boss.family_name, boss.given_name) == ("boss", "Clark", "Emma")
    assert [(one.organization.code, one.is_power) for one in boss.memberships] == [("acme", True)]


def test_reads_a_japanese_name_family_first(run: Run) -> None:
    run(*options(name="田中 太郎", language="ja_JP"))
    boss = db.session.scalars(select(Account)).one()
    assert (boss.family_name, boss.given_name, boss.language) == ("田中", "太郎", "ja_JP")


def test_sets_up_once(run: Run) -> None:
    assert run(*options()).exit_code == 0
    answer = run(*options(organization_code="other", login_id="other", email="other@example.com"))
    assert answer.exit_code == 1
    assert "The portal is set up already" in answer.stderr
    assert [row.code for row in db.session.scalars(select(Organization))] == ["acme"]


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("organization_code", "Acme Inc"),
        ("organization_code", "admin"),
        ("organization_code", ""),
        ("organization_name", ""),
        ("organization_name", "a\nb"),
        ("login_id", "boss@example.com"),
        ("login_id", ""),
        ("email", "boss"),
        ("email", ""),
        ("name", ""),
        ("language", "xx"),
    ],
)
def test_refuses_with_a_sentence_and_writes_nothing(run: Run, option: str, value: str) -> None:
    answer = run(*options(**{option: value}))
    assert answer.exit_code in {1, 2}, answer.output
    assert answer.stderr.strip()
    assert "Traceback" not in answer.output
    assert answer.exception is None or isinstance(answer.exception, SystemExit)
    assert list(db.session.scalars(select(Account))) == []
    assert list(db.session.scalars(select(Organization))) == []


# demo


def test_loads_the_demo_and_prints_who_can_sign_in(run: Run) -> None:
    answer = run("demo", "--members", "30")
    assert answer.exit_code == 0, answer.output
    for words in (
        "株式会社あおぞら (aozora): 30 members",
        "(minato): 8 members",
        "Meibo-demo-2026",
        "root ",
        "tanaka ",
        "clark ",
    ):
        assert words in answer.stdout


def test_loads_the_demo_once(run: Run) -> None:
    run("demo", "--members", "30")
    people = len(list(db.session.scalars(select(Account.id))))
    answer = run("demo", "--members", "30")
    assert (answer.exit_code, answer.stdout) == (1, "")
    assert answer.stderr == "The demo is loaded already: there is aozora. Nothing was changed.\n"
    assert len(list(db.session.scalars(select(Account.id)))) == people


@pytest.mark.parametrize("members", ["0", "-5", "24", "many", "1000001"])
def test_asks_for_a_number_of_members_that_can_be(run: Run, members: str) -> None:
    answer = run("demo", "--members", members)
    assert answer.exit_code == 2
    assert "--members" in answer.stderr
    assert list(db.session.scalars(select(Organization))) == []


def test_loads_no_demo_where_everybody_can_reach_it(
    run: Run, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings(app, monkeypatch, portal_url="https://members.example.com")
    answer = run("demo")
    assert answer.exit_code == 1
    assert "everybody knows its password" in answer.stderr
    assert list(db.session.scalars(select(Organization))) == []


def test_waits_for_an_upgrade_that_runs(tmp_path: Path) -> None:
    """T2-02: the demo began between the tables and the built-in roles."""
    portal = create_app(settings_for(tmp_path), check_database=False)
    with portal.app_context():
        upgrade()
        db.session.execute(delete(MemberRole))
        db.session.commit()
        with one_at_a_time():
            loading = Thread(target=lambda: ended.append(demo()))
            ended: list[Result] = []

            def demo() -> Result:
                return portal.test_cli_runner().invoke(args=["portal", "demo", "--members", "30"])

            loading.start()
            loading.join(1)
            assert loading.is_alive(), "it waits for the lock"
            mirror()
            db.session.commit()
        loading.join()
        db.session.remove()
    assert ended[0].exit_code == 0, ended[0].output


def test_says_what_to_run_after_an_upgrade_that_was_cut_off(tmp_path: Path) -> None:
    """T2-02: KeyError 'admin'."""
    portal = create_app(settings_for(tmp_path), check_database=False)
    with portal.app_context():
        upgrade()
        db.session.execute(delete(MemberRole))
        db.session.commit()
        answer = portal.test_cli_runner().invoke(args=["portal", "demo"])
        db.session.remove()
    assert answer.exit_code == 4
    assert "Run: flask portal upgrade" in answer.output
