"""The loops that are worth compiling, and how they get compiled.

The loops are plain Python in modules by subject (`atom_loops`, `pair_loops`, `path_loops`,
`subgraph_loops`, `longest_paths`, `matrix_loops`, `eigen_loops`, `index_loops`,
`eta_loops`): without numba they
run as they are, slowly, with the same results. `compiled_kernels` compiles each at its first use,
once per machine, and keeps it in a cache on disk. They are compiled without fast-math, so that
results do not depend on the processor, and take nothing from other files, which the cache could
not know.

A graph comes as neighbour lists (see `neighbours.Neighbours`): ``atoms[starts[i] : starts[i + 1]]``
are the neighbours of atom i. What can grow exponentially stops after a number of steps that the
caller gives, and the number of steps made is returned: the same molecule stops at the same step on
every machine.
"""

import logging
from collections.abc import Callable
from functools import cache
from typing import Any

from confaug.descriptors.mordred2d import (
    atom_loops,
    eigen_loops,
    eta_loops,
    index_loops,
    longest_paths,
    matrix_loops,
    pair_loops,
    path_loops,
    subgraph_loops,
)
from confaug.descriptors.mordred3d.kernels import compile_loop

logger = logging.getLogger("confaug")

#: Each loop with the types that it is compiled for.
SIGNATURES: dict[Callable[..., Any], str] = {
    atom_loops.describe_vertices: (
        "void(i8[::1], i8[::1], i8[::1], i8[:,::1], i8[::1], f8[::1], i8[:,::1], f8[:,::1])"
    ),
    atom_loops.find_state_indices: (
        "void(i8[::1], i8[::1], i8[::1], i8[::1], f8[::1], f8[:,::1], f8, f8[::1])"
    ),
    eta_loops.find_eta_indices: ("void(f8[::1], f8[::1], f8[::1], i8, i8, i8, f8[::1])"),
    eta_loops.count_mobile_electrons: (
        "void(i8[::1], i8[:,::1], i8[::1], b1[::1], f8[::1], f8[:,::1])"
    ),
    eta_loops.sum_mobile_electrons: (
        "void(i8[::1], i8[::1], f8[:,::1], f8[::1], f8[:,::1], f8[::1])"
    ),
    eta_loops.find_mean_epsilons: (
        "void(i8[::1], i8[:,::1], i8[::1], i8[::1], f8, f8[::1], f8[::1])"
    ),
    eta_loops.add_hydrogens: "f8(i8[::1], i8[::1], i8[:,::1], f8[::1], f8[:,::1])",
    index_loops.find_degree_indices: "void(f8[:,::1], i8[:,::1], i8[::1], i8[::1], f8[::1])",
    index_loops.find_distance_indices: "void(f8[:,::1], i8[:,::1], i8[::1], f8[::1])",
    index_loops.find_path_descriptors: "void(f8[:,::1], i8, f8[:,::1], f8[::1])",
    index_loops.find_information_content: (
        "void(i8[:,::1], i8[:,::1], f8[::1], i8[::1], f8, f8[:,::1])"
    ),
    index_loops.sum_by_interval: "void(f8[::1], f8[::1], f8[:,::1], f8[:,::1], f8[:,::1])",
    index_loops.find_bertz_complexity: "f8(f8[::1], i8[::1])",
    pair_loops.count_bonds_between: "void(i8[::1], i8[::1], f8, f8[:,::1])",
    pair_loops.correlate_at_distances: "void(f8[:,::1], f8[:,::1], f8[:,::1], f8[:,:,::1])",
    pair_loops.find_topological_charges: "void(f8[:,::1], i8[::1], i8[::1], f8[::1])",
    pair_loops.find_distance_edges: "void(f8[:,::1], i8[::1], i8[::1], f8[::1])",
    pair_loops.sum_over_root_pairs: "UniTuple(f8, 2)(f8[::1], f8[:,::1])",
    pair_loops.classify_by_distances: "void(f8[:,::1], i8, i8[::1])",
    pair_loops.list_connections: "i8(i8[::1], i8[:,::1], f8[::1], i8[::1], f8[::1])",
    path_loops.sum_over_paths: ("i8(i8[::1], i8[::1], f8[::1], f8[:,::1], i8, i8, i8, f8[:,::1])"),
    subgraph_loops.sum_over_subgraphs: (
        "i8(i8[:,::1], i8[::1], i8[::1], f8[:,::1], i8, i8, f8[:,:,::1])"
    ),
    path_loops.sum_over_weighted_paths: "i8(i8[::1], i8[::1], f8, i8, f8[::1])",
    subgraph_loops.hash_neighbourhoods: "void(i8[::1], i8[::1], i8[::1], i8[::1], i8[:,::1])",
    longest_paths.find_blocks: "i8(i8[::1], i8[::1], i8[::1], i8[::1])",
    longest_paths.longest_paths_in_block: ("i8(i8[::1], i8[::1], i8[::1], b1, i8, i8[:,::1])"),
    longest_paths.join_blocks: "void(i8[::1], i8[::1], i8[::1], i8[::1], f8[:,::1])",
    matrix_loops.fill_barysz_matrices: (
        "void(f8[:,::1], f8[::1], i8[:,::1], f8[::1], f8[:,:,::1], b1[::1])"
    ),
    matrix_loops.fill_burden_matrices: (
        "void(f8[:,::1], i8[:,::1], f8[::1], i8[::1], f8[:,:,::1])"
    ),
    eigen_loops.find_spectra: "void(f8[:,:,::1], f8[:,::1], f8[:,::1])",
    matrix_loops.sum_up_spectra: "void(f8[:,::1], f8[:,::1], i8[:,::1], f8[:,::1])",
    matrix_loops.find_walk_counts: "void(i8[::1], i8[::1], f8[::1])",
    matrix_loops.cut_ends: "void(i8[::1], i8[::1], b1[::1], b1[::1])",
}
LOOPS = {function.__name__: function for function in SIGNATURES}


class Kernels:
    """The loops by name, as plain Python or compiled by numba at the first use of each.

    Parameters
    ----------
    numba
        The imported package, or None for plain Python.
    """

    def __init__(self, numba: Any | None) -> None:
        self.numba = numba

    def __getattr__(self, name: str) -> Callable[..., Any]:
        """Return a loop, which stays an attribute from then on."""
        if name not in LOOPS:
            raise AttributeError(name)
        loop = LOOPS[name]
        ready = loop if self.numba is None else compile_loop(self.numba, SIGNATURES[loop], loop)
        setattr(self, name, ready)
        return ready

    def prepare(self) -> None:
        """Make all loops ready, so that no later call takes the time to compile one."""
        for name in LOOPS:
            getattr(self, name)


@cache
def compiled_kernels() -> Kernels | None:
    """Return the compiled loops; None without numba.

    Several processes may compile at the same time: numba writes its cache files under a temporary
    name and renames them. The cache is beside the source or, where that cannot be written, in the
    user's cache folder; where neither can, every process compiles for itself.
    """
    try:
        import numba
    except ImportError:
        logger.info("numba is not installed; the loops run as plain Python, which is slow")
        return None
    return Kernels(numba)


@cache
def plain_kernels() -> Kernels:
    """Return the loops as plain Python."""
    return Kernels(None)
