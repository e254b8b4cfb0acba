"""The demo's people, roles and invitations: tables, and a crowd made of names.

Here: who they are. Not here: writing them (organizations.demo).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from app.access.authorities import Authority as A
from app.models import InviteStatus, MemberType

GENERAL, POWER = MemberType.GENERAL, MemberType.POWER
NEVER = None
AOZORA, MINATO = "aozora", "minato"


@dataclass(frozen=True)
class Person:
    """Somebody of the demo, as a member of one organization."""

    login_id: str
    email: str
    family_name: str
    given_name: str
    reading: str
    latin_name: str = ""
    language: str = "ja_JP"
    type: MemberType = GENERAL
    roles: tuple[str, ...] = ()
    authorities: tuple[str, ...] = ()
    seen: timedelta | None = NEVER
    joined: int = 400
    reason: str = ""
    is_suspended: bool = False
    two_factor: bool = False
    managed: bool = False


def _days(days: float) -> timedelta:
    return timedelta(days=days)


def _ja(
    login_id: str,
    email: str,
    name: str,
    reading: str,
    latin: str,
    roles: str = "",
    seen: float | None = None,
    **more: Any,
) -> Person:
    family, given = name.split(" ")
    return _person(login_id, email, (family, given, reading, latin, "ja_JP"), roles, seen, more)


def _en(
    login_id: str,
    email: str,
    family: str,
    given: str,
    reading: str,
    roles: str = "",
    seen: float | None = None,
    **more: Any,
) -> Person:
    return _person(login_id, email, (family, given, reading, "", "en"), roles, seen, more)


def _person(
    login_id: str,
    email: str,
    name: tuple[str, str, str, str, str],
    roles: str,
    seen: float | None,
    more: dict[str, Any],
) -> Person:
    at = email if "@" in email else f"{email}@aozora.example"
    return Person(
        login_id,
        at,
        *name,
        roles=tuple(roles.split()),
        seen=None if seen is None else _days(seen),
        **more,
    )


BOOKS = frozenset({A.INVOICE_DOWNLOADER, A.INQUIRY_USER, A.BILLING_VIEWER, A.BILLING_ALARM_VIEWER})
DEVELOPMENT = frozenset({A.PROJECT_VIEWER, A.AWS_ACCOUNT_VIEWER, A.DASHBOARD_VIEWER})

ROLES: dict[str, tuple[str, str, frozenset[str]]] = {
    "books": ("経理担当", "請求書とBillingアラームを扱います", BOOKS),
    "developers": ("開発チーム", "AWSアカウントとプロジェクトを見ます", DEVELOPMENT),
}

PEOPLE: tuple[Person, ...] = (
    _ja(
        "tanaka",
        "tanaka",
        "田中 太郎",
        "たなか たろう",
        "Taro Tanaka",
        "admin",
        0.002,
        type=POWER,
        joined=900,
    ),
    _ja(
        "sato",
        "misaki.sato",
        "佐藤 美咲",
        "さとう みさき",
        "Misaki Sato",
        "view_only books",
        0.008,
        two_factor=True,
        joined=600,
        authorities=(A.BILLING_ALARM_EDITOR, A.PROJECT_ADDRESSES_EDITOR),
    ),
    _en("smith", "john.smith", "Smith", "John", "スミス ジョン", "view_only", 0.08),
    _ja(
        "suzuki",
        "suzuki",
        "鈴木 一郎",
        "すずき いちろう",
        "Ichiro Suzuki",
        "",
        1.1,
        authorities=(A.USER_VIEWER,),
    ),
    _ja(
        "takahashi",
        "y.takahashi",
        "高橋 由美子",
        "たかはし ゆみこ",
        "Yumiko Takahashi",
        "co_admin",
        1.3,
        type=POWER,
        joined=800,
    ),
    _ja("ito", "ken.ito", "伊藤 健", "いとう けん", "Ken Ito", "asset_manager", 3, managed=True),
    _ja(
        "watanabe",
        "sakura",
        "渡辺 さくら",
        "わたなべ さくら",
        "Sakura Watanabe",
        "viewer contractor books developers",
        3.2,
    ),
    _en(
        "gonzalez",
        "maria-fernanda.gonzalez-ruiz@partners.aozora.example",
        "González Ruiz",
        "María Fernanda",
        "ゴンサレス ルイス マリア",
        "contractor",
        4,
    ),
    _ja(
        "yamamoto",
        "ren.y",
        "山本 蓮",
        "やまもと れん",
        "Ren Yamamoto",
        "developers",
        61,
        is_suspended=True,
        reason="休職のため",
    ),
    _ja(
        "nakamura",
        "nakamura",
        "中村 優子",
        "なかむら ゆうこ",
        "Yuko Nakamura",
        "viewer",
        managed=True,
        joined=4,
    ),
    _ja(
        "kobayashi",
        "kobayashi.d",
        "小林 大輔",
        "こばやし だいすけ",
        "Daisuke Kobayashi",
        "asset_manager developers",
        6,
    ),
    _en(
        "obrien",
        "siobhan@partners.aozora.example",
        "O’Brien",
        "Siobhán",
        "オブライエン シボーン",
        "asset_manager",
        8,
    ),
    _ja("kato", "kato", "加藤 真理子", "かとう まりこ", "Mariko Kato", "books", 9, managed=True),
    _ja("yoshida", "yoshida", "吉田 翔太", "よしだ しょうた", "Shota Yoshida", "", 15),
    _ja(
        "sasaki",
        "hina.sasaki",
        "佐々木 陽菜",
        "ささき ひな",
        "Hina Sasaki",
        "viewer developers",
        16,
    ),
    _en(
        "mueller",
        "jonas.mueller",
        "Müller",
        "Jonas",
        "ミュラー ヨナス",
        "organization_user_manager",
        17,
        type=POWER,
        two_factor=True,
        joined=700,
    ),
    _ja(
        "matsumoto",
        "matsumoto",
        "松本 拓也",
        "まつもと たくや",
        "Takuya Matsumoto",
        "view_only",
        22,
    ),
    _ja("inoue", "inoue", "井上 千尋", "いのうえ ちひろ", "Chihiro Inoue", "contractor books", 23),
    _en("nguyen", "linh", "Nguyễn", "Linh", "グエン リン", "developers", 33),
    _ja("kimura", "kimura", "木村 直樹", "きむら なおき", "Naoki Kimura", "editor", 34),
    _ja("hayashi", "hayashi", "林 美穂", "はやし みほ", "Miho Hayashi", "co_admin", 1.5, joined=3),
    _ja("shimizu", "shimizu", "清水 隆", "しみず たかし", "Takashi Shimizu", "asset_manager", 63),
    _en("patel", "priya.patel", "Patel", "Priya", "パテル プリヤ", "viewer editor", 95),
    _ja(
        "saito",
        "saito",
        "斎藤 結衣",
        "さいとう ゆい",
        "Yui Saito",
        "viewer",
        managed=True,
        joined=2,
    ),
    _ja(
        "hasegawa",
        "hasegawa",
        "長谷川 剛志",
        "はせがわ つよし",
        "Tsuyoshi Hasegawa",
        "books",
        155,
        is_suspended=True,
        reason="退職予定",
    ),
)

NEIGHBOURS: tuple[Person, ...] = (
    _ja(
        "yamada",
        "yamada@minato.example",
        "山田 花子",
        "やまだ はなこ",
        "Hanako Yamada",
        "admin",
        0.4,
        type=POWER,
        joined=500,
    ),
    _ja("ogawa", "ogawa@minato.example", "小川 誠", "おがわ まこと", "Makoto Ogawa", "editor", 2),
    _en("wood", "oliver.wood@minato.example", "Wood", "Oliver", "ウッド オリバー", "viewer", 5),
    _ja(
        "abe",
        "abe@minato.example",
        "阿部 翼",
        "あべ つばさ",
        "Tsubasa Abe",
        "content_viewer",
        12,
        managed=True,
    ),
    _ja(
        "ikeda",
        "ikeda@minato.example",
        "池田 愛",
        "いけだ あい",
        "Ai Ikeda",
        "accounting",
        managed=True,
        joined=6,
    ),
    _en(
        "kim",
        "minjun.kim@minato.example",
        "Kim",
        "Minjun",
        "キム ミンジュン",
        "editable",
        40,
        is_suspended=True,
        reason="Contract ended",
    ),
)
VISITORS = ("sato", "mueller")
"""People of the first organization who also belong to the second."""

NEWCOMER = _en("clark", "emma.clark@example.com", "Clark", "Emma", "クラーク エマ")
"""An account that belongs nowhere, with an invitation waiting."""

Offer = tuple[str, str, str, MemberType, str, InviteStatus, float]
INVITES: tuple[Offer, ...] = (
    # organization, address, inviter, type, preset, state, days since it was sent
    (AOZORA, "aoki@example.jp", "tanaka", GENERAL, "view_only", InviteStatus.PENDING, 4),
    (AOZORA, NEWCOMER.email, "mueller", GENERAL, "editable", InviteStatus.PENDING, 2),
    (AOZORA, "mori@example.jp", "tanaka", POWER, "", InviteStatus.PENDING, 1),
    (AOZORA, "l.martin@example.com", "mueller", GENERAL, "custom", InviteStatus.PENDING, 0.1),
    (AOZORA, "nishida@example.jp", "takahashi", GENERAL, "view_only", InviteStatus.DECLINED, 9),
    (AOZORA, "reo@example.jp", "tanaka", GENERAL, "view_only", InviteStatus.DECLINED, 11),
    (AOZORA, "hirano.mei@example.jp", "takahashi", GENERAL, "accounting", InviteStatus.PENDING, 9),
    (
        AOZORA,
        "oliver.wood-harrington@partners.example.com",
        "tanaka",
        GENERAL,
        "contractor",
        InviteStatus.PENDING,
        12,
    ),
    (AOZORA, "kudo@example.jp", "mueller", GENERAL, "all", InviteStatus.CANCELLED, 20),
    (AOZORA, "hayashi@aozora.example", "tanaka", GENERAL, "view_only", InviteStatus.ACCEPTED, 5),
    (MINATO, "tanaka@aozora.example", "yamada", GENERAL, "view_only", InviteStatus.PENDING, 3.5),
    (MINATO, NEWCOMER.email, "yamada", POWER, "", InviteStatus.PENDING, 1),
)

FAMILIES = (
    "山口 やまぐち Yamaguchi",
    "森 もり Mori",
    "橋本 はしもと Hashimoto",
    "石川 いしかわ Ishikawa",
    "前田 まえだ Maeda",
    "藤田 ふじた Fujita",
    "岡田 おかだ Okada",
    "後藤 ごとう Goto",
    "村上 むらかみ Murakami",
    "近藤 こんどう Kondo",
    "石井 いしい Ishii",
    "坂本 さかもと Sakamoto",
    "遠藤 えんどう Endo",
    "青木 あおき Aoki",
    "藤井 ふじい Fujii",
    "西村 にしむら Nishimura",
    "福田 ふくだ Fukuda",
    "太田 おおた Ota",
    "三浦 みうら Miura",
    "岡本 おかもと Okamoto",
    "中島 なかじま Nakajima",
    "原田 はらだ Harada",
    "中野 なかの Nakano",
)
GIVENS = (
    "蒼 あおい Aoi",
    "陽翔 はると Haruto",
    "美咲 みさき Misaki",
    "健太 けんた Kenta",
    "結衣 ゆい Yui",
    "大輔 だいすけ Daisuke",
    "彩 あや Aya",
    "直樹 なおき Naoki",
    "麻衣 まい Mai",
    "翔 しょう Sho",
    "恵 めぐみ Megumi",
    "達也 たつや Tatsuya",
    "優 ゆう Yu",
    "千尋 ちひろ Chihiro",
    "亮 りょう Ryo",
    "奈々 なな Nana",
    "隆 たかし Takashi",
    "玲奈 れな Rena",
    "誠 まこと Makoto",
)
ABROAD = (
    "Brown ブラウン",
    "Garcia ガルシア",
    "Chen チェン",
    "Rossi ロッシ",
    "Dubois デュボワ",
    "Novak ノバック",
    "Silva シルバ",
    "Park パク",
    "Haddad ハダド",
    "Jensen イェンセン",
    "Kowalska コヴァルスカ",
)
ABROAD_GIVENS = (
    "Anna アンナ",
    "Lucas ルーカス",
    "Mei メイ",
    "David デイビッド",
    "Sofia ソフィア",
    "Omar オマル",
    "Clara クララ",
)
CROWD_ROLES = (
    "viewer",
    "view_only",
    "asset_manager",
    "developers",
    "editor",
    "books",
    "contractor developers",
    "",
    "viewer editor",
    "accounting",
)


def crowd(count: int) -> Iterator[Person]:
    """Make so many more people, always the same ones."""
    for number in range(count):
        family, given, reading, latin = (
            _foreign_name(number) if number % 6 == 5 else _japanese_name(number)
        )
        handle = f"{latin.replace(' ', '.').lower()}{number + 1}"
        seen = None if number % 17 == 3 else _days(0.05 + (number * 37 % 4000) / 20)
        suspended = number % 23 == 11
        yield Person(
            handle,
            f"{handle}@aozora.example",
            family,
            given,
            reading,
            "" if number % 6 == 5 else latin,
            "en" if number % 6 == 5 else "ja_JP",
            roles=tuple(CROWD_ROLES[number * 7 % len(CROWD_ROLES)].split()),
            seen=seen,
            joined=210 + number * 13 % 1500,
            is_suspended=suspended,
            reason="長期休暇" if suspended else "",
            two_factor=number % 4 == 0,
            managed=number % 3 == 0,
        )


def _japanese_name(number: int) -> tuple[str, str, str, str]:
    family, family_reading, family_latin = FAMILIES[number % len(FAMILIES)].split()
    given, given_reading, given_latin = GIVENS[number * 5 % len(GIVENS)].split()
    return family, given, f"{family_reading} {given_reading}", f"{given_latin} {family_latin}"


def _foreign_name(number: int) -> tuple[str, str, str, str]:
    family, family_reading = ABROAD[number % len(ABROAD)].split()
    given, given_reading = ABROAD_GIVENS[number * 3 % len(ABROAD_GIVENS)].split()
    return family, given, f"{family_reading} {given_reading}", f"{given} {family}"
