"""The demo's crowd: people made of names, as many as are asked for.

Here: the names, and who has which. Not here: those whom the demo knows (organizations.demo_people).
"""

from __future__ import annotations

from collections.abc import Iterator

from app.organizations.demo_person import Person, ago

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
        seen = None if number % 17 == 3 else ago(0.05 + (number * 37 % 4000) / 20)
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
