"""Models in plain words."""

from collections.abc import Iterable, Mapping, Sequence

from confaug.config.settings.variants import Variant

LEARNERS = {
    "constant": "the mean or median of the labels",
    "pls": "partial least squares",
    "ridge": "ridge regression",
    "gaussian_process": "Gaussian process",
    "tanimoto_gaussian_process": "Gaussian process with a Tanimoto kernel",
    "extra_trees": "extremely randomised trees",
    "lightgbm_default": "LightGBM with default settings",
    "lightgbm": "LightGBM",
}
#: Learners that cannot predict beyond the labels that they know.
BOUNDED = ("constant", "extra_trees", "lightgbm_default", "lightgbm")
KINDS = {
    "mordred_2d": "mordred's 2D descriptors",
    "rdkit_2d": "RDKit's 2D descriptors",
    "rdkit_2d_per_atom": "RDKit's 2D descriptors per atom",
    "rdkit_2d_increments": "what a repeat unit adds to RDKit's 2D descriptors",
    "morgan_counts": "Morgan counts",
    "backbone": "descriptors of the polymer backbone",
    "own_columns": "the columns of your own",
    "mordred_2d_as_given": "mordred's 2D descriptors of the structures as given",
    "rdkit_2d_as_given": "RDKit's 2D descriptors of the structures as given",
    "morgan_counts_as_given": "Morgan counts of the structures as given",
    "lowest_energy_3d": "the 3D descriptors of the lowest-energy conformer",
    "mean_3d": "the mean 3D descriptors over conformers",
    "boltzmann_3d": "the Boltzmann-weighted mean 3D descriptors over conformers",
    "ensemble_statistics_3d": "statistics of the 3D descriptors over conformers",
    "distribution_3d": "the distribution of 3D descriptors over conformers",
    "augmented_3d": "the 3D descriptors of every conformer",
    "noise_3d": "noise in place of conformers",
    "duplicated_3d": "copies of the mean 3D descriptors",
}


def representation_in_words(kinds: Sequence[str]) -> str:
    """Say what a representation consists of.

    >>> representation_in_words(["rdkit_2d", "noise_3d"])
    "RDKit's 2D descriptors and noise in place of conformers"
    """
    return listed([KINDS[kind] for kind in kinds])


def stays_within_labels(members: Iterable[Variant]) -> bool:
    """Tell whether a model, alone or as a mean, cannot predict beyond the labels that it knows.

    >>> trees = Variant(representation="rdkit_2d", learner="extra_trees")
    >>> ridge = Variant(representation="rdkit_2d", learner="ridge")
    >>> stays_within_labels([trees]), stays_within_labels([trees, ridge])
    (True, False)
    """
    return all(member.learner in BOUNDED for member in members)


def variant_in_words(variant: Variant) -> str:
    """Say what a variant is.

    >>> variant_in_words(Variant(representation="rdkit_2d", learner="ridge"))
    "ridge regression on RDKit's 2D descriptors"
    """
    learner = LEARNERS[variant.learner]
    if variant.learner == "constant":
        return learner
    return f"{learner} on {representation_in_words(variant.representation)}"


def model_in_words(members: Sequence[str], variants: Mapping[str, Variant]) -> str:
    """Say what a model is, as the beginning of a sentence.

    Parameters
    ----------
    members
        The variants that it averages, or the one that it is.
    variants
        The variants of the study by name.

    Examples
    --------
    >>> variants = {
    ...     "pls_2d": Variant(representation="rdkit_2d", learner="pls"),
    ...     "ridge_2d": Variant(representation="rdkit_2d", learner="ridge"),
    ... }
    >>> model_in_words(["ridge_2d"], variants)
    "Ridge regression on RDKit's 2D descriptors"
    >>> model_in_words(["ridge_2d", "pls_2d"], variants)
    "The mean of ridge regression and partial least squares, all on RDKit's 2D descriptors"
    """
    models = [variants[name] for name in members]
    represented = {one.representation for one in models}
    if len(models) == 1:
        words = variant_in_words(models[0])
    elif len(represented) == 1:
        learners = listed([LEARNERS[one.learner] for one in models])
        words = f"the mean of {learners}, all on {representation_in_words(represented.pop())}"
    else:
        words = f"the mean of {listed([variant_in_words(one) for one in models])}"
    return words[:1].upper() + words[1:]


def listed(names: Sequence[str]) -> str:
    """Join names with commas and a last `and`.

    >>> listed(["a"]), listed(["a", "b", "c"])
    ('a', 'a, b and c')
    """
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))
