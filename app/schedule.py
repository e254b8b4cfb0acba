"""The schedule: what the features have done by themselves, and when.

Here: one table: name, work, times (UTC). Not here: the schedule itself and its own jobs
(jobs.schedule), the work (each feature).
"""

from __future__ import annotations

from huey import crontab

from app.api_keys import hooks as api_keys
from app.batches import service as batches
from app.batches import worker
from app.imports import hooks as imports
from app.invites import answering
from app.jobs.schedule import Timed
from app.log_integrity import checkpoints, pruning
from app.two_factor_rule import reminders

SCHEDULE: dict[str, Timed] = {
    batches.JOB: (worker.work, crontab(minute="*")),
    checkpoints.JOB: (checkpoints.record_hourly, crontab(minute="7")),
    reminders.JOB: (reminders.send_due, crontab(minute="27")),
    api_keys.JOB: (api_keys.remind_due, crontab(minute="37")),
    answering.JOB: (answering.note_expired, crontab(minute="47")),
    imports.JOB: (imports.forget_old, crontab(minute="57")),
    pruning.JOB: (pruning.prune, crontab(hour="2", minute="57")),
}
