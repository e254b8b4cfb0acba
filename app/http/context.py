"""Context: who is in the chair, and in which organization, for doors that only open to somebody.

Here: the seat and the organization, never None. Not here: finding them (access.seat).
"""

from __future__ import annotations

from app.access.context import current_seat
from app.access.seat import Seat
from app.kernel.errors import NotFound
from app.models import Organization


def seat() -> Seat:
    """Return the seat of this request."""
    found = current_seat()
    if found is None:
        raise NotFound()
    return found


def organization() -> Organization:
    """Return the organization of the address."""
    found = seat().organization
    if found is None:
        raise NotFound()
    return found
