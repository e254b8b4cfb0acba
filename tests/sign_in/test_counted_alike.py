"""Tries to sign in as nobody. It …"""

from __future__ import annotations

from datetime import datetime

import pytest

from app.extensions import db
from app.sign_in import service as security
from app.sign_in.wrong_passwords import TooManySignIns
from tests.cast import Cast


@pytest.mark.parametrize("name", ["smith", "nobody"])
def test_counts_all_spellings_of_a_name_together(cast: Cast, now: datetime, name: str) -> None:
    """§10: were it otherwise, whether spelling helps would tell who has an account."""
    wide = name[:-1] + chr(ord(name[-1]) + 0xFEE0)
    spelled = [name, name.upper(), name.title(), f" {name} ", wide]
    for number in range(10):
        with pytest.raises(security.WrongCredentials):
            security.authenticate(
                spelled[number % 5], "wrong", ip=f"192.0.2.{number}", known={}, now=now
            )
        db.session.commit()
    for one in spelled:
        with pytest.raises(TooManySignIns):
            security.authenticate(one, "wrong", ip="198.51.100.1", known={}, now=now)
        db.session.commit()
