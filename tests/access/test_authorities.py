"""The catalogue: S0-12…S0-34, presets S1-14…S1-19, roles S3-01…S3-05 and S4-05…S4-09."""

from __future__ import annotations

import pytest
from flask import Flask

from app.access import roles
from app.access.authorities import CATALOGUE, Authority, Use, everything, register, with_required
from app.kernel.i18n import in_language
from app.member_roles.builtin import role_name
from app.models import MemberRole, MemberType

ROWS = {  # CHECKLIST S0-15…S0-34, in its order: English name, Japanese name
    "S0-15": ("Organization Invitation Viewer", "組織招待閲覧権限"),
    "S0-16": ("Organization Option Editor", "組織オプション更新権限"),
    "S0-17": ("User Viewer", "ユーザー閲覧権限"),
    "S0-18": ("Billing Viewer", "料金閲覧権限"),
    "S0-19": ("Invoice Downloader", "請求書取得権限"),
    "S0-20": ("Project Viewer", "プロジェクト閲覧権限"),
    "S0-21": ("Project Editor", "プロジェクト更新権限"),
    "S0-22": ("Project Addresses Viewer", "プロジェクトアドレス閲覧権限"),
    "S0-23": ("Project Addresses Editor", "プロジェクトアドレス更新権限"),
    "S0-24": ("Project Option Editor", "プロジェクトオプション更新権限"),
    "S0-25": ("AWS Account Viewer", "AWSアカウント閲覧権限"),
    "S0-26": ("AWS Account Editor", "AWSアカウント更新権限"),
    "S0-27": ("AWS Account Addresses Viewer", "AWSアカウントアドレス閲覧権限"),
    "S0-28": ("AWS Account Addresses Editor", "AWSアカウントアドレス更新権限"),
    "S0-29": ("AWS Account Option Editor", "AWSアカウントオプション更新権限"),
    "S0-30": ("Inquiry User", "お問い合わせ権限"),
    "S0-31": ("Expiration List Viewer", "RI/SP期限切れチェック閲覧権限"),
    "S0-32": ("Billing Alarm Viewer", "Billingアラーム閲覧権限"),
    "S0-33": ("Billing Alarm Editor", "Billingアラーム更新権限"),
    "S0-34": ("Contract Manager", "メンバーズ契約申請権限"),
}


@pytest.mark.parametrize(("row", "names"), ROWS.items(), ids=ROWS.keys())
def test_it_names_each_documented_authority_in_both_languages(
    app: Flask, row: str, names: tuple[str, str]
) -> None:
    """S0-15…S0-34."""
    entry = list(CATALOGUE.values())[int(row.removeprefix("S0-")) - 15]
    with in_language("en"):
        assert str(entry.name) == names[0]
        assert str(entry.description)
    with in_language("ja_JP"):
        assert str(entry.name) == names[1]
        assert str(entry.description) != str(entry.name)


def test_it_has_exactly_two_types() -> None:
    """S0-12."""
    assert [str(one) for one in MemberType] == ["general", "power"]


def test_it_has_exactly_twenty_documented_ones() -> None:
    """S0-34."""
    assert len(roles.DOCUMENTED) == 20


def test_the_aws_account_viewer_also_needs_the_project_viewer() -> None:
    """S0-25."""
    assert with_required([Authority.AWS_ACCOUNT_VIEWER]) == {
        Authority.AWS_ACCOUNT_VIEWER,
        Authority.PROJECT_VIEWER,
    }


def test_reserved_ones_are_marked_and_assignable() -> None:
    """S0-16, S0-21."""
    reserved = {entry.key for entry in CATALOGUE.values() if entry.use is Use.RESERVED}
    assert reserved == {Authority.ORGANIZATION_OPTION_EDITOR, Authority.PROJECT_EDITOR}
    assert reserved <= with_required(everything())


@pytest.mark.parametrize(
    ("row", "preset", "size"),
    [
        ("S1-14", "all", 20),
        ("S1-15", "editable", 19),
        ("S1-16", "view_only", 11),
        ("S1-17", "contractor", 4),
        ("S1-18", "accounting", 2),
    ],
)
def test_each_preset_has_what_the_manual_says(row: str, preset: str, size: int) -> None:
    """S1-14…S1-18."""
    assert len(roles.PRESETS[preset].authorities) == size, row


def test_editable_is_everything_but_contracts() -> None:
    """S1-15."""
    assert roles.ALL - {Authority.CONTRACT_MANAGER} == roles.EDITABLE
    assert len(roles.EDITABLE - roles.VIEW_ONLY) == 8


def test_the_presets_name_their_authorities() -> None:
    """S1-16…S1-18, word by word."""
    assert {
        "organization_invitation_viewer",
        "user_viewer",
        "billing_viewer",
        "invoice_downloader",
        "project_viewer",
        "project_addresses_viewer",
        "aws_account_viewer",
        "aws_account_addresses_viewer",
        "expiration_list_viewer",
        "billing_alarm_viewer",
        "inquiry_user",
    } == roles.VIEW_ONLY
    assert {
        "contract_manager",
        "project_viewer",
        "aws_account_viewer",
        "inquiry_user",
    } == roles.CONTRACTOR
    assert {"invoice_downloader", "inquiry_user"} == roles.ACCOUNTING


def test_no_preset_manages_members() -> None:
    """D-C9."""
    assert all(
        Authority.MEMBER_MANAGER not in preset.authorities for preset in roles.PRESETS.values()
    )
    managers = {
        key for key, role in roles.BUILT_IN.items() if Authority.MEMBER_MANAGER in role.authorities
    }
    assert managers == {"admin", "co_admin", "organization_user_manager"}


def test_all_four_project_roles_see_members_and_the_activity_log() -> None:
    """S3-01, S3-02, S3-04, S3-05."""
    seen = {
        Authority.DASHBOARD_VIEWER,
        Authority.AGENT_VIEWER,
        Authority.TARGET_VIEWER,
        Authority.PROBING_VIEWER,
        Authority.USER_VIEWER,
        Authority.ACTIVITY_VIEWER,
    }
    edited = {Authority.AGENT_EDITOR, Authority.TARGET_EDITOR, Authority.PROBING_EDITOR}
    for key in ("admin", "co_admin", "asset_manager", "viewer"):
        assert seen <= roles.BUILT_IN[key].authorities, key
        assert (edited <= roles.BUILT_IN[key].authorities) == (key != "viewer"), key


def test_the_co_admin_stands_below_the_admin() -> None:
    """S3-03."""
    assert roles.CO_ADMIN < roles.ADMIN


def test_the_standard_roles_of_the_api_management_ship() -> None:
    """S4-06, S4-07, S4-08."""
    assert roles.BUILT_IN["editor"].authorities == {
        Authority.CONTENT_VIEWER,
        Authority.CONTENT_EDITOR,
    }
    assert Authority.MEMBER_MANAGER in roles.BUILT_IN["organization_user_manager"].authorities
    assert roles.BUILT_IN["content_viewer"].authorities == {Authority.CONTENT_VIEWER}


def test_built_in_roles_are_rows_named_in_the_reader_s_language(app: Flask) -> None:
    from app.extensions import db

    rows = {
        row.key: row for row in db.session.query(MemberRole).filter(MemberRole.key.is_not(None))
    }
    assert set(rows) == set(roles.BUILT_IN)
    assert rows["co_admin"].authorities == frozenset(map(str, roles.CO_ADMIN))
    with in_language("ja_JP"):
        assert role_name(rows["co_admin"]) == "共同管理者"


def test_the_catalogue_refuses_a_key_that_is_taken_or_needs_an_unknown_one_or_is_no_word() -> None:
    with pytest.raises(ValueError, match="taken"):
        register("user_viewer", "x", "x", group="organization")
    with pytest.raises(ValueError, match="exist"):
        register("new_one", "x", "x", group="organization", requires=["nothing_like_it"])
    with pytest.raises(ValueError, match="spaces"):
        register("two words", "x", "x", group="organization")
