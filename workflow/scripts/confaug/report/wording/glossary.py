"""The words of a study that a chemist need not know, each with its meaning.

The report, its tooltips and the documentation all take them from here.
"""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Term:
    """One word of the glossary.

    Attributes
    ----------
    name
        The word.
    meaning
        What it means, in one or two sentences.
    forms
        Other forms in which it stands in a text; the plural on -s is understood.
    """

    name: str
    meaning: str
    forms: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """Return the word as part of an address on the page.

        >>> Term("held out", "").key
        'held-out'
        """
        return self.name.lower().replace(" ", "-")

    @property
    def pattern(self) -> str:
        """Return a regular expression of all forms of the word; blanks may be hyphens.

        A key of the configuration, such as splits.replicates, is no use of a word.
        """
        names = sorted([self.name, *self.forms], key=len, reverse=True)
        words = "|".join(re.sub(r"[ -]", "[ -]", name) for name in names)
        return rf"(?<![\w.])(?:{words})s?(?![\w]|\.\w)"


GLOSSARY: tuple[Term, ...] = (
    Term(
        "applicability domain",
        "The molecules that are similar enough to the training molecules for a model to be used "
        "on. A molecule outside it carries a flag, and its prediction deserves less trust.",
    ),
    Term(
        "augmentation",
        "Learning from many conformers of every molecule, each a row of its own with the label of "
        "the molecule, so that a model has more rows to learn from.",
        ("augmented",),
    ),
    Term(
        "bundle",
        "The folder that holds a finished model with all that is needed to predict new molecules: "
        "the model, its settings and a card that describes it.",
    ),
    Term(
        "conformal interval",
        "A range around a prediction that is meant to contain the measured value with a stated "
        "probability, such as 90 %. Its width comes from errors on molecules that the model was "
        "not trained on, not from an assumption about how errors are distributed.",
        ("conformal prediction interval", "prediction interval"),
    ),
    Term(
        "conformer",
        "One three-dimensional shape of a molecule. A flexible molecule has many of them.",
    ),
    Term(
        "cross-validation",
        "Predicting every training molecule once by a model that was trained on the other folds. "
        "It chooses models and their settings without any held-out molecule.",
    ),
    Term(
        "fold",
        "One of the equal parts into which the training molecules are divided for "
        "cross-validation. Each part is predicted once by a model that was trained on the others.",
    ),
    Term(
        "group",
        "Samples that must stay together when molecules are divided, because they have the same "
        "structure. If one were used for training and another for testing, errors would look too "
        "small.",
        ("grouped",),
    ),
    Term(
        "held out",
        "Put aside before any model is trained or chosen, and used only to measure the error.",
        ("held-out molecule",),
    ),
    Term(
        "learner",
        "A method that learns to predict from numbers, such as LightGBM, ridge regression or a "
        "Gaussian process.",
    ),
    Term(
        "learning curve",
        "The error of a model as it has more data to learn from: molecules, conformers or "
        "protocols. Where it is flat, more of them do not help.",
    ),
    Term(
        "MAE",
        "Mean absolute error: how far predictions are from the measured values on average, in the "
        "unit of the property.",
        ("mean absolute error",),
    ),
    Term(
        "out of fold",
        "Of a training molecule: predicted in cross-validation by a model that was trained "
        "without it. Out-of-fold errors choose the model; held-out errors judge it.",
    ),
    Term(
        "protocol",
        "A way to make conformers: how they are embedded in space, and the force field that "
        "minimises their energy, if any.",
    ),
    Term(
        "replicate",
        "One division of all molecules into training and test molecules, with everything that is "
        "trained on it. Several replicates show how much a result depends on the division.",
    ),
    Term(
        "shard",
        "A part of the molecules that is computed as one job. It has no influence on results.",
    ),
    Term(
        "variant",
        "One way to predict that is compared with others: what describes the molecules, together "
        "with a learner.",
    ),
    Term(
        "y-randomisation",
        "A test for chance: labels are shuffled among the molecules and everything is trained "
        "anew. A model that is no better than these has learned nothing.",
        ("y-randomization",),
    ),
)
