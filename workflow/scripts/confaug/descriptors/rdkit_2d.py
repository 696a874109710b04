"""RDKit's own 2D descriptors, once per molecule and within a limit of processor time.

The 217 descriptors are those of ``rdkit.Chem.Descriptors.descList``: constitution, connectivity
and shape indices, partition coefficient and molar refractivity (Wildman and Crippen), polar surface
area (Ertl), partial charges (Gasteiger and Marsili), surface areas by property (Labute), and counts
of rings, hydrogen-bond donors and acceptors and functional groups. There are far fewer of them than
of mordred's. Their names begin with ``rdkit_``, because some have namesakes in mordred with other
values.

Some need care:

* Partial charges have no parameters for many metals and heavier main-group elements, nor for open
  ends (``*``). The four extreme charges are then NaN, and with them all eight BCUT2D descriptors,
  which RDKit calculates together.
* The information content of the characteristic polynomial, Ipc and AvgIpc, is calculated here
  from exact integers. RDKit's floating-point recursion loses all digits beyond some 80 atoms (for
  the linear alkane of 120 carbon atoms it gives an AvgIpc of 1.40 instead of 3.76), and takes a
  minute for 1000 atoms. Ipc grows exponentially with the size of the molecule.
* SPS divides by the number of heavy atoms, and is NaN without any.
* qed is a weighted geometric mean, whose last digit would depend on the version of Python: RDKit
  is made to add its logarithms in order (see `sum_in_order`).

Definitions change between releases of RDKit. Values are therefore comparable within one release
only.

Landrum et al., RDKit: Open-source cheminformatics, https://www.rdkit.org. qed: Bickerton et al.,
Nat. Chem. 2012, 4, 90. Ipc: Bonchev and Trinajstić, J. Chem. Phys. 1977, 67, 4517.
"""

import math
import warnings
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa
from rdkit import Chem

from confaug.descriptors.characteristic_polynomial import information_content
from confaug.descriptors.per_molecule import Described, DescriptorSet, describe_molecules
from confaug.infrastructure.sums import sum_in_order
from confaug.tables.descriptors import RDKIT_2D

PREFIX = "rdkit_"
INFORMATION = ("AvgIpc", "Ipc")
BCUT = tuple(
    f"BCUT2D_{end}"
    for end in ("MWHI", "MWLOW", "CHGHI", "CHGLO", "LOGPHI", "LOGPLOW", "MRHI", "MRLOW")
)
OTHERS = tuple(
    """
MaxAbsEStateIndex MaxEStateIndex MinAbsEStateIndex MinEStateIndex qed SPS MolWt HeavyAtomMolWt
ExactMolWt NumValenceElectrons NumRadicalElectrons MaxPartialCharge MinPartialCharge
MaxAbsPartialCharge MinAbsPartialCharge FpDensityMorgan1 FpDensityMorgan2 FpDensityMorgan3 BalabanJ
BertzCT Chi0 Chi0n Chi0v Chi1 Chi1n Chi1v Chi2n Chi2v Chi3n Chi3v Chi4n Chi4v HallKierAlpha Kappa1
Kappa2 Kappa3 LabuteASA PEOE_VSA1 PEOE_VSA10 PEOE_VSA11 PEOE_VSA12 PEOE_VSA13 PEOE_VSA14 PEOE_VSA2
PEOE_VSA3 PEOE_VSA4 PEOE_VSA5 PEOE_VSA6 PEOE_VSA7 PEOE_VSA8 PEOE_VSA9 SMR_VSA1 SMR_VSA10 SMR_VSA2
SMR_VSA3 SMR_VSA4 SMR_VSA5 SMR_VSA6 SMR_VSA7 SMR_VSA8 SMR_VSA9 SlogP_VSA1 SlogP_VSA10 SlogP_VSA11
SlogP_VSA12 SlogP_VSA2 SlogP_VSA3 SlogP_VSA4 SlogP_VSA5 SlogP_VSA6 SlogP_VSA7 SlogP_VSA8 SlogP_VSA9
TPSA EState_VSA1 EState_VSA10 EState_VSA11 EState_VSA2 EState_VSA3 EState_VSA4 EState_VSA5
EState_VSA6 EState_VSA7 EState_VSA8 EState_VSA9 VSA_EState1 VSA_EState10 VSA_EState2 VSA_EState3
VSA_EState4 VSA_EState5 VSA_EState6 VSA_EState7 VSA_EState8 VSA_EState9 FractionCSP3 HeavyAtomCount
NHOHCount NOCount NumAliphaticCarbocycles NumAliphaticHeterocycles NumAliphaticRings NumAmideBonds
NumAromaticCarbocycles NumAromaticHeterocycles NumAromaticRings NumAtomStereoCenters
NumBridgeheadAtoms NumHAcceptors NumHDonors NumHeteroatoms NumHeterocycles NumRotatableBonds
NumSaturatedCarbocycles NumSaturatedHeterocycles NumSaturatedRings NumSpiroAtoms
NumUnspecifiedAtomStereoCenters Phi RingCount MolLogP MolMR fr_Al_COO fr_Al_OH fr_Al_OH_noTert
fr_ArN fr_Ar_COO fr_Ar_N fr_Ar_NH fr_Ar_OH fr_COO fr_COO2 fr_C_O fr_C_O_noCOO fr_C_S fr_HOCCN
fr_Imine fr_NH0 fr_NH1 fr_NH2 fr_N_O fr_Ndealkylation1 fr_Ndealkylation2 fr_Nhpyrrole fr_SH
fr_aldehyde fr_alkyl_carbamate fr_alkyl_halide fr_allylic_oxid fr_amide fr_amidine fr_aniline
fr_aryl_methyl fr_azide fr_azo fr_barbitur fr_benzene fr_benzodiazepine fr_bicyclic fr_diazo
fr_dihydropyridine fr_epoxide fr_ester fr_ether fr_furan fr_guanido fr_halogen fr_hdrzine fr_hdrzone
fr_imidazole fr_imide fr_isocyan fr_isothiocyan fr_ketone fr_ketone_Topliss fr_lactam fr_lactone
fr_methoxy fr_morpholine fr_nitrile fr_nitro fr_nitro_arom fr_nitro_arom_nonortho fr_nitroso
fr_oxazole fr_oxime fr_para_hydroxylation fr_phenol fr_phenol_noOrthoHbond fr_phos_acid
fr_phos_ester fr_piperdine fr_piperzine fr_priamide fr_prisulfonamd fr_pyridine fr_quatN fr_sulfide
fr_sulfonamd fr_sulfone fr_term_acetylene fr_tetrazole fr_thiazole fr_thiocyan fr_thiophene
fr_unbrch_alkane fr_urea
""".split()  # noqa: SIM905 (a list literal of 207 lines would not be read)
)
#: What can take long in large molecules is calculated apart from the rest.
FAMILIES: Mapping[str, tuple[str, ...]] = {
    family: tuple(PREFIX + name for name in names)
    for family, names in (("others", OTHERS), ("BCUT2D", BCUT), ("Ipc", INFORMATION))
}
#: The 217 descriptors, in the order of the columns.
NAMES_RDKIT = tuple(name for names in FAMILIES.values() for name in names)


def describe_shard_rdkit(shard: pa.Table, seconds: float) -> tuple[pa.Table, pa.Table]:
    """Calculate RDKit's 2D descriptors of the molecules of one shard.

    Parameters
    ----------
    shard
        SHARD table.
    seconds
        Processor time for each molecule, shared out equally to the families.

    Returns
    -------
    descriptors : pyarrow.Table
        RDKIT_2D, sorted by molecule, columns as `NAMES_RDKIT`. Undefined and infinite values are
        NaN.
    failures : pyarrow.Table
        FAILURES; one row for each reason why descriptors of a molecule are missing.
    """
    prepare()
    return describe_molecules(DESCRIPTORS, shard, seconds)


def prepare() -> None:
    """Import RDKit's descriptors: once, before children are forked."""
    _functions()


@cache
def _functions() -> dict[str, Callable[[Chem.Mol], Any]]:
    """Return the function of every descriptor by its name; importing them takes a second."""
    from rdkit.Chem import QED, Descriptors

    vars(QED)["sum"] = sum_in_order
    return dict(Descriptors.descList) | {
        "AvgIpc": lambda mol: information_content(mol)[0],
        "Ipc": lambda mol: math.prod(information_content(mol)),
    }


def describe_family(mol: Chem.Mol, family: str) -> Described:
    """Calculate the descriptors of one of the `FAMILIES`, and list those that are undefined."""
    values: list[float] = []
    missing: dict[str, list[str]] = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # divisions by zero and the like become NaN
        for name in FAMILIES[family]:
            try:
                value = float(_functions()[name.removeprefix(PREFIX)](mol))
                reason = "" if math.isfinite(value) else "undefined for this structure"
            except Exception as error:  # RDKit raises what it likes; the others go on
                value, reason = math.nan, f"{type(error).__name__}: {error}"
            values.append(value)
            if reason:
                missing.setdefault(reason, []).append(name)
    return Described(np.array(values), tuple(f"{', '.join(n)}: {r}" for r, n in missing.items()))


DESCRIPTORS = DescriptorSet(RDKIT_2D, FAMILIES, describe_family)
