"""The platform administrator, a guest with every key. It …"""

from __future__ import annotations

from tests.journeys.town import Town


def test_leaves_lines_in_the_log_of_the_organization(town: Town) -> None:
    """S4-02, S3-04: what is done inside is told there, and in which capacity."""
    cast = town.everybody()
    root, tanaka, yamada, smith = map(
        town.citizen, (cast.root, cast.tanaka, cast.yamada, cast.smith)
    )
    root.signs_in().opens("/o/aozora/").is_at("/o/aozora/").reads(
        "システム管理者として", "as platform administrator"
    )
    pk = cast.membership(cast.smith).id
    root.opens(f"/o/aozora/members/edit/{pk}").fills_in(preset="accounting").presses("保存", "Save")
    root.opens(f"/o/aozora/members/suspension/{pk}").fills_in(reason="監査").presses(
        "停止", "Suspend"
    )
    root.opens("/o/aozora/roles/add").fills_in(
        name="監査役", authorities=["activity_viewer"]
    ).presses("ロールを作成", "Create the role")

    tanaka.signs_in().opens("/o/aozora/activity/list/").is_at("/o/aozora/activity/list/")
    tanaka.reads(
        f"{root.name}が{smith.name}を停止しました。", f"{root.name} suspended {smith.name}."
    ).sees("監査")
    tanaka.reads("ロール「監査役」を作成しました。", "created the role 監査役.").reads(
        "システム管理者として", "as platform administrator"
    )
    yamada.signs_in().opens("/o/minato/activity/list/").sees_no(root.name).sees_no("監査")


def test_makes_an_organization_and_its_first_power_user(town: Town) -> None:
    """S4-02, S3-35: an organization of its own, into which somebody known is put."""
    cast = town.everybody()
    root, clark = town.citizen(cast.root), town.citizen(cast.newcomer)
    root.signs_in().opens("/organizations/add").fills_in(name="ひかり工業", code="hikari").presses(
        "組織を作成", "Create organization"
    )
    root.opens("/o/hikari/members/existing").fills_in(who=clark.address, type="power").presses(
        "追加", "Add"
    ).sees(clark.address)
    clark.signs_in().is_at("/joining/").sees("ひかり工業", "root@example.com")
    clark.presses("続ける", "Continue").is_at("/o/hikari/").sees("ひかり工業")
    clark.opens("/o/hikari/settings/").is_at("/o/hikari/settings/")
    clark.is_refused("/o/aozora/", 404).is_refused("/organizations/list/", 403).is_refused(
        "/accounts/list/", 403
    ).is_refused("/outbox/list/", 403)
