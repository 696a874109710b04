"""The parts of an Excel workbook that are needed to read its cells, parsed piece by piece."""

import posixpath
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from xml.parsers import expat

#: Texts that the cells of a workbook share, and their characters.
MAX_STRINGS, MAX_CHARACTERS = 5_000_000, 250_000_000
CHUNK = 1 << 16
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


class SheetError(Exception):
    """A workbook is beyond a limit; the message says which."""


@dataclass(frozen=True)
class Sheet:
    """One worksheet: its name, its part of the archive, and whether it is hidden."""

    name: str
    part: str
    hidden: bool


def scan(
    archive: zipfile.ZipFile,
    part: str,
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> Iterator[None]:
    """Parse a part piece by piece, with its names given without their prefixes."""

    def refuse(*_: object) -> None:
        raise SheetError(f"{part} declares a document type, as no spreadsheet program does")

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = lambda name, attributes: start(local_name(name), attributes)
    if end is not None:
        parser.EndElementHandler = lambda name: end(local_name(name))
    if text is not None:
        parser.CharacterDataHandler = text
    with archive.open(part) as file:
        while chunk := file.read(CHUNK):
            parser.Parse(chunk)
            yield
    parser.Parse(b"", True)
    yield


def local_name(name: str) -> str:
    """Return a name without its prefix."""
    return name if ":" not in name else name.rpartition(":")[2]


class Parts:
    """Where the sheets, shared texts and styles are, and the first day of the calendar."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH

        roots = _relations(archive, "").values()
        book = next((part for kind, part in roots if kind == "officeDocument"), "xl/workbook.xml")
        relations = _relations(archive, book)
        by_kind = dict(relations.values())
        self.strings, self.styles = by_kind.get("sharedStrings"), by_kind.get("styles")
        self.sheets: list[Sheet] = []
        self.epoch = WINDOWS_EPOCH

        def start(name: str, attributes: dict[str, str]) -> None:
            if name == "workbookPr" and attributes.get("date1904") in ("1", "true"):
                self.epoch = MAC_EPOCH
            if name == "sheet":
                identifier = next(v for k, v in attributes.items() if local_name(k) == "id")
                kind, part = relations[identifier]
                if kind == "worksheet":
                    hidden = attributes.get("state", "visible") != "visible"
                    self.sheets.append(Sheet(attributes["name"], part, hidden))

        for _ in scan(archive, book, start):
            pass


def _relations(archive: zipfile.ZipFile, part: str) -> dict[str, tuple[str, str]]:
    """Return kind and part of everything that a part refers to, by identifier."""
    folder, name = posixpath.split(part)
    found = {}

    def start(element: str, attributes: dict[str, str]) -> None:
        if element == "Relationship" and attributes.get("TargetMode") != "External":
            target = posixpath.normpath(posixpath.join("/", folder, attributes["Target"]))
            kind = attributes["Type"].rpartition("/")[2]
            found[attributes["Id"]] = (kind, target.lstrip("/"))

    relations = posixpath.join(folder, "_rels", f"{name}.rels")
    if relations in archive.namelist():
        for _ in scan(archive, relations, start):
            pass
    return found


class Strings:
    """The shared texts, without notes on their pronunciation."""

    def __init__(self, archive: zipfile.ZipFile, part: str | None) -> None:
        self.texts: list[str] = []
        self.characters = 0
        self.pieces: list[str] = []
        self.inside = self.phonetic = False
        if part is not None:
            for _ in scan(archive, part, self._start, self._end, self._text):
                if len(self.texts) > MAX_STRINGS or self.characters > MAX_CHARACTERS:
                    raise SheetError(
                        f"its cells share more than {MAX_STRINGS:,} texts or {MAX_CHARACTERS:,} "
                        "characters"
                    )

    def _start(self, name: str, _: dict[str, str]) -> None:
        self.phonetic = self.phonetic or name == "rPh"
        self.inside = name == "t" and not self.phonetic

    def _end(self, name: str) -> None:
        self.inside = False
        if name == "rPh":
            self.phonetic = False
        elif name == "si":
            self.texts.append(unescaped("".join(self.pieces)))
            self.pieces.clear()

    def _text(self, data: str) -> None:
        if self.inside:
            self.pieces.append(data)
            self.characters += len(data)


def unescaped(text: str) -> str:
    """Put characters in place of their numbers, such as `_x000D_`."""
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


class Styles:
    """Which cell styles show a number as a date, a length of time or a percentage."""

    def __init__(self, archive: zipfile.ZipFile, part: str | None) -> None:
        from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_timedelta_format

        formats: dict[int, str] = dict(BUILTIN_FORMATS)
        numbers: list[int] = []
        inside = False

        def start(name: str, attributes: dict[str, str]) -> None:
            nonlocal inside
            if name in ("cellStyleXfs", "cellXfs", "cellStyles", "dxfs"):
                inside = name == "cellXfs"
            if name == "numFmt":
                formats[int(attributes["numFmtId"])] = attributes["formatCode"]
            elif name == "xf" and inside:
                numbers.append(int(attributes.get("numFmtId", 0)))

        if part is not None:
            for _ in scan(archive, part, start):
                pass
        shown = {number: formats.get(number, "General") for number in set(numbers)}
        of_format = {
            "date": {n for n, code in shown.items() if is_date_format(code)},
            "timedelta": {n for n, code in shown.items() if is_timedelta_format(code)},
            "percent": {n for n, code in shown.items() if "%" in re.sub(r'"[^"]*"|\\.', "", code)},
        }
        self.of_kind = {
            kind: frozenset(str(i) for i, number in enumerate(numbers) if number in found)
            for kind, found in of_format.items()
        }
