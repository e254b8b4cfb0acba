"""Which letters an organization's list of emails shows.

Here: its rows. Not here: the screen (outbox.views).
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select

from app.models import Letter
from app.screens.interface import OrganizationInterface


class EmailInterface(OrganizationInterface):
    """The letters of the organization in the address; not those that ask somebody to join, whose
    address it does not know before the answer (D-C11).
    """

    def scoped(self) -> Select[Any]:
        return super().scoped().where(Letter.kind != "binding_waiting")
