"""Apply reacting groups to a monomer: find them, change the bonds, mark the ends."""

from collections.abc import Iterator
from functools import cache

from rdkit import Chem

from confaug.molecules.polymerisation.groups import Group
from confaug.molecules.polymerisation.joining import HEAD, TAIL, open_ends

#: Occurrences of one group in one monomer that are looked at.
MAX_MATCHES = 1000
#: Different occurrences of a group that are made into units.
MAX_SITES = 8

#: The atoms of one occurrence of a group, by their map number.
Site = dict[int, int]


@cache
def pattern(smarts: str) -> Chem.Mol:
    """Return the query of a SMARTS."""
    return Chem.MolFromSmarts(smarts)


def find_sites(monomer: Chem.Mol, group: Group) -> list[Site]:
    """Return every occurrence of a group, in the order of the monomer's atoms.

    Occurrences that differ only in atoms without a map number are one.
    """
    query = pattern(group.smarts)
    numbered = {atom.GetIdx(): atom.GetAtomMapNum() for atom in query.GetAtoms()}
    matches = monomer.GetSubstructMatches(query, uniquify=False, maxMatches=MAX_MATCHES)
    sites = {
        tuple(sorted((numbered[i], atom) for i, atom in enumerate(match) if numbered[i])): None
        for match in matches
    }
    return [dict(site) for site in sorted(sites)]


def units_of_chain_growth(monomer: Chem.Mol, group: Group) -> Iterator[Chem.Mol]:
    """Yield the unit that each occurrence of a group with two ends makes of a monomer.

    The end atoms that carry the fewest other atoms come first. Of occurrences that the symmetry of
    the monomer makes equal, one is taken, and of all at most `MAX_SITES`.
    """
    classes = list(Chem.CanonicalRankAtoms(monomer, breakTies=False))
    different: dict[tuple[int, ...], Site] = {}
    for site in find_sites(monomer, group):
        different.setdefault(tuple(classes[site[number]] for number in sorted(site)), site)

    def crowding(site: Site) -> int:
        return sum(monomer.GetAtomWithIdx(site[number]).GetDegree() for number in group.ends)

    for site in sorted(different.values(), key=crowding)[:MAX_SITES]:
        head, tail = (site[number] for number in group.ends)
        yield from _react(monomer, [(group, site)], head, tail)


def unit_of_two_groups(monomer: Chem.Mol, groups: tuple[Group, Group]) -> Chem.Mol | None:
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
    sites = find_sites(monomer, first)
    if first != second:
        others = find_sites(monomer, second)
        if len(sites) != 1 or len(others) != 1:
            return None
        sites = [*sites, *others]
    if len(sites) != 2:
        return None
    reacting = list(zip(groups, sites, strict=True))
    head, tail = (site[group.ends[0]] for group, site in reacting)
    return next(_react(monomer, reacting, head, tail), None)


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
