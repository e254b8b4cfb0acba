"""The cast: the same seven people in every test.

Here: who they are. Not here: how a person is made (testing.people).

tanaka: power user of aozora · suzuki: general, User Viewer · smith: general, English, no authority
· sato: suspended ·
yamada: power user of minato, the outsider · root: the platform administrator, member of nothing ·
newcomer: belongs nowhere.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app
from sqlalchemy import select

from app.access.authorities import Authority
from app.extensions import db
from app.models import Account, Membership, Organization
from app.testing import people, snapshots
from app.testing.people import NOW


@dataclass
class Cast:
    """Everybody, committed."""

    aozora: Organization
    minato: Organization
    tanaka: Account
    suzuki: Account
    smith: Account
    sato: Account
    yamada: Account
    root: Account
    newcomer: Account

    def membership(self, who: Account) -> Membership:
        """The one membership of somebody of the cast."""
        return who.memberships[0]


JAPANESE: dict[str, dict[str, str]] = {
    "tanaka": {
        "family_name": "田中",
        "given_name": "太郎",
        "reading": "たなか たろう",
        "latin_name": "Taro Tanaka",
        "email": "tanaka@aozora.example",
    },
    "suzuki": {
        "family_name": "鈴木",
        "given_name": "一郎",
        "reading": "すずき いちろう",
        "latin_name": "Ichiro Suzuki",
        "language": "ja_JP",
    },
    "sato": {
        "family_name": "佐藤",
        "given_name": "美咲",
        "reading": "さとう みさき",
        "latin_name": "Misaki Sato",
    },
    "yamada": {
        "family_name": "山田",
        "given_name": "花子",
        "reading": "やまだ はなこ",
        "latin_name": "Hanako Yamada",
        "email": "yamada@minato.example",
    },
}


def assemble() -> Cast:
    """Write the cast into an empty database; on SQLite, once: then it is put back."""
    kept = snapshots.of(current_app)
    if not kept or not kept.stands_at(snapshots.EMPTY) or _is_writing():
        return _write()
    db.session.rollback()
    name = f"{snapshots.WITH_CAST}, {people.password_hash()}"
    if kept.put_back(name):
        return _read()
    cast = _write()
    kept.keep(name)
    return cast


def _is_writing() -> bool:
    """Whether the session has something that is not committed."""
    session = db.session()
    if session.new or session.dirty or session.deleted:
        return True
    driver = session.connection().connection.dbapi_connection
    return bool(driver and driver.in_transaction)


def _read() -> Cast:
    there = {one.code: one for one in db.session.scalars(select(Organization))}
    there |= {one.login_id: one for one in db.session.scalars(select(Account))}
    db.session.commit()
    return Cast(**there)


def _write() -> Cast:
    aozora = people.organization(
        "aozora", "株式会社あおぞら", latin_name="Aozora Inc.", language="ja_JP"
    )
    minato = people.organization(
        "minato", "みなと設計事務所", latin_name="Minato Design", language="ja_JP"
    )
    tanaka, suzuki = (people.account(name, **JAPANESE[name]) for name in ("tanaka", "suzuki"))
    smith = people.account("smith", family_name="Smith", given_name="John", reading="スミス ジョン")
    sato, yamada = (people.account(name, **JAPANESE[name]) for name in ("sato", "yamada"))
    root = people.platform_administrator(
        people.account("root", family_name="Root", given_name="Rita")
    )
    newcomer = people.account("newcomer", family_name="Clark", given_name="Emma")
    people.membership(tanaka, aozora, power=True)
    people.membership(suzuki, aozora, authorities=[Authority.USER_VIEWER])
    people.membership(smith, aozora)
    people.membership(sato, aozora, suspended_at=NOW, suspended_reason="On leave")
    people.membership(yamada, minato, power=True)
    db.session.commit()
    return Cast(aozora, minato, tanaka, suzuki, smith, sato, yamada, root, newcomer)
