"""The lists of batches: an organization's, and the platform's own.

Here: which batches exist for the reader: those of kinds that they may do themselves. Not here: the
screens (batches.views).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import Select, tuple_
from sqlalchemy.orm import joinedload

from app.access.context import current_seat
from app.access.policy import GRANTS, may
from app.kernel.i18n import lazy
from app.models import Batch, BatchState
from app.screens.interface import OrganizationInterface, PlatformInterface
from app.screens.list_definition import ListDefinition
from app.screens.list_filter import Filter

STATES: dict[str, Any] = {
    BatchState.CHECKING: lazy("Checking"),
    BatchState.CHECKED: lazy("Waiting for you"),
    BatchState.QUEUED: lazy("Waiting its turn"),
    BatchState.RUNNING: lazy("Running"),
    BatchState.FINISHED: lazy("Finished"),
    BatchState.CANCELLED: lazy("Stopped"),
    BatchState.FAILED: lazy("Failed"),
    BatchState.HELD: lazy("Held"),
}


def _for_reader(query: Select[Any]) -> Select[Any]:
    """Batches of kinds that the reader may do; one that only waits for a word is its author's."""
    seat = current_seat()
    pairs = [pair for pair in GRANTS if may(seat, pair[1], pair[0])]
    author = seat.account.id if seat else None
    return query.where(
        tuple_(Batch.view, Batch.permission).in_(pairs),
        Batch.state.not_in((BatchState.CHECKED, BatchState.DRAFT)) | (Batch.author_id == author),
    )


class _ByPublicId(PlatformInterface):
    """Batches, by the name in their address; by their number, as rows of a list are linked."""

    def one(self, pk: Any) -> Any:
        found: Batch | None = self.only(Batch.public_id == str(pk)[:20])
        if found is None:
            found = super().one(pk)
        return found


class BatchInterface(_ByPublicId, OrganizationInterface):
    """Those of the organization in the address."""

    def scoped(self) -> Select[Any]:
        return _for_reader(OrganizationInterface.scoped(self))


class PlatformBatchInterface(_ByPublicId):
    """Those of no organization: accounts, letters."""

    def scoped(self) -> Select[Any]:
        return _for_reader(super().scoped().where(Batch.organization_id.is_(None)))


BATCHES = ListDefinition(
    BatchInterface(Batch),
    route_base="/o/<organization>/batches",
    class_permission_name="Batch",
    list_columns=("kind", "author_name", "state", "created_at"),
    label_columns={
        "kind": lazy("What"),
        "author_name": lazy("By"),
        "state": lazy("State"),
        "created_at": lazy("When"),
    },
    order_columns={"created_at": Batch.created_at},
    base_order=("created_at", "desc"),
    filters=(
        Filter(
            "state",
            lazy("State"),
            options=lambda: [(str(state), label) for state, label in STATES.items()],
            multiple=True,
            apply=lambda query, chosen: query.where(Batch.state.in_(chosen)),
        ),
    ),
    eager=(joinedload(Batch.organization),),
)
PLATFORM_BATCHES = replace(
    BATCHES,
    datamodel=PlatformBatchInterface(Batch),
    route_base="/batches",
    class_permission_name="PlatformBatch",
)
