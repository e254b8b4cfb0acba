"""The mail server is down. It …"""

from __future__ import annotations

from datetime import timedelta

from tests.journeys.town import Town


def test_lets_the_code_wait_says_so_and_goes_on_when_the_server_is_back(town: Town) -> None:
    """S2-29, S2-30, S2-31, D-4: no way round the code, and no way to lose it."""
    cast = town.everybody()
    tanaka, smith = town.citizen(cast.tanaka), town.citizen(cast.smith)
    tanaka.signs_in().opens("/o/aozora/settings/").fills_in(
        two_factor_required="y", two_factor_deadline=""
    ).presses("保存", "Save")
    tanaka.fills_in(at_once="y").presses("保存", "Save")
    town.mail_server_goes_down()
    smith.signs_in().is_at("/login/code/")
    assert town.mail_goes_out().put_off == 1
    smith.opens("/login/code/").reads(
        "現在、メールサーバーがメールを受け付けていません。",
        "The mail server isn’t accepting email at the moment.",
    )
    smith.opens("/o/aozora/").is_at("/login/")
    smith.opens("/login/code/").types_code("000000").reads(
        "認証コードが違います。あと4回入力できます。",
        "That is not the code. You have 4 tries left.",
    )

    town.mail_server_is_back()
    assert town.mail_goes_out().sent == 0, "it waits a minute before it tries again"
    assert town.mail_goes_out(later=timedelta(minutes=2)).sent == 1
    smith.opens("/login/code/").does_not_read(
        "メールサーバーがメールを受け付けていません", "isn’t accepting email"
    )
    smith.types_code(smith.code_from_mail()).is_at("/o/aozora/")


def test_is_seen_in_the_outbox_and_tried_again_by_hand(town: Town) -> None:
    """Issue 2 §5: state, reason, retry; the letter that waited leaves at once."""
    cast = town.everybody()
    root, tanaka = town.citizen(cast.root), town.citizen(cast.tanaka)
    town.mail_server_goes_down()
    tanaka.signs_in().opens("/o/aozora/invites/add").fills_in(
        addresses="guest@example.com", preset="view_only"
    )
    tanaka.presses("招待メール送信", "Send invitations")
    town.mail_goes_out()
    tanaka.opens("/o/aozora/invites/list/").sees("guest@example.com").reads(
        "送信待ち", "Waits to be sent"
    )
    root.signs_in().opens("/outbox/list/").sees("guest@example.com").reads(
        "送信待ちのメールがあります。", "Some letters have to wait."
    )

    town.mail_server_is_back()
    root.selects("guest@example.com").presses("再送", "Send again")
    root.sees("guest@example.com").presses("再送", "Send again")  # the question before it
    assert town.mail_goes_out().sent == 1
    root.opens("/outbox/list/").does_not_read(
        "送信待ちのメールがあります。", "Some letters have to wait."
    )
    assert len(town.office.to("guest@example.com")) == 1
