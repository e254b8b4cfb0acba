"""Files: the text of what new-screen writes, worth reading by whoever goes on with it.

Here: model and view, catalogues, a test. Not here: where they are put (scaffold.screens).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.model_views.columns import words_of
from app.scaffold.column_specs import Asked

PACKAGE = '''"""{title}: what it is for, in one sentence of yours.

Here: the model, the screen, the portal with it. Not here: its words (translations/), the versions
of its table (migrations/).
"""

from __future__ import annotations

{imports}


class {model}(OrganizationModel):
    """One row of the list; what a docstring says, whoever comes next knows."""

    __tablename__ = "{table}"

{lines}


class {model}View(ModelView):
    """{title} of the organization."""

    datamodel = OrganizationInterface({model})
    list_title = lazy("{title}")
    item_title = lazy("{item}")
    list_columns = {listed}
    search_columns = list_columns


SCREENS = (Screen({model}View, icon="list"),)


def create_app(settings: Any = None, **options: Any) -> Flask:
    """Make the portal with this screen in it."""
    return extend.create_app(settings, more=SCREENS, **options)
'''
TEST = '''"""The screen of {title}. It …

Run: python -m pytest {word}
"""

from __future__ import annotations

import pytest
from sqlalchemy import select

import {word}
from app.extensions import db

pytest_plugins = ["app.testing"]

HERE = "/o/aozora/{word}"
VALUES = {values}


@pytest.fixture(scope="module")
def create_app():
    """The portal of these tests."""
    return {word}.create_app


def add(tanaka):
    """Add a row, and return its number."""
    assert tanaka.submit(f"{{HERE}}/add", VALUES).status_code == 302
    return db.session.scalars(select({word}.{model}.id)).one()


def test_adds_shows_and_deletes_a_row(as_, cast):
    tanaka = as_(cast.tanaka)
    row = f"{{HERE}}/show/{{add(tanaka)}}"
    assert row in tanaka.get(f"{{HERE}}/list/").get_data(as_text=True)
    assert tanaka.submit(row.replace("show", "delete")).status_code == 302
    assert row not in tanaka.get(f"{{HERE}}/list/").get_data(as_text=True)


def test_is_closed_to_who_may_not_and_to_other_organizations(as_, cast):
    row = add(as_(cast.tanaka))
    assert as_(cast.smith).get(f"{{HERE}}/list/").status_code == 403
    assert as_(cast.yamada).get(f"{{HERE}}/list/").status_code == 404
    assert as_(cast.yamada).get(f"/o/minato/{word}/show/{{row}}").status_code == 404


def test_is_reached_by_programs_too(app):
    assert "/api/v1/{word}" in app.test_client().get("/api/v1/openapi.json").get_data(as_text=True)
'''
HEAD = """msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Language: {code}\\n"
"""
USUAL = (
    ("typing", "Any"),
    ("flask", "Flask"),
    ("app", "extend"),
    *(
        ("app.extend", name)
        for name in ("ModelView", "OrganizationInterface", "OrganizationModel", "Screen", "lazy")
    ),
    ("sqlalchemy.orm", "Mapped"),
    ("sqlalchemy.orm", "mapped_column"),
)
STANDARD = ("datetime", "decimal", "typing")
OURS = ("app", "app.extend")


@dataclass(frozen=True)
class Draft:
    """A screen that is to be written."""

    word: str
    item: str
    columns: Sequence[Asked]

    @property
    def title(self) -> str:
        """What the list is called: Room plans."""
        return words_of(self.word)

    @property
    def model(self) -> str:
        """What its class is called: RoomPlan."""
        return "".join(part.capitalize() for part in self.item.split("_"))

    @property
    def words(self) -> list[str]:
        """Everything that people read of it."""
        said = [self.title, words_of(self.item)]
        for one in self.columns:
            said += [words_of(one.name), *one.words]
        return list(dict.fromkeys(said))


def texts(draft: Draft, catalogues: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """Return the text of each file, by its path in the package."""
    pos = {
        f"translations/{code}/LC_MESSAGES/messages.po": _catalogue(draft, code, known)
        for code, known in catalogues.items()
    }
    return {"__init__.py": _package(draft), f"test_{draft.word}.py": _test(draft), **pos}


def _package(draft: Draft) -> str:
    lines = [line for one in draft.columns for line in one.lines]
    listed = [f'"{one.name}"' for one in draft.columns if one.is_listed]
    return PACKAGE.format(
        word=draft.word,
        table=draft.item,
        title=draft.title,
        item=words_of(draft.item),
        model=draft.model,
        imports=_imports(draft),
        lines="\n".join(lines),
        listed=_wrapped(listed or [f'"{draft.columns[0].name}"']),
    )


def _wrapped(names: Sequence[str]) -> str:
    line = f"[{', '.join(names)}]"
    lines = "".join(f"\n        {name}," for name in names)
    return line if len(line) < 80 else f"[{lines}\n    ]"


def _imports(draft: Draft) -> str:
    """Import what the columns need: Python's own first, then libraries, then the portal's."""
    wanted: dict[str, set[str]] = defaultdict(set)
    for module, name in (*USUAL, *(pair for one in draft.columns for pair in one.imports)):
        wanted[module].add(name)
    lines = {
        module: f"from {module} import {', '.join(sorted(names, key=_isort))}"
        for module, names in wanted.items()
    }
    for module, line in lines.items():
        if len(line) > 100:
            names = "".join(f"    {name},\n" for name in sorted(wanted[module], key=_isort))
            lines[module] = f"from {module} import (\n{names})"
    own = [one for one in wanted if one not in STANDARD and one.partition(".")[0] in OURS]
    foreign = [one for one in wanted if one not in (*STANDARD, *own)]
    groups = ([one for one in wanted if one in STANDARD], foreign, own)
    return "\n\n".join("\n".join(lines[one] for one in sorted(group)) for group in groups if group)


def _isort(name: str) -> tuple[bool, str]:
    return not name[:1].isupper(), name


def _test(draft: Draft) -> str:
    pairs = ", ".join(f'"{one.name}": "{one.value}"' for one in draft.columns if one.value)
    words = {"word": draft.word, "title": draft.title, "model": draft.model}
    return TEST.format(values="{" + pairs + "}", **words)


def _catalogue(draft: Draft, code: str, known: Mapping[str, str]) -> str:
    """A catalogue of the package's words, with what the portal's says of them."""
    said = "".join(f'\nmsgid "{word}"\nmsgstr "{known.get(word, "")}"\n' for word in draft.words)
    return HEAD.format(code=code) + said
