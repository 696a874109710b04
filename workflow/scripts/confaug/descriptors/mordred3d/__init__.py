"""mordred's 3D descriptors for thousands of conformers of one molecule.

`Mordred3D` is made once per molecule and called with the coordinates of any number of conformers.
Its values are those of `mordredcommunity`, some hundred times as fast: whatever depends on the
topology alone is done once, all conformers go through the same arrays, the surface is sampled only
where it is in doubt (`surface`), the scattering curve follows from one sine and one cosine per pair
(`morse`), and the two loops over points and pairs are compiled (`kernels`) where numba is there.

The modules, from the ground up: `properties` (tabulated atomic properties), `mesh` (the sphere of
sample points), `topology` (what a molecule's conformers share), `surface` and `kernels` (the two
costly quantities), `shapes` (a batch of conformers), one module per descriptor family (`cpsa`,
`geometrical`, `gravitational`, `morse`, `inertia`, `planarity`), `guards`, and `calculator`.

To add a family, write a subclass of `family.Family` in a module of its own: its names, what it
prepares from `topology.Topology`, and its columns from `shapes.Shapes`. List it in
`calculator.FAMILIES`. A quantity that two families need belongs in `shapes`.
"""

from confaug.descriptors.mordred3d.calculator import Mordred3D
from confaug.descriptors.mordred3d.reasons import Reason

__all__ = ["Mordred3D", "Reason"]
