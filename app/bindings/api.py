"""Role bindings for machines: the screens' verbs at /api/v1/bindings.

Here: what can be asked and sent. Not here: what happens (bindings.service), what is answered
(bindings.lists).
"""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from app.bindings import lists
from app.bindings import service as bindings
from app.http.context import organization, seat
from app.kernel.clock import utcnow
from app.kernel.i18n import lazy
from app.managed_accounts import registering
from app.models import RoleBinding
from app.offers.shapes import OfferBody, changing, offered
from app.rest.rows import RowsApi, acting, adding, listing, shapes_of, showing
from app.rest.schemas import Text

UNADDED = (HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT)
OVER = (HTTPStatus.GONE,)
BINDINGS = shapes_of(lists.BINDINGS, "Binding")


class NewBinding(OfferBody):
    """Whom to add, and what they are given."""

    who = Text(
        longest=254,
        shortest=1,
        required=True,
        metadata={"description": lazy("Exactly the e-mail address or login ID of the account.")},
    )


class BindingsApi(RowsApi):
    """People who have an account already and were added to the key's organization."""

    definition = lists.BINDINGS
    resource_name = "bindings"
    method_permission_name = {"list": "read", "show": "read", "*": "manage"}

    list = listing(
        lazy("List people who join at the next sign-in"), BINDINGS, example_query="?status=waiting"
    )
    show = showing(lazy("Show an addition"), BINDINGS)
    edit = changing(
        bindings.edit,
        bindings.look_again,
        lazy("Change what somebody is given at the next sign-in"),
        BINDINGS,
        refuses=OVER,
    )
    cancel = acting(bindings.cancel, lazy("Cancel an addition"), BINDINGS, refuses=OVER)

    @adding(
        lazy("Add somebody who has an account already"),
        BINDINGS,
        body=NewBinding,
        refuses=UNADDED,
        example={"who": "john.roe@example.com", "authorities": ["user_viewer"]},
    )
    def add(self, body: Mapping[str, Any]) -> RoleBinding:
        offer = offered(body)
        registering.LOOKUPS.hit(seat().account.id)
        return bindings.add(organization(), who=body["who"], offer=offer, by=seat(), now=utcnow())
