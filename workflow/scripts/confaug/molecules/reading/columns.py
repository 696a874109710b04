"""The columns of a user's table: those that are not used, and those whose roles look wrong."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from confaug.infrastructure.text import listed, quoted

#: Records and columns that are looked at, and columns that a message lists.
SAMPLE, MAX_COLUMNS, MAX_LISTED = 200, 100, 20
#: Headings of columns that people use to find their molecules, without blanks and signs.
NAMES = re.compile(
    r"(compound|molecule|substance|chemical|common|iupac|trivial|polymer|monomer|ligand|solvent)?"
    r"names?|compounds?|molecules?|substances?|chemicals?|iupac|title|polymers?|monomers?"
)
IDENTIFIERS = re.compile(
    r"(compound|molecule|sample|substance|entry|cas|chembl|pubchem)?(id|ids|no|nr|number|code|key)"
    r"|cas|casrn|identifier|sample|entry|inchikey|cid"
)
#: Shares of the values above which a column holds SMILES, and below which it holds none.
MOSTLY, HARDLY = 0.8, 0.2
#: Share of SMILES from which a column of an unknown table is one of structures.
MOSTLY_STRUCTURES = 0.5
_TELLING = re.compile(r"[=#()\[\]]|CC|cc|[A-Za-z]\d")


@dataclass(frozen=True)
class Columns:
    """The columns of one table.

    Attributes
    ----------
    names
        The header.
    roles
        Place of the column of each configured role: smiles, label, id, name, split, occurrences.
    sample
        Fields of the first records.
    section
        What messages call the section of the configuration.
    """

    names: Sequence[str]
    roles: Mapping[str, int]
    sample: Sequence[Sequence[str]]
    section: str = "input"

    @property
    def unused(self) -> list[int]:
        """Places of the columns that have a name and no role."""
        used = set(self.roles.values())
        return [i for i, name in enumerate(self.names) if name.strip() and i not in used]

    def remarks(self) -> Iterator[str]:
        """Yield which columns are not used, and which keys could use them."""
        unused = self.unused
        if unused:
            yield f"columns not used: {listed([*map(self._called, unused)], MAX_LISTED)}"
        for role, pattern in (("name", NAMES), ("id", IDENTIFIERS)):
            place = next((i for i in unused if pattern.fullmatch(self._folded(i))), None)
            if role not in self.roles and place is not None:
                yield (
                    f"{self.section}: {role}_column: {self._called(place)} would show that column "
                    "in ledger, report and predictions"
                )
        for place in unused[:MAX_COLUMNS]:
            if self.share_of_smiles(place) > MOSTLY:
                yield (
                    f"column {self._called(place)} also holds SMILES; only those in "
                    f"{self._called(self.roles['smiles'])} are used"
                )

    def warnings(self) -> Iterator[str]:
        """Yield probable mistakes: columns whose roles look swapped."""
        smiles = self.roles["smiles"]
        for role in ("id", "name"):
            place = self.roles.get(role)
            if place == smiles:
                yield (
                    f"{self.section}: {role}_column is the SMILES column, "
                    f"{self._called(smiles)}; remove the key, or name another column"
                )
            elif place is not None and self.share_of_smiles(place) > MOSTLY:
                swapped = self.share_of_smiles(smiles) < HARDLY
                yield (
                    f"column {self._called(place)} ({self.section}: {role}_column) holds SMILES"
                    + (
                        f" and {self._called(smiles)} (smiles_column) does not; are they swapped?"
                        if swapped
                        else f"; only those in {self._called(smiles)} are used as structures"
                    )
                )

    def _called(self, place: int) -> str:
        """Return a column's name for a message."""
        return quoted(self.names[place].strip(), 30)

    def _folded(self, place: int) -> str:
        """Return a column's name without case, blanks and signs."""
        return re.sub(r"[\W_]", "", self.names[place].casefold())

    def share_of_smiles(self, place: int) -> float:
        """Return the share of the values in a column that can only be meant as SMILES."""
        return share_of_smiles([row[place] for row in self.sample if place < len(row)], MOSTLY)


def share_of_smiles(fields: Iterable[str], telling: float = MOSTLY_STRUCTURES) -> float:
    """Return the share of some values that can only be meant as SMILES.

    Parameters
    ----------
    telling
        If fewer of the values than this share look like SMILES, none is read. Short ones such as
        `CO` could be anything.

    Examples
    --------
    >>> share_of_smiles(["C1CC1", "CC=O", "c1ccccc1", "C1CC"]), share_of_smiles(["CO", "NO", "OK"])
    (0.75, 0.0)
    """
    values = [value for value in map(str.strip, fields) if value]
    likely = [value for value in values if _TELLING.search(value)]
    if len(values) < 3 or len(likely) < telling * len(values):
        return 0.0
    return sum(map(is_structure, likely)) / len(values)


def is_structure(text: str) -> bool:
    """Tell whether a text is a SMILES."""
    from confaug.molecules.smiles import parse_smiles
    from confaug.molecules.smiles_checks import StructureError

    try:
        parse_smiles(text)
    except StructureError:
        return False
    return True
