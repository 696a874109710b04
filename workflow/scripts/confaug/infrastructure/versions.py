"""Packages whose release can change results: which they are, and which version is installed."""

from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version

#: Packages that make conformers and descriptors. A model predicts new molecules only with the
#: versions that described its training molecules, unless the user accepts others.
CHEMISTRY = ("mordredcommunity", "rdkit")
#: Packages that the predictions of a model depend on; its bundle records their versions.
MODEL = ("lightgbm", *CHEMISTRY, "numpy")
#: Packages that results depend on; rules run again when the version of one of them changes.
DECISIVE = tuple(sorted((*MODEL, "bayesian-optimization", "numba", "scikit-learn", "scipy")))
#: Packages that the report lists.
REPORTED = (
    "snakemake",
    "rdkit",
    "mordredcommunity",
    "lightgbm",
    "bayesian-optimization",
    "scikit-learn",
    "numpy",
    "scipy",
    "numba",
    "pandas",
    "pyarrow",
    "matplotlib",
)


def installed_versions(packages: Iterable[str]) -> dict[str, str]:
    """Return the versions of some packages by name; those that are not installed are left out.

    With one conda environment per rule, the interpreter that reads the Snakefile lacks some of
    them. Snakemake itself notices a change of such an environment.

    Examples
    --------
    >>> list(installed_versions(["numpy", "no-such-package"]))
    ['numpy']
    """
    versions = {}
    for name in packages:
        try:
            versions[name] = version(name)
        except PackageNotFoundError:
            continue
    return versions
