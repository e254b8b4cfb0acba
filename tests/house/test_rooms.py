"""The house's rooms: what each may not contain, and who may commit. A failure lists every line and
says where it belongs.

Here: names used in code. Not here: storeys (lint-imports runs in `make lint` and in the last test).
"""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.house.source import APP, MODULES, ROOT, listed, name, tree

DOORS = {"views.py", "api.py", "cli.py"}
COMMITTERS = {"cli.py", "commands.py", "upgrade.py", "pruning.py"}
"""Doors, and a job that lets go what is old a batch at a time."""
COMMITTING_FOLDERS = {
    "http",
    "screens",
    "rest",
    "i18n",
    "sign_in",
    "jobs",
    "batches",
    "outbox",
    "testing",
    "webhooks",
}
REQUEST_NAMES = {"request", "g", "session", "flash"}
FLASKS_OWN = {"access/context.py", "kernel/i18n.py", "http/db_errors.py"}
"""Who uses flask.g: the context, and what Flask-Babel and Flask-Login keep there themselves."""
FEATURES = [path for path in MODULES if path.is_relative_to(APP)]


def imported_from(path: Path, module: str) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ImportFrom) and node.module == module:
            found |= {alias.name for alias in node.names}
    return found


def imports(path: Path, module: str) -> bool:
    found = (node for node in ast.walk(tree(path)) if isinstance(node, ast.ImportFrom))
    return any(node.module == module for node in found)


def calls(path: Path) -> Iterator[str]:
    found = (node for node in ast.walk(tree(path)) if isinstance(node, ast.Call))
    return (ast.unparse(node.func) for node in found)


def rooms(*names: str) -> list[Path]:
    found = [path for path in FEATURES if path.name in names]
    assert found, f"no room is called {names}"
    return found


def test_a_service_does_not_know_the_request() -> None:
    faults = [
        f"{name(path)}: {', '.join(sorted(used))}"
        for path in rooms("service.py", "queries.py")
        if (used := imported_from(path, "flask") & REQUEST_NAMES)
    ]
    assert not faults, f"pass them in from the door:{listed(faults)}"


def test_time_comes_in_through_the_door() -> None:
    asking = rooms("service.py", "queries.py", "policy.py", "mail.py")
    faults = [name(path) for path in asking if "utcnow" in calls(path)]
    assert not faults, f"take `now` as a parameter (R9):{listed(faults)}"


def test_a_rule_is_pure() -> None:
    rules = [
        path
        for path in rooms("policy.py", "events.py", "columns.py")
        if path.parent.name != "models"
    ]
    faults = [name(path) for path in rules if imported_from(path, "flask")]
    assert not faults, f"a rule knows no Flask:{listed(faults)}"


def test_a_form_asks_no_database() -> None:
    faults = [name(path) for path in rooms("forms.py") if imports(path, "app.extensions")]
    assert not faults, f"ask in the service, or let the view fill the form:{listed(faults)}"


def test_a_noun_knows_no_flask() -> None:
    nouns = [path for path in FEATURES if path.parent.name == "models"]
    faults = [name(path) for path in nouns if imported_from(path, "flask")]
    assert not faults, f"models stand on the ground:{listed(faults)}"


def test_only_doors_commit() -> None:
    faults = [
        name(path)
        for path in FEATURES
        if path.name not in COMMITTERS | DOORS
        and not COMMITTING_FOLDERS & set(path.parts)
        and any(call.endswith(("session.commit", "db.session.commit")) for call in calls(path))
    ]
    assert not faults, (
        f"services flush; commit() stands in doors and in {sorted(COMMITTING_FOLDERS)} only"
        f" (R8):{listed(faults)}"
    )


def test_nothing_swallows_errors() -> None:
    faults = [
        f"{name(path)}:{node.lineno} catches {caught}"
        for path in FEATURES
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ExceptHandler)
        and (caught := ast.unparse(node.type) if node.type else "everything")
        in {"everything", "Exception", "BaseException"}
    ]
    assert not faults, f"name what can happen (R7):{listed(faults)}"


def test_only_config_reads_the_environment() -> None:
    faults = [name(path) for path in FEATURES if "os.environ" in path.read_text()]
    assert not faults, f"read the environment in config.py:{listed(faults)}"


def test_floors_hold() -> None:
    """lint-imports: a module imports only from lower floors."""
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stdout


PROXIES = {"request", "g", "session", "current_user"}
"""Names of libraries that stand for one request's own things."""
PATCHING = {"http/signing.py"}
"""Who changes a library, and says why."""


def patched(path: Path) -> list[str]:
    """What a module assigns to something that it imported from a library."""
    theirs = {
        (alias.asname or alias.name).partition(".")[0]
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Import)
        or (isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] != "app")
        for alias in node.names
    } - PROXIES
    assigned = [
        target
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Assign | ast.AnnAssign)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Attribute)
    ] + [
        node.args[0]
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "setattr"
    ]
    return [
        ast.unparse(target)
        for target in assigned
        if ast.unparse(target).partition(".")[0] in theirs
    ]


def test_no_library_is_changed_for_everybody_in_the_process() -> None:
    """Issue 11 §3: subclass what bends a library, and hand it to the application."""
    found = {path.relative_to(APP).as_posix(): what for path in FEATURES if (what := patched(path))}
    assert found.keys() == PATCHING, f"make a class of ours:{listed(list(map(str, found.items())))}"


def test_what_is_known_of_a_request_stands_in_its_context() -> None:
    """Issue 11 §3: fields with types instead of keys of flask.g."""
    faults = [
        name(path)
        for path in FEATURES
        if "g" in imported_from(path, "flask")
        and path.relative_to(APP).as_posix() not in FLASKS_OWN
    ]
    assert not faults, f"add a field to access.context.RequestContext:{listed(faults)}"


ENDINGS = ("_views.py", "_api.py")
DOORS_BASES = {"app.rest.api", "app.exchange.views"}
"""What every API and every file of a feature is a subclass of."""
OPENED_THROUGH = {
    "app.members.views -> app.managed_accounts.account_views": "one screen, in several files",
    "app.members.views -> app.managed_accounts.register_views": "one screen, in several files",
    "app.members.views -> app.members.role_views": "one screen, in several files",
}
"""Doors that open another door, and why."""


def is_door(path: Path) -> bool:
    return path.name in DOORS | {"export.py"} or path.name.endswith(ENDINGS)


def imported(path: Path) -> set[str]:
    """The modules that a module names in its imports, as far as they are ours."""
    found: set[str] = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def test_no_door_opens_another() -> None:
    """Issue 11 §2: what two doors need stands in a room of the feature; a list in its lists.py."""
    doors = {name(path).removesuffix(".py").replace("/", "."): path for path in FEATURES}
    doors = {module: path for module, path in doors.items() if is_door(path)}
    found = {
        f"{module} -> {other}"
        for module, path in doors.items()
        for other in imported(path) & doors.keys() - DOORS_BASES - {module}
    }
    assert found == OPENED_THROUGH.keys(), (
        "move what both need into a room, or say here why not:"
        f"{listed(sorted(found ^ OPENED_THROUGH.keys()))}"
    )


def test_a_list_is_said_once() -> None:
    """Issue 11 §2: a view of ours names a definition; what it orders, narrows and searches by
    stands there. A view that is derived from its model says it itself, once.
    """
    said_there = {"sorts", "base_sort", "order_columns", "base_order", "filters", "search_label"}
    views = [
        path
        for path in FEATURES
        if (path.name == "views.py" or path.name.endswith("_views.py"))
        and not imports(path, "app.model_views.view")
    ]
    faults = [
        f"{name(path)}:{node.lineno} {target.id}"
        for path in views
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Assign | ast.AnnAssign)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Name) and target.id in said_there
    ]
    assert not faults, f"say it in the feature's lists.py:{listed(faults)}"
