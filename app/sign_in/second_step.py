"""The second step as its page has it: which method is shown, which others there are.

Here: choosing among what the account has. Not here: checking (two_factor.service), the doors
(sign_in.views).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from app.access.two_factor import Method
from app.models import LoginCode
from app.passkeys.site import site
from app.sign_in.forms import CodeForm, RecoveryCodeForm, StepForm
from app.two_factor.methods import methods_of
from app.two_factor.refusals import CodeOver

FORMS: dict[Method, Callable[[], StepForm]] = {
    Method.RECOVERY: RecoveryCodeForm,
    Method.PASSKEY: StepForm,
}


@dataclass(frozen=True)
class Step:
    """What a browser that waits is shown."""

    row: LoginCode
    method: Method
    offered: list[Method]

    @property
    def others(self) -> list[Method]:
        """The other ways, strongest first."""
        return [one for one in self.offered if one is not self.method]

    def form(self) -> StepForm:
        """The form of the method that is shown."""
        return FORMS.get(self.method, CodeForm)()


def step_of(row: LoginCode, asked: str, *, now: datetime) -> Step:
    """Return the step in the way that was asked for, or in the strongest.

    Raises CodeOver where the account has none any more.
    """
    has = methods_of(row.account, now=now)
    usable = [one for one in has if one is not Method.PASSKEY or not site().obstacle]
    offered = usable or has
    if not offered:
        raise CodeOver()
    return Step(row, next((one for one in offered if one == asked), offered[0]), offered)
