"""What the first screen of the report says about the model to use."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from confaug.config.kinds import OWN_KIND
from confaug.config.roles import RECOMMENDED, needs_conformers
from confaug.config.settings.variants import Variant
from confaug.evaluation.usability import CHANCE, NOT_MET
from confaug.report.outcome import Outcome
from confaug.report.results import Results
from confaug.report.wording import recommendation as words
from confaug.report.wording.domain import flags_sentence
from confaug.report.wording.models import model_in_words
from confaug.report.wording.tiles import Tile
from confaug.trust.coverage import CoverageSummary
from confaug.trust.domain_summary import DomainSummary


@dataclass(frozen=True)
class ModelToUse:
    """The model to use, or that there is none.

    Attributes
    ----------
    heading
        Whether a model is recommended.
    model, key
        The model in words, and its name in the configuration; empty if none is recommended.
    tiles
        Its error on held-out molecules and what that is to be compared with.
    sentences
        Why it is this model, and what else one has to know.
    table, command
        What to list to predict with it, and how to do it; empty if none is recommended, or if
        another workflow runs this one.
    """

    heading: str
    model: str
    key: str
    tiles: tuple[Tile, ...]
    sentences: tuple[str, ...]
    table: str
    command: str


@dataclass(frozen=True)
class RecommendedView:
    """What is said about the model to use is made from this.

    Attributes
    ----------
    outcome
        What the comparison found.
    variants
        The variants of the study.
    coverage
        Of the intervals of what the rule chose; None without any.
    half_width
        Half the width of an interval in decades, if logarithms are learned.
    flags
        What the flags of the applicability domain are worth; None if it was not determined.
    good_enough
        Whether nothing speaks against the use of the model.
    labelled
        Number of labelled molecules.
    asked
        The value of `prediction.model`.
    own_columns
        The user's own columns, which new molecules must have if the model reads any.
    configfiles
        Configuration files of the study; None if another workflow runs this one.
    """

    outcome: Outcome
    variants: Mapping[str, Variant]
    coverage: CoverageSummary | None
    half_width: float | None
    flags: DomainSummary | None
    good_enough: bool
    labelled: int
    asked: str
    own_columns: Sequence[str]
    configfiles: Sequence[str] | None

    @classmethod
    def of(
        cls, results: Results, config: Mapping[str, Any], configfiles: Sequence[str] | None
    ) -> "RecommendedView":
        """Select what is needed."""
        found = results.usability
        return cls(
            outcome=results.outcome,
            variants={name: Variant(**entry) for name, entry in config["variants"].items()},
            coverage=results.coverage,
            half_width=results.half_width,
            flags=results.flags,
            good_enough=found is None or found.grade not in (CHANCE, NOT_MET),
            labelled=sum(row["label"] is not None for row in results["molecules"]),
            asked=config["prediction"]["model"],
            own_columns=config["input"]["feature_columns"],
            configfiles=configfiles,
        )


def model_to_use(view: RecommendedView) -> ModelToUse:
    """Say which model to use, how good it is, and how to predict with it."""
    verdict, model = view.outcome.verdict, view.outcome.recommendation
    recommends = verdict.recommends
    predicts = recommends and not view.outcome.to_come and view.configfiles is not None
    sentences = [
        _why_this(view) if recommends else words.why_none(verdict),
        words.FINAL_MODEL_TO_COME
        if view.outcome.to_come
        else words.final_model(view.asked, model.model, view.labelled, recommends),
        flags_sentence(view.flags, view.outcome.quantity) if view.flags and recommends else "",
        words.one_split(verdict.splits) if recommends else "",
    ]
    return ModelToUse(
        heading=words.heading(verdict, view.outcome.to_come, view.good_enough),
        model=model_in_words(model.members, view.variants) if recommends else "",
        key=model.model if recommends else "",
        tiles=tuple(_tiles(view)),
        sentences=tuple(filter(None, sentences)),
        table=words.table_to_predict(_columns_to_give(view)) if predicts else "",
        command=words.command(view.configfiles or ()) if predicts else "",
    )


def _columns_to_give(view: RecommendedView) -> Sequence[str]:
    """Return the own columns that the model needs which predicts."""
    _, members = view.outcome.recommendation.to_fit(view.asked)
    reads = any(OWN_KIND in view.variants[name].molecule_kinds for name in members)
    return view.own_columns if reads else ()


def _why_this(view: RecommendedView) -> str:
    """Say why the rule takes this model."""
    model = view.outcome.recommendation
    other = model.runner_up.name if model.runner_up else model.model
    needs = any(needs_conformers(view.variants[name]) for name in model.members_of(other))
    return words.why_this(model, view.outcome.quantity, needs)


def _tiles(view: RecommendedView) -> list[Tile]:
    """Return the error of the model, and what it is to be compared with."""
    outcome, constant = view.outcome, view.outcome.verdict.roles.constant
    return [
        words.error_tile(outcome, outcome.variants[RECOMMENDED]),
        *([words.constant_tile(outcome, constant)] if constant else []),
        *(
            [words.coverage_tile(view.coverage, view.half_width, outcome.quantity)]
            if view.coverage
            else []
        ),
        words.chosen_tile(outcome.recommendation, outcome.verdict.splits),
    ]
