"""The first day: from an empty portal to three people at work, each by their own way. It …"""

from __future__ import annotations

from tests.journeys.letters import link_in
from tests.journeys.town import Town


def test_leads_from_an_empty_portal_to_an_invited_person_at_work(town: Town) -> None:
    """S1-06, S1-11, S1-16, S1-20, S1-23, S2-30, S2-31, S3-07, S3-44, S3-50, D-5: set up, invite,
    sign up, code, work.
    """
    tanaka, sasaki = town.stranger("Tanaka", "Taro"), town.stranger("Sasaki", "Ken")
    abe, mori = town.stranger("Abe", "Yuki"), town.stranger("Mori", "Jun")
    tanaka.opens(town.setup_link())
    tanaka.fills_in(
        family_name="Tanaka",
        given_name="Taro",
        email=tanaka.address,
        login_id="tanaka",
        password=tanaka.password,
        organization_name="Aozora",
        organization_code="aozora",
    )
    tanaka.presses("アカウントと組織を作成", "Create account and organization").is_at(
        "/o/aozora/"
    ).reads("招待", "Invite")

    tanaka.opens("/o/aozora/settings/").fills_in(
        two_factor_required="y", two_factor_deadline=""
    ).presses("保存", "Save")
    tanaka.fills_in(at_once="y").presses("保存", "Save")
    tanaka.signs_out().signs_in_with_code()  # the rule holds at once, for whoever made it, too
    mails_so_far = len(town.office.mails)

    tanaka.opens("/o/aozora/invites/add")
    pasted = f"佐々木 健 <{sasaki.address}>, abe＠ｅｘａｍｐｌｅ.jp\n{mori.address}"
    tanaka.fills_in(addresses=pasted, type="general", preset="view_only", language=town.locale)
    tanaka.presses("招待メール送信", "Send invitations").is_at("/o/aozora/invites/list/").sees(
        sasaki.address, abe.address, mori.address
    )
    assert len(town.office.mails) == mails_so_far, "a request never waits for the mail server"

    letter = sasaki.reads_mail("への招待", "Invitation to Aozora")
    assert tanaka.address in letter
    sasaki.opens(link_in(letter)).reads("Aozoraへの招待", "Invitation to Aozora").sees(
        sasaki.address, tanaka.name
    )
    join = ("アカウントを作成して参加", "Make the account and join")
    sasaki.fills_in(
        family_name="Sasaki", given_name="Ken", login_id="sasaki", password="short"
    ).presses(*join)
    sasaki.reads("入力内容に誤りがあります。", "Some entries need correcting.")
    sasaki.fills_in(password=sasaki.password).presses(*join)

    sasaki.reads("認証コードを入力してください", "Enter the sign-in code").types_code(
        sasaki.code_from_mail()
    ).is_at("/o/aozora/")
    sasaki.opens("/o/aozora/members/list/").is_at("/o/aozora/members/list/").sees(
        tanaka.name, sasaki.name
    )
    sasaki.opens("/o/aozora/invites/list/").sees(abe.address, mori.address).sees_no(sasaki.address)
    assert not sasaki.can_press("新規招待", "New invitation")
    sasaki.is_refused("/o/aozora/invites/add", 403).is_refused("/o/aozora/settings/", 403)

    assert sasaki.name in tanaka.reads_mail(
        f"{sasaki.name}様がAozoraに参加しました", f"{sasaki.name} joined Aozora"
    )
    tanaka.opens("/o/aozora/members/list/").sees(sasaki.name)
    for other in (abe, mori):
        link = link_in(other.reads_mail("への招待", "Invitation to Aozora"))
        other.opens(link).sees(other.address).fills_in(
            family_name=other.family,
            given_name=other.given,
            login_id=other.login_id,
            password=other.password,
        )
        other.presses(*join).types_code(other.code_from_mail()).is_at("/o/aozora/")
    tanaka.opens("/o/aozora/members/list/").sees(sasaki.name, abe.name, mori.name)
    tanaka.opens("/o/aozora/invites/list/").sees_no(sasaki.address, abe.address, mori.address)
    sasaki.signs_out().signs_in_with_code().is_at("/o/aozora/")
    sasaki.opens("/login/code/").is_at("/o/aozora/")
