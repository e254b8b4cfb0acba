"""The organization's screen of role bindings: who was added and joins at the next sign-in.

Here: what is shown and pressed. Not here: what happens (bindings.service), adding (adding_views),
the person's own page (my_views).
"""

from __future__ import annotations

from app.bindings import lists
from app.bindings import service as bindings
from app.http.context import seat
from app.kernel.clock import utcnow
from app.kernel.i18n import lazy
from app.members.lists import BESIDE
from app.models import RoleBinding
from app.offers.forms import OfferForm
from app.offers.offering import OfferMixin
from app.screens.model_view import ServiceModelView
from app.screens.services import asks, does, leads_to


class BindingView(OfferMixin, ServiceModelView):
    """Role bindings of the current organization: ロールバインディング (S3-21, S3-35, D-C11)."""

    definition = lists.BINDINGS
    exclude_route_methods = {"download", "add"}

    list_title = lazy("People who join at the next sign-in")
    edit_title = lazy("Change what the person is given")
    delete_title = delete_label = lazy("Cancel the addition")
    delete_asks = lazy("Cancel the addition of %(name)s?")
    deleted = lazy("The addition was cancelled. The person is asked no more.")
    empty_title = lazy("Nobody joins at the next sign-in")
    empty_text = lazy(
        "People who have an account already and were added stand here until they sign in and"
        " continue. Those who declined stand here, too."
    )

    cell_classes = {
        "made_by": "lo wide",
        "type": "inline",
        "offer": "inline",
        "status": "inline",
        "created_at": "full",
    }
    page_folder = "bindings"
    tab_views = BESIDE
    # I18N: a tab beside “Members” and “Invitations”: people who were added and join at their next
    # sign-in
    tab_title = lazy("Joining")
    tab_counts = True

    method_permission_name = {"list": "read", "show": "read", "*": "manage"}

    service = bindings
    event_prefix = "binding_"

    def row_class(self, item: RoleBinding) -> str:
        return "" if item.is_waiting else "off"

    def locked(self, item: RoleBinding) -> frozenset[str]:
        return frozenset() if item.is_waiting else frozenset({"edit", "delete"})

    ensure_may_change = asks(bindings.ensure_may_change)
    remove = does(bindings.cancel)

    def give(self, item: RoleBinding, form: OfferForm) -> None:
        bindings.edit(item, offer=form.offer, by=seat(), now=utcnow())

    adding_url = leads_to("AddExistingView.existing", "manage", "Binding")
