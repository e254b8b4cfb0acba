"""Columns: what a file of members can say, one tuple for the template, the import and the notes on
the page (R13); its names and labels are the export's.

Here: key, labels, synonyms, what each is for. Not here: how a cell is read (imports.values), which
line has the names (imports.headers), what a row does (imports.checking).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from app.imports import cells, values
from app.imports.problems import CannotBeEmptied
from app.imports.values import Reader
from app.imports.vocabulary import Vocabulary
from app.kernel.i18n import lazy
from app.members.columns import COLUMNS as EXPORTED

LABELS = {column.key: column.label for column in EXPORTED}


@dataclass(frozen=True)
class ImportColumn:
    """One column; `empty` is what “(blank)” makes of it, None where it cannot be emptied."""

    key: str
    label: Any
    read: Reader = lambda text, _words: text
    synonyms: tuple[str, ...] = ()
    empty: Any = None
    help: Any = ""
    is_name: bool = False
    is_list: bool = False
    is_long: bool = False
    is_read: bool = True
    in_template: bool = True

    def value_of(self, raw: str, words: Vocabulary) -> Any:
        """What a cell says, None where it is blank: unchanged. Raises CellRefused and the refusals
        of what is read.
        """
        if self.key == "password":
            return raw or None
        text = cells.cleaned_list(raw) if self.is_list else cells.cleaned(raw)
        if not text:
            return None
        if cells.clears(text):
            if self.empty is None:
                raise CannotBeEmptied()
            return self.empty
        return self.read(text, words)


READ: tuple[ImportColumn, ...] = (
    ImportColumn(
        "id",
        LABELS["id"],
        values.number,
        ("メンバーID", "会員ID"),
        help=lazy("From an export. Finds the member even where login ID and address change."),
        in_template=False,
    ),
    ImportColumn(
        "login_id",
        LABELS["login_id"],
        values.kept("login_id"),
        ("ログインID", "ユーザーID", "ログイン名", "user id", "username"),
        help=lazy("Needed for somebody new, except for those who are invited."),
    ),
    ImportColumn(
        "email",
        LABELS["email"],
        values.kept("email"),
        ("メールアドレス", "メール", "Eメール", "email", "mail", "email address"),
        help=lazy("Needed for somebody new."),
    ),
    ImportColumn(
        "family_name",
        LABELS["family_name"],
        values.kept("family_name"),
        ("姓", "氏", "苗字", "名字", "last name", "surname"),
        empty="",
        help=lazy("Family name or given name is needed for somebody new."),
        is_name=True,
    ),
    ImportColumn(
        "given_name",
        LABELS["given_name"],
        values.kept("given_name"),
        ("名", "first name"),
        empty="",
        is_name=True,
    ),
    ImportColumn(
        "name",
        lazy("Name"),
        values.kept("family_name"),
        ("氏名", "名前", "full name"),
        help=lazy(
            "Instead of family and given name: split at the first space; of a Latin name the last"
            " word is the family name."
        ),
        is_name=True,
        in_template=False,
    ),
    ImportColumn(
        "reading",
        LABELS["reading"],
        values.reading,
        ("ふりがな", "フリガナ", "カナ", "よみ", "読み", "ヨミ", "kana"),
        empty="",
        is_name=True,
    ),
    ImportColumn(
        "family_reading",
        lazy("Reading of the family name"),
        values.reading,
        ("セイ", "せい", "姓カナ", "姓かな", "姓フリガナ", "姓ふりがな"),
        is_name=True,
        in_template=False,
    ),
    ImportColumn(
        "given_reading",
        lazy("Reading of the given name"),
        values.reading,
        ("メイ", "めい", "名カナ", "名かな", "名フリガナ", "名ふりがな"),
        is_name=True,
        in_template=False,
    ),
    ImportColumn(
        "latin_name",
        LABELS["latin_name"],
        values.kept("latin_name"),
        ("英字表記", "ローマ字", "ローマ字氏名"),
        empty="",
        is_name=True,
    ),
    ImportColumn(
        "password",
        lazy("Password"),
        synonyms=("パスワード", "初期パスワード"),
        help=lazy(
            "Only where the organization’s first sign-in is with a password; blank leaves it as"
            " it is."
        ),
        is_long=True,
    ),
    ImportColumn(
        "type",
        LABELS["type"],
        values.word(values.TYPES, lazy("general, power")),
        ("種別", "ユーザー種別"),
        help=lazy("General or power; somebody new is general where it is blank."),
    ),
    ImportColumn(
        "roles",
        LABELS["roles"],
        values.roles,
        ("ロール", "役割", "role"),
        empty=(),
        help=lazy(
            "All roles that the person has from then on, separated by semicolons; a name with a"
            " semicolon stands in quotation marks."
        ),
        is_list=True,
        is_long=True,
    ),
    ImportColumn(
        "authorities",
        LABELS["authorities"],
        values.authorities,
        ("個別の権限", "権限", "authority"),
        empty=frozenset(),
        help=lazy(
            "All single authorities that the person has from then on, separated by semicolons; or"
            " one authority preset, such as View only."
        ),
        is_list=True,
        is_long=True,
    ),
    ImportColumn(
        "language",
        LABELS["language"],
        values.language,
        ("言語", "表示言語"),
        help=lazy("Such as en or ja_JP; blank for somebody new: the organization’s."),
    ),
    ImportColumn(
        "two_factor",
        LABELS["two_factor"],
        values.switch,
        ("2段階認証", "二段階認証", "2-step"),
        help=lazy("On or off, of members who are there already."),
    ),
    ImportColumn(
        "notifications",
        lazy("E-mail notifications"),
        values.switch,
        ("メール通知", "通知"),
        help=lazy("On or off; on for somebody new where it is blank."),
    ),
    ImportColumn(
        "state",
        LABELS["state"],
        values.word(values.STATES, lazy("active, suspended")),
        ("状態", "ステータス", "status"),
        help=lazy("Active or suspended: suspends and reinstates."),
    ),
    ImportColumn(
        "suspended_reason",
        LABELS["suspended_reason"],
        synonyms=("理由", "停止理由", "停止の理由"),
        empty="",
        help=lazy("Why somebody is suspended."),
        is_long=True,
    ),
    ImportColumn(
        "action",
        lazy("Action"),
        values.word(values.ACTIONS, lazy("invite, remove, skip")),
        ("処理", "操作"),
        help=lazy("Blank for the usual; or invite, remove or skip for this row alone."),
    ),
)
_NOT_READ = (
    ("line", lazy("Line"), ("行",)),
    ("reason", lazy("Why it was refused"), ("エラー理由",)),
    *((one.key, one.label, ()) for one in EXPORTED if one.key not in {c.key for c in READ}),
)
COLUMNS = (
    *READ,
    *(
        ImportColumn(key, label, synonyms=names, is_read=False, in_template=False)
        for key, label, names in _NOT_READ
    ),
)
BY_KEY = {column.key: column for column in COLUMNS}
NAMES = ("family_name", "given_name", "reading", "latin_name")
IDENTITY = ("login_id", "email", *NAMES, "language", "notifications")
GRANTS = ("type", "roles", "authorities")
