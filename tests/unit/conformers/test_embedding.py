"""Embedding: random states, fall-backs, mixtures, failures, bounds, and RDKit called directly."""

import itertools
import re
import sys

import numpy as np
import pyarrow as pa
import pytest
from new_python import run_python
from rdkit import Chem
from rdkit.Chem import rdDistGeom, rdForceFieldHelpers
from shard_tables import shard_of

from confaug.config.protocols import Protocol
from confaug.config.schema import config_schema
from confaug.config.settings.embedding import EmbeddingSettings
from confaug.conformers import check as conformer_check
from confaug.conformers import molecule_job
from confaug.conformers.check import ConformerCheck
from confaug.conformers.embedding import embed_molecule
from confaug.conformers.fallbacks import SEEDS_PER_WAY, ways_to_embed
from confaug.conformers.force_fields import FORCE_FIELDS
from confaug.conformers.molecule_job import Embedding
from confaug.conformers.protocols import METHODS, random_state
from confaug.conformers.shards import embed_shard, minimise_shard
from confaug.conformers.store import add_conformers, iter_molecules
from confaug.errors import UserError
from confaug.molecules.smiles import mol_with_hydrogens
from confaug.molecules.structures import molecule_id
from confaug.tables.conformers import CONFORMERS
from confaug.tables.engine import check_table
from confaug.tables.failures import FAILURES

SETTINGS = EmbeddingSettings(
    conformers_per_repeat=4, max_steps=2000, max_attempts=30, seconds_per_molecule=300
)
ETKDG = Protocol("etkdg")
MMFF = Protocol("etkdg", "mmff")
DG_MMFF = Protocol("dg", "mmff")
Z_AZOBENZENE = Chem.CanonSmiles("c1ccc(/N=N\\c2ccccc2)cc1")
CYCLOPHANE = Chem.CanonSmiles("C1CC2=CC=C(CCC3=CC=C1C=C3)C=C2")
ASPIRIN = Chem.CanonSmiles("CC(=O)Oc1ccccc1C(=O)O")
MIXTURE = Chem.CanonSmiles("O=C(O)c1ccc(C(=O)O)cc1.OCCO")


def embed(smiles, protocol=MMFF, repeat=1, threads=1, starts=None, **changes):
    settings = SETTINGS.model_copy(update=changes)
    return embed_molecule(molecule_id(smiles), smiles, protocol, repeat, settings, threads, starts)


def assert_same(one, other):
    """Equal conformers, bit for bit, under the same indices."""
    assert list(one.conformers) == list(other.conformers)
    for index, geometry in one.conformers.items():
        np.testing.assert_array_equal(geometry.coordinates, other.conformers[index].coordinates)
        assert geometry.method == other.conformers[index].method
        np.testing.assert_equal(geometry.energy, other.conformers[index].energy)


@pytest.fixture
def flaky(monkeypatch):
    """Let RDKit fail for chosen random seeds in the first way, as it does for hard molecules."""

    def install(failing, factory_has=lambda parameters: not parameters.useRandomCoords):
        original = rdDistGeom.EmbedMultipleConfs

        def embed_multiple(mol, count, parameters):
            original(mol, count, parameters)
            first = parameters.randomSeed
            for i in range(count):
                if first + i in failing and factory_has(parameters):
                    mol.RemoveConformer(i)
            return [conformer.GetId() for conformer in mol.GetConformers()]

        monkeypatch.setattr(rdDistGeom, "EmbedMultipleConfs", embed_multiple)

    return install


class TestRandomState:
    def test_depends_on_molecule_method_and_repeat(self):
        dg = Protocol("dg")
        keys = [("m1", ETKDG, 1), ("m2", ETKDG, 1), ("m1", dg, 1), ("m1", ETKDG, 2)]
        assert len({random_state(*key) for key in keys}) == len(keys)

    @pytest.mark.parametrize("force_field", sorted(FORCE_FIELDS))
    def test_protocols_of_one_method_share_it(self, force_field):
        assert random_state("m1", Protocol("dg", force_field), 1) == random_state(
            "m1", Protocol("dg"), 1
        )

    def test_leaves_room_below_the_limit_of_rdkit(self):
        states = [random_state(f"m{i}", MMFF, 1) for i in range(200)]
        assert min(states) >= 1
        assert max(states) <= 2**30

    def test_a_conformer_equals_one_embedded_alone(self):
        result = embed("CCCCO", ETKDG)
        state = random_state(molecule_id("CCCCO"), ETKDG, 1)
        for index, geometry in result.conformers.items():
            mol = mol_with_hydrogens("CCCCO")
            parameters = rdDistGeom.ETKDGv3()
            parameters.randomSeed = state + index + 1
            assert rdDistGeom.EmbedMolecule(mol, parameters) == 0
            np.testing.assert_array_equal(geometry.coordinates, mol.GetConformer().GetPositions())

    def test_more_conformers_keep_the_earlier_ones(self):
        few, many = embed("CCCCO", conformers_per_repeat=3), embed("CCCCO", conformers_per_repeat=7)
        for index, geometry in few.conformers.items():
            np.testing.assert_array_equal(geometry.coordinates, many.conformers[index].coordinates)
        assert len(many.conformers) == 7

    @pytest.mark.parametrize("smiles", ["CCCCOC(C)=O", MIXTURE])
    def test_threads_change_nothing(self, smiles):
        assert_same(embed(smiles, threads=1), embed(smiles, threads=2))

    def test_seeds_and_protocols_give_other_conformers(self):
        first = embed("CCCCO", ETKDG).conformers[0].coordinates
        assert not np.allclose(first, embed("CCCCO", ETKDG, repeat=2).conformers[0].coordinates)

    def test_order_and_company_change_nothing(self):
        alone, _ = embed_shard(shard_of("CCCCO"), MMFF, 1, SETTINGS)
        both, _ = embed_shard(shard_of("CCN", "CCCCO"), MMFF, 1, SETTINGS)
        reverse, _ = embed_shard(shard_of("CCCCO", "CCN"), MMFF, 1, SETTINGS)
        assert both.equals(reverse)
        (mine,) = (i for i, name in enumerate(both["smiles"].to_pylist()) if name == "CCCCO")
        assert both.slice(mine, 1).equals(alone)

    def test_a_fresh_process_gives_the_same_bits(self):
        program = (
            "from test_embedding import embed;"
            "print(embed('CCCCO').conformers[1].coordinates.tobytes().hex())"
        )
        printed = run_python(program, PYTHONPATH=":".join(sys.path), PYTHONHASHSEED="123")
        assert printed.strip() == embed("CCCCO").conformers[1].coordinates.tobytes().hex()


class TestMinimisation:
    @pytest.mark.parametrize(
        ("force_field", "variant"), [("mmff", "MMFF94"), ("mmff94s", "MMFF94s"), ("uff", None)]
    )
    def test_energies_are_those_of_rdkit(self, force_field, variant):
        smiles = "CCCCC(=O)NC"
        protocol = Protocol("etkdg", force_field)
        result = embed(smiles, protocol)
        for index, geometry in result.conformers.items():
            mol = mol_with_hydrogens(smiles)
            parameters = rdDistGeom.ETKDGv3()
            parameters.randomSeed = random_state(molecule_id(smiles), protocol, 1) + index + 1
            rdDistGeom.EmbedMolecule(mol, parameters)
            if variant:
                status = rdForceFieldHelpers.MMFFOptimizeMolecule(mol, variant, maxIters=2000)
                properties = rdForceFieldHelpers.MMFFGetMoleculeProperties(mol, variant)
                field = rdForceFieldHelpers.MMFFGetMoleculeForceField(mol, properties)
            else:
                status = rdForceFieldHelpers.UFFOptimizeMolecule(mol, maxIters=2000)
                field = rdForceFieldHelpers.UFFGetMoleculeForceField(mol)
            assert geometry.energy == pytest.approx(field.CalcEnergy(), abs=1e-6)
            assert geometry.converged == (status == 0)
            np.testing.assert_allclose(
                geometry.coordinates, mol.GetConformer().GetPositions(), atol=1e-6
            )

    def test_too_few_steps_are_recorded(self):
        conformers, _ = embed_shard(
            shard_of("CCCCCCCCCC"), MMFF, 1, SETTINGS.model_copy(update={"max_steps": 2})
        )
        (one,) = iter_molecules(conformers)
        assert not one.converged.any()
        assert set(one.steps.tolist()) == {2}

    def test_without_force_field_there_is_no_energy(self):
        conformers, _ = embed_shard(shard_of("CCO"), ETKDG, 1, SETTINGS)
        (one,) = iter_molecules(conformers)
        assert np.isnan(one.energy).all()
        assert one.converged.all()
        assert set(one.steps.tolist()) == {0}


def minimised(smiles, protocol, **changes):
    """Return the starts of a protocol and what it makes of them."""
    starts = embed(smiles, protocol.start, **changes)
    return starts, embed(smiles, protocol, starts=starts.conformers, **changes)


def with_stock_rdkit(smiles, coordinates, force_field):
    """Return coordinates after minimising them with RDKit, called directly."""
    mol = mol_with_hydrogens(smiles)
    add_conformers(mol, coordinates)
    options = {"maxIters": SETTINGS.max_steps, "ignoreInterfragInteractions": False}
    if force_field == "uff":
        rdForceFieldHelpers.UFFOptimizeMoleculeConfs(mol, **options)
    else:
        variant = FORCE_FIELDS[force_field]
        rdForceFieldHelpers.MMFFOptimizeMoleculeConfs(mol, mmffVariant=variant, **options)
    return {conformer.GetId(): conformer.GetPositions() for conformer in mol.GetConformers()}


@pytest.fixture
def embedded_seeds(monkeypatch):
    """The first random seed of every call that embeds."""
    used = []
    original = rdDistGeom.EmbedMultipleConfs

    def record(mol, count, parameters):
        used.append(parameters.randomSeed)
        return original(mol, count, parameters)

    monkeypatch.setattr(rdDistGeom, "EmbedMultipleConfs", record)
    return used


class TestSharedStarts:
    @pytest.mark.parametrize("force_field", ["mmff", "mmff94s", "uff"])
    @pytest.mark.parametrize("method", sorted(METHODS))
    @pytest.mark.parametrize("smiles", ["CCCCOC(C)=O", MIXTURE])
    def test_protocols_minimise_the_conformers_of_their_method(self, smiles, method, force_field):
        starts, result = minimised(smiles, Protocol(method, force_field))
        expected = with_stock_rdkit(
            smiles, {j: g.coordinates for j, g in starts.conformers.items()}, force_field
        )
        assert list(result.conformers) == list(expected) == list(range(4))
        for index, geometry in result.conformers.items():
            np.testing.assert_array_equal(geometry.coordinates, expected[index])
            assert geometry.method == starts.conformers[index].method

    def test_nothing_sound_is_embedded_again(self, embedded_seeds):
        starts = embed("CCCCO", ETKDG).conformers
        assert len(embedded_seeds) == 1
        assert len(embed("CCCCO", starts=starts).conformers) == 4
        assert len(embedded_seeds) == 1

    @pytest.mark.parametrize("smiles", ["CCCCO", MIXTURE, CYCLOPHANE])
    @pytest.mark.parametrize("protocol", [MMFF, Protocol("dg", "uff")])
    def test_the_result_is_that_of_embedding_and_minimising_at_once(self, smiles, protocol):
        assert_same(minimised(smiles, protocol)[1], embed(smiles, protocol))

    def test_what_minimising_breaks_goes_on_with_the_next_way(self, embedded_seeds):
        changes = {"repeat": 2, "conformers_per_repeat": 20}
        starts = embed(Z_AZOBENZENE, DG_MMFF.start, **changes)
        assert {geometry.method for geometry in starts.conformers.values()} == {"as asked"}
        embedded_seeds.clear()
        result = embed(Z_AZOBENZENE, DG_MMFF, starts=starts.conformers, **changes)
        state = random_state(molecule_id(Z_AZOBENZENE), DG_MMFF, 2)
        assert min(embedded_seeds) >= state + SEEDS_PER_WAY, "the first way is over"
        assert {"as asked", "random coordinates"} <= {g.method for g in result.conformers.values()}
        raw = {j: g.coordinates for j, g in starts.conformers.items()}
        kept = with_stock_rdkit(Z_AZOBENZENE, raw, "mmff")
        for index, geometry in result.conformers.items():
            same = np.array_equal(geometry.coordinates, kept[index])
            assert same == (geometry.method == "as asked")

    def test_more_conformers_keep_the_earlier_ones(self):
        few, many = (minimised(Z_AZOBENZENE, DG_MMFF, conformers_per_repeat=n)[1] for n in (5, 12))
        assert [j for j in many.conformers if j < 5] == list(few.conformers)
        for index, geometry in few.conformers.items():
            np.testing.assert_array_equal(geometry.coordinates, many.conformers[index].coordinates)

    def test_what_has_no_start_is_embedded_and_minimised(self):
        starts = embed("CCCCO", ETKDG).conformers
        some = {index: geometry for index, geometry in starts.items() if index != 2}
        assert_same(embed("CCCCO", starts=some), embed("CCCCO", starts=starts))
        assert_same(embed("CCCCO", starts={}), embed("CCCCO", starts=starts))

    def test_what_a_force_field_repairs_is_not_lost(self, monkeypatch):
        # bonds of half again the length that they should have, which UFF shortens
        original = rdDistGeom.EmbedMultipleConfs

        def inflate(mol, count, parameters):
            original(mol, count, parameters)
            for conformer in mol.GetConformers():
                conformer.SetPositions(1.5 * conformer.GetPositions())
            return [conformer.GetId() for conformer in mol.GetConformers()]

        monkeypatch.setattr(rdDistGeom, "EmbedMultipleConfs", inflate)
        starts, result = minimised("CCO", Protocol("etkdg", "uff"))
        assert starts.failures[None].startswith("a bond is broken")
        assert list(result.conformers) == [0, 1, 2, 3]

    def test_the_start_of_a_later_conformer_changes_no_earlier_one(self, flaky):
        """The pilot needs another way, and only the last conformer could be embedded before."""
        state = random_state(molecule_id(ASPIRIN), DG_MMFF, 1)
        starts = embed(ASPIRIN, DG_MMFF.start, conformers_per_repeat=5).conformers
        flaky({state})
        few = embed(ASPIRIN, DG_MMFF, conformers_per_repeat=3)
        assert [one.method for one in few.conformers.values()] == [
            "random coordinates",
            "as asked",
            "as asked",
        ]
        many = embed(ASPIRIN, DG_MMFF, conformers_per_repeat=5, starts={4: starts[4]})
        first = {index: many.conformers[index] for index in few.conformers}
        assert_same(few, Embedding(first, {}))

    def test_an_error_of_rdkit_costs_one_conformer(self, monkeypatch):
        starts = embed("CCCCO", ETKDG).conformers
        original = rdForceFieldHelpers.MMFFOptimizeMoleculeConfs

        def sometimes_raising(mol, **options):
            places = [conformer.GetPositions() for conformer in mol.GetConformers()]
            if any(np.array_equal(starts[1].coordinates, each) for each in places):
                raise RuntimeError("Invariant\nViolation")
            return original(mol, **options)

        monkeypatch.setattr(rdForceFieldHelpers, "MMFFOptimizeMoleculeConfs", sometimes_raising)
        result = embed("CCCCO", starts=starts)
        assert result.conformers[1].method == "random coordinates"
        assert [result.conformers[j].method for j in (0, 2, 3)] == ["as asked"] * 3

    @pytest.mark.parametrize("force_field", ["mmff", "uff"])
    def test_every_stereoisomer_keeps_its_indices(self, force_field):
        smiles = Chem.CanonSmiles("C[C@H](F)C=CCl")
        changes = {"stereoisomers": 8, "conformers_per_repeat": 3}
        starts, result = minimised(smiles, Protocol("etkdg", force_field), **changes)
        assert [g.isomer for g in starts.conformers.values()] == [1, 2] * 3
        assert list(result.conformers) == list(range(6))
        for index, geometry in result.conformers.items():
            assert geometry.isomer == starts.conformers[index].isomer
            assert stereo_of(smiles, geometry) == stereo_of(smiles, starts.conformers[index])

    def test_an_isomer_that_minimising_breaks_throughout_fails_alone(self, monkeypatch):
        # with nothing but the first way, MMFF turns every Z isomer of azobenzene over
        monkeypatch.setattr(molecule_job, "ways_to_embed", lambda *_: ways_to_embed("dg", 1)[:1])
        smiles = Chem.CanonSmiles("c1ccc(N=Nc2ccccc2)cc1")
        changes = {"stereoisomers": 2, "conformers_per_repeat": 2}
        starts, result = minimised(smiles, DG_MMFF, **changes)
        assert list(starts.conformers) == [0, 1, 2, 3]
        (kept,) = {geometry.isomer for geometry in result.conformers.values()}
        assert sorted([*result.conformers, *result.failures]) == [0, 1, 2, 3]
        assert {j % 2 for j in result.failures} == {2 - kept}

    def test_order_and_company_change_nothing(self):
        def of_shard(*smiles):
            shard = shard_of(*smiles)
            starts, _ = embed_shard(shard, ETKDG, 1, SETTINGS)
            return minimise_shard(shard, starts, MMFF, 1, SETTINGS)[0]

        alone, both = of_shard("CCCCO"), of_shard("CCN", "CCCCO")
        assert both.equals(of_shard("CCCCO", "CCN"))
        (mine,) = (i for i, name in enumerate(both["smiles"].to_pylist()) if name == "CCCCO")
        assert both.slice(mine, 1).equals(alone)

    def test_failures_name_the_rule_and_the_protocol(self):
        shard = shard_of("C[Se]C", "C")
        starts, failures = embed_shard(shard, ETKDG, 3, SETTINGS)
        assert (starts.num_rows, failures.num_rows) == (2, 0)
        conformers, failures = minimise_shard(shard, starts, MMFF, 3, SETTINGS)
        assert check_table(conformers, CONFORMERS)["smiles"].to_pylist() == ["C"]
        assert conformers["steps"].to_pylist() == [[SETTINGS.max_steps] * 4]
        (row,) = check_table(failures, FAILURES).to_pylist()
        assert row["reason"].startswith("MMFF94 has no parameters")
        assert [row[name] for name in ("stage", "molecule", "protocol", "repeat", "conformer")] == [
            *("minimise_conformers", molecule_id("C[Se]C"), "etkdg_mmff", 3, None)
        ]

    def test_starts_of_another_molecule_are_refused(self):
        starts, _ = embed_shard(shard_of("CCO"), ETKDG, 1, SETTINGS)
        place = starts.schema.get_field_index("smiles")
        wrong = starts.set_column(place, starts.schema.field(place), pa.array(["CCN"]))
        with pytest.raises(UserError, match="delete the conformer files"):
            minimise_shard(shard_of("CCN"), wrong, MMFF, 1, SETTINGS)


def in_every_way(seeds):
    """Return the seeds that the later ways use in the place of the first way's repeats."""
    return {seed + SEEDS_PER_WAY * way for seed in seeds for way in range(4)}


def contact_of_components(coordinates, mol):
    """Return the shortest distance between atoms of different components, the slow way."""
    pairs = itertools.combinations(Chem.GetMolFrags(mol), 2)
    return min(
        np.linalg.norm(coordinates[i] - coordinates[j])
        for one, other in pairs
        for i, j in itertools.product(one, other)
    )


class TestMixtures:
    @pytest.mark.parametrize("method", sorted(METHODS))
    @pytest.mark.parametrize("force_field", ["none", "mmff", "uff"])
    def test_components_do_not_overlap(self, method, force_field):
        result = embed(MIXTURE, Protocol(method, force_field))
        assert len(result.conformers) == SETTINGS.conformers_per_repeat
        for geometry in result.conformers.values():
            contact = contact_of_components(geometry.coordinates, mol_with_hydrogens(MIXTURE))
            assert 1.3 < contact < 5.0
            assert np.ptp(geometry.coordinates, axis=0).max() < 20

    def test_ions_attract_each_other_under_mmff(self):
        result = embed("[Cl-].[Na+]")
        for geometry in result.conformers.values():
            first, second = geometry.coordinates
            assert np.linalg.norm(first - second) == pytest.approx(2.4, abs=0.1)

    def test_rdkits_own_way_would_overlap(self):
        mol = mol_with_hydrogens(MIXTURE)
        parameters = rdDistGeom.ETKDGv3()
        parameters.randomSeed = 1
        rdDistGeom.EmbedMolecule(mol, parameters)
        assert contact_of_components(mol.GetConformer().GetPositions(), mol) < 1.1


class TestOverlap:
    @pytest.mark.parametrize(
        ("limit", "reason"),
        [("CLOSEST_CONTACT", "non-bonded atoms are closer"), ("SHORTEST_BOND", "a bond is sh")],
    )
    def test_overlap_is_a_failure(self, monkeypatch, limit, reason):
        monkeypatch.setattr(conformer_check, limit, 100.0)
        result = embed("CCO")
        assert not result.conformers
        assert result.failures[None].startswith(reason)

    def test_a_collapse_that_uff_calls_converged_is_replaced(self):
        # RDKit's minimiser ends this one with two hydrogens at 0.6 Å and 3e11 kcal/mol, converged
        smiles, protocol = "C=CC=C", Protocol("dg", "uff")
        mol = mol_with_hydrogens(smiles)
        parameters = rdDistGeom.DG()
        parameters.randomSeed = random_state(molecule_id(smiles), protocol, 1) + 16 + 1
        rdDistGeom.EmbedMolecule(mol, parameters)
        rdForceFieldHelpers.UFFOptimizeMolecule(mol, maxIters=2000)
        hydrogens = [atom.GetIdx() for atom in mol.GetAtoms() if atom.GetAtomicNum() == 1]
        places = mol.GetConformer().GetPositions()
        pairs = itertools.combinations(hydrogens, 2)
        assert min(np.linalg.norm(places[i] - places[j]) for i, j in pairs) < 1.1
        geometry = embed(smiles, protocol, conformers_per_repeat=17).conformers[16]
        assert geometry.method == "random coordinates"
        assert geometry.energy < 100


class TestFallBacks:
    def test_no_way_repeats_the_seeds_of_another(self, embedded_seeds):
        embed(CYCLOPHANE, ETKDG, conformers_per_repeat=1)
        assert (
            len(set(embedded_seeds)) == 3
        )  # as asked (twice, with few and with all attempts) and two more

    def test_a_cyclophane_needs_no_basic_knowledge(self):
        result = embed(CYCLOPHANE)
        assert len(result.conformers) == 4
        assert {g.method for g in result.conformers.values()} == {
            "random coordinates, no basic knowledge"
        }

    def test_only_methods_with_knowledge_drop_it(self):
        for method in METHODS:
            names = [way.name for way in ways_to_embed(method, 1)]
            assert names[0] == "as asked"
            knows = METHODS[method]().useBasicKnowledge
            assert ("random coordinates, no basic knowledge" in names) == knows
            assert ways_to_embed(method, 2)[0].name == "components together"

    @pytest.mark.parametrize("failing", [{0}, {3}, {1, 2}, {0, 2, 5}, set(range(6))])
    def test_the_failed_ones_are_found_and_fall_back(self, flaky, failing):
        undisturbed = embed("CCCCO", ETKDG, conformers_per_repeat=6)
        state = random_state(molecule_id("CCCCO"), ETKDG, 1)
        flaky({state + i for i in failing})
        result = embed("CCCCO", ETKDG, conformers_per_repeat=6)
        assert list(result.conformers) == list(range(6))
        for index, geometry in result.conformers.items():
            # when the first conformer needs a fall-back, so do the others that failed
            assert geometry.method == ("random coordinates" if index in failing else "as asked")
            same = np.array_equal(geometry.coordinates, undisturbed.conformers[index].coordinates)
            assert same == (index not in failing)

    def test_a_conformer_that_fails_in_every_way_is_recorded_alone(self, flaky):
        state = random_state(molecule_id("CCCCO"), ETKDG, 1)
        flaky(in_every_way({state + 2}), lambda parameters: True)
        result = embed("CCCCO", ETKDG)
        assert list(result.conformers) == [0, 1, 3]
        assert result.failures == {2: "no geometry in 30 attempts"}

    def test_hopeless_molecules_are_given_up_after_the_pilots(self, flaky):
        state = random_state(molecule_id("CCCCO"), ETKDG, 1)
        hopeless = {state + i for i in range(10)} - {state + 7}
        flaky(in_every_way(hopeless), lambda parameters: True)
        few, many = (embed("CCCCO", ETKDG, conformers_per_repeat=n) for n in (5, 9))
        assert not few.conformers
        assert few.failures[None].startswith("no geometry in 30 attempts; tried as asked | ")
        assert list(many.conformers) == [7]
        assert many.failures[8] == "given up because conformers 0 to 2 failed in every way"

    def test_an_error_of_rdkit_costs_one_conformer(self, monkeypatch):
        state = random_state(molecule_id("CCCCO"), ETKDG, 1)
        original = rdDistGeom.EmbedMultipleConfs

        def sometimes_raising(mol, count, parameters):
            seeds = range(parameters.randomSeed, parameters.randomSeed + count)
            if in_every_way({state + 1}) & set(seeds):
                raise RuntimeError("Invariant\nViolation")
            return original(mol, count, parameters)

        monkeypatch.setattr(rdDistGeom, "EmbedMultipleConfs", sometimes_raising)
        result = embed("CCCCO", ETKDG)
        assert list(result.conformers) == [0, 2, 3]
        assert result.failures == {1: "RDKit failed: Invariant Violation"}


class TestFailures:
    @pytest.mark.parametrize(
        ("smiles", "protocol", "lacking"),
        [
            ("C[Se]C", MMFF, "MMFF94 has no parameters"),
            ("[H][H]", MMFF, "MMFF94 has no parameters"),
            ("[Pt]", Protocol("dg", "uff"), "UFF has no parameters"),
        ],
    )
    def test_missing_parameters_are_recorded(self, smiles, protocol, lacking):
        conformers, failures = embed_shard(shard_of(smiles, "C"), protocol, 3, SETTINGS)
        assert conformers["smiles"].to_pylist() == ["C"]
        (row,) = failures.to_pylist()
        assert row["molecule"] == molecule_id(smiles)
        assert (row["stage"], row["protocol"]) == ("embed_conformers", protocol.name)
        assert row["repeat"] == 3
        assert row["conformer"] is None
        assert row["reason"].startswith(lacking)

    @pytest.mark.parametrize("smiles", ["[He]", "[H][H]", "[Pt]", "C[Se]C", "[Cl-].[Na+]", "C"])
    @pytest.mark.parametrize("method", sorted(METHODS))
    def test_the_smallest_things_can_be_embedded(self, smiles, method):
        result = embed(smiles, Protocol(method, "none"))
        assert len(result.conformers) == 4
        assert not result.failures

    def test_endless_molecules_are_bounded(self, monkeypatch):
        def endless(mol, count, parameters):
            while mol.GetNumAtoms() > 10:
                pass
            return original(mol, count, parameters)

        original = rdDistGeom.EmbedMultipleConfs
        monkeypatch.setattr(rdDistGeom, "EmbedMultipleConfs", endless)
        settings = SETTINGS.model_copy(update={"seconds_per_molecule": 1})
        conformers, failures = embed_shard(shard_of("CCCCCC", "C", "CC"), ETKDG, 1, settings)
        assert sorted(conformers["smiles"].to_pylist()) == ["C", "CC"]
        (row,) = failures.to_pylist()
        assert row["molecule"] == molecule_id("CCCCCC")
        assert row["reason"] == "given up after 1 s of processor time"

    def test_compiled_code_is_bounded_too(self):
        wrong_quinine = "C=C[C@H]1C[N@@]2CC[C@H]1C[C@H]2[C@H](O)c1ccnc2ccc(OC)cc12"
        settings = SETTINGS.model_copy(update={"max_attempts": 10**6, "seconds_per_molecule": 1})
        conformers, failures = embed_shard(
            shard_of(Chem.CanonSmiles(wrong_quinine)), ETKDG, 1, settings
        )
        assert conformers.num_rows == 0
        assert failures["reason"].to_pylist() == ["given up after 1 s of processor time"]

    def test_counts_add_up(self):
        conformers, failures = embed_shard(shard_of("C", "CC", "[Pt]"), MMFF, 1, SETTINGS)
        assert conformers.num_rows + failures.num_rows == 3
        check_table(conformers, CONFORMERS)
        check_table(failures, FAILURES)

    def test_an_empty_shard_gives_empty_tables(self):
        conformers, failures = embed_shard(shard_of(), MMFF, 1, SETTINGS)
        assert check_table(conformers, CONFORMERS).num_rows == 0
        assert check_table(failures, FAILURES).num_rows == 0

    def test_every_protocol_that_can_be_configured_is_known(self):
        section = config_schema()["properties"]["embedding"]["properties"]
        words = re.findall(r"[a-z0-9]+", section["protocols"]["items"]["pattern"])
        assert words == [*METHODS, *(name for name in FORCE_FIELDS if name != "none")]


def test_the_start_is_light():
    program = (
        "import sys, confaug.conformers.embedding;"
        "print([m for m in ('pandas', 'mordred', 'sklearn', 'matplotlib') if m in sys.modules])"
    )
    assert run_python(program).strip() == "[]"


def stereo_of(smiles, geometry):
    """Return the SMILES that the coordinates of a conformer stand for."""
    mol = mol_with_hydrogens(smiles)
    conformer = Chem.Conformer(mol.GetNumAtoms())
    for atom, position in enumerate(geometry.coordinates.tolist()):
        conformer.SetAtomPosition(atom, position)
    mol.AddConformer(conformer)
    Chem.AssignStereochemistryFrom3D(mol)
    return Chem.MolToSmiles(Chem.RemoveHs(mol))


class TestStatedStereo:
    def test_mmff_turns_azobenzene_over(self):
        mol = mol_with_hydrogens(Z_AZOBENZENE)
        parameters = rdDistGeom.DG()
        parameters.randomSeed = random_state(molecule_id(Z_AZOBENZENE), DG_MMFF, 1)
        parameters.enableSequentialRandomSeeds = True
        rdDistGeom.EmbedMultipleConfs(mol, 20, parameters)
        rdForceFieldHelpers.MMFFOptimizeMoleculeConfs(mol, maxIters=2000)
        found = []
        for conformer in mol.GetConformers():
            Chem.AssignStereochemistryFrom3D(mol, conformer.GetId())
            found.append(Chem.MolToSmiles(Chem.RemoveHs(mol)))
        assert found.count(Z_AZOBENZENE) < 5

    @pytest.mark.parametrize("force_field", ["none", "mmff", "mmff94s", "uff"])
    @pytest.mark.parametrize("method", ["dg", "kdg", "etkdg"])
    @pytest.mark.parametrize(
        "smiles",
        [
            Z_AZOBENZENE,
            Chem.CanonSmiles("c1ccc2c(c1)CCc1ccccc1/N=N\\2"),
            Chem.CanonSmiles("CC(C)(C)/C=C\\C(C)(C)C"),
            Chem.CanonSmiles("COc1ccccc1[P@@](CC[P@](c1ccccc1)c1ccccc1OC)c1ccccc1"),
        ],
    )
    def test_all_conformers_are_what_the_smiles_states(self, smiles, method, force_field):
        result = embed(smiles, Protocol(method, force_field))
        assert result.conformers
        for geometry in result.conformers.values():
            if "P" in smiles:  # RDKit perceives no phosphines; `test_check` does
                assert not ConformerCheck(mol_with_hydrogens(smiles)).faults(
                    geometry.coordinates[None]
                )[0]
            else:
                assert stereo_of(smiles, geometry) == smiles

    def test_the_next_way_is_tried_and_the_rest_is_recorded(self):
        result = embed(Z_AZOBENZENE, DG_MMFF, repeat=2, conformers_per_repeat=20)
        assert {"as asked", "random coordinates"} <= {
            geometry.method for geometry in result.conformers.values()
        }
        assert len(result.conformers) + len(result.failures) == 20
        assert result.failures
        assert set(result.failures.values()) == {"a double bond differs from the SMILES (E or Z)"}

    def test_more_conformers_keep_the_earlier_ones(self):
        few, many = (embed(Z_AZOBENZENE, DG_MMFF, conformers_per_repeat=n) for n in (5, 12))
        assert [j for j in many.conformers if j < 5] == list(few.conformers)
        for index, geometry in few.conformers.items():
            np.testing.assert_array_equal(geometry.coordinates, many.conformers[index].coordinates)
            assert geometry.method == many.conformers[index].method

    def test_a_double_bond_that_is_left_open_may_turn(self):
        smiles = Chem.CanonSmiles("c1ccc(N=Nc2ccccc2)cc1")
        result = embed(smiles, DG_MMFF)
        assert len(result.conformers) == 4
        assert {geometry.method for geometry in result.conformers.values()} == {"as asked"}

    def test_an_enumerated_isomer_keeps_its_own_stereochemistry(self):
        smiles = Chem.CanonSmiles("c1ccc(N=Nc2ccccc2)cc1")
        result = embed(smiles, DG_MMFF, stereoisomers=2, conformers_per_repeat=6)
        found = {j: stereo_of(smiles, g) for j, g in result.conformers.items()}
        assert len(set(found.values())) == 2
        assert all(text == found[j % 2] for j, text in found.items())


class TestUndefinedStereo:
    @pytest.mark.parametrize("protocol", [ETKDG, Protocol("dg", "uff")])
    @pytest.mark.parametrize(
        ("smiles", "isomers"),
        [
            ("CC(F)Cl", {"C[C@H](F)Cl", "C[C@@H](F)Cl"}),
            ("FC=CF", {"F/C=C/F", "F/C=C\\F"}),
            ("C[C@H](F)C=CCl", {"C[C@H](F)/C=C/Cl", "C[C@H](F)/C=C\\Cl"}),
        ],
    )
    def test_stereoisomers_are_enumerated_as_further_conformers(self, smiles, isomers, protocol):
        result = embed(smiles, protocol, stereoisomers=8, conformers_per_repeat=3)
        assert list(result.conformers) == list(range(6))
        assert not result.failures
        found = [stereo_of(smiles, geometry) for geometry in result.conformers.values()]
        assert set(found[:2]) == isomers
        assert found == found[:2] * 3, "in turn"

    def test_no_more_stereoisomers_than_asked_for(self):
        result = embed("FC(Cl)C(F)Cl", ETKDG, stereoisomers=2, conformers_per_repeat=2)
        assert len(result.conformers) == 4

    def test_more_conformers_keep_the_earlier_ones(self):
        few, many = (embed("CC(F)Cl", stereoisomers=2, conformers_per_repeat=n) for n in (2, 3))
        assert len(many.conformers) == 6
        for index, geometry in few.conformers.items():
            np.testing.assert_array_equal(geometry.coordinates, many.conformers[index].coordinates)

    def test_impossible_stereoisomers_are_passed_over(self):
        bridged = "CC1CC2CCC1C2"  # of eight combinations only four can be bridged
        result = embed(bridged, ETKDG, stereoisomers=8, conformers_per_repeat=1, max_attempts=10)
        assert len({stereo_of(bridged, g) for g in result.conformers.values()}) == 4
        assert len(result.conformers) == 4

    @pytest.mark.parametrize("smiles", ["CCCCO", "C[C@H](F)Cl", "C1CC2CCC1C2"])
    def test_one_possible_stereoisomer_is_embedded_as_ever(self, smiles):
        assert_same(embed(smiles, ETKDG, stereoisomers=8), embed(smiles, ETKDG))

    def test_a_failed_conformer_of_an_isomer_has_its_own_number(self, flaky):
        states = [random_state(f"{molecule_id('CC(F)Cl')} isomer {i}", ETKDG, 1) for i in (0, 1)]
        ways = len(ways_to_embed("etkdg", 1))
        flaky(
            {states[1] + 2 + SEEDS_PER_WAY * way for way in range(ways)},
            factory_has=lambda parameters: True,
        )
        result = embed("CC(F)Cl", ETKDG, stereoisomers=2, conformers_per_repeat=3)
        assert list(result.conformers) == [0, 1, 2, 3, 4]
        assert set(result.failures) == {5}
