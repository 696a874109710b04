"""What the page of polymers says."""

from confaug.infrastructure.text import counted
from confaug.report.number_format import count

#: What is drawn of a molecule, by the column of MOLECULES.
ROLES = {"smiles": "as given", "repeat_unit": "repeat unit", "modelled_smiles": "modelled"}
RULES_CAPTION = "Molecules by polymerisation rule"
WITHOUT_CAPTION = "Rows that are modelled as given, and why"
POLICY = (
    "Units are joined head to tail. Where a monomer can react in several ways, the first rule that "
    "fits was applied, and the others are listed as also possible. Stereo centres that the monomer "
    "defines are the same in every unit; the others, those of the backbone included, are left "
    "undefined. If a unit is wrong, write it yourself, with * at both ends."
)


def headline(found: int, molecules: int) -> str:
    """Say how many molecules are modelled as polymers."""
    return f"{found:,} of {counted(molecules, 'molecule')} modelled as polymers"


def modelled_sentence(polymers: str, units: int) -> str:
    """Say which structure is described and embedded."""
    form = (
        f"a chain of {units} repeat units"
        if polymers == "oligomer"
        else "one repeat unit of the polymer"
    )
    return (
        f"Described and embedded is {form} with hydrogen at both ends. Molecules with one repeat "
        "unit stay on one side of every split."
    )


def alternatives_sentence(several: int) -> str:
    """Say how many molecules could give another unit; nothing if none."""
    if not several:
        return ""
    return (
        f"{count(several, 'molecule')} could also give another repeat unit; they come first under "
        "each rule."
    )


def drawn_sentence(drawn: int, molecules: int) -> str:
    """Say how many molecules are drawn."""
    if drawn == molecules:
        return ""
    return (
        f"{drawn:,} of {molecules:,} molecules with a repeat unit are drawn, of each rule the same "
        "number as far as there are so many. The files molecules.csv and ledger.csv beside this "
        "page have all."
    )


def without_sentence(shown: int, rows: int) -> str:
    """Say how many rows are modelled as given."""
    first = f"; the first {shown:,} are shown" if shown < rows else ""
    return f"{count(rows, 'row')} modelled as given{first}."
