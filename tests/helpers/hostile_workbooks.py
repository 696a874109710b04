"""Workbooks made of XML by hand, for what no library writes."""

import zipfile
from collections.abc import Mapping
from pathlib import Path

KINDS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
HEADER = (
    '<row r="1"><c r="A1" t="inlineStr"><is><t>smiles</t></is></c>'
    '<c r="B1" t="inlineStr"><is><t>tg</t></is></c></row>'
)
FIRST = '<row r="2"><c r="A2" t="inlineStr"><is><t>CCO</t></is></c><c r="B2"><v>300</v></c></row>'


def write_workbook(
    path: Path,
    data: str,
    after: str = "",
    declaration: str = "",
    parts: Mapping[str, str | bytes] | None = None,
) -> Path:
    """Write a workbook of one sheet with rows, what follows them, and further parts."""
    sheet = (
        f'<?xml version="1.0"?>{declaration}<worksheet xmlns="{MAIN}">'
        f"<sheetData>{data}</sheetData>{after}</worksheet>"
    )
    relations = [
        ("rId1", "worksheet", "worksheets/sheet1.xml"),
        ("rId2", "sharedStrings", "sharedStrings.xml"),
        ("rId3", "styles", "styles.xml"),
    ]
    content: dict[str, str | bytes] = {
        "_rels/.rels": _relations([("rId1", "officeDocument", "xl/workbook.xml")]),
        "xl/workbook.xml": (
            f'<workbook xmlns="{MAIN}" xmlns:r="{KINDS}"><sheets>'
            '<sheet name="Data" sheetId="1" r:id="rId1"/></sheets></workbook>'
        ),
        "xl/_rels/workbook.xml.rels": _relations(relations),
        "xl/worksheets/sheet1.xml": sheet,
        "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}"/>',
        "xl/styles.xml": f'<styleSheet xmlns="{MAIN}"/>',
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, part in (content | dict(parts or {})).items():
            archive.writestr(name, part)
    return path


def _relations(entries: list[tuple[str, str, str]]) -> str:
    lines = "".join(
        f'<Relationship Id="{name}" Type="{KINDS}/{kind}" Target="{target}"/>'
        for name, kind, target in entries
    )
    return f"<Relationships>{lines}</Relationships>"


def write_hostile_files(folder: Path) -> dict[str, Path]:
    """Write files that cost a careless reader memory without end."""

    def book(name: str, data: str, **further: object) -> Path:
        return write_workbook(folder / f"{name}.xlsx", HEADER + FIRST + data, **further)

    texts = b"<t>" + b"x" * 260_000_000 + b"</t>"
    strings = f'<sst xmlns="{MAIN}"><si>'.encode() + texts + b"</si></sst>"
    entities = "".join(f'<!ENTITY e{i} "{f"&e{i - 1};" * 10}">' for i in range(1, 10))
    files = {
        "bold corner": book("corner", '<row r="1048576"><c r="XFD1048576" s="1"/></row>'),
        "last row": book("last", '<row r="1048576"><c r="A1048576"><v>1</v></c></row>'),
        "merged sheet": book("merged", "", after='<mergeCell ref="A1:XFD1048576"/>'),
        "formatted rows": book("formatted", '<row><c s="1"/><c s="1"/></row>' * 300_000),
        "row beyond": book("beyond", '<row r="4000000"><c><v>1</v></c></row>'),
        "endless row": book("wide", "<row>" + "<c><v>1</v></c>" * 2_000_000 + "</row>"),
        "long cell": book("long", f"<row><c><v>{'1' * 5_000_000}</v></c></row>"),
        "entities": book(
            "entities",
            "<row><c><v>&e9;</v></c></row>",
            declaration=f'<!DOCTYPE x [<!ENTITY e0 "0123456789">{entities}]>',
        ),
        "shared texts": book("shared", "", parts={"xl/sharedStrings.xml": strings}),
    }
    for name, content in {
        "one line": b"smiles,tg\n" + b"C," * 8_000_000,
        "open quote": b'smiles,tg\nC,"' + b"1\n" * 4_000_000,
        "quoted lines": b"smiles,tg\n" + b'"C\n",' * 4_000_000,
        "many columns": b"x," * 4_000_000 + b"y\n" + b"1," * 4_000_000 + b"1\n",
        "comments": b"smiles,tg\nCCO,1\n" + b"#\n" * 1_000_000,
    }.items():
        files[name] = folder / f"{name}.csv"
        files[name].write_bytes(content)
    files["sparse"] = folder / "sparse.csv"
    with files["sparse"].open("wb") as file:
        file.truncate(10**12)
    return files
