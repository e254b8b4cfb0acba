"""Migrations: every table, up and down, on both databases; two upgrades at once; a start on an old
database says so.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask_appbuilder import Model
from flask_migrate import downgrade
from sqlalchemy import inspect, select, text

from app import create_app
from app.database import MIGRATIONS, is_upgraded
from app.extensions import db
from app.models import OWN_TABLES, Account
from app.upgrade import upgrade
from tests import factories
from tests.conftest import build_app, settings_for

ROOT = Path(__file__).resolve().parents[2]
KEPT = {
    "ab_user",
    "organization",
    "membership",
    "member_role",
    "membership_role",
    "invite",
    "invite_role",
    "activity",
}


def test_they_make_every_table_and_take_it_away_again(fresh: Flask) -> None:
    upgrade()
    assert is_upgraded()
    assert set(inspect(db.engine).get_table_names()) >= OWN_TABLES
    downgrade(directory=str(MIGRATIONS), revision="base")
    assert {
        name for name in inspect(db.engine).get_table_names() if not name.startswith("job_")
    } <= {"alembic_version"}
    upgrade()
    assert is_upgraded()


def test_they_keep_what_people_have(with_demo: Flask) -> None:
    """Up again, 0003 fills what memberships repeat of their accounts; rebuilding the table takes no
    role away.

    Only 0004 knows service accounts: below it they are accounts that nobody can sign in with.
    """
    had, robots = (
        kept(),
        [{"id": pk} for pk in db.session.scalars(select(Account.id).where(Account.is_service))],
    )
    db.session.commit()  # nothing that was read may hold the tables
    downgrade(directory=str(MIGRATIONS), revision="0001")
    upgrade()
    db.session.execute(text("UPDATE ab_user SET is_service = true WHERE id = :id"), robots)
    db.session.commit()
    now_has = kept()
    assert len(now_has["activity"]) == len(had["activity"]) + 1, "the log is divided, and says so"
    assert now_has | {"activity": had["activity"]} == had
    assert all(line in now_has["activity"] for line in had["activity"])
    assert had["membership_role"]
    copied = text(
        "SELECT count(*) FROM membership JOIN ab_user ON ab_user.id = account_id WHERE"
        " membership.sort_key = ab_user.sort_key AND membership.email_key = ab_user.email_key AND"
        " account_suspended_at IS NOT DISTINCT FROM ab_user.suspended_at"
    )
    assert db.session.scalar(copied) == len(had["membership"])


def kept() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of the tables that hold what people have, by table; the session gives its
    connection back.
    """
    tables = [table for name, table in Model.metadata.tables.items() if name in KEPT]
    with db.engine.connect() as connection:
        return {
            table.name: sorted(map(tuple, connection.execute(table.select())), key=repr)
            for table in tables
        }


def test_a_second_upgrade_finds_nothing_to_do(
    upgraded: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.clear()
    upgrade()
    assert not [line for line in caplog.messages if "delet" in line.lower()], (
        "views that share a permission name keep each other's"
    )
    assert is_upgraded()


def test_models_and_migrations_agree(upgraded: Flask) -> None:
    answer = upgraded.test_cli_runner().invoke(args=["db", "check"])
    assert answer.exit_code == 0, answer.output


def test_two_upgrades_at_once_both_come_up(tmp_path: Path) -> None:
    environment = {"INSTANCE_PATH": str(tmp_path), "PATH": "/usr/bin:/bin"}
    command = [str(Path(sys.executable).with_name("flask")), "portal", "upgrade"]
    running = [
        subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for _ in range(2)
    ]
    outputs = [process.communicate(timeout=120)[0] for process in running]
    assert [process.returncode for process in running] == [0, 0], outputs


def test_a_start_on_a_database_that_is_not_upgraded_says_so(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="flask portal upgrade"):
        create_app(settings_for(tmp_path))


def test_a_start_on_an_upgraded_one_comes_up(tmp_path: Path) -> None:
    build_app(settings_for(tmp_path))
    assert create_app(settings_for(tmp_path))


@pytest.mark.parametrize(
    ("zones", "language", "wanted"),
    [
        (["Asia/Seoul", "Asia/Seoul", "Europe/Dublin", "UTC", "UTC", "UTC"], "en", "Asia/Seoul"),
        (["UTC", "Africa/Abidjan"], "ja_JP", "Asia/Tokyo"),
        (["UTC", "Africa/Abidjan"], "en", "UTC"),
        ([], "en", "UTC"),
    ],
)
def test_they_give_an_organization_the_zone_that_most_of_its_members_have(
    upgraded: Flask, zones: list[str], language: str, wanted: str
) -> None:
    """D-C14: what nobody chose does not count, and stays for no one who never signed in."""
    where = factories.organization(f"acme{len(zones)}{language[:2]}", language=language)
    people = [
        factories.account(time_zone=zone, last_sign_in_at=factories.NOW if number else None)
        for number, zone in enumerate(zones)
    ]
    for who in people:
        factories.membership(who, where)
    db.session.commit()
    downgrade(directory=str(MIGRATIONS), revision="0012")
    upgrade()
    db.session.expire_all()
    assert where.time_zone == wanted
    assert [one.time_zone for one in people[:1]] == [wanted] * len(people[:1])
    by_accident = {"UTC", "Africa/Abidjan"}
    chosen = [one.zone_is_chosen for one in people[1:]]
    assert chosen == [zone not in by_accident for zone in zones[1:]]
