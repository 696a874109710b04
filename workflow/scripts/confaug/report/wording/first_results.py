"""What the report of a study says while its variants with conformers are still to come."""

from collections.abc import Sequence


def still_to_come(variants: Sequence[str]) -> str:
    """Say that a report is about a part of the study, and how to get the rest.

    >>> still_to_come(["lightgbm_augmented"])[:70]
    'First results, without conformers. Still to come: lightgbm_augmented. '
    """
    if not variants:
        return ""
    return (
        f"First results, without conformers. Still to come: {', '.join(variants)}. Run the same "
        "command without the word plain: it goes on from here and writes the whole report to "
        "report/index.html."
    )


def scope_in_words(variants: Sequence[str]) -> str:
    """Say of what does not stand in a report whether the study leaves it out or has yet to make it.

    >>> scope_in_words([]), scope_in_words(["lightgbm_augmented"])
    ('in this study', 'so far')
    """
    return "so far" if variants else "in this study"
