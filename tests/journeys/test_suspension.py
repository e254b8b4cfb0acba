"""Suspended and back again. It …"""

from __future__ import annotations

from tests import factories
from tests.journeys.town import Town


def test_ends_everything_at_once_and_revives_nothing(town: Town) -> None:
    """S2-27, S2-28, D-3, D-C1: sessions end, sign-in is refused after the right password only,
    reinstating opens no old session.
    """
    cast = town.everybody()
    tanaka, smith, phone = (
        town.citizen(cast.tanaka),
        town.citizen(cast.smith),
        town.citizen(cast.smith),
    )
    smith.signs_in().is_at("/o/aozora/")
    phone.signs_in().is_at("/o/aozora/")
    page = f"/o/aozora/members/show/{cast.membership(cast.smith).id}"
    tanaka.signs_in().opens(page).follows("停止…", "Suspend…").fills_in(reason="休職").presses(
        "停止", "Suspend"
    )
    tanaka.is_at(page).reads("を停止しました。", " was suspended.").sees("休職")

    assert not smith.is_in()
    assert not phone.is_in()
    smith.opens("/o/aozora/").is_at("/login/")
    assert "休職" in smith.reads_mail("利用停止のお知らせ", "is suspended")
    smith.signs_in(password="Wrong-password-1").does_not_read("停止", "suspended")
    smith.signs_in().reads(
        "利用が停止されています。",
        "Your access is suspended. Ask the administrators of",
    )
    tanaka.opens("/o/aozora/members/list/").sees_no(smith.address)
    tanaka.opens("/o/aozora/members/list/?status=suspended").sees(smith.address).reads(
        "停止中", "Suspended"
    )

    tanaka.opens(page).presses("再有効化", "Reinstate").reads(
        "を再有効化しました。", " was reinstated."
    )
    assert not smith.is_in()
    assert not phone.is_in()
    phone.signs_in().is_at("/o/aozora/")


def test_leaves_the_other_organization_open(town: Town) -> None:
    """S0-08, D-3: suspended here, at work there; the page says whom to ask."""
    cast = town.everybody()
    factories.membership(cast.smith, cast.minato)
    tanaka, smith = town.citizen(cast.tanaka), town.citizen(cast.smith)
    smith.signs_in().opens("/o/aozora/").is_at("/o/aozora/")
    tanaka.signs_in().opens(
        f"/o/aozora/members/suspension/{cast.membership(cast.smith).id}"
    ).presses("停止", "Suspend")
    smith.is_refused("/o/aozora/", 403).reads(
        "停止されています。", "Your membership of this organization is suspended."
    )
    smith.opens("/o/minato/").is_at("/o/minato/")


def test_is_done_to_an_account_by_the_platform_administrator(town: Town) -> None:
    """D-3, S4-02: everywhere at once, and only the right password learns why."""
    cast = town.everybody()
    root, smith, other = town.citizen(cast.root), town.citizen(cast.smith), town.citizen(cast.smith)
    smith.signs_in().is_at("/o/aozora/")
    root.signs_in().opens(f"/accounts/suspension/{cast.smith.id}").presses("停止", "Suspend")
    root.reads(
        f"{smith.name}のアカウントを停止しました。",
        f"The account of {smith.name} was suspended.",
    )
    assert not smith.is_in()
    other.signs_in(password="Wrong-password-1").does_not_read("停止", "suspended")
    other.signs_in().reads(
        "アカウントが停止されているため、サインインできません。",
        "Your account is suspended, so you cannot sign in.",
    )
