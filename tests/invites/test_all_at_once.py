"""Everything that is wrong with a list of addresses, at once and at the field."""

from __future__ import annotations

import html
import json

import pytest

from app.extensions import db
from app.models import Invite, Membership
from tests import factories
from tests.invites.conftest import ADD, given, sent

MIXED = (
    "ok@example.com, 山田@example.jp, 鈴木@example.jp; Tanaka, T. <tanaka@aozora.example>\n"
    "sato@example.com emma@example.com, ken"
)
SENTENCES = (
    "“山田@example.jp” has characters before the @ that mail servers don’t accept.",
    "“鈴木@example.jp” has characters before the @ that mail servers don’t accept.",
    "“ken” is not an email address: the @ is missing.",
    "tanaka@aozora.example is already a member of this organization.",
    "sato@example.com is a suspended member. Reinstate them instead of inviting them.",
    "emma@example.com is invited already. Send that invitation again instead.",
)


def test_every_fault_is_told_in_one_round_and_what_was_pasted_is_kept(as_, cast):
    """T2-14, T2-16: members and the invited as well, each a whole sentence of its own."""
    as_(cast.tanaka).submit(ADD, given("emma@example.com"))
    answer = as_(cast.tanaka).submit(ADD, given(MIXED))
    page = html.unescape(answer.get_data(as_text=True))
    assert answer.status_code == 422
    errors = page.partition('id="addresses-error"')[2].partition("</ul>")[0]
    assert [one for one in SENTENCES if one not in errors] == []
    assert errors.count("<li>") == len(SENTENCES)
    assert "ok@example.com, 山田@example.jp" in page
    refused = json.loads(
        page.partition('data-refused="')[2].partition('"\n')[0].rpartition("]")[0] + "]"
    )
    assert refused[:2] == ["山田@example.jp", "鈴木@example.jp"]
    assert len(sent()) == 1


def test_it_leads_to_whom_it_concerns_where_the_reader_may_follow(as_, cast):
    """T2-14"""
    as_(cast.tanaka).submit(ADD, given("emma@example.com"))
    page = as_(cast.tanaka).submit(ADD, given(MIXED)).get_data(as_text=True)
    errors = page.partition('id="addresses-error"')[2].partition("</ul>")[0]
    sato = db.session.query(Membership).filter_by(account_id=cast.sato.id).first()
    assert f'<a href="/o/aozora/members/show/{sato.id}">Open the member</a>' in errors
    assert "Open the invitation" in errors
    inviter = factories.account("inviter")
    factories.membership(inviter, cast.aozora, authorities=["member_manager", "user_viewer"])


@pytest.mark.parametrize("spelling", ["q@日本語.example", "Q@xn--wgv71a119e.example"])
def test_the_invited_are_found_by_every_spelling(as_, cast, letters, spelling):
    """T2-11, T2-12: one letter, one invitation."""
    as_(cast.tanaka).submit(ADD, given("q@日本語.example, q@xn--wgv71a119e。example"))
    answer = as_(cast.tanaka).submit(ADD, given(spelling))
    assert answer.status_code == 422
    assert [one.address for one in sent()] == ["q@日本語.example"]
    assert [one.recipient for one in letters("invite")] == ["q@日本語.example"]
    assert (
        as_(cast.tanaka)
        .get(f"/o/aozora/invites/list/?q={spelling[2:]}")
        .get_data(as_text=True)
        .count("q@日本語.example")
    )


def test_too_many_and_wrong_ones_are_told_together(as_, cast):
    """S1-11, T2-14"""
    many = ", ".join([*(f"p{n}@example.com" for n in range(21)), "ken", "tanaka@aozora.example"])
    page = html.unescape(as_(cast.tanaka).submit(ADD, given(many)).get_data(as_text=True))
    assert "23 addresses are too many: at most 20 can be invited at once." in page
    assert "“ken” is not an email address" in page
    assert "tanaka@aozora.example is already a member" in page
    assert not db.session.query(Invite).count()


def test_a_missing_offer_is_told_in_the_same_round(as_, cast):
    """T2-14, S4-05"""
    answer = as_(cast.tanaka).submit(ADD, given("ken", preset="custom"))
    page = html.unescape(answer.get_data(as_text=True))
    assert "“ken” is not an email address" in page
    assert "Choose at least one role or authority." in page


def test_japanese_readers_read_whole_japanese_sentences(as_, cast):
    """T2-16"""
    cast.tanaka.language = "ja_JP"
    page = html.unescape(as_(cast.tanaka).submit(ADD, given(MIXED)).get_data(as_text=True))
    assert "「ken」に@がありません（例：name@example.com）。" in page
    assert "sato@example.comは停止中のメンバーです。" in page
    ready = json.loads(page.partition('data-ready="')[2].partition("}}")[0] + "}}")
    assert ready["faulty"]["other"] == "送信できるアドレス：{}件、エラー：{bad}件"


def test_letters_to_loose_dots_are_invited_where_they_were_given_out(as_, cast, letters):
    """D-C15"""
    answer = as_(cast.tanaka).submit(ADD, given("a..b@docomo.ne.jp, a.@ezweb.ne.jp"))
    assert answer.status_code == 302
    assert [one.address for one in sent()] == ["a..b@docomo.ne.jp", "a.@ezweb.ne.jp"]
    assert as_(cast.tanaka).submit(ADD, given("a..b@example.com")).status_code == 422
