"""The same screen in five frameworks: devices that an organization lends to its members.

Here: how their lines are counted. Not here: the files that are counted (beside this one; ours is
examples/devices), and what each of them does (`python -m bench.lowcode.walk`, docs/extending.md).
Only stock Flask-AppBuilder is installed beside the portal and started by a test; the walk has an
environment of its own.
"""

from __future__ import annotations

import ast
from pathlib import Path

HERE = Path(__file__).parent
DJANGO = HERE / "django_devices"
BEGIN = "# counted from here"
"""What stands above it are people and organizations, which only ours brings along."""
END = "# counted to here"
"""What stands below it makes the application, as a framework's starter does (settings, sign-in)."""
SCREENS: dict[str, tuple[Path, ...]] = {
    "Meibo": (HERE.parents[1] / "examples" / "devices" / "__init__.py",),
    "stock Flask-AppBuilder": (HERE / "stock_fab.py",),
    "Django admin": (DJANGO / "models.py", DJANGO / "admin.py"),
    "Flask-Admin": (HERE / "flask_admin_app.py",),
    "SQLAdmin": (HERE / "sqladmin_app.py",),
}


def lines(path: Path) -> int:
    """Count the lines of a file's code: no blanks, comments, docstrings or imports."""
    above, found, below = path.read_text().partition(BEGIN)
    text = (below if found else above).partition(END)[0]
    left_out = {
        number
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Import | ast.ImportFrom) or _is_docstring(node)
        for number in range(node.lineno, (node.end_lineno or node.lineno) + 1)  # type: ignore[attr-defined]
    }
    return sum(
        bool(line.strip()) and not line.strip().startswith("#") and number not in left_out
        for number, line in enumerate(text.splitlines(), 1)
    )


def _is_docstring(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


def counted() -> dict[str, int]:
    """The lines of each framework's screen."""
    return {name: sum(map(lines, files)) for name, files in SCREENS.items()}
