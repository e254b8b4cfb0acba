"""The cast: the same seven people in every test.

tanaka: power user of aozora · suzuki: general, User Viewer · smith: general, English, no authority
· sato: suspended ·
yamada: power user of minato, the outsider · root: the platform administrator, member of nothing ·
newcomer: belongs nowhere.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.access.authorities import Authority
from app.extensions import db
from app.models import Account, Membership, Organization
from tests import factories
from tests.factories import NOW


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


def assemble() -> Cast:
    """Write the cast into an empty database."""
    aozora = factories.organization(
        "aozora", "株式会社あおぞら", latin_name="Aozora Inc.", language="ja_JP"
    )
    minato = factories.organization(
        "minato", "みなと設計事務所", latin_name="Minato Design", language="ja_JP"
    )
    tanaka = factories.account(
        "tanaka",
        family_name="田中",
        given_name="太郎",
        reading="たなか たろう",
        latin_name="Taro Tanaka",
        email="tanaka@aozora.example",
    )
    suzuki = factories.account(
        "suzuki",
        family_name="鈴木",
        given_name="一郎",
        reading="すずき いちろう",
        latin_name="Ichiro Suzuki",
        language="ja_JP",
    )
    smith = factories.account(
        "smith", family_name="Smith", given_name="John", reading="スミス ジョン"
    )
    sato = factories.account(
        "sato",
        family_name="佐藤",
        given_name="美咲",
        reading="さとう みさき",
        latin_name="Misaki Sato",
    )
    yamada = factories.account(
        "yamada",
        family_name="山田",
        given_name="花子",
        reading="やまだ はなこ",
        latin_name="Hanako Yamada",
        email="yamada@minato.example",
    )
    root = factories.platform_administrator(
        factories.account("root", family_name="Root", given_name="Rita")
    )
    newcomer = factories.account("newcomer", family_name="Clark", given_name="Emma")
    factories.membership(tanaka, aozora, power=True)
    factories.membership(suzuki, aozora, authorities=[Authority.USER_VIEWER])
    factories.membership(smith, aozora)
    factories.membership(sato, aozora, suspended_at=NOW, suspended_reason="On leave")
    factories.membership(yamada, minato, power=True)
    db.session.commit()
    return Cast(aozora, minato, tanaka, suzuki, smith, sato, yamada, root, newcomer)
