"""What the intervals of a study cover, and which splits it made."""

from confaug.molecules.split_draws import Draws

MANY_COMPARISONS = (
    "Each interval is for a single comparison: of twenty comparisons between equally good models, "
    "about one appears to show a difference."
)


def scope(draws: Draws) -> str:
    """Say what the intervals cover and what they do not."""
    if draws.one:
        more = (
            "Random splits, without input.split_column, would cover it; replicates of a fixed "
            "split differ only in their folds."
            if draws.fixed
            else "More replicates would cover it."
        )
        return (
            f"{_origin(draws)} The intervals show how the result would vary with other test "
            "molecules of the same kind (BCa bootstrap over groups of molecules). They do not "
            f"cover the choice of training molecules, which often matters as much. {more} "
            f"{MANY_COMPARISONS}"
        )
    return (
        f"{_origin(draws)} The intervals cover the choice of test molecules and of training "
        "molecules, and allow for replicates that share both: the variance is clustered by "
        "molecule (Cameron, Gelbach and Miller 2011), and the variance between splits is increased "
        "for the overlap of their training sets (after Nadeau and Bengio 2003). They do not cover "
        "molecules of a different kind from those in the table, nor errors in the labels. "
        f"{MANY_COMPARISONS}"
    )


def splits_in_words(draws: Draws) -> str:
    """Count the splits, and say whether they were drawn."""
    if not draws.one:
        return f"each of {draws.different} random splits"
    if draws.fixed == 0:
        return "one random split"
    return "one fixed split" if draws.fixed == draws.molecules else "one partly fixed split"


def _origin(draws: Draws) -> str:
    """Say where the split comes from, and how many different ones there are."""
    if draws.fixed:
        same = f", the same in all {draws.replicates} replicates" if draws.replicates > 1 else ""
        whom, rest = f"all {draws.molecules}", ""
        if draws.fixed < draws.molecules:
            whom = f"{draws.fixed} of {draws.molecules}"
            rest = ", and the others follow from these"
        return (
            f"There is one split{same}: the split column assigns {whom} labelled molecules to "
            f"training or test{rest}."
        )
    drawn = "One random split was" if draws.one else f"{draws.different} random splits were"
    same = ", as all replicates are the same" if draws.one else ", each counted once"
    return f"{drawn} made{same if draws.different < draws.replicates else ''}."
