"""Every kind that can be asked for is calculated, from the structure that it declares to read."""

import pyarrow as pa
import pytest
from new_python import run_python

from confaug.config.kinds import AS_GIVEN, MOLECULE_KINDS, OWN_KIND, STRUCTURE_KINDS
from confaug.descriptors.describe_2d import describe_shard_2d
from confaug.descriptors.molecule_kinds import columns_of, describe_shard
from confaug.descriptors.names import EVERY_3D, feature_name
from confaug.tables.engine import check_table
from confaug.tables.failures import FAILURES
from confaug.tables.molecules import SHARD

#: Propylene, modelled as a dimer; and a molecule that makes no polymer.
PROPYLENE = {"smiles": "CCCC(C)C", "smiles_as_given": "C=CC", "repeat_unit": "*CC(*)C"}
ETHANOL = {"smiles": "CCO", "smiles_as_given": "CCO", "repeat_unit": None}


def shard_of(**rows):
    lines = [{"molecule": name, **row} for name, row in rows.items()]
    return pa.Table.from_pylist(lines, schema=SHARD.schema())


def row_of(table, number):
    return [column[number].as_py() for column in table.columns[1:]]


@pytest.mark.parametrize("kind", STRUCTURE_KINDS)
def test_a_kind_gives_the_table_and_the_names_that_it_declares(kind):
    columns = columns_of(kind)
    shard = shard_of(m2=ETHANOL, m1=PROPYLENE)
    table, failures = describe_shard(kind, shard, 60.0, describe_shard_2d)
    assert check_table(table, columns.table).column_names == ["molecule", *columns.names]
    assert table["molecule"].to_pylist() == ["m1", "m2"]
    assert check_table(failures, FAILURES).num_rows == 0
    assert any(f"/{kind}/" in path for path in columns.table.files)


@pytest.mark.parametrize("kind", STRUCTURE_KINDS)
def test_a_kind_depends_on_the_structure_that_it_declares_alone(kind):
    own = STRUCTURE_KINDS[kind].structure
    others = {name: ETHANOL[name] for name in PROPYLENE if name != own}
    shard = shard_of(m1=PROPYLENE, m2=PROPYLENE | others, m3=PROPYLENE | {own: ETHANOL[own]})
    table, _ = describe_shard(kind, shard, 60.0, describe_shard_2d)
    first, same, different = (str(row_of(table, number)) for number in range(3))
    assert first == same != different


@pytest.mark.parametrize("kind", [kind for kind in STRUCTURE_KINDS if kind.endswith(AS_GIVEN)])
def test_a_kind_of_structures_as_given_has_the_columns_of_the_other(kind):
    assert STRUCTURE_KINDS[kind].structure == "smiles_as_given"
    assert columns_of(kind).names == columns_of(kind.removesuffix(AS_GIVEN)).names


def test_no_two_kinds_have_a_column_of_one_name():
    names = [feature_name(kind, one) for kind in STRUCTURE_KINDS for one in columns_of(kind).names]
    assert len(names) == len({*names, *EVERY_3D}) - len(EVERY_3D)


def test_own_columns_come_from_no_structure():
    assert {*MOLECULE_KINDS} - {*STRUCTURE_KINDS} == {OWN_KIND}
    with pytest.raises(ValueError, match="'own_columns' is no kind"):
        columns_of(OWN_KIND)


def test_names_are_had_without_loading_what_calculates_them():
    code = (
        "import sys; from confaug.config.kinds import STRUCTURE_KINDS; "
        "from confaug.descriptors.molecule_kinds import columns_of; "
        "print(sum(len(columns_of(kind).names) for kind in STRUCTURE_KINDS)); "
        "print([name for name in ('numba', 'mordred', 'rdkit.Chem.Descriptors') "
        "if name in sys.modules])"
    )
    assert run_python(code).split("\n")[1] == "[]"
