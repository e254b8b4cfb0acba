"""The schedule: what is done by itself, and when.

Here: one table: name, work, times (UTC). Not here: the work (each feature), what surrounds it
(jobs.running).
"""

from __future__ import annotations

from huey import crontab

from app.api_keys import hooks as api_keys
from app.batches import forgetting, worker
from app.batches import service as batches
from app.imports import hooks as imports
from app.invites import answering
from app.jobs import housekeeping, statistics
from app.jobs.running import Timed
from app.log_integrity import checkpoints, pruning
from app.outbox import delivery
from app.two_factor_rule import reminders
from app.webhooks import delivery as webhooks

SCHEDULE: dict[str, Timed] = {
    delivery.JOB: (delivery.deliver, crontab(minute="*")),
    batches.JOB: (worker.work, crontab(minute="*")),
    forgetting.JOB: (forgetting.forget_old, crontab(minute="13")),
    webhooks.JOB: (webhooks.deliver, crontab(minute="*")),
    housekeeping.JOB: (housekeeping.sweep, crontab(minute="17")),  # a machine may sleep at night
    checkpoints.JOB: (checkpoints.record_hourly, crontab(minute="7")),
    reminders.JOB: (reminders.send_due, crontab(minute="27")),
    api_keys.JOB: (api_keys.remind_due, crontab(minute="37")),
    answering.JOB: (answering.note_expired, crontab(minute="47")),
    imports.JOB: (imports.forget_old, crontab(minute="57")),
    statistics.JOB: (statistics.refresh, crontab(hour="3", minute="27")),
    pruning.JOB: (pruning.prune, crontab(hour="2", minute="57")),
}
