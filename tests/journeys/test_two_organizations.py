"""Somebody who belongs to two organizations. It …"""

from __future__ import annotations

from tests import factories
from tests.journeys.letters import link_in
from tests.journeys.town import Town


def test_is_invited_in_the_envelope_switches_and_keeps_the_one_when_removed_from_the_other(
    town: Town,
) -> None:
    """S0-01, S0-06, S0-07, S0-08, S1-01, S1-02, S1-04, S1-18, S3-06, S4-15, D-C1, D-C10."""
    cast = town.everybody()
    tanaka, smith, yamada = (
        town.citizen(cast.tanaka),
        town.citizen(cast.smith),
        town.citizen(cast.yamada),
    )
    smith.signs_in().is_at("/o/aozora/").sees(town.says("株式会社あおぞら", "Aozora Inc."))

    yamada.signs_in().opens("/o/minato/invites/add")
    yamada.fills_in(addresses="Smith@example.com", preset="accounting", language="en").presses(
        "招待メール送信", "Send invitations"
    )
    yamada.sees("Smith@example.com")
    smith.reads_mail("みなと設計事務所への招待", "Invitation to Minato Design")

    smith.opens("/").opens_envelope(saying=1).is_at("/invites/")
    smith.reads("みなと設計事務所", "Minato Design").sees("minato", cast.yamada.email).reads(
        "一般ユーザー", "General user"
    )
    smith.presses("参加", "Accept").is_at("/o/minato/").reads(
        "みなと設計事務所に参加しました。", "You are a member of Minato Design now."
    )

    smith.is_refused("/o/minato/members/list/", 403).reads("ユーザー閲覧権限", "User Viewer")
    smith.follows("株式会社あおぞら", "Aozora Inc.").is_at("/o/aozora/")
    yamada.reads_mail("みなと設計事務所に参加しました", "joined Minato Design")

    yamada.opens("/o/minato/members/list/").sees("smith@example.com").sees_no(cast.tanaka.email)
    membership = next(
        one.id for one in cast.smith.memberships if one.organization_id == cast.minato.id
    )
    yamada.opens(f"/o/minato/members/show/{membership}").follows(
        "組織から削除…", "Remove from the organization…"
    )
    yamada.reads("みなと設計事務所から削除しますか？", "from Minato Design?").presses(
        "組織から削除", "Remove from the organization"
    )
    yamada.reads("を削除しました。", " was removed.").sees_no("smith@example.com")

    smith.is_refused("/o/minato/", 404).opens("/o/aozora/").is_at("/o/aozora/").does_not_read(
        "みなと設計事務所", "Minato Design"
    )
    smith.reads_mail("組織からの削除", "You were removed from Minato Design")
    tanaka.signs_in().opens("/o/aozora/members/list/").sees("smith@example.com")


def test_declines_and_may_be_invited_again(town: Town) -> None:
    """S1-05, S3-30, S3-33: the organization sees it, in both places."""
    cast = town.everybody()
    smith, yamada = town.citizen(cast.smith), town.citizen(cast.yamada)
    yamada.signs_in().opens("/o/minato/invites/add").fills_in(
        addresses=smith.address, preset="view_only"
    ).presses("招待メール送信", "Send invitations")
    smith.signs_in().opens("/invites/").reads("みなと設計事務所", "Minato Design").presses(
        "拒否", "Decline"
    )
    smith.reads("招待を拒否しました。", "You declined the invitation.").does_not_read(
        "minato", "minato"
    )
    yamada.reads_mail("拒否", "declined")
    yamada.opens("/o/minato/invites/list/").sees(smith.address).reads("拒否", "Declined")
    smith.is_refused("/o/minato/", 404)


def test_opens_the_link_with_the_wrong_account(town: Town) -> None:
    """D-5: both addresses are named, and nothing is accepted."""
    cast = town.everybody()
    smith, suzuki, yamada = (
        town.citizen(cast.smith),
        town.citizen(cast.suzuki),
        town.citizen(cast.yamada),
    )
    yamada.signs_in().opens("/o/minato/invites/add").fills_in(
        addresses=smith.address, preset="view_only"
    ).presses("招待メール送信", "Send invitations")
    link = link_in(smith.reads_mail("みなと設計事務所への招待", "Invitation to Minato Design"))
    suzuki.signs_in().is_refused(link, 403).sees(smith.address, suzuki.address)
    suzuki.is_refused("/o/minato/", 404)

    smith.opens(link).reads("サインイン", "Sign in")
    smith.signs_in().opens(link).reads(
        "みなと設計事務所への招待", "Invitation to Minato Design"
    ).presses("参加", "Accept").is_at("/o/minato/")
    smith.is_refused(link, 410)


def test_belongs_nowhere_yet(town: Town) -> None:
    """S4-03: a friendly page instead of a portal, until an invitation comes."""
    cast = town.everybody()
    clark, yamada = town.citizen(cast.newcomer), town.citizen(cast.yamada)
    clark.signs_in().reads("所属している組織がありません", "You belong to no organization").sees(
        clark.address
    )
    clark.is_refused("/o/aozora/", 404)
    factories.invite(cast.minato, clark.address, cast.yamada)
    clark.opens("/").follows("自分への招待を見る", "See your invitations").presses(
        "参加", "Accept"
    ).is_at("/o/minato/")
    yamada.signs_in().opens("/o/minato/members/list/").sees(clark.address)
