"""Apply reacting groups to a monomer: find them, change the bonds, mark the ends."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property

from rdkit import Chem
from rdkit.Chem import FilterCatalog

from confaug.molecules.polymerisation.groups import Group
from confaug.molecules.polymerisation.joining import HEAD, TAIL, open_ends
from confaug.molecules.polymerisation.rules import GROUPS

#: Occurrences of one group in one monomer that are looked at.
MAX_MATCHES = 1000
#: Different occurrences of a group that are made into units.
MAX_SITES = 8

_PATTERNS = frozenset(group.smarts for group in GROUPS)

#: The atoms of one occurrence of a group, by their map number.
Site = dict[int, int]


@dataclass
class Monomer:
    """A molecule whose reacting groups are searched for, each kind once.

    Attributes
    ----------
    smiles
        Its canonical SMILES.
    mol
        The molecule.
    """

    smiles: str
    mol: Chem.Mol
    _sites: dict[str, list[Site]] = field(default_factory=dict, repr=False, compare=False)

    def sites(self, group: Group) -> list[Site]:
        """Return every occurrence of a group, in the order of the atoms.

        Occurrences that differ only in atoms without a map number are one.
        """
        smarts = group.smarts
        if smarts not in self._sites:
            self._sites[smarts] = [] if smarts in self._absent else _find_sites(self.mol, smarts)
        return self._sites[smarts]

    @cached_property
    def _absent(self) -> frozenset[str]:
        """The patterns of groups of the rules that the molecule cannot have."""
        matches = _screen().GetMatches(self.mol)
        return _PATTERNS.difference(entry.GetDescription() for entry in matches)


@cache
def pattern(smarts: str) -> Chem.Mol:
    """Return the query of a SMARTS."""
    return Chem.MolFromSmarts(smarts)


@cache
def _screen() -> FilterCatalog.FilterCatalog:
    """Return the groups without the surroundings that they ask for, to be looked for at once."""
    screen = FilterCatalog.FilterCatalog()
    for smarts in sorted(_PATTERNS):
        matcher = FilterCatalog.SmartsMatcher(smarts, without_surroundings(smarts))
        screen.AddEntry(FilterCatalog.FilterCatalogEntry(smarts, matcher))
    return screen


def without_surroundings(smarts: str) -> str:
    """Return a pattern that allows all that a pattern does: each `$(...)` becomes any atom.

    Examples
    --------
    >>> without_surroundings("[CX3;!$(C(F)F),$(C-c)]=[CX3]")
    '[CX3;*,*]=[CX3]'
    """
    plain, rest = "", smarts
    while "$(" in rest:
        before, rest = rest.split("$(", 1)
        plain += before.removesuffix("!") + "*"
        depth = 1
        while depth:
            depth += {"(": 1, ")": -1}.get(rest[0], 0)
            rest = rest[1:]
    return plain + rest


@cache
def _map_numbers(smarts: str) -> tuple[tuple[int, int], ...]:
    """Return the numbered atoms of a query: map number and index, in the order of the numbers."""
    atoms = ((atom.GetAtomMapNum(), atom.GetIdx()) for atom in pattern(smarts).GetAtoms())
    return tuple(sorted((number, index) for number, index in atoms if number))


def _find_sites(mol: Chem.Mol, smarts: str) -> list[Site]:
    """Look for the pattern of a group."""
    matches = mol.GetSubstructMatches(pattern(smarts), uniquify=False, maxMatches=MAX_MATCHES)
    if not matches:
        return []
    numbers = _map_numbers(smarts)
    sites = {tuple((number, match[index]) for number, index in numbers) for match in matches}
    return [dict(site) for site in sorted(sites)]


def units_of_chain_growth(monomer: Monomer, group: Group) -> Iterator[Chem.Mol]:
    """Yield the unit that each occurrence of a group with two ends makes of a monomer.

    The end atoms that carry the fewest other atoms come first. Of occurrences that the symmetry of
    the monomer makes equal, one is taken, and of all at most `MAX_SITES`.
    """
    sites, mol = monomer.sites(group), monomer.mol
    if not sites:
        return
    classes = list(Chem.CanonicalRankAtoms(mol, breakTies=False))
    different: dict[tuple[int, ...], Site] = {}
    for site in sites:
        different.setdefault(tuple(classes[site[number]] for number in sorted(site)), site)

    def crowding(site: Site) -> int:
        return sum(mol.GetAtomWithIdx(site[number]).GetDegree() for number in group.ends)

    for site in sorted(different.values(), key=crowding)[:MAX_SITES]:
        head, tail = (site[number] for number in group.ends)
        yield from _react(mol, [(group, site)], head, tail)


def unit_of_two_groups(monomer: Monomer, groups: tuple[Group, Group]) -> Chem.Mol | None:
    """Return the unit of a monomer whose two groups are all that it has of their kinds.

    Parameters
    ----------
    monomer
        The molecule.
    groups
        Groups with one end, for the head and for the tail: the same twice (a diol), or two kinds
        (a hydroxy acid).

    Returns
    -------
    rdkit.Chem.Mol or None
        None where the monomer has fewer or more such groups.
    """
    first, second = groups
    sites = monomer.sites(first)
    if not sites:
        return None
    if first != second:
        others = monomer.sites(second) if len(sites) == 1 else []
        if len(others) != 1:
            return None
        sites = [*sites, *others]
    if len(sites) != 2:
        return None
    reacting = list(zip(groups, sites, strict=True))
    head, tail = (site[group.ends[0]] for group, site in reacting)
    return next(_react(monomer.mol, reacting, head, tail), None)


def _react(
    monomer: Chem.Mol, reacting: list[tuple[Group, Site]], head: int, tail: int
) -> Iterator[Chem.Mol]:
    """Change the bonds of the reacting groups and yield the part with both ends, if it can be."""
    product = Chem.RWMol(monomer)
    orders = dict.fromkeys(range(monomer.GetNumAtoms()), 0.0)  # change of each atom's bond orders
    for group, site in reacting:
        for bonds, step in ((group.breaks, None), (group.opens, -1), (group.forms, 1)):
            for a, b in bonds:
                _change_bond(product, site[a], site[b], step, orders)
        for number, element in group.becomes:
            product.GetAtomWithIdx(site[number]).SetAtomicNum(element)
    for atom, label in ((head, HEAD), (tail, TAIL)):
        star = Chem.Atom(0)
        star.SetIsotope(label)
        product.AddBond(atom, product.AddAtom(star), Chem.BondType.SINGLE)
        orders[atom] += 1
    for index, change in orders.items():
        _settle_hydrogens(product.GetAtomWithIdx(index), round(change))
    yield from _chain_part(product)


def _change_bond(
    product: Chem.RWMol, a: int, b: int, step: int | None, orders: dict[int, float]
) -> None:
    """Cut a bond (no step), or lower or raise its order, and note the change at its atoms."""
    bond = product.GetBondBetweenAtoms(a, b)
    before = bond.GetBondTypeAsDouble()
    after = 0.0 if step is None else before + step
    if after:
        bond.SetBondType(Chem.BondType.values[int(after)])
        bond.SetStereo(Chem.BondStereo.STEREONONE)
    else:
        product.RemoveBond(a, b)
    for index in (a, b):
        orders[index] += after - before
        product.GetAtomWithIdx(index).SetChiralTag(Chem.ChiralType.CHI_UNSPECIFIED)


def _settle_hydrogens(atom: Chem.Atom, change: int) -> None:
    """Give or take the hydrogens of an atom that RDKit does not count by itself."""
    if change and (atom.GetNoImplicit() or atom.GetNumExplicitHs()):
        atom.SetNumExplicitHs(max(0, atom.GetNumExplicitHs() - change))


def _chain_part(product: Chem.RWMol) -> Iterator[Chem.Mol]:
    """Yield what hangs together with both ends; leaving groups are other parts."""
    for part in Chem.GetMolFrags(product.GetMol(), asMols=True, sanitizeFrags=False):
        labels = sorted(star.GetIsotope() for star in open_ends(part))
        if labels != [HEAD, TAIL]:
            continue
        if Chem.SanitizeMol(part, catchErrors=True) != Chem.SanitizeFlags.SANITIZE_NONE:
            return
        Chem.AssignStereochemistry(part, cleanIt=True, force=True)
        yield part
