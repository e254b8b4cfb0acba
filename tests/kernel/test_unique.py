"""Which columns are taken: a row that is refused for another reason is no taken name. It …"""

from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError

from app.accounts import service as accounts
from app.accounts.identity import EmailTaken, LoginIdTaken
from app.extensions import db
from app.kernel.unique import taken_columns, unless_taken
from app.models import Account, MemberRole
from tests import factories


def somebody(**changed: object) -> Account:
    words = {"login_id": "doe", "email": "doe@example.com", "family_name": "Doe", "given_name": ""}
    return Account(
        **(words | {"language": "en", "time_zone": "UTC", "suspended_reason": ""}), **changed
    )


@pytest.mark.parametrize(
    ("theirs", "refusal"),
    [
        ({"login_id": "DOE", "email": "other@example.com"}, LoginIdTaken),
        ({"login_id": "other", "email": "DOE@example.com"}, EmailTaken),
    ],
)
def test_names_what_somebody_took_meanwhile(
    each_app: Flask, now: datetime, theirs: dict[str, str], refusal: type[Exception]
) -> None:
    """What is not written yet is not found by the look before."""
    with db.session.no_autoflush:
        db.session.add(somebody())
        words = {"family_name": "Doe", "given_name": "", "language": "en"}
        identity = words | {"time_zone": "UTC"} | theirs
        with pytest.raises(refusal):
            accounts.register_account(now=now, **identity)


def test_takes_no_other_refusal_for_a_taken_login_id(each_app: Flask) -> None:
    """A row that points to nothing, beside one that is in order."""
    db.session.add(somebody(managed_by_id=987_654))
    with pytest.raises(IntegrityError) as refused:
        accounts._flush()
    assert not taken_columns(refused.value)


def test_names_each_column_of_several(each_app: Flask) -> None:
    acme = factories.organization("acme")
    db.session.flush()
    for _time in range(2):
        role = MemberRole(organization_id=acme.id, name="Keeper", description="")
        role.authorities = frozenset()
        db.session.add(role)
    with pytest.raises(IntegrityError) as refused, unless_taken(code=LoginIdTaken):
        db.session.flush()
    assert taken_columns(refused.value) == {"organization_id", "name_key"}
