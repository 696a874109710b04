"""Reacting groups: what is found in a monomer, which bonds change, and where the chain goes on.

A group is a SMARTS pattern with numbered atoms. `ends` names the atoms that are bonded to the next
unit. `breaks` lists bonds that are cut (what comes off with them, such as water or HCl, is the
leaving group), `opens` bonds whose order falls by one, `forms` bonds whose order rises by one. An
end that loses no bond gives up a hydrogen atom instead.

A group with one end joins to one neighbour, so that a monomer needs two of them. A group with two
ends brings its monomer into the chain by itself.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Group:
    """One kind of reacting group.

    Attributes
    ----------
    name
        What a chemist calls it, in the singular.
    smarts
        The pattern; atom maps number the atoms that the other fields speak of.
    ends
        The atoms that are bonded to the neighbouring units: one, or the head and the tail.
    breaks, opens, forms
        Pairs of bonded atoms: bonds that are cut, and those that lose or gain one order.
    becomes
        Pairs of an atom and the atomic number that it changes to: where the other monomer brings
        the atom, but the bonds are already here.
    """

    name: str
    smarts: str
    ends: tuple[int, ...] = (1,)
    breaks: tuple[tuple[int, int], ...] = ()
    opens: tuple[tuple[int, int], ...] = ()
    forms: tuple[tuple[int, int], ...] = ()
    becomes: tuple[tuple[int, int], ...] = ()


# Carbon-carbon double and triple bonds

_BARE_END = "CX3;$([CX3H2]),$([CX3H1][F,Cl]),$([CX3]([F,Cl])[F,Cl])"
_CONJUGATED = "$(C-C=[O,N,S]),$(C-C#N),$(C-c),$(C-[CX3]=[CX3]),$(C-[SX4](=O)=O),$(C-[N+]=O)"
_ON_HETERO_ATOM = "$(C-[#7,#8,#14,#15,#16,F,Cl,Br])"
_ALLYLIC = "$(C-[CX4]-[#7,#8,#16,Cl,Br])"


def _alkene(name: str, tail: str) -> Group:
    return Group(name, f"[{_BARE_END}:1]=[{tail}:2]", ends=(1, 2), opens=((1, 2),))


DIENE = Group(
    "conjugated diene",
    "[CX3;!H0,$(C(F)F):1]=[CX3:3]-[CX3:4]=[CX3;!H0,$(C(F)F):2]",
    ends=(1, 2),
    opens=((1, 3), (4, 2)),
    forms=((3, 4),),
)
CONJUGATED_VINYLIDENE = _alkene("vinylidene", f"CX3;H0;{_CONJUGATED}")
CONJUGATED_VINYL = _alkene("vinyl", f"CX3;H1;{_CONJUGATED}")
HETERO_VINYLIDENE = _alkene("vinylidene", f"CX3;H0;{_ON_HETERO_ATOM}")
HETERO_VINYL = _alkene("vinyl", f"CX3;H1;{_ON_HETERO_ATOM}")
FLUOROETHYLENE = Group(
    "perhalogenated ethylene", "[$(C(F)F):1]=[CX3;!H2:2]", ends=(1, 2), opens=((1, 2),)
)
ETHYLENE = _alkene("vinyl", "CX3;H2")
ALKYL_VINYL = _alkene("vinyl", f"CX3;H1;$(C-[CX4]);!{_ALLYLIC}")
ALKYL_VINYLIDENE = _alkene("vinylidene", f"CX3;H0;$(C(-[CX4])-[CX4]);!{_ALLYLIC}")
ALLYL = _alkene("allyl", f"CX3;{_ALLYLIC}")
VINYLENE = Group(
    "vinylene",
    f"[CX3;H1:1]=[CX3;H1;{_CONJUGATED},{_ON_HETERO_ATOM}:2]",
    ends=(1, 2),
    opens=((1, 2),),
)
BRIDGED_OLEFIN = Group(
    "norbornene or its like",
    "[CX4;x3]-;@[CX3;R;!r6]=;@[CX3;R;!r6:1]-;@[CX4;x3:2]",
    ends=(1, 2),
    breaks=((1, 2),),
)
CYCLIC_OLEFIN = Group(
    "cyclic olefin",
    "[CX4;R]-;@[CX3;R;!r6]=;@[CX3;R;!r6:1]-;@[CX4;R:2]",
    ends=(1, 2),
    breaks=((1, 2),),
)
CYCLIC_OLEFIN_ADDITION = Group(
    "cyclic olefin", "[CX3;H1;R;!r6:1]=;@[CX3;R;!r6:2]", ends=(1, 2), opens=((1, 2),)
)
ALKYNE = Group("1-alkyne", "[CX2;H1:1]#[CX2:2]", ends=(1, 2), opens=((1, 2),))
COUPLING_VINYL = Group("=CH2", "[CX3;H2:1]=[CX3]")

# Carbonyl compounds

_SMALL_ALKOXY = "[$([CH3]),$([CH2][CH3]),$(c1[cH][cH][cH][cH][cH]1)]"

CARBOXYLIC_ACID = Group("carboxylic acid", "[CX3;$(C[#6]):1](=[OX1])-[OX2H1:3]", breaks=((1, 3),))
ACID_CHLORIDE = Group("acid chloride", "[CX3;$(C[#6,#8]):1](=[OX1])-[Cl,Br:3]", breaks=((1, 3),))
ESTER = Group(
    "methyl, ethyl or phenyl ester",
    f"[CX3;!R;$(C[#6]):1](=[OX1])-[OX2:3]-{_SMALL_ALKOXY}",
    breaks=((1, 3),),
)
PHOSGENE = Group(
    "phosgene", "[CX3:1](=[OX1])(-[Cl:3])-[Cl:4]", ends=(1, 1), breaks=((1, 3), (1, 4))
)
CARBONATE = Group(
    "dimethyl, diethyl or diphenyl carbonate",
    f"[CX3;!R:1](=[OX1])(-[OX2:3]-{_SMALL_ALKOXY})-[OX2:4]-{_SMALL_ALKOXY}",
    ends=(1, 1),
    breaks=((1, 3), (1, 4)),
)
CARBON_DIOXIDE = Group("carbon dioxide", "[OX1:3]=[CX2:1]=[OX1]", ends=(1, 1), breaks=((1, 3),))
INSERTED_CARBON_DIOXIDE = Group(
    "carbon dioxide", "[CX2:1](=[OX1:2])=[OX1]", ends=(1, 2), opens=((1, 2),)
)
ISOCYANATE = Group("isocyanate", "[NX2:3]=[CX2:1]=[OX1]", opens=((1, 3),))
OPENED_ISOCYANATE = Group("isocyanate", "[CX2:1](=[NX2:2])=[OX1]", ends=(1, 2), opens=((1, 2),))
ALDEHYDE = Group("aldehyde", "[CX3;H2,$([CX3H1][CX4]):1]=[OX1:2]", ends=(1, 2), opens=((1, 2),))
ANHYDRIDE = Group(
    "cyclic anhydride",
    "[CX3;R](=[OX1])-;@[OX2;R:1]-;@[CX3;R]=[OX1]",
    becomes=((1, 7),),
)
OPENED_ANHYDRIDE = Group(
    "cyclic anhydride",
    "[CX3;R:1](=[OX1])-;@[OX2;R:2]-;@[CX3;R]=[OX1]",
    ends=(1, 2),
    breaks=((1, 2),),
)
ANHYDRIDE_OF_DIACID = Group(
    "cyclic anhydride",
    "[CX3;R:1](=[OX1])-;@[OX2;R:3]-;@[CX3;R:2]=[OX1]",
    ends=(1, 2),
    breaks=((1, 3), (3, 2)),
)

# Nucleophiles

HYDROXYL = Group("hydroxyl", "[OX2H1;$(O[CX4]),$(Oc):1]")
PHENOL = Group("phenol", "[OX2H1;$(Oc):1]")
THIOPHENOL = Group("thiophenol", "[SX2H1;$(Sc):1]")
AMINE = Group("primary amine", "[NX3H2;$(N[CX4]),$(Nc):1]")
SECONDARY_AMINE = Group("secondary amine", "[NX3H1;$(N([CX4,c])[CX4,c]):1]")
AMINE_WITHOUT_NITROGEN = Group("primary amine", "[CX4,c:1]-[NX3H2:3]", breaks=((1, 3),))

# Aryl halides

ARYL_FLUORIDE = Group("aryl fluoride", "[c:1]-[F:3]", breaks=((1, 3),))
ARYL_CHLORIDE = Group("aryl chloride", "[c:1]-[Cl:3]", breaks=((1, 3),))
ARYL_BROMIDE = Group("aryl bromide or iodide", "[c:1]-[Br,I:3]", breaks=((1, 3),))

# Rings that open


def _ring(name: str, smarts: str) -> Group:
    return Group(name, smarts, ends=(1, 2), breaks=((1, 2),))


N_CARBOXYANHYDRIDE = Group(
    "N-carboxyanhydride",
    "[CX3;R:1](=[OX1])-;@[OX2;R:3]-;@[CX3;R:4](=[OX1])-;@[NX3;R:2]",
    ends=(1, 2),
    breaks=((1, 3), (4, 2)),
)
CYCLIC_CARBONATE = _ring("cyclic carbonate", "[CX3;R:1](=[OX1])(-;@[OX2;R])-;@[$([OX2;R][CX4]):2]")
LACTONE = _ring("lactone", "[CX3;R;$(C[#6]):1](=[OX1])-;@[OX2;R;!$(O(C=O)C=O):2]")
LACTAM = _ring("lactam", "[CX3;R;$(C[#6]):1](=[OX1])-;@[NX3;R;!$(N(C=O)[C,S]=O):2]")
OXAZOLINE = Group(
    "cyclic imino ether",
    "[NX2;R:1]=;@[CX3;R:3]-;@[OX2;R:4]-;@[CX4;R:2]",
    ends=(1, 2),
    breaks=((4, 2),),
    opens=((1, 3),),
    forms=((3, 4),),
)
CYCLIC_ACETAL = _ring(
    "cyclic acetal", "[CX4;R;H1,H2;!r6,$(C1OCOCO1):1](-;@[OX2;R])-;@[$([OX2;R][CX4]):2]"
)
EPOXIDE = _ring("epoxide", "[CX4;r3:1]-;@[OX2;r3:2]")
CYCLIC_ETHER = _ring("cyclic ether", "[CX4;R;!r3:1]-;@[OX2;R;!r3;!r6;$(O([CX4])[CX4]):2]")
CYCLIC_SULFIDE = _ring("thiirane or thietane", "[CX4;r3,r4:1]-;@[SX2;r3,r4:2]")
CYCLIC_AMINE = _ring("aziridine or azetidine", "[CX4;r3,r4:1]-;@[NX3;r3,r4;!$(N-[!#6;!#1]):2]")
CYCLIC_SILOXANE = _ring("cyclic siloxane", "[SiX4;R:1]-;@[OX2;R:2]")
CYCLOPHANE = Group(
    "half of a paracyclophane",
    "[CX4H2;R:3]-;@[CX4H2;R:1]-c1ccc(cc1)-[CX4H2;R:2]-;@[CX4H2;R:4]",
    ends=(1, 2),
    breaks=((1, 3), (2, 4)),
)
