"""Divide molecules into shards by a stable hash, so that an added molecule changes one shard."""

import json
import math
from operator import itemgetter
from pathlib import Path
from typing import Any

import pyarrow as pa

from confaug.errors import UserError
from confaug.infrastructure import random_draws
from confaug.infrastructure.files import write_text
from confaug.infrastructure.sums import sum_in_order
from confaug.molecules.polymers import structure_as_given
from confaug.molecules.smiles import parse_smiles
from confaug.molecules.structures import molecule_id
from confaug.tables.engine import check_table, read_table, write_table
from confaug.tables.molecules import SHARD

#: A shard of this many molecules keeps an embedding job at minutes for 20 conformers.
MOLECULES_PER_SHARD = 64
#: Heavy atoms of a molecule that is one unit of work, and the power by which the time for a
#: conformer grows in larger molecules (measured, see docs/scale.md).
UNIT_OF_WORK = 16
WORK_POWER = 3


def molecules_per_shard(n_molecules: int) -> float:
    """Return how many molecules a shard should hold at most, on average.

    Some dozens; in a large set twice the square root of their number, so that neither the list of
    jobs nor the longest job grows as fast as the set.

    Examples
    --------
    >>> [molecules_per_shard(n) for n in (223, 10_000, 1_000_000)]
    [64.0, 200.0, 2000.0]
    """
    return max(float(MOLECULES_PER_SHARD), 2 * math.sqrt(n_molecules))


def shard_count(n_molecules: int, count: int | str, per_shard: int | str = "auto") -> int:
    """Return the number of shards; it depends on nothing but the molecules and these settings.

    Parameters
    ----------
    n_molecules
        Number of molecules in the study.
    count
        A number, or "auto": the smallest power of two with at most `per_shard` molecules a shard
        on average. A power of two seldom changes when molecules are added, so that the shards
        that are there stay valid.
    per_shard
        Molecules that "auto" aims at: a number, or "auto" for `molecules_per_shard`.

    Examples
    --------
    >>> [shard_count(n, "auto") for n in (64, 65, 223, 1_000, 10_000, 100_000, 1_000_000)]
    [1, 2, 4, 16, 64, 256, 512]
    """
    if count != "auto":
        return int(count)
    most = molecules_per_shard(n_molecules) if per_shard == "auto" else float(per_shard)
    shards = 1
    while shards * most < n_molecules:
        shards *= 2
    return shards


def shard_name(molecule: str, count: int) -> str:
    """Return the shard of a structure; it depends on its identifier and the number of shards."""
    bucket = random_draws.integer(molecule) % count
    return f"{bucket:0{len(str(count - 1))}d}"


def shard_molecules(
    molecules: pa.Table, count: int | str, per_shard: int | str = "auto"
) -> dict[str, pa.Table]:
    """Divide a molecules table into shard tables by name; empty shards are left out.

    Shards hold identifiers and structures only: a changed label or name never touches them. All
    samples of a structure are in one shard, which describes the structure once.

    Parameters
    ----------
    molecules
        MOLECULES table.
    count, per_shard
        See `shard_count`.
    """
    rows = molecules.select(["molecule", "smiles", "modelled_smiles", "repeat_unit"]).to_pylist()
    n_shards = shard_count(len({row["smiles"] for row in rows}), count, per_shard)
    shards: dict[str, list[dict[str, str | None]]] = {}
    for row in sorted(rows, key=itemgetter("molecule")):
        line = {
            "molecule": row["molecule"],
            "smiles": row["modelled_smiles"],
            "smiles_as_given": structure_as_given(row["smiles"]),
            "repeat_unit": row["repeat_unit"],
        }
        shards.setdefault(shard_name(molecule_id(row["smiles"]), n_shards), []).append(line)
    return {
        name: check_table(pa.Table.from_pylist(members, schema=SHARD.schema()), SHARD)
        for name, members in sorted(shards.items())
    }


def shard_work(shards: dict[str, pa.Table], molecules: pa.Table) -> dict[str, float]:
    """Return how long the conformers of each shard take, in molecules of 16 heavy atoms.

    Smaller molecules count as one, larger ones by the third power of their heavy atoms.

    Parameters
    ----------
    shards
        SHARD tables by name.
    molecules
        MOLECULES table, for the numbers of heavy atoms of structures that are modelled as given.

    Returns
    -------
    dict
        Work by shard, rounded up to one decimal.
    """
    atoms = _heavy_atoms(molecules)
    work = {
        name: sum_in_order(
            max(1.0, (atoms[molecule] / UNIT_OF_WORK) ** WORK_POWER)
            for molecule in table["molecule"].to_pylist()
        )
        for name, table in shards.items()
    }
    return {name: math.ceil(10 * value) / 10 for name, value in work.items()}


def _heavy_atoms(molecules: pa.Table) -> dict[str, int]:
    """Return the heavy atoms of what is modelled, by molecule."""
    columns = ["molecule", "smiles", "modelled_smiles", "n_heavy_atoms"]
    return {
        row["molecule"]: row["n_heavy_atoms"]
        if row["modelled_smiles"] == row["smiles"]
        else parse_smiles(row["modelled_smiles"]).GetNumHeavyAtoms()
        for row in molecules.select(columns).to_pylist()
    }


def write_shards(
    shards: dict[str, pa.Table], work: dict[str, float], manifest: str | Path
) -> list[str]:
    """Write shard files into the folder of the manifest; unchanged files are not touched.

    Files of shards that no longer exist are removed, the manifest is written last.

    Parameters
    ----------
    shards
        SHARD tables by name.
    work
        See `shard_work`.
    manifest
        The JSON file that lists the shards.

    Returns
    -------
    list of str
        Names of the shards that were written anew.
    """
    folder = Path(manifest).parent
    changed = []
    for name, table in shards.items():
        path = folder / f"shard-{name}.csv"
        before = path.read_bytes() if path.exists() else None
        write_table(table, path, SHARD)
        if path.read_bytes() != before:
            changed.append(name)
    for path in folder.glob("shard-*.csv"):
        if path.stem.removeprefix("shard-") not in shards:
            path.unlink()
    sizes = {name: table.num_rows for name, table in shards.items()}
    write_text(json.dumps({"shards": sizes, "work": work}, indent=1) + "\n", manifest)
    return changed


def read_manifest(manifest: str | Path) -> dict[str, int]:
    """Return the number of molecules of each shard, by shard name in order."""
    sizes: dict[str, int] = _read(manifest)["shards"]
    return sizes


def read_work(manifest: str | Path) -> dict[str, float]:
    """Return the work of each shard (see `shard_work`); empty if the manifest has none."""
    work: dict[str, float] = _read(manifest).get("work", {})
    return work


def shard_of(molecule: str, manifest: str | Path) -> str:
    """Return the name of the shard that holds a molecule.

    Parameters
    ----------
    molecule
        The molecule's identifier.
    manifest
        File of the manifest; the shards lie beside it.

    Raises
    ------
    UserError
        If no shard does.
    """
    for shard in read_manifest(manifest):
        path = Path(manifest).with_name(f"shard-{shard}.csv")
        if molecule in read_table(path, SHARD)["molecule"].to_pylist():
            return shard
    raise UserError(f"there is no molecule {molecule} in {Path(manifest).parents[1]}/molecules")


def _read(manifest: str | Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(Path(manifest).read_text(encoding="utf-8"))
    return content
