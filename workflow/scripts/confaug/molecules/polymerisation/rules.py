"""The table of polymerisation rules.

A rule names one or two kinds of monomer by their reacting groups (see `groups`). The first rule
that fits, from the top, gives the repeat unit; other units that later rules give are reported as
alternatives. Within a rule, the groups of a tuple are tried in their order.

Forms of a rule:

* one group with two ends: chain growth, the group takes the monomer into the chain;
* one group with one end: the monomer couples with itself and needs exactly two such groups;
* two groups with one end each: either two monomers with exactly two of one kind each (AA and BB),
  or one monomer with exactly one of each (AB);
* two groups with two ends each: two monomers that alternate.

Regiochemistry: units are joined head to tail; in AA-BB polymers of two unsymmetrical monomers, in
the order of the monomers' canonical SMILES, with the other orientation as an alternative.
Conjugated dienes add in 1,4, with 1,2 and 3,4 as alternatives. A ring opens at the acyl bond
(lactones, lactams, carbonates), at the least substituted carbon atom (ethers) or at the double
bond (cyclic olefins, metathesis); which of several equal bonds opens makes no difference to the
chain. Cyclic olefins, ethers and acetals in six-membered rings do not open, trioxanes apart: they
have no strain.

Tacticity: stereo centres and double bonds that the polymerisation makes are undefined, that is,
the polymer is atactic and a 1,4-diene is cis or trans. Centres of the monomer keep what they are,
unless one of their bonds is broken. A monomer with more reacting groups than a chain needs makes a
network; such monomers fit no rule of step growth.

References
----------
.. [1] G. Odian, Principles of Polymerization, 4th ed., Wiley, 2004.
.. [2] M. Ohno, Y. Hayashi, Q. Zhang, Y. Kaneko, R. Yoshida, SMiPoly: generation of a
   synthesizable polymer virtual library using rule-based polymerization reactions, J. Chem. Inf.
   Model. 63 (2023) 5539.
"""

from dataclasses import dataclass

from confaug.molecules.polymerisation import groups
from confaug.molecules.polymerisation.groups import Group

#: SMARTS of an amine, which turns an aldehyde into an imine before it polymerises.
_AMINE = "[NX3;H1,H2;!$(N-C=[O,S,N])]"
#: A diisocyanate alone is a monomer whose partner is not given.
_DIISOCYANATE = "[NX2]=C=O.[NX2]=C=O"
#: A dianhydride makes a network with a diol.
_DIANHYDRIDE = "[CX3](=O)-;@[OX2]-;@[CX3]=O.[CX3](=O)-;@[OX2]-;@[CX3]=O"


@dataclass(frozen=True)
class Rule:
    """One way in which monomers become a chain.

    Attributes
    ----------
    name
        What the ledger says.
    first, second
        Groups of the one or two kinds of monomer, the preferred ones first.
    unless
        SMARTS of what a monomer must not contain.
    """

    name: str
    first: tuple[Group, ...]
    second: tuple[Group, ...] = ()
    unless: str = ""


_ACID = (groups.CARBOXYLIC_ACID, groups.ACID_CHLORIDE, groups.ESTER)
_AMINES = (groups.AMINE, groups.SECONDARY_AMINE)
_ALCOHOL = (groups.HYDROXYL,)
_CARBONIC_ACID = (groups.PHOSGENE, groups.CARBONATE)
_HALIDE = (groups.ARYL_FLUORIDE, groups.ARYL_CHLORIDE, groups.ARYL_BROMIDE)
_COUPLING_HALIDE = (groups.ARYL_BROMIDE, groups.ARYL_CHLORIDE)

RULES: tuple[Rule, ...] = (
    # Chain growth through double bonds that electron-poor, aromatic or hetero groups activate.
    Rule("conjugated diene, 1,4-addition", (groups.DIENE,)),
    Rule("vinylidene", (groups.CONJUGATED_VINYLIDENE,)),
    Rule("vinyl", (groups.CONJUGATED_VINYL,)),
    Rule("perhalogenated ethylene", (groups.FLUOROETHYLENE,)),
    Rule("vinylidene", (groups.HETERO_VINYLIDENE,)),
    Rule("vinyl", (groups.ETHYLENE, groups.HETERO_VINYL)),
    Rule("vinylene", (groups.VINYLENE,)),
    # Step growth. With one monomer: amino acids, hydroxy acids and their like.
    Rule("polyamide", _ACID, _AMINES),
    Rule("polyester", _ACID, _ALCOHOL),
    Rule("polyester", (groups.ANHYDRIDE_OF_DIACID,), _ALCOHOL, unless=_DIANHYDRIDE),
    Rule("polycarbonate", _CARBONIC_ACID, _ALCOHOL),
    Rule("polycarbonate", (groups.CARBON_DIOXIDE,), _ALCOHOL),
    Rule("polyurea", _CARBONIC_ACID, _AMINES),
    Rule("polyurea", (groups.ISOCYANATE,), _AMINES),
    Rule("polyurethane", (groups.ISOCYANATE,), _ALCOHOL),
    Rule("polyimide", (groups.ANHYDRIDE,), (groups.AMINE_WITHOUT_NITROGEN,)),
    Rule("poly(aryl ether)", _HALIDE, (groups.PHENOL,)),
    Rule("poly(aryl sulfide)", _HALIDE, (groups.THIOPHENOL,)),
    Rule("poly(arylene vinylene)", _COUPLING_HALIDE, (groups.COUPLING_VINYL,)),
    # Alternating copolymers.
    Rule("polycarbonate", (groups.INSERTED_CARBON_DIOXIDE,), (groups.EPOXIDE,)),
    Rule("polyester", (groups.OPENED_ANHYDRIDE,), (groups.EPOXIDE,)),
    # Ring opening.
    Rule("N-carboxyanhydride", (groups.N_CARBOXYANHYDRIDE,)),
    Rule("cyclic carbonate", (groups.CYCLIC_CARBONATE,)),
    Rule("lactone", (groups.LACTONE,)),
    Rule("lactam", (groups.LACTAM,)),
    Rule("cyclic imino ether", (groups.OXAZOLINE,)),
    Rule("cyclic acetal", (groups.CYCLIC_ACETAL,)),
    Rule("epoxide", (groups.EPOXIDE,)),
    Rule("cyclic ether", (groups.CYCLIC_ETHER,)),
    Rule("cyclic sulfide", (groups.CYCLIC_SULFIDE,)),
    Rule("cyclic amine", (groups.CYCLIC_AMINE,)),
    Rule("cyclic siloxane", (groups.CYCLIC_SILOXANE,)),
    Rule("paracyclophane", (groups.CYCLOPHANE,)),
    Rule("cyclic olefin, metathesis", (groups.BRIDGED_OLEFIN, groups.CYCLIC_OLEFIN)),
    # Double bonds that only alkyl groups carry, and other groups that polymerise less readily.
    Rule("vinyl", (groups.ALKYL_VINYL,)),
    Rule("vinylidene", (groups.ALKYL_VINYLIDENE,)),
    Rule("alkyne", (groups.ALKYNE,)),
    Rule("aldehyde", (groups.ALDEHYDE,), unless=_AMINE),
    Rule("isocyanate", (groups.OPENED_ISOCYANATE,), unless=_DIISOCYANATE),
    Rule("polyarylene", _COUPLING_HALIDE),
    Rule("cyclic olefin, addition", (groups.CYCLIC_OLEFIN_ADDITION,)),
    Rule("allyl", (groups.ALLYL,)),
)

#: Every reacting group of the rules, once.
GROUPS = tuple(dict.fromkeys(group for rule in RULES for group in rule.first + rule.second))
