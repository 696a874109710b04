"""From a monomer, two monomers, or a unit with `*` to the repeat unit of the polymer."""

from collections.abc import Iterator
from dataclasses import dataclass

from rdkit import Chem, rdBase

from confaug.infrastructure.text import quoted
from confaug.molecules.polymerisation.canonical import canonical_form, canonical_unit, constitution
from confaug.molecules.polymerisation.groups import Group
from confaug.molecules.polymerisation.joining import (
    check_size,
    join,
    open_ends,
    plain_smiles,
    reverse,
)
from confaug.molecules.polymerisation.reacting import (
    Monomer,
    pattern,
    unit_of_two_groups,
    units_of_chain_growth,
)
from confaug.molecules.polymerisation.rules import GROUPS, RULES, Rule
from confaug.molecules.smiles import canonical_smiles, parse_smiles
from confaug.molecules.smiles_checks import StructureError

#: The name of the rule for structures that are repeat units already.
AS_GIVEN = "repeat unit as given"
#: Alternatives that are reported at most.
MAX_ALTERNATIVES = 8

Monomers = tuple[Monomer, ...]


@dataclass(frozen=True)
class Candidate:
    """A repeat unit that a rule allows: canonical SMILES with two `*`, and the rule's name."""

    smiles: str
    rule: str


@dataclass(frozen=True)
class RepeatUnit:
    """What is known of the polymer of a monomer.

    Attributes
    ----------
    smiles, rule
        The canonical unit and the rule that gave it, or None where none fits.
    alternatives
        Other units that the monomer could give, in the order of the rules.
    reason
        Why there is no unit, in words; None where there is one.
    """

    smiles: str | None
    rule: str | None
    alternatives: tuple[Candidate, ...] = ()
    reason: str | None = None


def repeat_unit(smiles: str) -> RepeatUnit:
    """Find the repeat unit of the polymer of one or two monomers, or of a unit with `*`.

    Parameters
    ----------
    smiles
        SMILES of a monomer, of two monomers with a dot between them, or of a unit with two `*`.

    Returns
    -------
    RepeatUnit
        The same for every spelling of the structure.

    Raises
    ------
    StructureError
        If the SMILES cannot be parsed.

    Examples
    --------
    >>> repeat_unit("C=CC").smiles
    '*CC(*)C'
    >>> repeat_unit("O=C(O)CCC(=O)O.OCCO").rule
    'polyester'
    >>> repeat_unit("CCO").reason
    "no polymerisation rule fits; reacting groups found: 'CCO' (1 hydroxyl)"
    """
    mol = parse_smiles(smiles)
    try:
        with rdBase.BlockLogs():
            if open_ends(mol):
                return RepeatUnit(canonical_unit(smiles), AS_GIVEN)
            return _from_monomers(_components(mol))
    except StructureError as error:
        return RepeatUnit(None, None, reason=str(error))


def _components(mol: Chem.Mol) -> Monomers:
    """Return the different components in the order of their canonical SMILES."""
    check_size(mol)
    plain = Chem.Mol(mol)
    for atom in plain.GetAtoms():
        atom.SetAtomMapNum(0)
    parts = {canonical_smiles(part) for part in Chem.GetMolFrags(plain, asMols=True)}
    if len(parts) > 2:
        raise StructureError(f"there are {len(parts)} monomers; the rules know one or two")
    return tuple(_monomer(part) for part in sorted(parts))


def _monomer(smiles: str) -> Monomer:
    """Return a molecule whose aromatic rings are aromatic each by itself.

    RDKit takes the anhydride rings of pyromellitic dianhydride for a part of one aromatic system.
    """
    mol = Chem.MolFromSmiles(smiles)
    Chem.Kekulize(mol, clearAromaticFlags=True)
    Chem.SetAromaticity(mol, Chem.AromaticityModel.AROMATICITY_SIMPLE)
    return Monomer(smiles, mol)


def _from_monomers(monomers: Monomers) -> RepeatUnit:
    """Try all rules on monomers without `*`."""
    found: dict[str, Candidate] = {}  # by the unit without stereochemistry
    seen: set[str] = set()
    for rule in RULES:
        for unit in _units(rule, monomers):
            written = plain_smiles(unit)
            if written not in seen:
                seen.add(written)
                smiles = canonical_form(unit)
                found.setdefault(constitution(smiles), Candidate(smiles, rule.name))
        if len(found) > MAX_ALTERNATIVES:
            break
    if not found:
        return RepeatUnit(None, None, reason=_no_rule(monomers))
    best, *others = found.values()
    return RepeatUnit(best.smiles, best.rule, tuple(others[:MAX_ALTERNATIVES]))


def _units(rule: Rule, monomers: Monomers) -> Iterator[Chem.Mol]:
    """Yield the units that a rule makes, the preferred one first."""
    if rule.unless and any(
        monomer.mol.HasSubstructMatch(pattern(rule.unless)) for monomer in monomers
    ):
        return
    if len(monomers) == 2:
        if rule.second:
            yield from _of_two_monomers(rule, monomers[0], monomers[1])
            yield from _of_two_monomers(rule, monomers[1], monomers[0])
    elif rule.second:
        yield from _of_one_monomer_with_two_groups(rule, monomers[0])
    else:
        for group in rule.first:
            yield from _pieces(monomers[0], group)


def _pieces(monomer: Monomer, group: Group) -> Iterator[Chem.Mol]:
    """Yield what one kind of group makes of one monomer: a diyl with head and tail."""
    if len(group.ends) == 2:
        yield from units_of_chain_growth(monomer, group)
    elif unit := unit_of_two_groups(monomer, (group, group)):
        yield unit


def _of_two_monomers(rule: Rule, first: Monomer, second: Monomer) -> Iterator[Chem.Mol]:
    """Yield the units of AA and BB, both ways round, or of two monomers that alternate."""
    for one in rule.first:
        for other in rule.second:
            for left in _pieces(first, one):
                for right in _pieces(second, other):
                    yield join([left, right])
                    if len(other.ends) == 1:
                        yield join([left, reverse(right)])


def _of_one_monomer_with_two_groups(rule: Rule, monomer: Monomer) -> Iterator[Chem.Mol]:
    """Yield the units of an AB monomer."""
    for one in rule.first:
        for other in rule.second:
            if len(one.ends) == len(other.ends) == 1 and not one.becomes:
                unit = unit_of_two_groups(monomer, (one, other))
                if unit is not None:
                    yield unit


def _no_rule(monomers: Monomers) -> str:
    """Say which reacting groups each monomer has, where they do not make a chain."""
    alone = [_from_monomers((one,)).rule for one in monomers] if len(monomers) == 2 else [None]
    if all(alone):
        return (
            f"each of the two monomers makes a polymer by itself ({', '.join(map(str, alone))}); "
            "the sequence of a copolymer is not known"
        )
    texts = [f"{quoted(monomer.smiles)} ({_inventory(monomer)})" for monomer in monomers]
    return f"no polymerisation rule fits; reacting groups found: {'; '.join(texts)}"


def _inventory(monomer: Monomer) -> str:
    """Count the reacting groups of a monomer, in words."""
    counts: dict[str, int] = {}
    for group in GROUPS:
        sites = monomer.sites(group)
        # An anhydride has two bonds that can open, but is one group.
        numbers = sites[0] if sites else ()
        places = min((len({site[number] for site in sites}) for number in numbers), default=0)
        counts[group.name] = max(places, counts.get(group.name, 0))
    return ", ".join(f"{count} {name}" for name, count in counts.items() if count) or "none"
