"""Passwords on their way to their owners. It …"""

from __future__ import annotations

import re

from tests.journeys.letters import link_in
from tests.journeys.people import PASSWORD, Person
from tests.journeys.town import Town

FIRST = "Hajimete-no-kagi-1"


def test_forgets_a_password_and_sets_another_by_link(town: Town) -> None:
    """Issue 2 §3: the link works once, every session ends, and nothing says whether there is such
    an account.
    """
    cast = town.everybody()
    smith, stranger, elsewhere = (
        town.citizen(cast.smith),
        town.stranger("Nobody", "Nils"),
        town.citizen(cast.smith),
    )
    told = ("該当するアカウントがあれば、", "If that belongs to an account, a link is on its way")
    elsewhere.signs_in().is_at("/o/aozora/")
    stranger.opens("/login/").follows("パスワードを忘れた方", "Forgot your password?").fills_in(
        login_id=stranger.address
    )
    stranger.presses("リンクを送信", "Send the link").reads(*told)
    smith.opens("/password/forgot/").fills_in(login_id="SMITH").presses(
        "リンクを送信", "Send the link"
    ).reads(*told)

    letter = smith.reads_mail("パスワード再設定", "Set a new password")
    assert town.office.mails == smith.mailbox, "the stranger has no letter"
    link = link_in(letter)
    smith.opens(link).sees("smith").fills_in(password="password").presses(
        "パスワードを設定してサインイン", "Set the password and sign in"
    )
    assert smith.page.status == 422
    smith.fills_in(password=PASSWORD).presses(
        "パスワードを設定してサインイン", "Set the password and sign in"
    ).is_at("/o/aozora/")

    assert not elsewhere.is_in()
    elsewhere.signs_in().is_at("/login/", 401)
    elsewhere.signs_in(password=PASSWORD).is_at("/o/aozora/")
    smith.signs_out().is_refused(link, 410).reads(
        "このリンクは使えません。", "This link no longer works:"
    )
    smith.reads_mail("パスワード変更のお知らせ", "was changed")


def test_registers_somebody_who_sets_the_password_by_link(town: Town) -> None:
    """S2-09, S2-11, S2-12, S2-14, D-C4: the organization's first way."""
    cast = town.everybody()
    tanaka, kondo = town.citizen(cast.tanaka), town.stranger("Kondo", "Mei")
    tanaka.signs_in().opens("/o/aozora/members/list/").follows("新規登録", "Register")
    assert "password" not in tanaka.page.values(
        tanaka.page.form_of(tanaka.page.button(town.says("新規登録", "Register")))
    )
    register(tanaka, kondo)

    letter = kondo.reads_mail("アカウント登録のお知らせ", "set your password")
    assert "kondo" in letter
    kondo.opens(link_in(letter)).fills_in(password=PASSWORD).presses(
        "パスワードを設定してサインイン", "Set the password and sign in"
    ).is_at("/o/aozora/")
    kondo.opens("/o/aozora/members/list/").is_at("/o/aozora/members/list/")
    kondo.signs_out().signs_in().is_at("/o/aozora/")


def test_registers_somebody_whose_first_password_is_in_the_letter(town: Town) -> None:
    """S2-13, S2-14, D-C4: the document's way; the first password opens nothing but the page to
    change it.
    """
    cast = town.everybody()
    tanaka, kondo = town.citizen(cast.tanaka), town.stranger("Kondo", "Mei")
    tanaka.signs_in().opens("/o/aozora/settings/").fills_in(first_login="password").presses(
        "保存", "Save"
    )
    tanaka.reads("設定を保存しました。", "The settings were saved.")
    tanaka.opens("/o/aozora/members/add")
    register(tanaka, kondo, password=FIRST)

    letter = kondo.reads_mail("アカウント登録のお知らせ", "Your account at Aozora Inc.")
    login_id, password = (
        re.search(r"(?:ログインID：|Login ID: )(\S+)", letter),
        re.search(
            r"(?:初回パスワード：|First password: )(\S+)",
            letter,
        ),
    )
    assert login_id
    assert password
    assert (login_id[1], password[1]) == ("kondo", FIRST)
    kondo.opens(link_in(letter)).is_at("/login/")
    kondo.signs_in(as_=login_id[1], password=password[1]).is_at("/password/change/")
    kondo.opens("/o/aozora/members/list/").is_at("/password/change/").opens("/profile/").is_at(
        "/password/change/"
    )
    kondo.fills_in(current_password=FIRST, password=FIRST).presses(
        "パスワードを変更", "Change the password"
    ).is_at("/password/change/", 422)
    kondo.fills_in(current_password=FIRST, password=PASSWORD).presses(
        "パスワードを変更", "Change the password"
    ).is_at("/o/aozora/")
    kondo.signs_out().signs_in(password=FIRST).is_at("/login/", 401)
    kondo.signs_in().is_at("/o/aozora/")


def register(by: Person, who: Person, **more: str) -> None:
    """Fill in the form of registering."""
    by.fills_in(
        family_name=who.family,
        given_name=who.given,
        email=who.address,
        login_id=who.login_id,
        language=by.town.locale,
        preset="view_only",
        **more,
    )
    by.presses("新規登録", "Register").reads(
        f"{who.name}のアカウントを登録しました。",
        f"The account of {who.name} was registered.",
    ).sees(who.address)


def test_keeps_what_was_typed_when_a_password_is_too_weak(town: Town) -> None:
    """S2-15…S2-19: nothing is registered."""
    cast = town.everybody()
    tanaka = town.citizen(cast.tanaka)
    tanaka.signs_in().opens("/o/aozora/settings/").fills_in(first_login="password").presses(
        "保存", "Save"
    )
    tanaka.opens("/o/aozora/members/add").fills_in(
        family_name="近藤", email="kondo@example.jp", login_id="kondo"
    )
    for weak in ("Kur-z-1", "nodigits-Here", "kondo"):
        tanaka.fills_in(password=weak).presses("新規登録", "Register").is_at(
            "/o/aozora/members/add", 422
        )
        tanaka.reads("入力内容に誤りがあります。", "Some entries need correcting.")
        kept = tanaka.page.values(
            tanaka.page.form_of(tanaka.page.button(town.says("新規登録", "Register")))
        )
        assert (kept["family_name"], kept["login_id"], kept["password"]) == (
            ["近藤"],
            ["kondo"],
            [""],
        )
    tanaka.opens("/o/aozora/members/list/").sees_no("近藤")
