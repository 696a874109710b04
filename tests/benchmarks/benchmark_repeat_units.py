"""Time the search of repeat units, beside a plain search without its short cuts.

    python tests/benchmarks/benchmark_repeat_units.py [--candidates 1000] [--repeats 5]

The plain search looks for each group whenever a rule asks for it, one pattern after another,
compares every first part of a unit with the whole by SMILES, and writes the unit at every cut.
Both searches take turns on each structure; the shortest processor times of several repeats and the
number of structures with different results are shown.
"""

import argparse
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from unittest.mock import patch

from candidates import bundled, candidates
from rdkit import Chem

sys.path.insert(0, str(Path(__file__).parents[2] / "workflow" / "scripts"))

from confaug.molecules.polymerisation import canonical, reacting, repeat_units
from confaug.molecules.polymerisation import joining as chains


def plain_sites(monomer: reacting.Monomer, group: reacting.Group) -> list[reacting.Site]:
    """Look for one group."""
    return reacting._find_sites(monomer.mol, group.smarts)


def plain_smallest(unit: Chem.Mol) -> Chem.Mol:
    """Compare a multiple of each first part with the unit."""
    smiles = chains.unit_smiles(unit)
    for bond in chains.chain_bonds(unit):
        first = chains.split(unit, bond)[0]
        copies, rest = divmod(unit.GetNumAtoms() - 2, first.GetNumAtoms() - 2)
        if copies > 1 and rest == 0:
            first = canonical._lasting_stereo(first)
            if chains.unit_smiles(chains.join([first] * copies)) == smiles:
                return first
    return unit


def plain_form(unit: Chem.Mol) -> str:
    """Write the unit at every cut of the best rank."""
    unit = plain_smallest(canonical._lasting_stereo(unit))
    if len(chains.chain_atoms(unit)) == 1 and 2 * unit.GetNumAtoms() <= chains.MAX_UNIT_ATOMS:
        unit = chains.join([unit, unit])
    unit = canonical._lasting_stereo(unit)
    ranks = {b: canonical._preference(unit, b) for b in (None, *chains.chain_bonds(unit))}
    best = [bond for bond in ranks if ranks[bond] == min(ranks.values())]
    return min(
        chains.unit_smiles(unit if bond is None else chains.rotate(unit, bond)) for bond in best
    )


@contextmanager
def plain_search() -> Iterator[None]:
    """Take the short cuts away."""
    with ExitStack() as stack:
        stack.enter_context(patch.object(reacting.Monomer, "sites", plain_sites))
        stack.enter_context(patch.object(repeat_units, "canonical_form", plain_form))
        yield


def timed(smiles: str, repeats: int) -> tuple[float, repeat_units.RepeatUnit]:
    """Return the shortest processor time in ms, and what is found."""
    times = []
    for _ in range(repeats):
        start = time.process_time()
        found = repeat_units.repeat_unit(smiles)
        times.append(1000 * (time.process_time() - start))
    return min(times), found


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--candidates", type=int, default=1000)
    parser.add_argument("--repeats", type=int, default=5)
    options = parser.parse_args()
    sets = {"bundled": bundled(), "candidates": list(candidates(options.candidates))}
    timed("C=C", 1)  # compiles the patterns
    print(f"{'structures':<12}{'number':>8}{'plain':>16}{'search':>16}{'different':>11}")
    print(f"{'':<20}{'median, mean / ms':>16}")
    for name, structures in sets.items():
        times: dict[str, list[float]] = {"plain": [], "search": []}
        different = 0
        for smiles in structures:
            with plain_search():
                spent, expected = timed(smiles, options.repeats)
            times["plain"].append(spent)
            spent, found = timed(smiles, options.repeats)
            times["search"].append(spent)
            different += found != expected
        shown = "".join(
            f"{statistics.median(ms):>8.2f}{statistics.mean(ms):>8.2f}" for ms in times.values()
        )
        print(f"{name:<12}{len(structures):>8}{shown}{different:>11}")


if __name__ == "__main__":
    main()
