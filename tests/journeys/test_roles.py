"""Roles given, taken, changed and deleted, and what their holders can do the moment after. It …"""

from __future__ import annotations

from tests import factories
from tests.journeys.town import Town


def test_is_given_and_taken_in_the_list_and_the_last_one_asks(town: Town) -> None:
    """S4-12, S4-16, S4-17, S4-18, D-C7: "+" and "×" in the row (scripts draw them); with the last
    role the member would go.
    """
    cast = town.everybody()
    tanaka, smith = town.citizen(cast.tanaka), town.citizen(cast.smith)
    factories.role(cast.aozora, "Night shift", "user_viewer")
    factories.role(cast.aozora, "Day shift")
    member = cast.membership(cast.smith).id
    smith.signs_in().is_refused("/o/aozora/members/list/", 403)

    in_the_row = f"/o/aozora/members/list/?give={member}"
    tanaka.signs_in().opens(in_the_row).presses("Night shift", "Night shift")
    tanaka.reads(
        f"{smith.name}さんにロール「Night shift」を", f"{smith.name} now has the role Night shift."
    )
    smith.opens("/o/aozora/members/list/").is_at("/o/aozora/members/list/").sees(cast.tanaka.email)

    tanaka.opens(f"/o/aozora/members/show/{member}").presses("Day shift", "Day shift")
    remove = ("ロール「Night shift」を外す", "Remove the role Night shift")
    tanaka.opens(in_the_row).presses(*remove, near=smith.address)
    tanaka.reads("ロール「Night shift」を外しました。", "no longer has the role Night shift.")
    smith.is_refused("/o/aozora/members/list/", 403)

    tanaka.opens(in_the_row).presses(
        "ロール「Day shift」を外す", "Remove the role Day shift", near=smith.address
    )
    tanaka.reads(
        "「Day shift」はこのメンバーの唯一のロール", "Day shift is the only role of this member"
    )
    assert smith.is_in("/o/aozora/"), "the question alone removes nobody"
    tanaka.presses("ロールを外してメンバーを削除", "Remove the role and the member").sees_no(
        smith.address
    )
    smith.opens("/o/aozora/").is_at("/login/")
    smith.reads_mail("組織からの削除", "You were removed from Aozora Inc.")

    tanaka.presses("元に戻す", "Undo").reads(
        "変更を元に戻しました。", "The change was taken back."
    ).sees(smith.address)


def test_changes_what_its_holders_can_do_at_once(town: Town) -> None:
    """S3-01, D-C8: edited, then deleted with another one in its place."""
    cast = town.everybody()
    tanaka, smith = town.citizen(cast.tanaka), town.citizen(cast.smith)
    tanaka.signs_in().opens("/o/aozora/roles/add").fills_in(
        name="窓口", authorities=["inquiry_user"]
    ).presses("ロールを作成", "Create the role")
    tanaka.reads("ロール「窓口」を作成しました。", "The role 窓口 was created.").sees("窓口")
    role = tanaka.page.path.rsplit("/", 1)[1]
    tanaka.opens(f"/o/aozora/members/show/{cast.membership(cast.smith).id}").presses("窓口", "窓口")
    smith.signs_in().is_refused("/o/aozora/members/list/", 403).is_refused(
        "/o/aozora/activity/list/", 403
    )

    tanaka.opens(f"/o/aozora/roles/edit/{role}").reads(
        "このロールを持つ1名", "1 member holds this role"
    )
    tanaka.fills_in(authorities=["inquiry_user", "user_viewer"]).presses("保存", "Save").presses(
        "保存", "Save"
    )
    tanaka.reads("ロール「窓口」を変更しました。", "The role 窓口 was changed.")
    smith.opens("/o/aozora/members/list/").is_at("/o/aozora/members/list/").sees(cast.tanaka.email)

    tanaka.opens("/o/aozora/roles/add").fills_in(
        name="記録", authorities=["activity_viewer"]
    ).presses("ロールを作成", "Create the role")
    replacement = tanaka.page.path.rsplit("/", 1)[1]
    tanaka.opens(f"/o/aozora/roles/delete/{role}").reads(
        "1名がこのロールを持っています。", "1 member holds it."
    ).sees(smith.name)
    tanaka.presses("ロールの削除", "Delete the role").does_not_read(
        "ロール「窓口」を削除しました。", "The role 窓口 was deleted."
    )
    tanaka.fills_in(replacement=replacement).presses("ロールの削除", "Delete the role").reads(
        "ロール「窓口」を削除しました。", "The role 窓口 was deleted."
    )
    tanaka.opens("/o/aozora/roles/list/").sees("記録").sees_no("窓口")

    smith.is_refused("/o/aozora/members/list/", 403)
    smith.opens("/o/aozora/activity/list/").is_at("/o/aozora/activity/list/").reads(
        "ロール「記録」を作成しました。", "created the role 記録."
    )


def test_is_never_more_than_its_giver_has(town: Town) -> None:
    """D-1, S3-03: a co-admin neither makes an Admin nor touches one."""
    cast = town.everybody()
    tanaka, suzuki, smith = (
        town.citizen(cast.tanaka),
        town.citizen(cast.suzuki),
        town.citizen(cast.smith),
    )
    tanaka.signs_in().opens(f"/o/aozora/members/show/{cast.membership(cast.suzuki).id}").presses(
        "共同管理者", "Co-admin"
    )
    suzuki.signs_in().opens(f"/o/aozora/members/edit/{cast.membership(cast.smith).id}").sees(
        smith.address
    )
    box = next(
        node
        for node in suzuki.page.root.all("label")
        if node.text.startswith(town.says("管理者", "Admin"))
    )
    locked = next(node for node in suzuki.page.root.all("input") if node["id"] == box["for"])
    assert locked.has("disabled")
    suzuki.fills_in(roles=[locked["value"]]).presses("保存", "Save")
    suzuki.reads(
        "あなたにない権限（ロール管理権限、組織設定管理権限）が含まれているため付与できません。",
        "You need “Role Manager” and “Settings Manager” to give it to someone.",
    )
    assert suzuki.page.status == 403
    suzuki.opens(f"/o/aozora/members/show/{cast.membership(cast.tanaka).id}")
    assert not suzuki.can_press("編集", "Edit")
    assert not suzuki.can_press("組織から削除…", "Remove from the organization…")
