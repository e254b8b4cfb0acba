"""What is asked of every framework: one function for each row of the table in docs/extending.md.

Each returns what was seen, in words. Not here: HTTP (visits), addresses (frameworks).
"""

from __future__ import annotations

import re
from pathlib import Path

from bench.lowcode import pages
from bench.lowcode.rows import OURS, names
from bench.lowcode.visits import Visit

REFUSED = r"unique|already exists|integrity|duplicate"


def search_box(visit: Visit) -> str:
    page = visit.get("ann", visit.framework.list).text
    box = re.search(r"<input[^>]*(?:name|id)=\"(?:q|search|search-input)\"", page)
    found = names(visit.get("ann", visit.framework.search % "Ours 07").text)
    return f"{'a box' if box else 'no box'}; looking for Ours 07 finds {sorted(found)}"


def filters(visit: Visit) -> str:
    """Of 30 devices 10 are phones, 10 were lent after the 20th, 6 are returned."""
    seen = []
    for column, query in visit.framework.filters.items():
        joined = "&" if "?" in visit.framework.list else "?"
        page = visit.get("ann", f"{visit.framework.list}{joined}{query}").text
        seen.append(f"{column}: {len(names(page))} rows")
    return ", ".join(seen)


def holder_by_typing(visit: Visit) -> str:
    page = visit.get("ann", visit.framework.add).text
    listed = len(set(re.findall(r"Own \d\d", page)))
    if visit.framework.lookup is None:
        return f"the form lists {listed} of 60 members; nothing to type into"
    found = re.findall(r"Own \d\d", visit.get("ann", visit.framework.lookup % "Own 57").text)
    return f"the form lists {listed} of 60 members; typing Own 57 offers {found}"


def own_in_list(visit: Visit) -> str:
    page = visit.get("ann", visit.framework.list).text
    other = visit.get("ben", visit.framework.list).text
    shown = {name.split()[0] for name in names(page)}, {name.split()[0] for name in names(other)}
    return f"Ann sees {sorted(shown[0])}, Ben sees {sorted(shown[1])}"


def own_by_address(visit: Visit) -> str:
    """Ann opens, changes and deletes a device of the other organization by its address."""
    theirs = visit.rows.device_with(name="Theirs 01")
    assert theirs is not None
    number, said = theirs["id"], []
    for what, path in (("details", visit.framework.details), ("form", visit.framework.edit)):
        if path:
            answer = visit.get("ann", path % number)
            read = "read" if "T-01" in answer.text else "not read"
            said.append(f"{what} {_status(answer)}, {read}")
    sent = pages.form(visit.get("ann", visit.framework.edit % 1).text, "serial")
    visit.send("ann", visit.framework.edit % number, sent | {"name": "Taken", "serial": "X-1"})
    changed = visit.rows.device_with(name="Taken")
    said.append("changed" if changed else "not changed")
    visit.delete("ann", number)
    said.append("not deleted" if visit.rows.device_with(id=number) else "deleted")
    own = visit.rows.device_with(name="Ours 30")
    assert own is not None
    visit.delete("ann", own["id"])
    kept = visit.rows.device_with(name="Ours 30")
    said.append(f"(her own: {'not deleted' if kept else 'deleted'})")
    return ", ".join(said)


def foreign_holder(visit: Visit) -> str:
    """Ann looks for members of the other organization, and sends one of them all the same."""
    text = "".join(
        visit.get("ann", path).text for path in (visit.framework.add, visit.framework.list)
    )
    if visit.framework.lookup:
        text += visit.get("ann", visit.framework.lookup % "Foreign").text
    offered = len(set(re.findall(r"Foreign \d\d", text)))
    foreign, own = (str(visit.rows.member_id(f"{name} 05")) for name in ("Foreign", "Own"))
    visit.add("ann", serial="N-1", name="Own one", holder=own)
    visit.add("ann", serial="N-2", name="Foreign one", holder=foreign)
    visit.edit("ann", 3, holder=own)
    before = visit.rows.holder_name(serial="O-03")
    visit.edit("ann", 3, holder=foreign)
    stored = [visit.rows.holder_name(serial=serial) for serial in ("N-1", "N-2", "O-03")]
    return (
        f"{offered} of 60 offered; sent and stored: an own one as {stored[0]}, a foreign one in a"
        f" new device as {stored[1]}, in a device of {before} as {stored[2]}"
    )


def serial_twice(visit: Visit) -> str:
    answer = visit.add("ann", serial="O-05", name="Twice")
    near = _at_field(answer.text)
    said = pages.sentence(answer.text, REFUSED) + (
        " … with its SQL" if "[SQL" in answer.text else ""
    )
    again = visit.add("ann", serial="T-05", name="Once each")
    stored = visit.rows.device_with(organization_id=OURS, serial="T-05")
    kept = "Twice" in answer.text and "O-05" in answer.text
    return (
        f"{answer.status_code}, {'at its field' if near else 'not at its field'}, the form"
        f" {'keeps' if kept else 'loses'} what was typed, said: {said!r};"
        f" the other organization's number: {again.status_code}, {'stored' if stored else 'no'}"
    )


def files(visit: Visit) -> str:
    """A file of all, and one of what a search has found."""
    seen = []
    query = (visit.framework.search % "Ours 07").partition("?")[2]
    for kind, path in visit.framework.files.items():
        everything = visit.get("ann", path)
        if kind.lower() not in everything.headers.get("content-type", ""):
            seen.append(f"{kind}: none ({_status(everything)})")
            continue
        joined = "&" if "?" in path else "?"
        found = names(visit.get("ann", f"{path}{joined}{query}").text)
        theirs = "Theirs" in everything.text
        seen.append(
            f"{kind}: {len(names(everything.text))} rows{' WITH THEIRS' if theirs else ''},"
            f" {len(found)} of a search for one"
        )
    return "; ".join(seen)


def rest(visit: Visit) -> str:
    seen = []
    for path in visit.framework.rest:
        answer = visit.browser("ann").get(path)
        kind = answer.headers.get("content-type", "").partition(";")[0]
        described = "device" in answer.text if "json" in kind else False
        seen.append(
            f"{path} {answer.status_code} {kind}{', tells of devices' if described else ''}"
        )
    return "; ".join(seen)


def log(visit: Visit) -> str:
    """A change of kind, looked for on the page that has the changes, and on the device's own."""
    visit.edit("ann", 8, kind="phone", name="Ours 08 renamed")
    assert visit.rows.device_with(id=8, kind="phone"), "The change was not stored."
    text = pages.words(visit.get("ann", visit.framework.log % 8).text)
    told = pages.sentence(text, r"changed") or "nothing of the change"
    before = re.search(r"laptop.{0,20}phone", text, re.IGNORECASE)
    return f"{told!r}; before and after: {'yes' if before else 'no'}"


def undo(visit: Visit) -> str:
    visit.edit("ann", 9, name="Ours 09 renamed")
    answer = visit.delete("ann", 10)
    gone = visit.rows.device_with(id=10) is None
    places = [answer.text, visit.get("ann", visit.framework.log % 9).text]
    found = re.findall(
        r"undo|restore|revert|roll back", " ".join(map(pages.controls, places)), re.I
    )
    return f"deleted: {gone}; to be pressed for undo: {found or 'nothing'}"


def two_at_once(visit: Visit) -> str:
    """Ann and Cho open a form; Ann saves another name, then Cho, whose form has the old one."""
    path = visit.framework.edit % 11
    ann, cho = (pages.form(visit.get(who, path).text, "serial") for who in ("ann", "cho"))
    visit.send("ann", path, ann | {"name": "Ours by Ann"})
    assert visit.rows.device_with(name="Ours by Ann"), "Ann's change was not stored."
    answer = visit.send("cho", path, cho | {"kind": "phone"})
    device = visit.rows.device_with(id=11)
    assert device is not None
    lost = device["name"] != "Ours by Ann"
    stored = "stored" if device["kind"] == "phone" else "not stored"
    warned = pages.sentence(answer.text, r"meanwhile|conflict|somebody else|another user")
    change = "lost" if lost else "kept"
    warning = f"warning: {warned or 'none'}"
    return f"{answer.status_code}; Cho's change is {stored}, Ann's is {change}; {warning}"


def saved_views(visit: Visit) -> str:
    path = visit.framework.search % "Ours"
    pressed = pages.controls(visit.get("ann", path).text)
    found = re.findall(r"saved? [^|]*(?:view|search|filter)[^|]*|bookmark", pressed, re.IGNORECASE)
    return f"to be pressed: {found or 'nothing'}"


def permissions(visit: Visit) -> str:
    """Vera, who is to see only: has an account with that where there is such a thing."""
    seen = [f"list {_status(visit.get('vera', visit.framework.list))}"]
    visit.edit("vera", 12, name="Ours by Vera")
    changed = visit.rows.device_with(name="Ours by Vera")
    visit.add("vera", serial="V-1")
    added = visit.rows.device_with(serial="V-1")
    visit.delete("vera", 13)
    deleted = visit.rows.device_with(id=13) is None
    seen += [
        f"{what}: {'yes' if did else 'no'}"
        for what, did in (("changes", changed), ("adds", added), ("deletes", deleted))
    ]
    return ", ".join(seen)


def _status(answer) -> str:
    """The status, and where it led."""
    led = f" to {answer.url.path}" if answer.history else ""
    return f"{answer.history[0].status_code if answer.history else answer.status_code}{led}"


def _at_field(html: str) -> bool:
    """Whether a refusal stands beside the field of the serial number."""
    field = re.search(r"name=\"serial\"", html)
    around = html[max(0, field.start() - 600) : field.end() + 600] if field else ""
    return bool(re.search(REFUSED, pages.words(f"<p {around}"), re.IGNORECASE))


def versions(visit: Visit) -> str:
    """What was written to make the table, and the commands with which it would be changed."""
    written = sorted(Path(visit.rows.path).parent.glob("*_migrations/0*.py"))
    commands = sorted(getattr(getattr(visit.app, "cli", None), "commands", {}))
    said = ", ".join(path.name for path in written) or "nothing"
    return f"written: {said}; commands of the application: {commands or 'none'}"
