"""Row refusals: the sentences that only rows of a file hear, and how a row is named.

Here: refusals and warnings about whole rows. Not here: about one cell as such (imports.problems),
what the verbs refuse (each beside its verb).
"""

from __future__ import annotations

from app.imports.problems import CellRefused
from app.imports.rows import Row
from app.kernel.i18n import lazy

STATES = ("active", "suspended")


class Needed(CellRefused):
    text = lazy("This is needed for somebody new.")

    def __init__(self, field: str) -> None:
        super().__init__(field=field)


class NobodyNamed(CellRefused):
    text = lazy("Say who is meant: login ID, e-mail address or member ID.")


class NoSuchMember(CellRefused):
    field = "id"
    text = lazy("No member has this ID. Leave it blank for somebody new.")


class TwoPeople(CellRefused):
    text = lazy("This names two people: %(one)s and %(other)s.")


class TwiceInFile(CellRefused):
    text = lazy("Line %(line)d names the same person, with other values. Keep one of the lines.")


class SameAsLine(CellRefused):
    text = lazy("This is the same as line %(line)d.")


class NoPasswordHere(CellRefused):
    field = "password"
    text = lazy("This organization’s first sign-in is by a link, so no password can be set.")


class InvitedAlready(CellRefused):
    field = "email"
    text = lazy("This address is invited already. Send that invitation again instead.")


class MemberAlready(CellRefused):
    field = "email"
    text = lazy("This person is already a member of this organization.")


class NotAMember(CellRefused):
    text = lazy("Nobody by that name is a member of this organization, so nobody is removed.")


class MayNotRemove(CellRefused):
    field = "action"
    text = lazy("This file may not remove people. Tick “This file may remove people” to allow it.")


class LeavesNothing(CellRefused):
    field = "roles"
    text = lazy(
        "No role and no authority would be left. To remove the person, write “remove” in the column"
        " “Action”."
    )


class SuspendedElsewhere(CellRefused):
    field = "state"
    text = lazy("A system administrator suspended this account, so only they can reinstate it.")


# what is only said


class GivesNothing(CellRefused):
    text = lazy("This person gets no role and no authority.")


class InvitationWaits(CellRefused):
    text = lazy("This address has a pending invitation.")


class WaitsAlready(CellRefused):
    text = lazy("This person was added already, and joins at the next sign-in.")


class WasMember(CellRefused):
    text = lazy("This is a former member, who comes back as they were; name and address stay.")


class LoginIdChanges(CellRefused):
    text = lazy("The login ID changes, so the person signs in with the new one from then on.")


class StaysSuspended(CellRefused):
    text = lazy("This member is suspended and stays so.")


class PasswordKept(CellRefused):
    text = lazy("Passwords of members who are there already are left as they are.")


class HasAccountAlready(CellRefused):
    text = lazy(
        "This person has an account already, so name, login ID and password of the file were not"
        " used. The person joins at the next sign-in."
    )


class InvitedInstead(CellRefused):
    text = lazy(
        "This person has an account already, so name, login ID and password of the file were not"
        " used. An invitation was sent instead."
    )


class ChangedSince(CellRefused):
    text = lazy("Something changed since the check. Look at the result again.")


def name_of(row: Row) -> str:
    """How a row is named to people: by name, else by what it is found by."""
    values = row.values
    name = " ".join(filter(None, (values.get("family_name"), values.get("given_name"))))
    return name or str(values.get("login_id") or values.get("email") or values.get("id") or "")
