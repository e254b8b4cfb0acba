"""Chores: what the features ask of the schedule.

Here: one table: name, work, times (UTC). Not here: the schedule itself and its own jobs (jobs.schedule), the work (each feature).
"""
from __future__ import annotations

from app.jobs.schedule import Timed

CHORES: dict[str, Timed] = {}
