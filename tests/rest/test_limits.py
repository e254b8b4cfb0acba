"""The API's limits: calls of a key, keys that do not work, keys of those who are shut out. It …"""

from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask

from app.extensions import db
from app.http.rate_limit import Limit
from app.rest import gate
from tests.cast import Cast
from tests.rest.conftest import Caller, Give, code


def spend_all_but_three(limit: Limit, who: str) -> None:
    limit.spend(who, int(limit.words.split()[0]) - 3)


def test_counts_the_calls_of_each_key(cast: Cast, with_key: Give) -> None:
    """ASVS 2.4.1: 429 says how long to wait; other keys go on."""
    one, other = with_key(cast.tanaka), with_key(cast.suzuki)
    spend_all_but_three(gate.CALLS, one.key.label)
    assert [one("GET", "/me").status_code for _ in range(3)] == [200] * 3
    answer = one("GET", "/me")
    assert code(answer) == (429, "TooManyCalls") and int(answer.headers["Retry-After"]) > 0
    assert other("GET", "/me").status_code == 200


def test_counts_wrong_keys_of_each_address(app: Flask, cast: Cast, with_key: Give) -> None:
    """A right key still works from an address that tries wrong ones: guessing shuts nobody out."""
    spend_all_but_three(gate.WRONG_KEYS, "127.0.0.1")
    wrong, right = Caller(app, "meibo_0000000000_" + "x" * 43), with_key(cast.tanaka)
    assert [wrong("GET", "/me").status_code for _ in range(4)] == [401, 401, 401, 429]
    assert right("GET", "/me").status_code == 200


@pytest.mark.parametrize("shut_out", ["suspended", "account", "withheld"])
def test_counts_the_keys_of_those_who_are_shut_out(
    cast: Cast, with_key: Give, now: datetime, shut_out: str
) -> None:
    """ASVS 2.4.1, D-3: a right key that opens nothing is no way to knock without end."""
    spend_all_but_three(gate.WRONG_KEYS, "127.0.0.1")
    key, other = with_key(cast.suzuki), with_key(cast.yamada)
    if shut_out == "suspended":
        cast.membership(cast.suzuki).suspended_at = now
    elif shut_out == "account":
        cast.suzuki.suspended_at = now
    else:
        cast.aozora.two_factor_required = cast.aozora.two_factor_strong = True
    db.session.commit()
    assert [key("GET", "/me").status_code for _ in range(4)] == [403, 403, 403, 429]
    assert other("GET", "/me").status_code == 200
