"""Role bindings for machines: the screens' verbs at /api/v1/bindings.

Here: what can be asked. Not here: what happens (bindings.service), what it looks like
(bindings.shapes).
"""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from flask_appbuilder import expose
from sqlalchemy.orm import selectinload

from app.bindings import lists, shapes
from app.bindings import service as bindings
from app.http.context import organization, seat
from app.kernel.clock import utcnow
from app.kernel.i18n import lazy
from app.managed_accounts import registering
from app.models import MemberType, RoleBinding
from app.offers.offer import Offer
from app.offers.shapes import changed, chosen
from app.rest import pages
from app.rest.api import ROOT, PortalApi, operation

UNADDED = (HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT)
OVER = (HTTPStatus.GONE,)


class BindingsApi(PortalApi):
    """People who have an account already and were added to the key's organization."""

    resource_name = "bindings"
    class_permission_name = "Binding"
    method_permission_name = {
        "list": "read",
        "show": "read",
        "add": "manage",
        "edit": "manage",
        "cancel": "manage",
    }
    datamodel = lists.BINDINGS.datamodel

    @expose("", methods=["GET"])
    @operation(
        lazy("List people who join at the next sign-in"),
        query=shapes.BindingQuery,
        answers=shapes.BindingPage,
        example_query="?status=waiting",
    )
    def list(self, query: Mapping[str, Any]) -> dict[str, Any]:
        found = pages.page(lists.BINDINGS, query, options=(selectinload(RoleBinding.roles),))
        return found | {"items": [shapes.told(one) for one in found["rows"]]}

    @expose("", methods=["POST"])
    @operation(
        lazy("Add somebody who has an account already"),
        body=shapes.NewBinding,
        answers=shapes.Binding,
        status=HTTPStatus.CREATED,
        refuses=UNADDED,
        example={"who": "john.roe@example.com", "authorities": ["user_viewer"]},
    )
    def add(self, body: Mapping[str, Any]) -> dict[str, Any]:
        offer = Offer(
            MemberType(body["type"]), chosen(body["roles"]), frozenset(body["authorities"])
        )
        registering.LOOKUPS.take(seat().account.id)
        made = bindings.add(organization(), who=body["who"], offer=offer, by=seat(), now=utcnow())
        return shapes.told(made) | {"url": f"{ROOT}/bindings/{made.id}"}

    @expose("/<pk>", methods=["GET"])
    @operation(lazy("Show an addition"), answers=shapes.Binding)
    def show(self, pk: str) -> dict[str, Any]:
        return shapes.told(self.datamodel.one(pk))

    @expose("/<pk>", methods=["PATCH"])
    @operation(
        lazy("Change what somebody is given at the next sign-in"),
        body=shapes.BindingChange,
        answers=shapes.Binding,
        refuses=OVER,
        example={"authorities": ["user_viewer", "billing_viewer"]},
    )
    def edit(self, pk: str, body: Mapping[str, Any]) -> dict[str, Any]:
        binding = self.datamodel.one(pk)
        bindings.look_again(binding, by=seat())
        wanted = changed(Offer.of(binding), body)
        bindings.edit(binding, offer=wanted, by=seat(), now=utcnow())
        return shapes.told(binding)

    @expose("/<pk>/cancel", methods=["POST"])
    @operation(lazy("Cancel an addition"), answers=shapes.Binding, refuses=OVER)
    def cancel(self, pk: str) -> dict[str, Any]:
        binding = self.datamodel.one(pk)
        bindings.cancel(binding, by=seat(), now=utcnow())
        return shapes.told(binding)
