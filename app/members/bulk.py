"""Verbs for many members at once.

Here: which verbs the list offers. Not here: what they check, ask and do (members.kinds), running
them (batches).
"""

from __future__ import annotations

from typing import Any, ClassVar

from app.kernel.i18n import lazy
from app.managed_accounts import first_sign_in
from app.managed_accounts import service as managed
from app.members import account_kinds, kinds, offer_kinds, role_kinds
from app.memberships import suspension
from app.screens.actions import ActionsMixin
from app.screens.row_actions import for_many, on_page
from app.screens.rows import RowVerb

SUSPENSION = (
    RowVerb("suspension", lazy("Suspend"), "pause-circle", modal=True),
    RowVerb("reinstate", lazy("Reinstate"), "arrow-counterclockwise", modal=True),
)
"""What the menu of a row offers beside the usual verbs."""


class BulkActions(ActionsMixin):
    """What can be done with the selected members, or with all that match."""

    action_explanations: ClassVar[dict[str, Any]] = {
        "reinstate": lazy("They have access to this organization again immediately.")
    }

    suspend = for_many("suspend", lazy("Suspend…"), kinds.SUSPEND, icon="pause-circle")
    reinstate = on_page(
        "reinstate",
        lazy("Reinstate"),
        suspension.reinstate,
        kinds.REINSTATE,
        icon="arrow-counterclockwise",
    )
    unlock = on_page("unlock", lazy("Unlock"), managed.unlock, icon="unlock")
    give_role_to = for_many(
        "give_role", lazy("Give a role…"), role_kinds.GIVE_ROLE, icon="plus-circle"
    )
    take_role_from = for_many(
        "take_role", lazy("Take a role away…"), role_kinds.TAKE_ROLE, icon="dash-lg"
    )
    remove_selected = for_many("remove", lazy("Remove…"), kinds.REMOVE, icon="person-x")
    set_type_of = for_many(
        "set_type", lazy("Change the type…"), offer_kinds.SET_TYPE, icon="sliders"
    )
    give_authorities_to = for_many(
        "give_authorities",
        lazy("Give authorities…"),
        offer_kinds.GIVE_AUTHORITIES,
        icon="plus-circle",
    )
    take_authorities_from = for_many(
        "take_authorities",
        lazy("Take authorities away…"),
        offer_kinds.TAKE_AUTHORITIES,
        icon="dash-lg",
    )
    end_sessions_of = for_many(
        "end_sessions",
        lazy("End sessions…"),
        account_kinds.END_SESSIONS,
        icon="box-arrow-right",
    )
    require_password_of = for_many(
        "require_password",
        lazy("Require a new password…"),
        account_kinds.REQUIRE_PASSWORD,
        icon="key",
    )
    set_two_factor_of = for_many(
        "set_two_factor",
        lazy("2-step verification…"),
        account_kinds.SET_TWO_FACTOR,
        icon="shield-lock",
    )
    set_language_of = for_many(
        "set_language",
        lazy("Change the language…"),
        account_kinds.SET_LANGUAGE,
        icon="translate",
    )
    send_first_sign_in = on_page(
        "send_first_sign_in",
        lazy("Send the sign-in email again"),
        first_sign_in.send_again,
        kinds.SEND_FIRST,
        icon="send",
        said=lazy("We’re sending the sign-in email."),
    )
