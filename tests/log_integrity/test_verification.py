"""Verifying the chain of the log: whatever was changed past the portal is seen, on both databases.
It …
"""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from flask import Flask

from app.extensions import db
from app.log_integrity.verification import (
    CHANGED,
    HEAD,
    MISSING,
    MORE_GONE,
    PRUNING,
    SEAL_CHANGED,
    SEAL_MISSING,
    UNSEALED,
    Flaw,
)
from app.models import ActivityPruning, Organization
from tests import factories
from tests.log_integrity.chain import NOW, allow, bare, choose, tamper, verdict, write


def flaws() -> list[tuple[str, int | str]]:
    return [(flaw.kind, bare(flaw.number)) for flaw in verdict().flaws]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("actor_name", "'Somebody else'"),
        ("happened_at", "'2020-01-01 00:00:00+00:00'"),
        ("as_platform", "true"),
        ("details", "'{}'"),
        ("event", "'signed_out'"),
        ("subject_id", "7"),
        ("organization_id", "NULL"),
        ("via", "'key'"),
        ("undoes_id", "1"),
    ],
)
def test_sees_a_changed_line(here: Organization, column: str, value: str) -> None:
    """ASVS 16.4.2, B-84: every column counts."""
    line = write(here, count=3)[1].id
    tamper(f"UPDATE activity SET {column} = {value} WHERE id = :id", id=line)
    assert flaws() == [(CHANGED, line)]


def test_sees_a_missing_line_and_one_without_a_seal(here: Organization) -> None:
    line = write(here, count=3)[1].id
    tamper("DELETE FROM activity WHERE id = :id", id=line)
    assert flaws() == [(MISSING, line)]
    tamper("DELETE FROM activity_seal WHERE sequence = 3")
    assert flaws() == [(MISSING, line), (UNSEALED, line + 1)]


def test_sees_a_changed_and_a_missing_seal(here: Organization) -> None:
    write(here, count=4)
    tamper("UPDATE activity_seal SET happened_at = '2020-01-01 00:00:00+00:00' WHERE sequence = 2")
    assert flaws() == [(SEAL_CHANGED, 2)]
    tamper(
        "DELETE FROM activity WHERE id = (SELECT activity_id FROM activity_seal WHERE sequence = 2)"
    )
    tamper("DELETE FROM activity_seal WHERE sequence = 2")
    assert flaws() == [(SEAL_MISSING, 2), (SEAL_CHANGED, 3)]


def test_sees_that_the_end_was_cut_off_by_a_head_noted_before(here: Organization) -> None:
    write(here, count=3)
    head = verdict().head
    write(here)
    assert verdict(since=head).is_whole
    tamper("DELETE FROM activity_seal WHERE sequence >= 3")
    tamper("DELETE FROM activity WHERE id NOT IN (SELECT activity_id FROM activity_seal)")
    assert verdict().is_whole
    assert verdict(since=head).flaws == [Flaw(HEAD, head)]


OLD = NOW - timedelta(days=400)
BEFORE = NOW - timedelta(days=300)


def erase(line_id: int) -> None:
    tamper("DELETE FROM activity WHERE id = :id", id=line_id)


def test_sees_a_pruning_that_the_log_does_not_tell_of(here: Organization) -> None:
    old, new = write(here, at=OLD)[0].id, write(here)[0].id
    db.session.add(
        ActivityPruning(activity_id=new, organization_id=here.id, before=BEFORE, pruned_at=NOW)
    )
    db.session.commit()
    erase(old)
    assert [kind for kind, _number in flaws()] == [PRUNING, MISSING]


def test_finds_a_pruning_that_lets_its_own_line_go(here: Organization) -> None:
    """ASVS 16.4.2: whoever can write to the table of prunings cannot make the whole log disappear
    unnoticed.
    """
    lines = [line.id for line in write(here, count=3)]
    db.session.add(
        ActivityPruning(
            activity_id=lines[0],
            organization_id=here.id,
            before=NOW + timedelta(days=1),
            pruned_at=NOW,
        )
    )
    tamper("DELETE FROM activity")
    found = verdict()
    assert [flaw.kind for flaw in found.flaws] == [PRUNING, MISSING, MISSING, MISSING]
    assert found.pruned == 0


def test_finds_a_pruning_that_a_line_of_another_log_tells_of(here: Organization) -> None:
    old = write(here, at=OLD)[0].id
    allow(here, BEFORE, chosen=choose(here), told_in=factories.organization("minato"))
    erase(old)
    assert [kind for kind, _number in flaws()] == [PRUNING, MISSING]


@pytest.mark.parametrize(("days", "kept"), [(90, 89), (200, 199), (None, 300), (30, 40)], ids=str)
def test_finds_a_pruning_that_went_further_than_was_chosen(
    here: Organization, days: int | None, kept: int
) -> None:
    """T2-91: bounded by the least retention and by the newest choice in the same log; an older
    choice counts no more.
    """
    old = write(here, at=OLD)[0].id
    choose(here, 90)
    allow(here, NOW - timedelta(days=kept), chosen=choose(here, days))
    erase(old)
    assert [kind for kind, _number in flaws()] == [PRUNING, MISSING]


def test_finds_more_gone_than_a_pruning_tells(here: Organization) -> None:
    """T2-91: nobody waits for the retention to cover what was deleted before."""
    hidden, chosen = write(here, at=OLD)[0].id, choose(here)
    erase(hidden)
    old = write(here, at=OLD)[0].id
    allow(here, BEFORE, chosen=chosen, count=1)
    erase(old)
    assert [kind for kind, _number in flaws()] == [MORE_GONE]


def test_finds_what_a_pruning_let_go_that_was_written_after_it(here: Organization) -> None:
    allow(here, BEFORE, chosen=choose(here))
    late = write(here, at=OLD)[0].id
    erase(late)
    assert flaws() == [(MISSING, late)]


def test_names_every_pruning(here: Organization, each_app: Flask) -> None:
    """T2-91: when, by whose choice, from before what, how many."""
    lines = [line.id for line in write(here, at=OLD, count=2)]
    allow(here, BEFORE, chosen=choose(here, 100), count=2)
    for line in lines:
        erase(line)
    [one] = verdict().prunings
    assert (one.organization_id, one.at, one.before, one.count, one.gone) == (
        here.id,
        NOW,
        BEFORE,
        2,
        2,
    )
    assert (one.chosen_by, one.chosen_at, one.days) == ("", NOW, 100)
    run = each_app.test_cli_runner().invoke
    told = run(args=["activity", "verify"]).output
    assert "lines from before 2026-01-25 were deleted (2)" in told
    assert "The portal chose on 2026-11-21 to keep them for 100 days" in told
    [row] = json.loads(run(args=["activity", "verify", "--json"]).output)["prunings"]
    assert (row["before"], row["days"], row["gone"]) == (BEFORE.isoformat(), 100, 2)


@pytest.mark.parametrize("as_json", [False, True])
def test_is_asked_by_the_operator(here: Organization, each_app: Flask, as_json: bool) -> None:
    line = write(here, count=2)[0].id
    command = ["activity", "verify", *(["--json"] if as_json else [])]
    answer = each_app.test_cli_runner().invoke(args=command)
    assert answer.exit_code == 0, answer.output
    assert verdict().head in answer.output
    tamper("UPDATE activity SET subject_name = 'x' WHERE id = :id", id=line)
    answer = each_app.test_cli_runner().invoke(args=command)
    assert answer.exit_code == 1
    assert CHANGED in answer.output
    assert str(line) in answer.output
