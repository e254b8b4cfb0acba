"""Importing for programs: POST /api/v1/imports.

Here: a file with what it may do; the batch is answered, its rows stand at /api/v1/batches. Not
here: reading and checking (imports.drafts), running (batches).
"""

from __future__ import annotations

import binascii
from base64 import b64decode
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from flask import request
from flask_appbuilder import expose
from marshmallow import fields, validate

from app.batches import ending, starting
from app.http.context import organization, seat
from app.imports import drafts
from app.imports.decoding import OFFERED
from app.imports.headers import NOT_IMPORTED
from app.imports.kind import IMPORT
from app.imports.reading import Choices
from app.imports.refusals import UnknownColumns
from app.imports.verdicts import Mode, New
from app.kernel.clock import utcnow
from app.kernel.i18n import lazy
from app.kernel.tokens import digest
from app.models import Batch
from app.rest.api import PortalApi, operation
from app.rest.batches import BatchShape, told
from app.rest.bulk import asked_once
from app.rest.errors import InvalidInput
from app.rest.schemas import Flag, Many, Shape, Text, Word

LONGEST_BODY = 21 * 1024 * 1024
"""As deploy/ lets through: a file of 15 MB in Base64."""
NOT_BASE64 = lazy("Send the file’s bytes in Base64.")


class ImportShape(Shape):
    """A file of members, and what it may do."""

    content = fields.String(
        required=True,
        validate=validate.Length(min=1),
        metadata={
            "description": lazy("The bytes of a CSV, tab-separated or Excel file, in Base64.")
        },
    )
    name = Text(longest=200, load_default="", metadata={"description": lazy("Of the file.")})
    check_only = Flag(
        load_default=False,
        metadata={"description": lazy("Whether it waits for …/confirm after the check.")},
    )
    only_valid = Flag(
        load_default=False,
        metadata={
            "description": lazy(
                "Whether rows without errors run where others have some; otherwise all of them, or"
                " none."
            )
        },
    )
    new = Word(*map(str, New), load_default=str(New.REGISTER))
    update = Flag(
        load_default=False,
        metadata={"description": lazy("Whether members who are there already are changed.")},
    )
    remove = Flag(
        load_default=False,
        metadata={"description": lazy("Whether rows whose action is remove remove people.")},
    )
    passwords = Flag(
        load_default=False,
        metadata={"description": lazy("Whether passwords of members who are there are set.")},
    )
    leave_out = Many(
        Text(longest=200),
        load_default=list,
        metadata={"description": lazy("Columns that are not imported, by name or letter.")},
    )
    encoding = Word("", *OFFERED, load_default="")
    sheet = Text(longest=100, load_default="")


class ImportsApi(PortalApi):
    """Members from a file, in the key's organization."""

    resource_name = "imports"
    class_permission_name = "Member"
    method_permission_name = {"begin": "manage"}

    def create_blueprint(self, *args: Any, **more: Any) -> Any:
        """Let a file be as large as on the page."""
        blueprint = super().create_blueprint(*args, **more)
        blueprint.url_value_preprocessor(_take_files)
        return blueprint

    @expose("", methods=["POST"])
    @operation(
        lazy("Import members from a file"),
        body=ImportShape,
        answers=BatchShape,
        status=HTTPStatus.ACCEPTED,
        refuses=(HTTPStatus.CONFLICT,),
        example={
            "content": "bG9naW5faWQsZW1haWwsZmFtaWx5X25hbWUKZG9lLGRvZUBleGFtcGxlLmNvbSxEb2UK",
            "name": "members.csv",
            "check_only": True,
        },
        is_once=True,
    )
    def begin(self, body: Mapping[str, Any]) -> dict[str, Any]:
        said = {key: value for key, value in body.items() if key != "content"}
        once = asked_once(digest(body["content"]), repr(sorted(said.items())))
        batch = once.earlier() if once else None
        if batch is None:
            drafts.CHECKS.hit(seat().account.id)
            batch = _begun(body)
            if once is not None:
                once.keep(batch)
            starting.go(batch)
        return told(batch)


def _begun(body: Mapping[str, Any]) -> Batch:
    """Check a file, and let it run where nothing speaks against it."""
    now, by = utcnow(), seat()
    mode = Mode(New(body["new"]), body["update"], body["remove"], body["passwords"])
    choices = Choices(
        body["encoding"],
        sheet=body["sheet"],
        columns=dict.fromkeys(body["leave_out"], NOT_IMPORTED),
    )
    batch = drafts.begin(
        IMPORT,
        organization(),
        _bytes(body["content"]),
        name=body["name"],
        mode=mode,
        choices=choices,
        by=by,
        now=now,
    )
    draft = drafts.look(batch, by=by, now=now, keeps_plans=True)
    if draft.verdicts is None:
        unknown = ", ".join(one.place for one in draft.table.questions)
        raise UnknownColumns(columns=unknown)
    runs = not body["check_only"] and (body["only_valid"] or not draft.verdicts.errors)
    if runs and draft.verdicts.doing:
        seen = draft.verdicts.seen
        drafts.confirm(batch, draft, seen=seen, only_valid=body["only_valid"], by=by, now=now)
    else:
        drafts.keep(batch, draft, now=now)
        if not (body["check_only"] or batch.total):
            ending.close(batch, now=now)
    return batch


def _bytes(content: str) -> bytes:
    try:
        return b64decode(content, validate=True)
    except (binascii.Error, ValueError) as error:
        raise InvalidInput({"content": str(NOT_BASE64)}) from error


def _take_files(_endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Take a body of the size of a file."""
    request.max_content_length = LONGEST_BODY
