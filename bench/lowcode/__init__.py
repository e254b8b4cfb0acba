"""The same screen in five frameworks: devices that an organization lends to its members.

Here: how their lines are counted. Not here: the files that are counted (beside this one), what each
gives without further lines, from its own documentation (docs/extending.md). Ours is
examples/devices. Only stock Flask-AppBuilder is installed here and started by a test; the others
are read, not run.
"""

from __future__ import annotations

import ast
from pathlib import Path

HERE = Path(__file__).parent
BEGIN = "# counted from here"
"""What stands above it are people and organizations, which only ours brings along."""
SCREENS: dict[str, tuple[Path, ...]] = {
    "Meibo": (HERE.parents[1] / "examples" / "devices" / "__init__.py",),
    "stock Flask-AppBuilder": (HERE / "stock_fab.py",),
    "Django admin": (HERE / "django_models.py", HERE / "django_admin.py"),
    "Flask-Admin": (HERE / "flask_admin_app.py",),
    "SQLAdmin": (HERE / "sqladmin_app.py",),
}


def lines(path: Path) -> int:
    """Count the lines of a file's code: no blanks, comments, docstrings or imports."""
    above, found, below = path.read_text().partition(BEGIN)
    text = below if found else above
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
