"""Check what stands in a SMILES field before RDKit reads it, and explain what RDKit refuses."""

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager

from rdkit import Chem, rdBase

from confaug.infrastructure.text import character_name, quoted

#: With ten thousand characters or more, RDKit's recursion can end the process without an error.
MAX_SMILES_LENGTH = 5000
EXTENSION = re.compile(r"(?P<smiles>\S+)\s+(?P<extension>\|.*\|)")
#: What a SMILES cannot be, tried in this order before parsing, with what to do.
NOT_SMILES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), text)
    for pattern, text in (
        (r"(?i)inchi=.*", "is an InChI, not a SMILES; convert it first"),
        (
            r"[A-Z]{14}-[A-Z]{10}-[A-Z]",
            "is an InChIKey, which does not contain the structure; give a SMILES",
        ),
        (r"\d{2,7}-\d{2}-\d", "is a CAS number, not a SMILES"),
        (r"[+-]?\d+([.,]\d+)?", "is a number; is this the right column?"),
        (r"(?i)n/?a|#n/a|nan|null|none|-+|\?+|\.", "stands for a missing structure"),
    )
)
#: Small letters that stand in names, but rarely in SMILES.
NAME_LETTERS = frozenset("adfghjkmqtuvwxyz")
LOOKS_LIKE_FORMULA = re.compile(r"([A-Z][a-z]?\d*)+")


class StructureError(ValueError):
    """A structure that cannot be used; the message is the reason followed by a hint."""


def check_field(text: str) -> None:
    """Refuse text that is certainly not one SMILES, before it reaches the parser.

    Raises
    ------
    StructureError
        If the text is empty, too long, holds characters outside printable ASCII or an inner
        blank, or is an InChI, a reaction or another identifier.
    """
    if not text:
        raise StructureError("the SMILES is empty; give a structure or remove the row")
    if len(text) > MAX_SMILES_LENGTH:
        raise StructureError(
            f"the SMILES has {len(text)} characters, more than the limit of {MAX_SMILES_LENGTH}; "
            "is a quotation mark not closed?"
        )
    for pattern, problem in NOT_SMILES:
        if pattern.fullmatch(text):
            raise StructureError(f"the SMILES field {quoted(text)} {problem}")
    for position, character in enumerate(text, 1):
        if not character.isascii() or (not character.isprintable() and not character.isspace()):
            raise StructureError(
                f"the SMILES {quoted(text)} has the character {character_name(character)} at "
                f"position {position}; retype it in plain ASCII"
            )
    smiles = text
    if match := EXTENSION.fullmatch(text):
        smiles = match["smiles"]
    blank = re.search(r"\s", smiles)
    if blank:
        raise StructureError(
            f"the SMILES {quoted(text)} contains white space at position {blank.start() + 1}; "
            "remove it, or the text after it"
        )
    if ">" in re.sub("->", "", smiles):
        raise StructureError(f"the SMILES {quoted(text)} is a reaction; give one of its structures")


def strip(text: str, warnings: list[str]) -> str:
    """Remove white space around a field, and warn of invisible characters among it."""
    invisible = "\ufeff\u200b\u200c\u200d\u2060"
    stripped = text.strip().strip(invisible).strip()
    removed = text.replace(stripped, "", 1) if stripped else ""
    strange = sorted({character for character in removed if not character.isascii()})
    if strange:
        names = ", ".join(character_name(character) for character in strange)
        warnings.append(f"invisible characters around the SMILES were ignored: {names}")
    return stripped


def explain_failure(text: str) -> str:
    """Say why RDKit cannot make a molecule of a text."""
    smiles = text.split()[0]
    with rdkit_messages() as messages:
        mol = Chem.MolFromSmiles(smiles, sanitize=False)
    if mol is not None:
        with rdBase.BlockLogs():
            problems = [problem.Message() for problem in Chem.DetectChemistryProblems(mol)]
        if problems:
            return f"is chemically impossible: {problems[0].strip()}{_hint(problems[0])}"
        return "cannot be read with its ChemAxon extension (between | and |); remove the extension"
    said = " ".join(messages)
    if unclosed := re.search(r"unclosed ring|extra (open|close) parentheses", said):
        return f"is not a valid SMILES: {unclosed[0]}"
    if hint := _punctuation(smiles):
        return f"is not a valid SMILES: {hint}"
    if any(len(run) > 3 and NAME_LETTERS & set(run) for run in re.findall("[a-z]+", smiles)):
        return "looks like a name; give a SMILES"
    if LOOKS_LIKE_FORMULA.fullmatch(smiles) and re.search(r"\d", smiles):
        return "may be a molecular formula, or has a wrong letter; give a SMILES"
    if position := re.search(r"around position (\d+)", said):
        return f"is not a valid SMILES: look at position {position[1]}"
    return "is not a valid SMILES"


def _punctuation(smiles: str) -> str:
    """Say which punctuation error keeps a text from being a SMILES, if that can be found."""
    with rdBase.BlockLogs():
        dotted = re.sub("[,;]", ".", smiles)
        if dotted != smiles and Chem.MolFromSmiles(dotted):
            return f"components are separated by a dot; write {quoted(dotted)}"
        single = re.sub(r"(?<!\[)\[\[+([^\[\]]*)\]\]+", r"[\1]", smiles)
        if single != smiles:
            which = f"; write {quoted(single)}" if Chem.MolFromSmiles(single) else ""
            return f"an atom takes one pair of brackets, not two{which}"
    return ""


def _hint(problem: str) -> str:
    """Return what to do about one of RDKit's chemistry problems."""
    if "ekulize" in problem:
        return "; an aromatic ring lacks an atom such as [nH], or is not aromatic"
    if "valence" in problem:
        return "; check its bonds, or write its charge in brackets"
    return ""


@contextmanager
def rdkit_messages() -> Iterator[list[str]]:
    """Collect the messages of RDKit instead of printing them."""
    messages: list[str] = []

    class Collector(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            messages.append(re.sub(r"^\[[\d:]+\]\s*", "", record.getMessage()))

    logger = logging.getLogger("rdkit")
    handlers, propagate = logger.handlers, logger.propagate
    logger.handlers, logger.propagate = [Collector()], False
    rdBase.LogToPythonLogger()
    try:
        yield messages
    finally:
        rdBase.LogToCppStreams()
        logger.handlers, logger.propagate = handlers, propagate
