"""Events of 2-step verification and everything that serves as a second factor: authenticator apps,
recovery codes, trusted devices, passkeys.

Here: their part of the catalogue. Not here: the rest of it (activity.events).
"""

from __future__ import annotations

from app.activity.events import declare
from app.kernel.i18n import lazy

TWO_FACTOR_ON = declare(
    "two_factor_on",
    lazy("%(actor)s turned on 2-step verification for %(subject)s."),
    own=lazy("%(actor)s turned on 2-step verification."),
)
TWO_FACTOR_OFF = declare(
    "two_factor_off",
    lazy("%(actor)s turned off 2-step verification for %(subject)s."),
    own=lazy("%(actor)s turned off 2-step verification."),
)
TWO_FACTOR_EXCEPTED = declare(
    "two_factor_excepted",
    lazy("%(actor)s excepted %(subject)s from the organization’s 2-step rule for a while."),
    "changes",
    "reason",
)
TWO_FACTOR_EXCEPTION_ENDED = declare(
    "two_factor_exception_ended",
    lazy("%(actor)s ended the exception of %(subject)s from the organization’s 2-step rule."),
    "changes",
)
APP_ADDED = declare("two_factor_app_added", lazy("%(subject)s added an authenticator app."))
APP_REPLACED = declare(
    "two_factor_app_replaced", lazy("%(subject)s replaced the authenticator app.")
)
APP_REMOVED = declare("two_factor_app_removed", lazy("%(subject)s removed the authenticator app."))
RECOVERY_CODE_USED = declare(
    "two_factor_recovery_used", lazy("%(subject)s used a recovery code."), "left"
)
RECOVERY_CODES_MADE = declare(
    "two_factor_recovery_made", lazy("%(subject)s made new recovery codes.")
)
DEVICE_TRUSTED = declare("two_factor_device_trusted", lazy("%(subject)s trusted a device."))
DEVICES_ENDED = declare(
    "two_factor_devices_ended",
    lazy("%(actor)s ended the trust in devices of %(subject)s."),
    own=lazy("%(actor)s ended the trust in their own devices."),
)
SECOND_FACTOR_RESET = declare(
    "two_factor_reset",
    lazy("%(actor)s reset the second factor of %(subject)s."),
    "removed",
    own=lazy("%(actor)s reset their own second factor."),
)
PASSKEY_ADDED = declare("passkey_added", lazy("%(subject)s added a passkey."), "name")
PASSKEY_RENAMED = declare(
    "passkey_renamed",
    lazy("%(actor)s renamed a passkey of %(subject)s."),
    "changes",
    own=lazy("%(actor)s renamed a passkey."),
)
PASSKEY_REMOVED = declare(
    "passkey_removed",
    lazy("%(actor)s removed a passkey of %(subject)s."),
    "name",
    own=lazy("%(actor)s removed a passkey."),
)
