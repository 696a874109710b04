"""What is unusual about a whole table after cleaning, in one line each."""

from collections import Counter
from collections.abc import Iterator, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from confaug.infrastructure.text import counted
from confaug.molecules.conflicts import name_rows

#: With this many molecules, two different labels look like classes.
ENOUGH_FOR_CLASSES = 10
#: So many different labels at most look like classes if they are integers, with so many molecules
#: for each.
MOST_CLASSES, ENOUGH_PER_CLASS = 10, 5


def remark_table(ledger: pa.Table, molecules: pa.Table) -> Iterator[str]:
    """Yield remarks on identifiers, labels, components and polymers.

    Parameters
    ----------
    ledger, molecules
        LEDGER and MOLECULES tables.
    """
    yield from _identifiers(ledger)
    yield from _classes(molecules)
    yield from _components(ledger, molecules)
    yield from _polymers(ledger, molecules)
    yield from _units_alike(molecules)


def _identifiers(ledger: pa.Table) -> Iterator[str]:
    """Say which identifiers are missing, or occur in several rows."""
    used = ledger.filter(pc.not_equal(ledger["status"], "rejected"))
    rows = list(zip(used["row"].to_pylist(), used["id"].to_pylist(), strict=True))
    counts = Counter(name for _, name in rows if name is not None)
    if not counts:
        return
    repeated = sorted(name for name, count in counts.items() if count > 1)
    if repeated:
        places = [row for row, name in rows if name == repeated[0]]
        several = counted(len(repeated), "identifier")
        yield (
            f"{several} (id_column) in more than one row; the first is {repeated[0]!r}, in "
            f"{name_rows(places)}"
        )
    empty = [row for row, name in rows if name is None]
    if empty:
        rows_without = counted(len(empty), "row")
        yield f"{rows_without} without an identifier (id_column); the first is row {empty[0]}"


def _classes(molecules: pa.Table) -> Iterator[str]:
    """Say that labels look like classes."""
    labels = molecules["label"].drop_null().to_pylist()
    values = sorted(set(labels))
    if not _look_like_classes(values, len(labels)):
        return
    listed = f"{', '.join(f'{value:g}' for value in values[:-1])} or {values[-1]:g}"
    yield (
        f"WARNING: all labels are {listed}; if these are classes, this is a classification "
        "problem, but this program is made for measured numbers (regression)"
    )


def _look_like_classes(values: Sequence[float], n_labels: int) -> bool:
    """Tell whether the labels have few different values: two, or a handful of integers."""
    if len(values) == 2:
        return n_labels >= ENOUGH_FOR_CLASSES
    whole = all(float(value).is_integer() for value in values)
    return whole and 2 < len(values) <= min(MOST_CLASSES, n_labels // ENOUGH_PER_CLASS)


def _components(ledger: pa.Table, molecules: pa.Table) -> Iterator[str]:
    """Say how many molecules consist of several components."""
    pairs = zip(
        molecules["molecule"].to_pylist(), molecules["n_components"].to_pylist(), strict=True
    )
    several = {molecule for molecule, n_components in pairs if n_components > 1}
    if several:
        rows = zip(ledger["row"].to_pylist(), ledger["molecule"].to_pylist(), strict=True)
        first = next(row for row, molecule in rows if molecule in several)
        yield (
            f"{counted(len(several), 'molecule')} of several components (salts, mixtures, "
            f"two-component monomers); the first is in row {first}; the key cleaning: fragments "
            "says how they are treated"
        )


def _polymers(ledger: pa.Table, molecules: pa.Table) -> Iterator[str]:
    """Say by which rules molecules became repeat units, where polymers were looked for."""
    rules = Counter(molecules["polymerisation_rule"].drop_null().to_pylist())
    if not rules and ledger["polymer_note"].null_count == ledger.num_rows:
        return
    ranked = sorted(rules.items(), key=lambda item: (-item[1], item[0]))
    yield (
        f"repeat units of {rules.total()} of {counted(molecules.num_rows, 'molecule')}: "
        + ("; ".join(f"{rule} ({count})" for rule, count in ranked) or "none")
    )
    without = molecules.filter(pc.is_null(molecules["repeat_unit"]))["molecule"]
    if len(without):
        rows = ledger["row"].filter(pc.is_in(ledger["molecule"], without.combine_chunks()))
        yield (
            f"WARNING: {counted(len(without), 'molecule')} without a repeat unit, modelled as "
            f"given; the first is in row {rows[0]}; the ledger says why (polymer_note)"
        )


def _units_alike(molecules: pa.Table) -> Iterator[str]:
    """Say which repeat units have one modelled structure, because hydrogen closes their ends."""
    units: dict[str, set[str]] = {}
    facts = molecules.filter(pc.is_valid(molecules["repeat_unit"]))
    for modelled, unit in zip(
        facts["modelled_smiles"].to_pylist(), facts["repeat_unit"].to_pylist(), strict=True
    ):
        units.setdefault(modelled, set()).add(unit)
    alike = sorted((modelled, sorted(some)) for modelled, some in units.items() if len(some) > 1)
    if alike:
        modelled, some = alike[0]
        yield (
            f"WARNING: {counted(len(alike), 'modelled structure')} of several repeat units, which "
            f"have equal descriptors and conformers; the first is {modelled}, of "
            f"{' and '.join(some)}; the kind backbone tells them apart"
        )
