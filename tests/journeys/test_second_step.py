"""A second step that is no letter, from its first day to the day the phone is lost. It …"""

from __future__ import annotations

import re
import time

import pyotp

from tests.journeys.people import Person
from tests.journeys.town import Town

RECOVERY = re.compile(r"[0-9a-z]{4}-[0-9a-z]{4}-[0-9a-z]{4}")


def test_is_an_app_until_the_phone_is_lost_and_a_recovery_code_stands_in(town: Town) -> None:
    """ASVS 6.3.7, 6.4.4, 6.5.1, 6.5.2: every step is told by letter, in the reader's language."""
    cast = town.everybody()
    smith = town.citizen(cast.smith)
    secret, codes = enrols(smith)
    smith.reads("続ける", "Continue").fills_in(kept="y").presses("続ける", "Continue").is_at(
        "/profile/"
    ).reads("残り10個（全10個）", "10 of 10 left")
    smith.reads_mail("認証アプリ登録のお知らせ", "authenticator app was added")

    smith.signs_out().signs_in().reads(
        "認証アプリのコードを入力してください", "Enter the code of your app"
    )
    smith.has_no_mail("認証コード", "sign-in code")
    smith.types_code(pyotp.TOTP(secret).at(time.time() + 30)).is_at("/o/aozora/")

    elsewhere = (
        town.citizen(cast.smith).signs_in().follows("回復コードを入力する", "Enter a recovery code")
    )
    elsewhere.fills_in(code=codes[0], trust="y").presses(
        "確認してサインイン", "Confirm and sign in"
    ).is_at("/o/aozora/")
    assert "9" in elsewhere.reads_mail("回復コード使用のお知らせ", "recovery code")
    elsewhere.opens("/profile/").presses("再発行", "Make new ones").reads(
        "表示されるのは今回だけです。", "They are shown this once only"
    )
    assert not set(RECOVERY.findall(elsewhere.page.text)) & set(codes)
    elsewhere.reads_mail("回復コード再発行のお知らせ", "New recovery codes")

    elsewhere.opens("/profile/").signs_out().signs_in().is_at("/o/aozora/")
    elsewhere.opens("/profile/").presses(
        "信頼を解除", "Trust no longer"
    ).signs_out().signs_in().reads("別の方法", "Another way")


def enrols(person: Person) -> tuple[str, list[str]]:
    """Add an app; return its secret and the recovery codes."""
    person.signs_in().opens("/profile/two-factor/app").reads(
        "認証アプリを登録", "Add an authenticator app"
    )
    secret = next(
        node for node in person.page.root.all("code") if node["id"] == "key"
    ).text.replace(" ", "")
    person.fills_in(code=pyotp.TOTP(secret).now()).presses("登録を完了", "Confirm the app")
    codes = RECOVERY.findall(person.page.text)
    assert len(codes) == 10
    return secret, codes
