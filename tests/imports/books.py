"""Workbooks for the tests: written by hand, so that each says exactly what a test is about.

Here: small xlsx and ods files, and those that try to do harm. Not here: what is asserted of them.
"""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from io import BytesIO
from xml.sax.saxutils import escape

from tests.imports.conftest import E

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
HEAD = E.split(",")
DAY, ZEROS = 1, 2
"""Styles: a date, and 000."""


def text(value: str) -> str:
    return f't="inlineStr"><is><t>{escape(value)}</t></is>'


def number(value: float, style: int = 0) -> str:
    return f's="{style}"><v>{value}</v>'


def formula(written: str, cached: str) -> str:
    return f't="str"><f>{written}</f><v>{cached}</v>'


def error(value: str) -> str:
    return f't="e"><v>{value}</v>'


def row(line: int, cells: Sequence[str]) -> str:
    inside = "".join(f'<c r="{chr(65 + at)}{line}" {cell}</c>' for at, cell in enumerate(cells))
    return f'<row r="{line}">{inside}</row>'


def sheet(*rows: Sequence[str], more: str = "") -> str:
    inside = "".join(row(line, cells) for line, cells in enumerate(rows, 1)) + more
    return f'<worksheet xmlns="{MAIN}"><sheetData>{inside}</sheetData></worksheet>'


def head() -> list[str]:
    return [text(name) for name in HEAD]


def xlsx(**sheets: str) -> bytes:
    """A workbook with these sheets, by name."""
    names = list(sheets)
    listed = "".join(
        f'<sheet name="{name}" sheetId="{at}" r:id="rId{at}"/>' for at, name in enumerate(names, 1)
    )
    related = "".join(
        f'<Relationship Id="rId{at}" Type="{REL}/worksheet" Target="worksheets/s{at}.xml"/>'
        for at in range(1, len(names) + 1)
    )
    styles = (
        f'<styleSheet xmlns="{MAIN}"><numFmts count="1"><numFmt numFmtId="164" formatCode="000"/>'
        '</numFmts><cellXfs count="3"><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/>'
        "</cellXfs></styleSheet>"
    )
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1"'
        f' Type="{REL}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{REL}"><sheets>{listed}</sheets>'
        "</workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">{related}'
        f'<Relationship Id="rId99" Type="{REL}/styles" Target="styles.xml"/></Relationships>',
        "xl/styles.xml": styles,
    } | {f"xl/worksheets/s{at}.xml": sheets[name] for at, name in enumerate(names, 1)}
    return packed(parts)


def packed(parts: dict[str, str | bytes]) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, inside in parts.items():
            archive.writestr(name, inside)
    return out.getvalue()


def bomb(size: int) -> bytes:
    """A workbook whose sheet unpacks to so many bytes of nothing."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", f'<Types xmlns="{PACKAGE}/content-types"/>')
        with archive.open("xl/worksheets/s1.xml", "w") as opened:
            for _piece in range(size // 2**20):
                opened.write(b" " * 2**20)
    return out.getvalue()


def lying() -> bytes:
    """A workbook whose entry says that it is smaller than it is."""
    honest = xlsx(s=sheet(head(), [text("h" * 5000)] * 4))
    found = zipfile.ZipFile(BytesIO(honest)).getinfo("xl/worksheets/s1.xml").file_size
    return honest.replace(found.to_bytes(4, "little"), (100).to_bytes(4, "little"))


def ods(*rows: Sequence[str]) -> bytes:
    """A sheet as LibreOffice keeps it."""
    urn = "urn:oasis:names:tc:opendocument:xmlns"
    inside = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{escape(one)}</text:p>'
            "</table:table-cell>"
            for one in cells
        )
        + "</table:table-row>"
        for cells in rows
    )
    content = (
        f'<office:document-content xmlns:office="{urn}:office:1.0" xmlns:text="{urn}:text:1.0"'
        f' xmlns:table="{urn}:table:1.0"><office:body><office:spreadsheet><table:table'
        f' table:name="名簿">{inside}</table:table></office:spreadsheet></office:body>'
        "</office:document-content>"
    )
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    return packed({"mimetype": kind, "content.xml": content, "META-INF/manifest.xml": manifest})
