"""The headline of the report's first screen."""

from collections.abc import Sequence

from confaug.evaluation.comparison import HELPED, HURT, NO_DIFFERENCE
from confaug.evaluation.protocol_failures import ProtocolFailure
from confaug.evaluation.verdict import NOT_ASKED, NOT_SHOWN, TOO_FEW, Verdict
from confaug.report.wording.scope import splits_in_words

HEADLINES = {
    HELPED: "Conformer augmentation helped",
    NO_DIFFERENCE: "Conformer augmentation made no demonstrable difference",
    HURT: "Conformer augmentation made predictions worse",
    NOT_ASKED: "Whether conformer augmentation helps was not tested",
    TOO_FEW: "Nothing can be concluded from so few molecules",
    NOT_SHOWN: "There is no evidence that predictions are better than a constant value",
}

#: In the first results of a study, which are those without conformers.
NOT_YET = "Whether conformer augmentation helps is not known yet"

#: The questions of a study, above its headline.
WHICH_MODEL = "which model to use"
AND_AUGMENTATION = "which model to use, and does conformer augmentation help?"


def headline(
    verdict: Verdict,
    failed: Sequence[ProtocolFailure],
    protocols: int,
    to_come: Sequence[str] = (),
    without_conformers: str = "",
) -> str:
    """Return the headline, limited to the splits and protocols that it holds for.

    Parameters
    ----------
    failed
        Protocols that failed for most molecules.
    protocols
        How many protocols were asked for.
    to_come
        Variants that are still to be evaluated.
    without_conformers
        The headline of a study that asks for no conformers: which model to use.
    """
    if to_come and verdict.first_answer == NOT_ASKED:
        return NOT_YET
    if without_conformers and verdict.first_answer == NOT_ASKED:
        return without_conformers
    one = verdict.splits.one and verdict.verdict != TOO_FEW
    on_split = f", on {splits_in_words(verdict.splits)}" if one else ""
    return HEADLINES[verdict.first_answer] + on_split + _with_protocols(failed, protocols)


def _with_protocols(failed: Sequence[ProtocolFailure], protocols: int) -> str:
    """Limit the headline to the protocols that made conformers at all."""
    out = sum(one.throughout for one in failed)
    if not out:
        return ""
    left = protocols - out
    return f", with {left} of {protocols} protocols" if left > 0 else ", without a single conformer"
