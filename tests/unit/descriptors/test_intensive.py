"""Descriptors that do not grow with the chain, beside RDKit's own functions."""

import re

import numpy as np
import pyarrow as pa
import pytest
from rdkit import Chem
from rdkit.Chem import Descriptors

from confaug.descriptors import intensive
from confaug.descriptors.describe_2d import describe_shard_2d
from confaug.descriptors.intensive import (
    EXTENSIVE,
    NAMES_INCREMENTS,
    NAMES_PER_ATOM,
    describe_shard_per_atom,
)
from confaug.descriptors.molecule_kinds import describe_shard
from confaug.descriptors.rdkit_2d import FAMILIES, NAMES_RDKIT, describe_family
from confaug.molecules.polymerisation.oligomers import oligomer
from confaug.tables.descriptors import RDKIT_2D_INCREMENTS, RDKIT_2D_PER_ATOM
from confaug.tables.engine import check_table

#: Polymers with every functional group that RDKit counts, but for a few.
UNITS = """
*CC* *CC(*)c1ccccc1 *CCO* *CC(*)(C)C(=O)OC *CC(*)Cl *CC(*)C#N *CC(*)O *CCOC(=O)c1ccc(C(=O)O*)cc1
*CCCCCC(=O)N* *C[Si](C)(C)O* *C(F)(F)C(*)(F)F *CC=CC* *Oc1ccc(C(C)(C)c2ccc(OC(*)=O)cc2)cc1
*c1ccc(S(=O)(=O)c2ccc(O*)cc2)cc1 *CC(*)c1ccncc1 *CC(*)c1ccc([N+](=O)[O-])cc1 *c1ccc(*)s1
*CC(*)N1CCCC1=O *CC(*)C(N)=O *CC(*)C(=O)O *CC(*)CN *CC(*)n1cncc1 *CC(*)n1c2ccccc2c2ccccc12 *CC(*)S
*CC(*)(Br)C *CC(*)I *C1CC(*)C2CCCC12 *CC1CCC(CO*)CC1 *NCCCCCCNC(=O)CCCCC(=O)*
*OCCOC(=O)NCc1ccc(CNC(=O)*)cc1 *CC(*)N=[N+]=[N-] *CC(*)N=C=O *CC(*)OC(C)=O *CC(*)C(C)=O *CC(*)C=O
*CC(*)OP(=O)(OC)OC *CC(*)C1CO1 *CC(*)[N+](C)(C)C *SCC* *CC(*)C1=NCCO1 *CC(*)c1cnc[nH]1
*CC(*)N1CCOCC1 *CC(*)N1CCNCC1 *CC(*)N1CCCCC1 *CC(*)c1ccc(O)cc1 *CC(*)c1ccc(N)cc1
*CC(*)c1ccc(OC)cc1 *CC(*)NC(N)=O *CC(*)NC(=N)N *CC(*)SC#N *CC(*)N=C=S *CC(*)C=NO *CC(*)C#C
*CC(*)S(N)(=O)=O *CC(*)c1nnn[nH]1 *CC(*)c1cscn1 *CC(*)c1cocn1 *c1ccc(*)o1 *c1ccc(*)[nH]1
*N=Nc1ccc(*)cc1 *CC(*)CCCCC *CC(*)N(C)C *CC(*)C(=N)N *CC(*)NN *CC(*)C=NN *CC(*)C(=[N+]=[N-])C
*CC(*)N=O *CC(*)[N+]([O-])(C)C *CC(*)C(=S)OC *CC(*)CCO *CC(*)OC(=O)N(C)C *CC(*)c1ccc(C(=O)O)cc1
*CC(*)C1CCC(=O)O1 *CC(*)N1C(=O)CCC1=O *CC(*)CC=C *C1COC2(CC1)CCC(*)CC2 *CC(*)C12CC(CC1)CC2
*CC(*)C12CCCC1OCC2 *CC(*)c1ccc2ccccc2c1 *CC(*)[C@H](C)CC *CC(*)OCC(O)CN *CC(*)NS(=O)(=O)C
*CC(*)c1ccccc1C *CC(*)[CH]C *CC(*)C(=O)CC(=O)C *CC(*)P(=O)(O)O *CC(*)C1=NC(c2ccccc2)=NCC1
*CC(*)OC(C)OC
""".split()  # noqa: SIM905 (a list would not be read)
#: Surface areas by E-state, and the reverse: with the length of a chain, atoms change their bins.
BINNED = ("rdkit_EState_VSA", "rdkit_VSA_EState")
#: Surface areas by a property that reaches along the chain, shape indices and complexity: they grow
#: evenly in long chains alone.
IN_LONG_CHAINS = r"rdkit_(EState_VSA|VSA_EState|Kappa|Phi|BertzCT)"


def shard(*rows):
    columns = {"molecule": [f"m{i}" for i in range(len(rows))]}
    columns |= {key: [row[key] for row in rows] for key in ("smiles", "repeat_unit")}
    return pa.table(columns, schema=pa.schema([(name, pa.string()) for name in columns]))


def describe_shard_increments(shard, seconds):
    return describe_shard("rdkit_2d_increments", shard, seconds, describe_shard_2d)


def row(smiles, unit=None):
    return {"smiles": smiles, "repeat_unit": unit}


def described(smiles):
    mol = Chem.MolFromSmiles(smiles)
    return np.concatenate([describe_family(mol, family).values for family in FAMILIES])


def test_sums_are_extensive_and_nothing_else_is():
    """What grows by the same amount with every unit of a chain is a sum over the chain."""
    sizes = (3, 4, 5)  # shorter chains differ by their ends
    values = np.array([[described(oligomer(unit, size)) for size in sizes] for unit in UNITS])
    steps = np.diff(values, axis=1)
    scale = np.abs(steps).max(axis=1)
    uneven = np.abs(np.diff(steps, axis=1)).max(axis=1) > 1e-6 * scale + 1e-9
    grows, odd = (scale > 1e-9).any(axis=0), uneven.any(axis=0)
    even = {n for n, one, other in zip(NAMES_RDKIT, grows, odd, strict=True) if one and not other}
    in_long_chains = {name for name in EXTENSIVE if re.match(IN_LONG_CHAINS, name)}
    without_an_example = {n for n, one in zip(NAMES_RDKIT, grows, strict=True) if not one}
    assert even <= set(EXTENSIVE)
    assert set(EXTENSIVE) - even - in_long_chains <= without_an_example
    assert without_an_example - set(EXTENSIVE) == {"rdkit_FractionCSP3"}
    assert len(without_an_example) < 12


@pytest.mark.parametrize("unit", ["OCC", "CC(C(=O)OC)", "CC(c1ccccc1)", "C(=O)CCCCCN"])
def test_extensive_descriptors_per_atom_do_not_depend_on_the_length_of_long_chains(unit):
    shorter, longer = (described(unit * size) / size for size in (15, 30))
    sums = {name: np.zeros(2) for name in BINNED}
    for name, *both in zip(NAMES_RDKIT, shorter, longer, strict=True):
        if binned := re.match("|".join(BINNED), name):
            sums[binned[0]] += both
        elif name in EXTENSIVE:
            rel = 0.25 if name == "rdkit_BertzCT" else 0.15  # it has a logarithm in it
            assert both[1] == pytest.approx(both[0], rel=rel, abs=0.5), name
        elif not np.isnan(both[0]) and abs(both[0]) > 0.1:
            assert both[1] != pytest.approx(both[0], rel=0.15), name
    for name, (one, other) in sums.items():
        assert other == pytest.approx(one, rel=0.15), name


@pytest.mark.parametrize("name", ["NumAromaticHeterocycles", "fr_pyridine", "fr_nitro", "Kappa1"])
def test_what_few_polymers_have_is_divided_too(name):
    (smiles,) = ["CC(c1ccncc1)CC(c1ccc(N(=O)=O)cc1)"]
    table, _ = describe_shard_per_atom(shard(row(smiles)), 60.0)
    mol = Chem.MolFromSmiles(smiles)
    expected = getattr(Descriptors, name)(mol) / mol.GetNumHeavyAtoms()
    assert table[f"per_atom_rdkit_{name}"].to_pylist() == [expected]


def test_extensive_descriptors_are_divided_by_heavy_atoms_and_others_are_left():
    smiles = ["CCO", "c1ccccc1C", "[H][H]"]
    table, _ = describe_shard_per_atom(shard(*map(row, smiles)), 60.0)
    check_table(table, RDKIT_2D_PER_ATOM)
    assert table.column_names == ["molecule", *NAMES_PER_ATOM]
    mols = [Chem.MolFromSmiles(text) for text in smiles]
    weights = [Descriptors.MolWt(mol) / max(1, mol.GetNumHeavyAtoms()) for mol in mols]
    np.testing.assert_allclose(table["per_atom_rdkit_MolWt"].to_numpy(), weights)
    expected = [Descriptors.qed(mol) for mol in mols[:2]]
    np.testing.assert_array_equal(table["per_atom_rdkit_qed"].to_numpy()[:2], expected)


def test_an_increment_is_that_of_one_more_unit():
    rows = [row("C=Cc1ccccc1", "*CC(*)c1ccccc1"), row("CCO"), row("C1CO1", "*CCO*")]
    table, failures = describe_shard_increments(shard(*rows), 60.0)
    check_table(table, RDKIT_2D_INCREMENTS)
    assert table.column_names == ["molecule", *NAMES_INCREMENTS]
    weight = table["per_unit_rdkit_MolWt"].to_numpy()
    assert weight[[0, 2]] == pytest.approx([104.152, 44.053], abs=1e-3)
    assert np.isnan(weight[1]), "no repeat unit"
    assert table["per_unit_rdkit_RingCount"].to_pylist()[0] == 1
    assert failures.num_rows == 0


def test_a_chain_that_would_be_too_large_is_a_failure_of_its_own():
    large = row("C" * 200, f"*{'C' * 200}*")
    table, failures = describe_shard_increments(shard(large, row("C1CO1", "*CCO*")), 60.0)
    (failure,) = failures.to_pylist()
    assert (failure["molecule"], failure["stage"]) == ("m0", "describe_2d")
    assert "fewer units" in failure["reason"]
    assert np.isfinite(table["per_unit_rdkit_MolWt"].to_numpy()).tolist() == [False, True]


def test_rows_do_not_depend_on_their_neighbours():
    rows = [row("C=CC", "*CC(*)C"), row("CC"), row("C1CO1", "*CCO*"), row("C=CCl", "*CC(*)Cl")]
    whole, _ = describe_shard_increments(shard(*rows), 60.0)
    alone, _ = describe_shard_increments(shard(rows[3]), 60.0)
    for name in NAMES_INCREMENTS:
        assert whole[name].to_numpy()[3:].tobytes() == alone[name].to_numpy().tobytes()


def test_an_empty_shard():
    for describe in (describe_shard_per_atom, describe_shard_increments):
        table, failures = describe(shard(), 60.0)
        assert (table.num_rows, failures.num_rows) == (0, 0)


def test_a_molecule_that_raises_is_missing_alone(monkeypatch):
    def fails(unit, size):
        if "Cl" in unit:
            raise RuntimeError("Pre-condition Violation")
        return oligomer(unit, size)

    monkeypatch.setattr(intensive, "oligomer", fails)
    rows = [row("C=CC", "*CC(*)C"), row("C=CCl", "*CC(*)Cl")]
    table, failures = describe_shard_increments(shard(*rows), 60.0)
    assert np.isfinite(table["per_unit_rdkit_MolWt"].to_numpy()).tolist() == [True, False]
    reasons = {line["reason"] for line in failures.to_pylist() if line["molecule"] == "m1"}
    assert len(reasons) == failures.num_rows == len(FAMILIES)
    assert all("RuntimeError: Pre-condition Violation" in reason for reason in reasons)


def test_chains_that_are_never_finished_are_given_up_alone(monkeypatch, caplog):
    def endless(unit, size):
        while "Cl" in unit:
            pass
        return oligomer(unit, size)

    monkeypatch.setattr(intensive, "oligomer", endless)
    rows = [row("C=CC", "*CC(*)C"), row("C=CCl", "*CC(*)Cl")]
    table, failures = describe_shard_increments(shard(*rows), 3.0)
    assert np.isfinite(table["per_unit_rdkit_MolWt"].to_numpy()).tolist() == [True, False]
    assert {line["molecule"] for line in failures.to_pylist()} == {"m1"}
    assert all("processor time" in line["reason"] for line in failures.to_pylist())
