"""From a SMILES field of a table to one canonical structure, or a reason why there is none."""

import hashlib
import logging
import re
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from rdkit import Chem, rdBase
from rdkit.Chem import rdMolDescriptors, rdMolHash
from rdkit.Chem.EnumerateStereoisomers import (
    EnumerateStereoisomers,
    StereoEnumerationOptions,
)
from rdkit.Chem.MolStandardize import rdMolStandardize

from confaug.labels import shorten
from confaug.oddities import describe_lost_stereo, describe_oddities

#: Above some ten thousand characters RDKit's recursion can end the process without an error.
MAX_SMILES_LENGTH = 5000
#: Bounds of the search that confirms a pair of tautomers.
MAX_TAUTOMERS = 200
MAX_TAUTOMER_ATOMS = 100
#: Ways to complete undefined stereochemistry that are tried for each stereoisomer wanted.
TRIED_PER_ISOMER = 16

EXTENSION = re.compile(r"(?P<smiles>\S+)\s+(?P<extension>\|.*\|)")
#: What a SMILES cannot be, tried in this order before parsing, with what to do.
NOT_SMILES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), text)
    for pattern, text in (
        (r"(?i)inchi=.*", "is an InChI, not a SMILES; convert it first"),
        (r"[A-Z]{14}-[A-Z]{10}-[A-Z]", "is an InChIKey, from which no structure can be had"),
        (r"\d{2,7}-\d{2}-\d", "is a CAS number, not a SMILES"),
        (r"[+-]?\d+([.,]\d+)?", "is a number; is this the right column?"),
        (r"(?i)n/?a|#n/a|nan|null|none|-+|\?+|\.", "says that there is no structure"),
    )
)
ISOTOPE = re.compile(r"\[\d")
#: Small letters that stand in names, but rarely in SMILES.
NAME_LETTERS = frozenset("adfghjkmqtuvwxyz")
LOOKS_LIKE_FORMULA = re.compile(r"([A-Z][a-z]?\d*)+")


class StructureError(ValueError):
    """A structure that cannot be used; the message is the reason followed by a hint."""


@dataclass(frozen=True)
class Structure:
    """One cleaned structure.

    Attributes
    ----------
    smiles
        Canonical SMILES.
    inchikey
        Standard InChIKey, or None where InChI cannot describe the structure.
    n_heavy_atoms, n_components
        Counts of heavy atoms and of disconnected components.
    warnings
        What is unusual about the input, in words, in a fixed order.
    """

    smiles: str
    inchikey: str | None
    n_heavy_atoms: int
    n_components: int
    warnings: tuple[str, ...] = ()

    @property
    def molecule(self) -> str:
        """The identifier of the molecule."""
        return molecule_id(self.smiles)

    @property
    def skeleton(self) -> str:
        """First block of the InChIKey (no stereo, isotopes or mobile hydrogens), or the id."""
        return self.inchikey.split("-")[0] if self.inchikey else self.molecule


def molecule_id(smiles: str) -> str:
    """Return the identifier of a molecule: "m" and 12 hexadecimal digits of its SMILES' hash.

    Parameters
    ----------
    smiles
        Canonical SMILES of a cleaned molecule.

    Examples
    --------
    >>> molecule_id("C")
    'm6b23c0d5f35d'
    """
    return "m" + hashlib.sha256(smiles.encode()).hexdigest()[:12]


def mol_with_hydrogens(smiles: str) -> Chem.Mol:
    """Return the molecule that all 3D work starts from: explicit hydrogens, RDKit's atom order.

    Parameters
    ----------
    smiles
        Canonical SMILES of a cleaned molecule.

    Raises
    ------
    StructureError
        If the SMILES cannot be parsed.
    """
    return Chem.AddHs(parse_smiles(smiles))


def ordinary_isotopes(mol: Chem.Mol) -> Chem.Mol:
    """Return a molecule without isotope labels: the same atoms in the same order.

    What differs between isotopologues in a descriptor is seldom what differs in a property: mordred
    counts deuterium among the heavy atoms, and its molar mass moves by one part in a hundred.
    Stereochemistry that rests on isotopes alone goes with them.
    """
    if not any(atom.GetIsotope() for atom in mol.GetAtoms()):
        return mol
    copy = Chem.Mol(mol)
    for atom in copy.GetAtoms():
        atom.SetIsotope(0)
    Chem.AssignStereochemistry(copy, cleanIt=True, force=True)
    return copy


def smiles_of_ordinary_isotopes(smiles: str) -> str:
    """Return the canonical SMILES of a molecule with all isotopes made ordinary.

    Parameters
    ----------
    smiles
        Canonical SMILES; without an isotope label it is returned as it is.

    Examples
    --------
    >>> smiles_of_ordinary_isotopes("[2H]C(Cl)(Cl)Cl")
    'ClC(Cl)Cl'
    """
    if not ISOTOPE.search(smiles):
        return smiles
    with rdBase.BlockLogs():
        return _canonical_smiles(Chem.RemoveHs(ordinary_isotopes(mol_with_hydrogens(smiles))))


def stereoisomers(mol: Chem.Mol, limit: int) -> list[Chem.Mol]:
    """Complete the undefined stereo centres and double bonds of a molecule in every way.

    Parameters
    ----------
    mol
        Molecule with explicit hydrogens.
    limit
        The most stereoisomers that are returned; of more, a fixed choice at random. So many times
        `TRIED_PER_ISOMER` ways are tried at most, because in cages such as dodecahedrane a million
        ways are one molecule.

    Returns
    -------
    list of rdkit.Chem.Mol
        Different stereoisomers with the atoms in the given order, whether or not they can exist:
        a bridge across a small ring rules some out. What is defined stays as it is.

    Examples
    --------
    >>> isomers = stereoisomers(mol_with_hydrogens("CC(F)Cl"), 9)
    >>> [Chem.MolToSmiles(Chem.RemoveHs(isomer)) for isomer in isomers]
    ['C[C@H](F)Cl', 'C[C@@H](F)Cl']
    """
    options = StereoEnumerationOptions(
        onlyUnassigned=True, unique=False, maxIsomers=TRIED_PER_ISOMER * limit, rand=1
    )
    different: dict[str, Chem.Mol] = {}
    with rdBase.BlockLogs():
        for isomer in EnumerateStereoisomers(mol, options=options):
            different.setdefault(Chem.MolToSmiles(Chem.RemoveHs(isomer)), isomer)
            if len(different) == limit:
                break
    return list(different.values())


def parse_smiles(text: str) -> Chem.Mol:
    """Parse one SMILES, refusing everything that RDKit would read as something else.

    RDKit takes an empty field for a molecule without atoms, text behind a blank for a name, and
    trims characters outside ASCII; all of these are refused here before it sees them.

    Parameters
    ----------
    text
        A SMILES, optionally followed by a blank and a ChemAxon extension between bars.

    Raises
    ------
    StructureError
        With the reason and a hint, if the text describes no possible structure.
    """
    check_field(text)
    with rdBase.BlockLogs():
        mol = Chem.MolFromSmiles(text)
    if mol is None:
        raise StructureError(f"the SMILES {shorten(text)} {_explain_failure(text)}")
    if not mol.GetNumAtoms():
        raise StructureError("the SMILES describes no atoms; give a structure")
    if any(bond.HasQuery() for bond in mol.GetBonds()) or any(
        atom.HasQuery() and atom.GetAtomicNum() for atom in mol.GetAtoms()
    ):
        raise StructureError(
            f"the SMILES {shorten(text)} is a search pattern (SMARTS); give one definite structure"
        )
    return mol


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
            "is a quotation mark left open?"
        )
    for pattern, problem in NOT_SMILES:
        if pattern.fullmatch(text):
            raise StructureError(f"the SMILES field {shorten(text)} {problem}")
    for position, character in enumerate(text, 1):
        if not character.isascii() or (not character.isprintable() and not character.isspace()):
            raise StructureError(
                f"the SMILES {shorten(text)} has the character {_character_name(character)} at "
                f"position {position}; retype it in plain ASCII"
            )
    smiles = text
    if match := EXTENSION.fullmatch(text):
        smiles = match["smiles"]
    blank = re.search(r"\s", smiles)
    if blank:
        raise StructureError(
            f"the SMILES {shorten(text)} has a blank inside, at position {blank.start() + 1}; "
            "remove it, or what follows it"
        )
    if ">" in re.sub("->", "", smiles):
        raise StructureError(
            f"the SMILES {shorten(text)} is a reaction; give one of its structures"
        )


def read_structure(text: str, fragments: str = "keep", repeat_units: str = "reject") -> Structure:
    """Turn the SMILES field of a table into one canonical structure.

    Parameters
    ----------
    text
        The field as it stands in the table.
    fragments
        What to do with several components: `keep` all, keep the `largest`, or `reject`.
    repeat_units
        What to do with `*`, the open end of a repeat unit: `reject`, or close it with a hydrogen
        (`cap_hydrogen`) or a methyl group (`cap_methyl`).

    Returns
    -------
    Structure
        The same for every spelling of one structure, warnings about the spelling apart.

    Raises
    ------
    StructureError
        With the reason and a hint.

    Examples
    --------
    >>> read_structure("OCC").smiles
    'CCO'
    >>> read_structure("*CC*", repeat_units="cap_hydrogen").smiles
    'CC'
    """
    warnings: list[str] = []
    stripped = _strip(text, warnings)
    mol = parse_smiles(stripped)
    if EXTENSION.fullmatch(stripped):
        warnings.append("of the extension behind the SMILES, only what changes atoms is used")
    warnings.extend(describe_lost_stereo(stripped, mol))
    with rdBase.BlockLogs():
        mol = _remove_atom_maps(mol, warnings)
        mol = _close_repeat_units(mol, repeat_units, warnings)
        mol = _treat_fragments(mol, fragments, warnings)
        smiles = _canonical_smiles(mol)
        mol = Chem.MolFromSmiles(smiles)
        warnings.extend(describe_oddities(mol))
        undefined = _count_undefined_stereo(mol)
        if undefined:
            warnings.append(f"undefined stereo centres or double bonds ({undefined})")
        return Structure(
            smiles=smiles,
            inchikey=Chem.MolToInchiKey(mol) or None,
            n_heavy_atoms=mol.GetNumHeavyAtoms(),
            n_components=len(Chem.GetMolFrags(mol)),
            warnings=tuple(warnings),
        )


def find_tautomers(smiles: Iterable[str]) -> list[tuple[str, ...]]:
    """Find structures that are tautomers of each other by RDKit's canonical tautomer.

    Only structures of equal formula and equal skeleton of atoms are compared, so that a table
    without such pairs costs almost nothing. Stereoisomers are not tautomers, and molecules of
    more than 100 heavy atoms are not compared.

    Parameters
    ----------
    smiles
        Canonical SMILES.

    Returns
    -------
    list of tuple of str
        Groups of at least two SMILES each, sorted.

    Examples
    --------
    >>> find_tautomers(["CC(C)=O", "C=C(C)O", "CCO"])
    [('C=C(C)O', 'CC(C)=O')]
    """
    candidates: dict[str, set[str]] = {}
    with rdBase.BlockLogs():
        for one in sorted(set(smiles)):
            mol = Chem.MolFromSmiles(one)
            if mol is None or mol.GetNumHeavyAtoms() > MAX_TAUTOMER_ATOMS:
                continue
            Chem.RemoveStereochemistry(mol)
            skeleton = rdMolHash.MolHash(mol, rdMolHash.HashFunction.ElementGraph)
            key = f"{rdMolDescriptors.CalcMolFormula(mol)} {skeleton}"
            candidates.setdefault(key, set()).add(one)
        groups: dict[str, set[str]] = {}
        for key, members in candidates.items():
            if len({_without_stereo(member) for member in members}) > 1:
                for member in members:
                    groups.setdefault(f"{key} {_tautomer(member)}", set()).add(member)
    return sorted(
        tuple(sorted(group))
        for group in groups.values()
        if len({_without_stereo(member) for member in group}) > 1
    )


def _strip(text: str, warnings: list[str]) -> str:
    """Remove white space around a field, and warn of invisible characters among it."""
    invisible = "\ufeff\u200b\u200c\u200d\u2060"
    stripped = text.strip().strip(invisible).strip()
    removed = text.replace(stripped, "", 1) if stripped else ""
    strange = sorted({character for character in removed if not character.isascii()})
    if strange:
        names = ", ".join(_character_name(character) for character in strange)
        warnings.append(f"invisible characters around the SMILES were ignored: {names}")
    return stripped


def _character_name(character: str) -> str:
    """Return the Unicode name and number of a character."""
    name = unicodedata.name(character, "control or unnamed character")
    return f"{name} (U+{ord(character):04X})"


def _remove_atom_maps(mol: Chem.Mol, warnings: list[str]) -> Chem.Mol:
    """Clear atom-map numbers, which would otherwise make equal structures look different."""
    mapped = [atom for atom in mol.GetAtoms() if atom.GetAtomMapNum()]
    if not mapped:
        return mol
    for atom in mapped:
        atom.SetAtomMapNum(0)
    warnings.append("atom-map numbers were removed")
    return Chem.RemoveHs(mol)


def _close_repeat_units(mol: Chem.Mol, policy: str, warnings: list[str]) -> Chem.Mol:
    """Replace every `*` by hydrogen or carbon, or refuse the structure."""
    ends = [atom for atom in mol.GetAtoms() if atom.GetAtomicNum() == 0]
    if not ends:
        return mol
    if policy == "reject":
        raise StructureError(
            f"the SMILES has open ends (*, {len(ends)} of them); give the monomer, or set "
            "cleaning: repeat_units to cap_hydrogen or cap_methyl"
        )
    for atom in ends:
        _check_end(atom)
    number, cap = {"cap_hydrogen": (1, "hydrogen"), "cap_methyl": (6, "methyl")}[policy]
    closed = Chem.RWMol(mol)
    for atom in ends:
        closed.ReplaceAtom(atom.GetIdx(), Chem.Atom(number))
    Chem.SanitizeMol(closed)
    warnings.append(f"open ends (*, {len(ends)} of them) were closed with {cap}")
    return Chem.RemoveHs(closed)


def _check_end(atom: Chem.Atom) -> None:
    """Refuse a `*` that a hydrogen or a methyl group cannot stand for.

    A number before it, as in `[1*]`, only says which end it is.
    """
    problem = None
    if [bond.GetBondType() for bond in atom.GetBonds()] != [Chem.BondType.SINGLE]:
        problem = "it must have one single bond"
    elif atom.GetFormalCharge() or atom.GetTotalNumHs() or atom.GetNumRadicalElectrons():
        problem = "its charge, hydrogens or unpaired electrons would be lost; write a plain *"
    elif atom.GetNeighbors()[0].GetAtomicNum() <= 1:
        problem = "it is bonded to hydrogen or another *, not to a repeat unit; give the structure"
    if problem:
        raise StructureError(f"an open end (*) cannot be closed: {problem}")


def _treat_fragments(mol: Chem.Mol, policy: str, warnings: list[str]) -> Chem.Mol:
    """Apply the policy for structures of several components."""
    parts = Chem.GetMolFrags(mol, asMols=True) if policy != "keep" else ()
    if len(parts) < 2:
        return mol
    names = [_canonical_smiles(part) for part in parts]
    if policy == "reject":
        raise StructureError(
            f"the SMILES has {len(parts)} components ({shorten(' and '.join(sorted(names)))}); "
            "give one, or set cleaning: fragments to keep or largest"
        )
    sizes = [(part.GetNumHeavyAtoms(), rdMolDescriptors.CalcExactMolWt(part)) for part in parts]
    chosen = max(range(len(parts)), key=lambda index: (*sizes[index], names[index]))
    left_out = sorted(name for index, name in enumerate(names) if index != chosen)
    warnings.append(f"the smaller components {shorten('.'.join(left_out))} were left out")
    organic = [_is_organic(part) for part in parts]
    if any(organic) and not organic[chosen]:
        warnings.append(
            f"the component that was kept, {shorten(names[chosen])}, has no C-H or C-C bond, but "
            "an organic one was left out: give the one that the label belongs to"
        )
    return parts[chosen]


def _is_organic(mol: Chem.Mol) -> bool:
    """Tell whether a carbon atom has a bond to hydrogen or to another carbon atom."""
    return any(
        atom.GetTotalNumHs(includeNeighbors=True)
        or any(other.GetAtomicNum() == 6 for other in atom.GetNeighbors())
        for atom in mol.GetAtoms()
        if atom.GetAtomicNum() == 6
    )


def _canonical_smiles(mol: Chem.Mol) -> str:
    """Return a SMILES that writing and parsing again does not change any more.

    One pass is not always enough: explicit hydrogens and stereo marks that turn out to be void
    can change the order of the next pass.
    """
    if any(atom.GetAtomicNum() == 1 and atom.GetTotalNumHs() for atom in mol.GetAtoms()):
        mol = Chem.RemoveHs(Chem.AddHs(mol))  # [HH] and [H][H] are one structure
    seen: list[str] = []
    smiles = Chem.MolToSmiles(mol)
    while smiles not in seen:
        seen.append(smiles)
        again = Chem.MolFromSmiles(smiles)
        if again is None:
            raise StructureError(
                f"the structure is written by RDKit as {shorten(smiles)}, which it cannot read"
            )
        smiles = Chem.MolToSmiles(again)
    return min(seen[seen.index(smiles) :])


def _count_undefined_stereo(mol: Chem.Mol) -> int:
    """Count atoms and bonds that could carry stereochemistry but do not say which."""
    count = 0
    for info in Chem.FindPotentialStereo(mol):
        if info.specified != Chem.StereoSpecified.Unspecified:
            continue
        is_atom = info.type == Chem.StereoType.Atom_Tetrahedral
        # RDKit counts silane and its like among the potential centres.
        if is_atom and mol.GetAtomWithIdx(info.centeredOn).GetTotalNumHs() > 1:
            continue
        count += 1
    # In adamantane and its like all ways to define the centres are one molecule.
    return count if count and len(stereoisomers(mol, 2)) > 1 else 0


@contextmanager
def _rdkit_messages() -> Iterator[list[str]]:
    """Collect what RDKit says instead of letting it print."""
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


def _explain_failure(text: str) -> str:
    """Say why RDKit cannot make a molecule of a text."""
    smiles = text.split()[0]
    with _rdkit_messages() as messages:
        mol = Chem.MolFromSmiles(smiles, sanitize=False)
    if mol is not None:
        with rdBase.BlockLogs():
            problems = [problem.Message() for problem in Chem.DetectChemistryProblems(mol)]
        if problems:
            return f"is chemically impossible: {problems[0].strip()}{_hint(problems[0])}"
        return "cannot be read with its extension between bars; remove the extension"
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
    """Say which slip of punctuation keeps a text from being a SMILES, where that can be told."""
    with rdBase.BlockLogs():
        dotted = re.sub("[,;]", ".", smiles)
        if dotted != smiles and Chem.MolFromSmiles(dotted):
            return f"components are separated by a dot; write {shorten(dotted)}"
        single = re.sub(r"(?<!\[)\[\[+([^\[\]]*)\]\]+", r"[\1]", smiles)
        if single != smiles:
            which = f"; write {shorten(single)}" if Chem.MolFromSmiles(single) else ""
            return f"an atom has one pair of brackets, not two{which}"
    return ""


def _hint(problem: str) -> str:
    """Return what to do about one of RDKit's chemistry problems."""
    if "ekulize" in problem:
        return "; an aromatic ring lacks an atom such as [nH], or is not aromatic"
    if "valence" in problem:
        return "; count its bonds, or write its charge in brackets"
    return ""


def _without_stereo(smiles: str) -> str:
    """Return the canonical SMILES without stereochemistry."""
    return str(Chem.MolToSmiles(Chem.MolFromSmiles(smiles), isomericSmiles=False))


def _tautomer(smiles: str) -> str:
    """Return the SMILES of the canonical tautomer, without stereochemistry."""
    enumerator = rdMolStandardize.TautomerEnumerator()
    enumerator.SetMaxTautomers(MAX_TAUTOMERS)
    enumerator.SetMaxTransforms(MAX_TAUTOMERS)
    mol = Chem.MolFromSmiles(_without_stereo(smiles))
    return str(Chem.MolToSmiles(enumerator.Canonicalize(mol), isomericSmiles=False))
