"""Who am I? The first question of every program that was given a key.

Here: the key in use, its holder, and what both may do at this moment. Not here: keys' screens; no
key ever makes or reads another.
"""

from __future__ import annotations

from typing import Any

from flask_appbuilder import expose
from marshmallow import fields

from app.api_keys import queries
from app.api_keys.secrets import scopes_of
from app.http.context import seat
from app.kernel.i18n import lazy
from app.models import MemberType
from app.rest.api import PortalApi, operation
from app.rest.schemas import Keys, Moment, Shape, Word
from app.screens.formatters import display_name


class KeyInUse(Shape):
    """The key of this request."""

    name = fields.String(required=True)
    prefix = fields.String(required=True)
    scopes = Keys(required=True, metadata={"description": lazy("What the key is limited to.")})
    expires_at = Moment(required=True)


class Holder(Shape):
    """Whose key it is: a person or a service account."""

    id = fields.Integer(required=True)
    login_id = fields.String(required=True)
    email = fields.String(required=True)
    name = fields.String(required=True)
    is_service = fields.Boolean(required=True)


class KeyOrganization(Shape):
    """The organization that the key works for."""

    id = fields.Integer(required=True)
    code = fields.String(required=True)
    name = fields.String(required=True)
    time_zone = fields.String(required=True)


class HolderMembership(Shape):
    """The holder's membership."""

    id = fields.Integer(required=True)
    type = Word(*map(str, MemberType), required=True)


class Me(Shape):
    """Who asks, where, and with which authorities."""

    account = fields.Nested(Holder, required=True)
    organization = fields.Nested(KeyOrganization, required=True)
    member = fields.Nested(HolderMembership, required=True, allow_none=True)
    key = fields.Nested(KeyInUse, required=True)
    authorities = Keys(
        required=True,
        metadata={
            "description": lazy(
                "What this key can do at this moment: its scopes, as far as its holder has them."
            )
        },
    )


class MeApi(PortalApi):
    """The key, its holder and its organization."""

    resource_name = "me"
    class_permission_name = "Api"
    method_permission_name = {"show": "read"}

    @expose("", methods=["GET"])
    @operation(lazy("Who am I, and what may I do?"), answers=Me)
    def show(self) -> dict[str, Any]:
        by, key = seat(), queries.in_use(seat().key_id)
        return {
            "account": {
                "id": by.account.id,
                "login_id": by.account.login_id,
                "email": by.account.email,
                "name": display_name(by.account),
                "is_service": by.account.is_service,
            },
            "organization": by.organization,
            "member": by.membership,
            "key": {
                "name": key.name,
                "prefix": key.prefix,
                "scopes": scopes_of(key),
                "expires_at": key.expires_at,
            },
            "authorities": by.authorities,
        }
