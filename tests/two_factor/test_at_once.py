"""Second steps at the same moment. It …"""

from __future__ import annotations

from datetime import datetime

from flask import Flask

from app.access.two_factor import Method
from app.extensions import db
from app.two_factor import refusals
from app.two_factor import service as two_factor
from tests import cast as people
from tests.conftest import at_once
from tests.two_factor.conftest import enrolled


def test_of_many_at_once_one_gets_in_and_five_are_looked_at(each_app: Flask, now: datetime) -> None:
    """D-4, ASVS 6.5.1, 15.4.2: with the app too, on both databases."""
    there = enrolled(people.assemble().smith, now)
    key = "the portal's secret"

    def at_once_with(*codes: str) -> list[object]:
        _row, browser = two_factor.begin(there.account, key=key, next_path="", now=now)
        db.session.commit()

        def check(code: str) -> int:
            try:
                return two_factor.check(
                    browser, code, key=key, ip="", now=now, method=Method.APP
                ).id
            finally:
                db.session.commit()

        return at_once(each_app, *[lambda code=code: check(code) for code in codes])

    wrong_ones = [
        code
        for code in ("000000", "111111", "222222", "333333")
        if code not in {there.shows(now, steps=one) for one in (-1, 0, 1)}
    ][:1] * 12
    results = at_once_with(*wrong_ones)
    assert sum(isinstance(one, refusals.WrongCode | refusals.CodeSpent) for one in results) == 5
    results = at_once_with(*[there.shows(now)] * 4)
    assert sum(isinstance(one, int) for one in results) == 1
