"""Checks of conformers against RDKit's own perception of stereochemistry and bonds."""

import csv
from pathlib import Path

import numpy as np
import pytest
from rdkit import Chem
from rdkit.Chem import rdDetermineBonds, rdDistGeom, rdForceFieldHelpers, rdMolTransforms

from confaug.conformers import check as conformer_check
from confaug.conformers.check import ConformerCheck, signed_volumes
from confaug.conformers.store import add_conformers
from confaug.molecules.smiles import mol_with_hydrogens, parse_smiles
from confaug.molecules.smiles_checks import StructureError

ROOT = Path(__file__).parents[3]
CENTRE = "a stereo centre differs from the SMILES"
DOUBLE_BOND = "a double bond differs from the SMILES (E or Z)"
MADE = "non-bonded atoms are as close as bonded atoms"

#: Structures by what they are an example of.
STEREO = {
    "azo": r"c1ccc(/N=N\c2ccccc2)cc1 c1ccc(/N=N/c2ccccc2)cc1 CN(C)c1ccc(/N=N\c2ccccc2)cc1 C/N=N\C "
    r"C/N=N/C COC(=O)/N=N\C(=O)OC NC(=S)/N=N\c1ccccc1 C1=C\c2ccccc2/N=N\c2ccccc2/1 "
    r"c1ccc2c(c1)CCc1ccccc1/N=N\2 O=[N+]([O-])c1ccc(/N=N\c2ccccc2)cc1",
    "imines": r"C/C=N/C C/C=N\C [H]/N=C/C [H]/N=C(\C)CC C/C=[N+](/C)CC CC(=O)/N=C/c1ccccc1 "
    r"C/N=C/C=N\C C/C(=N/Nc1ccccc1)C(=O)O [O-]/[N+](=N\c1ccccc1)c1ccccc1 C/C=[N+](/C)[O-]",
    "oximes": r"C/C=N/O C/C=N\O CC/C(C)=N/OC C/C(=N\O)c1ccccc1 CC(/C=N/N)=N\O N/C(=N\O)c1ccccc1",
    "dienes": r"C/C=C/C=C\C C/C=C\C=C\C=C/C C/C=C/C=C=C C/C=C/C#CC",
    "alkenes": r"C/C=C/C(=O)O OC(=O)/C=C\C(=O)O OC(=O)/C=C/C(=O)O C(=C/c1ccccc1)\c1ccccc1 "
    r"F/C(Cl)=C(/Br)I N#C/C(=C\c1ccccc1)C(=O)OC C/C(F)=C(\C)Cl C/C(=C/C(=O)OC)OC "
    r"CC(C)(C)/C=C\C(C)(C)C CC(C)(C)/C=C/C(C)(C)C C/C(c1ccccc1)=C(/C)c1ccccc1",
    "rings": r"C1=C/CCCCCC/1 C1=C\CCCCCC/1 C1CC/C=C/CC/C=C/CC/C=C/C1 C1CC/C=C\CC/C=C/CC1 "
    r"O=C1/C(=C/c2ccccc2)Oc2ccccc12 O=C1Nc2ccccc2/C1=C1/Nc2ccccc2C1=O C/C=C/[C@H]1C[C@@H]1C",
    "macrocycles": r"C[C@H]1CCCCCCCCCCC(=O)O1 C[C@@H]1C/C=C/CCCCCCC(=O)O1 "
    r"O=C1CCCCCC/C=C\CCCCCCC1 C/C1=C\C[C@H](C(C)C)/C=C/C(=C)CC1",
    "carbon": r"C[C@H](F)Cl C[C@@H](F)/C=C/Cl Cl[C@H](Br)F C[C@H](O)C=C=CC [2H][C@H](C)O "
    r"[13CH3][C@H](C)O N[C@@H](C)C(=O)N[C@@H](CO)C(=O)O C[C@@H](O)[C@H](N)C(=O)O "
    r"C[C@@H](C(=O)O)c1ccc(CC(C)C)cc1 CC(C)=C=C(C)[C@H](C)O C[C@H](N)C(=O)O.Cl "
    r"[Na+].C[C@H](O)C(=O)[O-] F[C@@H](Cl)C(=O)O.C/C=C/C(=O)O "
    r"N[C@@H](CS)C(=O)N[C@H](Cc1ccccc1)C(=O)N1CCC[C@H]1C(=O)O",
    "meso": r"C[C@H](O)[C@@H](C)O C[C@H](O)[C@H](C)O O[C@H](C(=O)O)[C@@H](O)C(=O)O "
    r"O[C@H](C(=O)O)[C@H](O)C(=O)O C[C@H]1O[C@@H]1C C[C@@H]1O[C@@H]1C C[C@H]1CC[C@@H](C)CC1 "
    r"C[C@H]1CC[C@H](C)CC1 C[C@H]1C[C@@H](C)C1 F[C@H]1[C@@H](F)[C@H]1Cl",
    "cages": r"C[C@]12CC[C@H](C1)C(C)(C)C2=O OC[C@H]1O[C@@H](O)[C@H](O)[C@@H](O)[C@@H]1O "
    r"CC(=O)N[C@@H]1[C@@H](O)[C@H](O)[C@@H](CO)O[C@H]1O "
    r"C[C@]12CC[C@H]3[C@@H](CCc4cc(O)ccc34)[C@@H]1CC[C@@H]2O "
    r"CN1CC[C@]23c4c5ccc(O)c4O[C@H]2[C@@H](O)C=C[C@H]3[C@H]1C5",
    "spiro": r"O=C1CC[C@@]2(CCCCO2)C1 C1CCO[C@]2(C1)CCCO2 C[C@H]1CC[C@@]2(C1)C[C@H](C)CO2",
    "sulfur": r"C[S@](=O)c1ccccc1 C[S@@](=O)CC C[S@@](=N)(=O)c1ccccc1 "
    r"C[S@+](CC)CCC O=[S@]1CCO[C@@H](C)C1 C[Se@](=O)CC",
    "phosphorus": r"C[P@@](=O)(OC)c1ccccc1 C[P@@](=S)(OC)SC CCO[P@](=O)(F)C C[P@](CC)(=O)O",
    "ammonium": r"CC[N@+](C)(CC=C)Cc1ccccc1 C[N@@+]1(CC=C)CCC[C@H]1C C[N@+]([O-])(CC)c1ccccc1",
    "others": r"C[Si@H](CC)c1ccccc1 C[Si@](F)(CC)c1ccccc1 C[Ge@](CC)(CCC)c1ccccc1 "
    r"CC[B@-](C)(F)c1ccccc1",
}
#: Centres with a lone pair whose handedness RDKit does not perceive from coordinates.
LONE_PAIRS = [
    "CC[P@](C)c1ccccc1",
    "COc1ccccc1[P@@](CC[P@](c1ccccc1)c1ccccc1OC)c1ccccc1",
    "C[As@](CC)c1ccccc1",
    "C[N@]1C[C@@H]1C",
    "C1C[N@]2CC[C@H]1C2",
    "CC[S@](=N)C",
]
#: Close contacts, long bonds and unusual elements, all of them as they ought to be.
UNUSUAL = (
    "C1CC2=CC=C(CCC3=CC=C1C=C3)C=C2 C1Cc2cccc(c2)CCc2cccc1c2 C1C2CC3CC1CC(C2)C3 "
    "C12C3C4C1C5C2C3C45 C1C2CC1C2 C12C3C1C23 C1CC2(C1)CC2 C1CC1 C[Si]1(C)O[Si](C)(C)O1 "
    "C[Si](C)(C)C C[Si](C)(C)[Si](C)(C)C CB(O)O BrB(Br)Br C1CCC2CCCC1B2 [BH3-][NH3+] P12P3P1P23 "
    "S1SSSSSSS1 CSSC C1CS1 C[Sn](C)(C)C C[Hg]C C[Al](C)C [Li]CCCC C[Mg]Br Cl[Pt](Cl)(N)N C[Se]C "
    "Cl[Ti](Cl)(Cl)Cl c1ccc(I)cc1 I[I-]I [Na+].[Cl-] F.[F-] [NH4+].[Cl-] CC(=O)O.CC(=O)O [H][H] "
    "c1ccc(C(c2ccccc2)(c2ccccc2)C(c2ccccc2)(c2ccccc2)c2ccccc2)cc1 CC(C)(C)C(C(C)(C)C)C(C)(C)C "
    "F[B-](F)(F)F.CCCCn1cc[n+](C)c1 [CH-]1C=CC=C1.[CH-]1C=CC=C1.[Fe+2] CS(C)(=O)=O N#N"
)
EXAMPLES = [smiles for texts in STEREO.values() for smiles in texts.split()]


def embedded(smiles, force_field, count=4, knowing=True):
    """Return a molecule with conformers straight from RDKit, or None without parameters."""
    mol = mol_with_hydrogens(smiles)
    known = {
        "none": lambda mol: True,
        "mmff": rdForceFieldHelpers.MMFFHasAllMoleculeParams,
        "uff": rdForceFieldHelpers.UFFHasAllMoleculeParams,
    }
    if not known[force_field](mol):
        return None
    parameters = rdDistGeom.ETKDGv3() if knowing else rdDistGeom.DG()
    parameters.randomSeed = 11
    parameters.maxIterations = 30
    if "." in smiles:
        parameters.useRandomCoords, parameters.embedFragmentsSeparately = True, False
    if not rdDistGeom.EmbedMultipleConfs(mol, count, parameters):
        parameters.useBasicKnowledge, parameters.useRandomCoords = False, True
        rdDistGeom.EmbedMultipleConfs(mol, count, parameters)
    limits = {"maxIters": 2000, "ignoreInterfragInteractions": False}
    if force_field == "mmff":
        rdForceFieldHelpers.MMFFOptimizeMoleculeConfs(mol, **limits)
    elif force_field == "uff":
        rdForceFieldHelpers.UFFOptimizeMoleculeConfs(mol, **limits)
    return mol


def places(mol):
    return np.stack([conformer.GetPositions() for conformer in mol.GetConformers()])


def perceived(mol, conformer):
    """Return the SMILES that RDKit reads from coordinates where the molecule states stereo."""
    copy = Chem.Mol(mol, confId=conformer)
    Chem.AssignStereochemistryFrom3D(copy, conformer)
    for atom, stated in zip(copy.GetAtoms(), mol.GetAtoms(), strict=True):
        if stated.GetChiralTag() == Chem.ChiralType.CHI_UNSPECIFIED:
            atom.SetChiralTag(Chem.ChiralType.CHI_UNSPECIFIED)
    for bond, stated in zip(copy.GetBonds(), mol.GetBonds(), strict=True):
        if stated.GetStereo() == Chem.BondStereo.STEREONONE:
            bond.SetStereo(Chem.BondStereo.STEREONONE)
    return Chem.MolToSmiles(Chem.RemoveHs(copy))


def stereo_faults(mol):
    return [fault in (CENTRE, DOUBLE_BOND) for fault in ConformerCheck(mol).faults(places(mol))]


class TestStereochemistry:
    def test_there_are_enough_examples(self):
        assert len(set(EXAMPLES)) >= 100

    @pytest.mark.parametrize("kind", STEREO)
    @pytest.mark.parametrize("force_field", ["none", "mmff", "uff"])
    @pytest.mark.parametrize("knowing", [True, False])
    def test_agrees_with_rdkit(self, kind, force_field, knowing):
        for smiles in STEREO[kind].split():
            mol = embedded(Chem.CanonSmiles(smiles), force_field, knowing=knowing)
            if mol is None:
                continue
            stated = Chem.MolToSmiles(Chem.RemoveHs(mol))
            reference = [perceived(mol, c.GetId()) != stated for c in mol.GetConformers()]
            assert stereo_faults(mol) == reference, smiles

    @pytest.mark.parametrize("smiles", [s for s in EXAMPLES if "@" in s] + LONE_PAIRS)
    def test_mirror_images_are_told_apart(self, smiles):
        mol = embedded(smiles, "none")
        check = ConformerCheck(mol)
        assert check.faults(places(mol)) == [None] * mol.GetNumConformers()
        assert check.faults(places(mol) * [1, 1, -1]) == [CENTRE] * mol.GetNumConformers()

    @pytest.mark.parametrize("smiles", ["C/N=N\\C", "C/N=N/C", "C/C=C/C(=O)O", "C/C(F)=C(\\C)Cl"])
    def test_turned_double_bonds_are_told_apart(self, smiles):
        mol = embedded(smiles, "none", count=1)
        check = ConformerCheck(mol)
        (row,) = check.double_bonds.tolist()
        stated = rdMolTransforms.GetDihedralDeg(mol.GetConformer(), *row)
        for turn, fault in ((0, None), (60, None), (120, DOUBLE_BOND), (180, DOUBLE_BOND)):
            rdMolTransforms.SetDihedralDeg(mol.GetConformer(), *row, stated + turn)
            assert check.faults(places(mol)) == [fault], turn

    def test_a_lone_pair_is_the_place_of_a_fourth_ligand(self):
        # The same phosphine with a proton where its lone pair is, as RDKit perceives it.
        mol = embedded("CC[P@](C)c1ccccc1", "none")
        (phosphorus,) = (a.GetIdx() for a in mol.GetAtoms() if a.GetSymbol() == "P")
        around = [a.GetIdx() for a in mol.GetAtomWithIdx(phosphorus).GetNeighbors()]
        for number, coordinates in enumerate(places(mol)):
            arms = coordinates[around] - coordinates[phosphorus]
            arms = arms / np.linalg.norm(arms, axis=1, keepdims=True)
            protonated = Chem.RWMol(mol)
            protonated.GetAtomWithIdx(phosphorus).SetFormalCharge(1)
            hydrogen = protonated.AddAtom(Chem.Atom(1))
            protonated.AddBond(phosphorus, hydrogen, Chem.BondType.SINGLE)
            place = coordinates[phosphorus] - 1.4 * arms.sum(axis=0)
            add_conformers(protonated, {number: np.vstack([coordinates, place])})
            Chem.SanitizeMol(protonated)
            stated = Chem.MolToSmiles(Chem.RemoveHs(protonated))
            Chem.AssignStereochemistryFrom3D(protonated, number)
            assert Chem.MolToSmiles(Chem.RemoveHs(protonated)) == stated
        assert stereo_faults(mol) == [False] * mol.GetNumConformers()

    def test_flat_centres_count_as_lost(self):
        mol = embedded("C[C@H](F)Cl", "none", count=1)
        centre = ConformerCheck(mol).centres[0].tolist()
        flat = places(mol)
        flat[0, centre, 2] = 0
        assert abs(signed_volumes(flat, np.array([centre]))[0, 0]) < 1e-9
        assert stereo_faults_of(mol, flat)

    def test_what_is_left_open_is_not_checked(self):
        for smiles in ("CC(F)Cl", "FC=CF", "CN=NC", "CS(=O)CC"):
            mol = embedded(smiles, "none")
            assert ConformerCheck(mol).faults(places(mol) * [1, 1, -1]) == [None] * 4


def stereo_faults_of(mol, coordinates):
    """Return whether a stereo fault is found in each of some coordinates, distances apart."""
    check = ConformerCheck(mol)
    return [wrong.any() for _, wrong in check._wrong_stereo(coordinates)] == [True]


class TestConnectivity:
    @pytest.mark.parametrize("smiles", UNUSUAL.split())
    @pytest.mark.parametrize("force_field", ["none", "mmff", "uff"])
    def test_good_conformers_pass(self, smiles, force_field):
        mol = embedded(smiles, force_field)
        if mol is not None:
            assert ConformerCheck(mol).faults(places(mol)) == [None] * mol.GetNumConformers()

    def test_conformers_of_the_bundled_polymers_pass(self):
        with (ROOT / "resources" / "polymer_tg.csv").open(encoding="utf-8") as file:
            fields = {row["smiles"] for row in csv.DictReader(file)}
        passed = 0
        for field in sorted(fields):
            try:
                smiles = Chem.MolToSmiles(parse_smiles(field))
            except StructureError:
                continue
            for knowing in (True, False):
                mol = embedded(smiles, "none", 2, knowing)
                assert set(ConformerCheck(mol).faults(places(mol))) == {None}, smiles
            passed += 1
        assert passed >= 223

    @pytest.mark.parametrize("kind", STEREO)
    def test_agrees_with_the_bonds_that_rdkit_sees(self, kind):
        for smiles in STEREO[kind].split():
            mol = embedded(smiles, "uff", count=2)
            bonded = Chem.GetAdjacencyMatrix(mol)
            check, start = ConformerCheck(mol), places(mol)
            variants = {
                "as it is": start,
                "stretched": start * 1.6,
                "crushed": start * 0.6,
                "torn": start + 2.5 * (np.arange(start.shape[1]) == start.shape[1] - 1)[:, None],
            }
            for name, coordinates in variants.items():
                seen = [(bonds_seen(mol, one) != bonded).any() for one in coordinates]
                assert seen == [name != "as it is"] * len(start), (smiles, name)
                faults = check.faults(coordinates)
                found = [fault not in (None, CENTRE, DOUBLE_BOND) for fault in faults]
                assert found == seen, (smiles, name)

    def test_moved_atoms_make_and_break_bonds(self):
        mol = embedded("CCCCCC", "none", count=1)
        check, straight = ConformerCheck(mol), places(mol)
        away, onto = straight.copy(), straight.copy()
        away[0, 0] += 3
        onto[0, 5] = (
            onto[0, 0] + (onto[0, 5] - onto[0, 0]) / np.linalg.norm(onto[0, 5] - onto[0, 0]) * 1.55
        )
        assert check.faults(np.concatenate([straight, away, onto]))[:2] == [
            None,
            "a bond is broken",
        ]
        assert check.faults(onto)[0] is not None
        lonely = ConformerCheck(Chem.MolFromSmiles("C.C"))
        apart = np.array([[[0, 0, 0], [0, 0, d]] for d in (1.0, 1.5, 3.0)])
        assert lonely.faults(apart) == ["non-bonded atoms are closer than 1.1 Å", MADE, None]

    def test_ions_of_metals_may_touch(self):
        check = ConformerCheck(Chem.MolFromSmiles("[Na+].[Cl-]"))
        assert check.faults(np.array([[[0, 0, 0], [0, 0, 2.4]]])) == [None]

    def test_blocks_of_conformers_change_nothing(self, monkeypatch):
        mol = embedded("C[C@H](F)CC", "none", count=6)
        coordinates = places(mol)
        coordinates[2] *= 1.6
        coordinates[4, :, 0] *= -1
        check = ConformerCheck(mol)
        whole = check.faults(coordinates)
        assert whole == [None, None, "a bond is broken", None, CENTRE, None]
        monkeypatch.setattr(conformer_check, "AT_A_TIME", 1)
        assert check.faults(coordinates) == whole


def bonds_seen(mol, coordinates):
    """Return the adjacency matrix that RDKit makes of elements and coordinates alone."""
    bare = Chem.RWMol()
    for atom in mol.GetAtoms():
        bare.AddAtom(Chem.Atom(atom.GetAtomicNum()))
    add_conformers(bare, {0: coordinates})
    rdDetermineBonds.DetermineConnectivity(bare, useVdw=False)
    return Chem.GetAdjacencyMatrix(bare)
