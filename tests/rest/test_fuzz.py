"""What its description allows, and what it does not: the API answers as described, and never with a
500.

Here: schemathesis over the whole document, on SQLite, with a key that may do everything. Not here:
what single endpoints do.
"""

from __future__ import annotations

from collections import Counter
from contextvars import Context
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
)

from app.access.authorities import everything
from app.extensions import db
from app.models import Batch, Invite, Membership, RoleBinding
from app.rest import gate
from tests import cast as people
from tests import factories
from tests.conftest import empty
from tests.rest.conftest import issued

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
EXAMPLES = 40
OPERATIONS = 30
PLAIN = {0, 21, 22}
"""The operations that take nothing that could be wrong."""
CASES = [
    (place, mode)
    for place in range(OPERATIONS)
    for mode in GenerationMode
    if place not in PLAIN or mode is GenerationMode.POSITIVE
]
LABEL: list[str] = []
"""What the key in use is called, to give it its calls back."""


@pytest.fixture(scope="module")
def header(sqlite_app: Flask) -> dict[str, str]:
    """The header of a key that may do everything, in an organization with members and
    invitations."""
    empty(sqlite_app)
    with sqlite_app.app_context():
        cast = people.assemble()
        key, secret = issued(cast.membership(cast.tanaka), everything())
        for number in range(8):
            factories.membership(factories.account(f"fuzz{number}"), cast.aozora)
            factories.invite(cast.aozora, f"guest{number}@example.com", cast.tanaka)
            factories.binding(cast.aozora, factories.account(f"asked{number}"), cast.tanaka)
        factories.batch(cast.aozora, cast.tanaka)
        db.session.commit()
        LABEL.append(key.label)
        db.session.remove()
    return {"Authorization": f"Bearer {secret}", "Accept-Encoding": "identity"}


@pytest.fixture(scope="module")
def operations(sqlite_app: Flask) -> list[Any]:
    """Every operation of the document, read once."""
    document = Context().run(schemathesis.openapi.from_wsgi, "/api/v1/openapi.json", sqlite_app)
    return [one.ok() for one in document.get_all_operations()]


def _id_of(label: str) -> Any:
    if "/batches/" in label:
        return Batch.public_id
    if "/invites/" in label:
        return Invite.public_id
    return RoleBinding.id if "/bindings/" in label else Membership.id


def real(app: Flask, label: str) -> list[dict[str, Any]]:
    """Ids that exist, for the addresses that have one."""
    with app.app_context():
        if "{pk}" not in label:
            return []
        rows = db.session.query(_id_of(label)).all()
        db.session.remove()
        return [{"pk": row[0]} for row in rows]


@pytest.mark.parametrize(("place", "mode"), CASES)
def test_answers_as_described(
    sqlite_app: Flask,
    header: dict[str, str],
    operations: list[Any],
    place: int,
    mode: GenerationMode,
) -> None:
    """ASVS 2.2.1, 4.1.1, 16.5.1: whatever is sent, allowed or not, there is no 500, and status,
    type and body are those of the document.
    """
    assert len(operations) == OPERATIONS, "set OPERATIONS to their number"
    operation = operations[place]
    assert (place not in PLAIN) is any(
        (operation.path_parameters, operation.query, operation.body)
    ), "set PLAIN to those that take nothing"
    ids = real(sqlite_app, operation.label)
    with sqlite_app.app_context():
        gate.CALLS.forget(LABEL[-1])
    seen: Counter[int] = Counter()

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
        print_blob=False,
    )
    @given(data=st.data())
    def run(data: Any) -> None:
        fixed = data.draw(st.sampled_from(ids)) if ids and data.draw(st.integers(0, 3)) else None
        case = data.draw(operation.as_strategy(mode, path_parameters=fixed, headers=header))
        checks = (
            [*CHECKS, negative_data_rejection]
            if mode is GenerationMode.NEGATIVE and not fixed
            else CHECKS
        )
        answer = Context().run(case.call, headers=header)
        seen[answer.status_code] += 1
        case.validate_response(answer, checks=checks, headers=header)

    run()
    assert set(seen) - {401, 429}, f"{operation.label} was not reached: {seen}"
    print(operation.label, mode, dict(seen))
