"""Descriptors as a step of scikit-learn's pipelines: SMILES in, a matrix of numbers out."""

import os
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, TransformerMixin

from confaug.config.settings.descriptors import DescriptorSettings
from confaug.descriptors.request import Request
from confaug.descriptors.structures import describe_structures
from confaug.errors import UserError
from confaug.infrastructure.parallel import ordered_map
from confaug.learning.conformer_rows import energies_of_one_protocol, nan_mean
from confaug.learning.ensemble_statistics import (
    boltzmann_weights,
    ensemble_statistics,
    statistic_columns,
)
from confaug.learning.rows import Values
from confaug.molecules.smiles_checks import StructureError
from confaug.molecules.structures import molecule_id, read_smiles

#: Molecules that a process describes at a time.
MOLECULES_OF_A_BATCH = 100
UNREADABLE = ("raise", "missing")
#: Puts the descriptors of the conformers of one molecule together, given their energies.
Pool = Callable[[Values, Values], Values]


def _lowest_energy(X: Values, energies: Values) -> Values:
    """Return the conformer of lowest energy; without any energy, the first one."""
    lowest: Values = X[np.argmin(energies)]
    return lowest


def _statistics(X: Values, energies: Values) -> Values:
    """Return the statistics over the conformers, see `ensemble_statistics`."""
    defaults = DescriptorSettings()
    weights = boltzmann_weights(energies, defaults.boltzmann_temperature, defaults.energy_window)
    return ensemble_statistics(X, weights).ravel()


POOLING: dict[str, Pool] = {
    "mean": lambda X, energies: nan_mean(X),
    "lowest_energy": _lowest_energy,
    "ensemble_statistics": _statistics,
}


class DescriptorTransformer(TransformerMixin, BaseEstimator):
    """Describe molecules given as SMILES.

    Nothing is learned from data: the row of a molecule depends on that molecule alone. What is
    undefined is NaN, which an imputer in the pipeline may fill.

    Parameters
    ----------
    kinds
        Kinds of columns of molecules: ``mordred_2d``, ``rdkit_2d``, ``rdkit_2d_per_atom`` and
        ``morgan_counts``, in any combination.
    names
        Names of the descriptors that are wanted; None for all. Of mordred's 2D descriptors, only
        what these need is calculated.
    conformers
        Conformers of each molecule, protocol and repeat, whose 3D descriptors follow the columns of
        the molecule. With 0 there are none.
    protocols, repeats
        How the conformers are made, and how many independent times.
    pooling
        How the conformers of a molecule become one row: ``mean``, ``lowest_energy``, or
        ``ensemble_statistics`` (mean, standard deviation, minimum, maximum and Boltzmann-weighted
        mean). Energies are those of the first protocol that has some.
    unreadable
        What becomes of a text that is no SMILES: ``raise`` an error, or a row of NaN (``missing``).
    n_jobs
        Number of processes, -1 for as many as there are processors. The values do not depend on it.

    Examples
    --------
    >>> describe = DescriptorTransformer(["rdkit_2d"], names=["rdkit_HeavyAtomCount", "rdkit_TPSA"])
    >>> describe.fit_transform(["CCO", "c1ccccc1"])
    array([[ 3.  , 20.23],
           [ 6.  ,  0.  ]])
    """

    def __init__(
        self,
        kinds: Sequence[str] = ("mordred_2d",),
        *,
        names: Sequence[str] | None = None,
        conformers: int = 0,
        protocols: Sequence[str] = ("etkdg_mmff",),
        repeats: int = 1,
        pooling: str = "mean",
        unreadable: str = "raise",
        n_jobs: int | None = None,
    ) -> None:
        self.kinds = kinds
        self.names = names
        self.conformers = conformers
        self.protocols = protocols
        self.repeats = repeats
        self.pooling = pooling
        self.unreadable = unreadable
        self.n_jobs = n_jobs

    def fit(self, X: Any, y: object = None) -> "DescriptorTransformer":
        """Check the parameters and the shape of the input; nothing is learned.

        Raises
        ------
        ValueError
            If a parameter has no meaning, or the input is not one column of texts.
        """
        self._request()
        _texts(X)
        return self

    def transform(self, X: Any) -> Values:
        """Describe molecules.

        Parameters
        ----------
        X
            SMILES: a sequence, an array or a series, or a frame or array of one column.

        Returns
        -------
        ndarray
            float64, one row for each SMILES, columns as by `get_feature_names_out`.

        Raises
        ------
        ValueError
            If a parameter has no meaning, the input is not one column of texts, or a text is no
            SMILES and `unreadable` is ``raise``.
        """
        request, texts = self._request(), _texts(X)
        smiles = [self._read(number, text) for number, text in enumerate(texts)]
        place = {text: number for number, text in enumerate(sorted(set(filter(None, smiles))))}
        values = np.full((len(place) + 1, len(self.get_feature_names_out())), np.nan)
        batches = [
            list(place)[start : start + MOLECULES_OF_A_BATCH]
            for start in range(0, len(place), MOLECULES_OF_A_BATCH)
        ]
        work = partial(describe_pooled, request=request, pooling=self.pooling)
        edge = 0
        for block in ordered_map(work, batches, _processes(self.n_jobs)):
            values[edge : edge + len(block)] = block
            edge += len(block)
        rows: Values = values[[len(place) if text is None else place[text] for text in smiles]]
        return rows

    def get_feature_names_out(self, input_features: object = None) -> NDArray[np.object_]:
        """Return the names of the columns; those of the input do not matter."""
        request = self._request()
        names_3d = list(request.names_3d)
        if self.pooling == "ensemble_statistics":
            names_3d = statistic_columns(names_3d)
        of_molecules = [name for kind in request.kinds for name in request.names_of(kind)]
        return np.array([*of_molecules, *names_3d], dtype=object)

    def _request(self) -> Request:
        """Return what is asked for, after a check of the parameters."""
        for name, given, known in (
            ("pooling", self.pooling, tuple(POOLING)),
            ("unreadable", self.unreadable, UNREADABLE),
        ):
            if given not in known:
                raise ValueError(f"{name} is {given!r}, not one of {', '.join(known)}")
        _processes(self.n_jobs)
        names = None if self.names is None else _listed(self.names)
        kinds, protocols = _listed(self.kinds), _listed(self.protocols)
        try:
            return Request(kinds, self.conformers, protocols, self.repeats, names)
        except UserError as error:
            raise ValueError(str(error)) from None

    def _read(self, number: int, text: object) -> str | None:
        """Return the canonical SMILES of a text, or None for one that cannot be read."""
        try:
            if not isinstance(text, str):
                raise StructureError(f"{text!r} is no text; give a SMILES")
            return read_smiles(text)
        except StructureError as error:
            if self.unreadable == "raise":
                raise ValueError(f"molecule {number} (counted from 0): {error}") from None
            return None

    def __sklearn_is_fitted__(self) -> bool:
        """Tell that there is nothing to fit."""
        return True

    def __sklearn_tags__(self) -> Any:
        """Return what scikit-learn has to know about the input."""
        tags = super().__sklearn_tags__()
        tags.requires_fit = False
        tags.input_tags.string = True
        tags.input_tags.two_d_array = False
        tags.input_tags.one_d_array = True
        tags.input_tags.allow_nan = self.unreadable == "missing"
        return tags


def describe_pooled(smiles: Sequence[str], request: Request, pooling: str) -> Values:
    """Return one row for each structure.

    Parameters
    ----------
    smiles
        Canonical SMILES, each once.
    request
        What is wanted.
    pooling
        A key of `POOLING`.
    """
    table, _ = describe_structures(smiles, request)
    rows: dict[str, list[int]] = {molecule_id(text): [] for text in smiles}
    for place, name in enumerate(table["molecule"].to_pylist()):
        rows[name].append(place)
    of_molecules = _matrix(table, [n for kind in request.kinds for n in request.names_of(kind)])
    first = of_molecules[[places[0] for places in rows.values()]]
    if not request.conformers:
        return first
    X, energies = _matrix(table, request.names_3d), _matrix(table, ["energy"])[:, 0]
    protocols = np.array(table["protocol"].to_pylist(), dtype=object)
    pooled = []
    for places in rows.values():
        comparable = energies_of_one_protocol(
            protocols[places].astype(np.str_), energies[places], request.protocols
        )
        pooled.append(POOLING[pooling](X[places], comparable))
    return np.concatenate([first, np.array(pooled)], axis=1)


def _matrix(table: pa.Table, names: Sequence[str]) -> Values:
    """Return columns of numbers, NaN where a field is empty."""
    columns = [table[name].to_numpy() for name in names]
    return np.stack(columns, axis=1) if columns else np.empty((table.num_rows, 0))


def _texts(X: Any) -> list[object]:
    """Return the texts of a sequence or of one column."""
    if isinstance(X, str):
        raise ValueError("one text was given; give a sequence of SMILES, such as a list")
    values = np.asarray(X, dtype=object)
    if values.ndim == 2 and values.shape[1] == 1:
        values = values[:, 0]
    if values.ndim != 1:
        raise ValueError(f"the input has the shape {values.shape}, not that of one column")
    if not len(values):
        raise ValueError("found 0 samples; give at least one SMILES")
    return list(values)


def _listed(names: str | Sequence[str]) -> tuple[str, ...]:
    """Return names, or the only one."""
    return (names,) if isinstance(names, str) else tuple(names)


def _processes(n_jobs: int | None) -> int:
    """Return the number of processes."""
    if n_jobs is None:
        return 1
    if n_jobs == -1:
        return os.cpu_count() or 1
    if n_jobs < 1:
        raise ValueError(f"n_jobs is {n_jobs}; give a number of processes, or -1 for all")
    return n_jobs
