"""mordred's 2D descriptors for batches of molecules.

`Mordred2D` is called with any number of molecules; its values are those of `mordredcommunity`, some
thirty times as fast on one thread. A molecule is read from RDKit once and turned into arrays,
matrices and charges are made once and shared by the families, what enumerates paths or subgraphs is
compiled and bounded by a number of steps in place of a time limit, and nothing is calculated that
no wanted descriptor needs.

The modules, from the ground up: `properties` (of elements), `neighbours` and `graph` (a graph as
arrays), `molecule` (the graphs of a molecule and what families share), `kernels` and the loops that
it compiles (``*_loops``, `longest_paths`), one module per group of families (`autocorrelation`,
`burden`, `counts`, `degrees`, `detour`, `distances`, `estate`, `eta`, `information`,
`molecular_id`, `paths`, `polar_surface`, `rdkit_sums`, `rings`, `spectra`), `missing` and `reasons`
(why a value is NaN), and `calculator`.

To add a family, write a subclass of `family.Family`: its names and its values from
`molecule.Molecule`. List it in `calculator.families`. A quantity that two families need is a
property of `graph.Graph` or a function that is passed to `molecule.Molecule.shared`.
"""

from confaug.descriptors.mordred2d.calculator import Mordred2D
from confaug.descriptors.mordred2d.reasons import Reason

__all__ = ["Mordred2D", "Reason"]
