"""What the bars of the overview stand for."""

from confaug.evaluation.study_size import StudySize

#: By the part that a variant plays.
BARS = {
    "recommended": "Chosen by cross-validation in each split",
    "constant": "Constant value",
    "baseline": "LightGBM with default settings, without conformers",
    "reference": "Tuned LightGBM, without conformers",
    "classical": "Best other learner by cross-validation, without conformers",
    "primary": "Tuned LightGBM, with conformers",
    "": "",
}


def one_value(variant: str, size: StudySize | None) -> str:
    """Say that a variant could not tell molecules apart, if it could not."""
    if size is None or variant not in size.one_value:
        return ""
    return " (finds no split: the same value for all)"
