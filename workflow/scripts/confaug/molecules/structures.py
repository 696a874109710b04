"""From the SMILES field of a table to one canonical structure, or a reason for its rejection."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

from rdkit import Chem, rdBase
from rdkit.Chem import rdMolDescriptors

from confaug.infrastructure.text import quoted
from confaug.molecules.polymerisation.joining import open_ends
from confaug.molecules.polymers import close_repeat_units, keep_repeat_unit, structure_as_given
from confaug.molecules.smiles import canonical_smiles, parse_smiles
from confaug.molecules.smiles_checks import EXTENSION, StructureError, strip
from confaug.molecules.stereo import count_undefined_stereo
from confaug.molecules.structure_warnings import describe_lost_stereo, describe_oddities


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
    def connectivity(self) -> str:
        """First block of the InChIKey (no stereo, isotopes or mobile hydrogens), or the id."""
        return self.inchikey.split("-")[0] if self.inchikey else self.molecule


def molecule_id(smiles: str, conditions: Sequence[tuple[str, float | str | None]] = ()) -> str:
    """Return the identifier of a molecule: "m" and 12 hexadecimal digits of its SMILES' hash.

    Parameters
    ----------
    smiles
        Canonical SMILES of a cleaned molecule.
    conditions
        Names and values of the conditions under which it was measured, sorted by name. Under other
        conditions it has another identifier.

    Examples
    --------
    >>> molecule_id("C")
    'm6b23c0d5f35d'
    """
    text = f"{smiles}\n{json.dumps(conditions)}" if conditions else smiles
    return "m" + hashlib.sha256(text.encode()).hexdigest()[:12]


def read_structure(
    text: str, fragments: str = "keep", repeat_units: str = "reject", *, join: bool = False
) -> Structure:
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
    join
        Whether repeat units that can be joined head to tail keep their two `*`.

    Returns
    -------
    Structure
        The same for every spelling of one structure, except for warnings about the spelling.

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
    >>> read_structure("[1*]CC[2*]", join=True).smiles
    '*CC*'
    """
    warnings: list[str] = []
    stripped = strip(text, warnings)
    mol = parse_smiles(stripped)
    if EXTENSION.fullmatch(stripped):
        warnings.append(
            "of the extension after the SMILES, only the parts that change atoms are used"
        )
    warnings.extend(describe_lost_stereo(stripped, mol))
    with rdBase.BlockLogs():
        smiles = _canonical(mol, fragments, repeat_units, join, warnings)
        mol = Chem.MolFromSmiles(smiles)
        warnings.extend(describe_oddities(Chem.MolFromSmiles(structure_as_given(smiles))))
        undefined = count_undefined_stereo(mol)
        if undefined:
            warnings.append(f"undefined stereo centres or double bonds ({undefined})")
        return Structure(
            smiles=smiles,
            inchikey=inchikey(mol),
            n_heavy_atoms=mol.GetNumHeavyAtoms(),
            n_components=len(Chem.GetMolFrags(mol)),
            warnings=tuple(warnings),
        )


def read_smiles(text: str) -> str:
    """Return the canonical SMILES that `read_structure` gives a field by default, and nothing else.

    This takes a fifth of the time.

    Raises
    ------
    StructureError
        With the reason and a hint.

    Examples
    --------
    >>> read_smiles(" OCC")
    'CCO'
    """
    mol = parse_smiles(strip(text, []))
    with rdBase.BlockLogs():
        return _canonical(mol, "keep", "reject", False, [])


def _canonical(
    mol: Chem.Mol, fragments: str, repeat_units: str, join: bool, warnings: list[str]
) -> str:
    """Return the canonical SMILES of a parsed structure; parameters as in `read_structure`."""
    mol = _remove_atom_maps(mol, warnings)
    if join:
        mol = _treat_fragments(mol, fragments, warnings)
        mol = keep_repeat_unit(mol, repeat_units, warnings)
    else:
        mol = close_repeat_units(mol, repeat_units, warnings)
        mol = _treat_fragments(mol, fragments, warnings)
    return canonical_smiles(mol)


def inchikey(mol: Chem.Mol) -> str | None:
    """Return the InChIKey of a structure; None without one, as of every structure with `*`."""
    if open_ends(mol):
        return None  # InChI would complain on standard error
    return Chem.MolToInchiKey(mol) or None


def _remove_atom_maps(mol: Chem.Mol, warnings: list[str]) -> Chem.Mol:
    """Clear atom-map numbers, which would otherwise make equal structures look different."""
    mapped = [atom for atom in mol.GetAtoms() if atom.GetAtomMapNum()]
    if not mapped:
        return mol
    for atom in mapped:
        atom.SetAtomMapNum(0)
    warnings.append("atom-map numbers were removed")
    return Chem.RemoveHs(mol)


def _treat_fragments(mol: Chem.Mol, policy: str, warnings: list[str]) -> Chem.Mol:
    """Apply the policy for structures of several components."""
    parts = Chem.GetMolFrags(mol, asMols=True) if policy != "keep" else ()
    if len(parts) < 2:
        return mol
    names = [canonical_smiles(part) for part in parts]
    if policy == "reject":
        raise StructureError(
            f"the SMILES has {len(parts)} components ({quoted(' and '.join(sorted(names)))}); "
            "give one, or set cleaning: fragments to keep or largest"
        )
    sizes = [(part.GetNumHeavyAtoms(), rdMolDescriptors.CalcExactMolWt(part)) for part in parts]
    chosen = max(range(len(parts)), key=lambda index: (*sizes[index], names[index]))
    left_out = sorted(name for index, name in enumerate(names) if index != chosen)
    warnings.append(f"the smaller components {quoted('.'.join(left_out))} were removed")
    organic = [_is_organic(part) for part in parts]
    if any(organic) and not organic[chosen]:
        warnings.append(
            f"the component that was kept, {quoted(names[chosen])}, has no C-H or C-C bond, but "
            "an organic one was removed; give the component that the label belongs to"
        )
    kept: Chem.Mol = parts[chosen]
    return kept


def _is_organic(mol: Chem.Mol) -> bool:
    """Tell whether a carbon atom has a bond to hydrogen or to another carbon atom."""
    return any(
        atom.GetTotalNumHs(includeNeighbors=True)
        or any(other.GetAtomicNum() == 6 for other in atom.GetNeighbors())
        for atom in mol.GetAtoms()
        if atom.GetAtomicNum() == 6
    )
