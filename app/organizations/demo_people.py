"""The demo's people and roles: tables.

Here: who they are. Not here: the crowd beside them (organizations.demo_crowd), writing them
(organizations.demo_members, organizations.demo).
"""

from __future__ import annotations

from app.access.authorities import Authority as A
from app.organizations.demo_person import POWER, Person, en, ja

AOZORA, MINATO = "aozora", "minato"


BOOKS = frozenset({A.INVOICE_DOWNLOADER, A.INQUIRY_USER, A.BILLING_VIEWER, A.BILLING_ALARM_VIEWER})
DEVELOPMENT = frozenset({A.PROJECT_VIEWER, A.AWS_ACCOUNT_VIEWER, A.DASHBOARD_VIEWER})

ROLES: dict[str, tuple[str, str, frozenset[str]]] = {
    "books": ("経理担当", "請求書とBillingアラームを扱います", BOOKS),
    "developers": ("開発チーム", "AWSアカウントとプロジェクトを見ます", DEVELOPMENT),
}

PEOPLE: tuple[Person, ...] = (
    ja(
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
    ja(
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
    en("smith", "john.smith", "Smith", "John", "スミス ジョン", "view_only", 0.08),
    ja(
        "suzuki",
        "suzuki",
        "鈴木 一郎",
        "すずき いちろう",
        "Ichiro Suzuki",
        "",
        1.1,
        authorities=(A.USER_VIEWER,),
    ),
    ja(
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
    ja("ito", "ken.ito", "伊藤 健", "いとう けん", "Ken Ito", "asset_manager", 3, managed=True),
    ja(
        "watanabe",
        "sakura",
        "渡辺 さくら",
        "わたなべ さくら",
        "Sakura Watanabe",
        "viewer contractor books developers",
        3.2,
    ),
    en(
        "gonzalez",
        "maria-fernanda.gonzalez-ruiz@partners.aozora.example",
        "González Ruiz",
        "María Fernanda",
        "ゴンサレス ルイス マリア",
        "contractor",
        4,
    ),
    ja(
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
    ja(
        "nakamura",
        "nakamura",
        "中村 優子",
        "なかむら ゆうこ",
        "Yuko Nakamura",
        "viewer",
        managed=True,
        joined=4,
    ),
    ja(
        "kobayashi",
        "kobayashi.d",
        "小林 大輔",
        "こばやし だいすけ",
        "Daisuke Kobayashi",
        "asset_manager developers",
        6,
    ),
    en(
        "obrien",
        "siobhan@partners.aozora.example",
        "O’Brien",
        "Siobhán",
        "オブライエン シボーン",
        "asset_manager",
        8,
    ),
    ja("kato", "kato", "加藤 真理子", "かとう まりこ", "Mariko Kato", "books", 9, managed=True),
    ja("yoshida", "yoshida", "吉田 翔太", "よしだ しょうた", "Shota Yoshida", "", 15),
    ja(
        "sasaki",
        "hina.sasaki",
        "佐々木 陽菜",
        "ささき ひな",
        "Hina Sasaki",
        "viewer developers",
        16,
    ),
    en(
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
    ja(
        "matsumoto",
        "matsumoto",
        "松本 拓也",
        "まつもと たくや",
        "Takuya Matsumoto",
        "view_only",
        22,
    ),
    ja("inoue", "inoue", "井上 千尋", "いのうえ ちひろ", "Chihiro Inoue", "contractor books", 23),
    en("nguyen", "linh", "Nguyễn", "Linh", "グエン リン", "developers", 33),
    ja("kimura", "kimura", "木村 直樹", "きむら なおき", "Naoki Kimura", "editor", 34),
    ja("hayashi", "hayashi", "林 美穂", "はやし みほ", "Miho Hayashi", "co_admin", 1.5, joined=3),
    ja("shimizu", "shimizu", "清水 隆", "しみず たかし", "Takashi Shimizu", "asset_manager", 63),
    en("patel", "priya.patel", "Patel", "Priya", "パテル プリヤ", "viewer editor", 95),
    ja(
        "saito",
        "saito",
        "斎藤 結衣",
        "さいとう ゆい",
        "Yui Saito",
        "viewer",
        managed=True,
        joined=2,
    ),
    ja(
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
    ja(
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
    ja("ogawa", "ogawa@minato.example", "小川 誠", "おがわ まこと", "Makoto Ogawa", "editor", 2),
    en("wood", "oliver.wood@minato.example", "Wood", "Oliver", "ウッド オリバー", "viewer", 5),
    ja(
        "abe",
        "abe@minato.example",
        "阿部 翼",
        "あべ つばさ",
        "Tsubasa Abe",
        "content_viewer",
        12,
        managed=True,
    ),
    ja(
        "ikeda",
        "ikeda@minato.example",
        "池田 愛",
        "いけだ あい",
        "Ai Ikeda",
        "accounting",
        managed=True,
        joined=6,
    ),
    en(
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

NEWCOMER = en("clark", "emma.clark@example.com", "Clark", "Emma", "クラーク エマ")
"""An account that belongs nowhere, with an invitation waiting."""
