"""Models in plain words."""

from collections.abc import Mapping, Sequence

from confaug.config.settings.variants import Variant

LEARNERS = {
    "constant": "the mean or median of the labels",
    "pls": "partial least squares",
    "ridge": "ridge regression",
    "gaussian_process": "Gaussian process",
    "extra_trees": "extremely randomised trees",
    "lightgbm_default": "LightGBM with default settings",
    "lightgbm": "LightGBM",
}
REPRESENTATIONS = {
    "2d": "2D descriptors",
    "lowest_energy": "2D descriptors and the 3D ones of the lowest-energy conformer",
    "mean_pooled": "2D descriptors and the mean 3D ones over conformers",
    "distribution": "the distribution of 3D descriptors over conformers",
    "augmented_3d": "the 3D descriptors of every conformer",
    "augmented_2d_3d": "2D descriptors and the 3D ones of every conformer",
    "gaussian_noise": "2D descriptors and noise in place of conformers",
    "duplicated": "2D descriptors and copies of the mean 3D ones",
}


def variant_in_words(variant: Variant) -> str:
    """Say what a variant is.

    >>> variant_in_words(Variant(representation="2d", learner="ridge"))
    'ridge regression on 2D descriptors'
    """
    learner = LEARNERS[variant.learner]
    if variant.learner == "constant":
        return learner
    return f"{learner} on {REPRESENTATIONS[variant.representation]}"


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
    ...     "pls_2d": Variant(representation="2d", learner="pls"),
    ...     "ridge_2d": Variant(representation="2d", learner="ridge"),
    ... }
    >>> model_in_words(["ridge_2d"], variants)
    'Ridge regression on 2D descriptors'
    >>> model_in_words(["ridge_2d", "pls_2d"], variants)
    'The mean of ridge regression and partial least squares, all on 2D descriptors'
    """
    models = [variants[name] for name in members]
    represented = {one.representation for one in models}
    if len(models) == 1:
        words = variant_in_words(models[0])
    elif len(represented) == 1:
        learners = listed([LEARNERS[one.learner] for one in models])
        words = f"the mean of {learners}, all on {REPRESENTATIONS[represented.pop()]}"
    else:
        words = f"the mean of {listed([variant_in_words(one) for one in models])}"
    return words[:1].upper() + words[1:]


def listed(names: Sequence[str]) -> str:
    """Join names with commas and a last `and`.

    >>> listed(["a"]), listed(["a", "b", "c"])
    ('a', 'a, b and c')
    """
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))
