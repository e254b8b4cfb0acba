"""Rate: how often something was tried in a window of time, where no Redis counts it.

Here: one counter per key. Not here: the limits themselves.
"""

from __future__ import annotations

from datetime import datetime

from flask_appbuilder import Model
from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.column_types import UtcDateTime


class Rate(Model):
    """A counter that starts again when its window ends."""

    __tablename__ = "rate"

    key: Mapped[str] = mapped_column(String(300), primary_key=True)
    count: Mapped[int]
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
