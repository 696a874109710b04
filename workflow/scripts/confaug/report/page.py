"""Build the report: one self-contained HTML page about a finished study."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import yaml

from confaug.evaluation.y_randomisation import summarise_y_randomisation
from confaug.report.accounting import StageCost
from confaug.report.glossary import explain_terms
from confaug.report.live import live_parity
from confaug.report.next_steps import next_steps
from confaug.report.pictures import Picture, figure_pictures, parity_pictures, worst_pictures
from confaug.report.rendering import render
from confaug.report.results import Results
from confaug.report.sections.cost import Description, cost_section
from confaug.report.sections.enough import EnoughView, enough_section
from confaug.report.sections.extrapolation import ExtrapolationView, extrapolation_section
from confaug.report.sections.label_outliers import LabelOutliersView, label_outliers_section
from confaug.report.sections.leakage import LeakageView, leakage_section
from confaug.report.sections.ledger import LedgerView, ledger_section
from confaug.report.sections.limits import LimitsView, limits_section
from confaug.report.sections.model_explanation import UnderstandingView, understanding_section
from confaug.report.sections.trust import TrustView, trust_section
from confaug.report.sections.tuning import TuningView, tuning_section
from confaug.report.sections.variants import (
    MetricsView,
    VariantsView,
    metrics_table,
    variants_table,
)
from confaug.report.summary import Summary, SummaryView, summarise
from confaug.report.tables import text_link
from confaug.report.wording.first_results import scope_in_words, still_to_come
from confaug.report.wording.glossary import GLOSSARY
from confaug.report.wording.y_randomisation import y_randomisation_sentence


@dataclass(frozen=True)
class ReportInputs:
    """Everything that a report is built from.

    Attributes
    ----------
    results
        Tables and documents of the study.
    config
        The complete configuration.
    figures
        SVG documents by the names of `confaug.report.figures.catalog.FIGURES`; those that could
        not be drawn are missing.
    parity
        SVG documents of the parity plots by variant.
    versions
        Versions of software by name.
    code
        Hashes of scripts by name.
    costs
        As `confaug.report.accounting.read_costs` gives them.
    described
        What describing molecules for the recommended model took.
    table_hash
        SHA-256 digest of the input table.
    configfiles
        Configuration files of the study, as a command names them; None if another workflow runs
        this one.
    """

    results: Results
    config: Mapping[str, Any]
    figures: Mapping[str, str] = field(default_factory=dict)
    parity: Mapping[str, str] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)
    code: Mapping[str, str] = field(default_factory=dict)
    costs: list[StageCost] = field(default_factory=list)
    described: Description = field(default_factory=Description)
    table_hash: str = ""
    configfiles: Sequence[str] | None = ()

    @cached_property
    def summary(self) -> Summary:
        """What the first screen says."""
        return summarise(SummaryView.of(self.results, self.config, self.configfiles))


def build_report(inputs: ReportInputs) -> str:
    """Return the report as one HTML document.

    It loads nothing from anywhere: style, script, figures and downloads are inside, and a content
    security policy forbids the rest.

    Raises
    ------
    jinja2.UndefinedError
        If the template asks for something that is not there.
    """
    results, config = inputs.results, inputs.config
    study_yaml = _study_yaml(config)
    page = render(
        "report.html.j2",
        results.quantity,
        to_come=still_to_come(results.to_come),
        where=scope_in_words(results.to_come),
        shown=results.shown,
        summary=inputs.summary,
        figures=_pictures(inputs),
        parity=parity_pictures(results, inputs.parity),
        ledger=ledger_section(LedgerView.of(results)),
        metrics=metrics_table(MetricsView.of(results)),
        variants=variants_table(VariantsView.of(results, config["variants"])),
        enough=enough_section(EnoughView.of(results)),
        leakage=leakage_section(LeakageView.of(results)),
        y_randomisation=_y_randomisation(results),
        trust=trust_section(TrustView.of(results)),
        extrapolation=extrapolation_section(ExtrapolationView.of(results)),
        understanding=understanding_section(UnderstandingView.of(results)),
        worst=worst_pictures(results),
        label_outliers=label_outliers_section(LabelOutliersView.of(results)),
        tuning=tuning_section(TuningView.of(results)),
        cost=cost_section(inputs.costs, inputs.described),
        limits=limits_section(LimitsView.of(results)),
        config_yaml=study_yaml,
        config_link=text_link(study_yaml, "application/yaml"),
        seeds={"splits": config["splits"]["seed"], "tuning": config["tuning"]["seed"]},
        embedding=config["embedding"],
        versions=inputs.versions,
        code=inputs.code,
        input_table=config["input"]["table"],
        table_hash=inputs.table_hash,
        steps=next_steps(results, can_predict=bool(inputs.summary.use.command)),
        glossary=GLOSSARY,
    )
    return explain_terms(page)


def _pictures(inputs: ReportInputs) -> dict[str, Picture]:
    """Prepare the figures; the marks of the parity plot say which molecules they are."""
    pictures = figure_pictures(inputs.figures, inputs.results)
    if "parity" in pictures:
        svg = inputs.figures["parity"]
        pictures["parity"] = live_parity(pictures["parity"], svg, inputs.results)
    return pictures


def _study_yaml(config: Mapping[str, Any]) -> str:
    """Write the complete configuration as a file that reproduces the study."""
    text: str = yaml.safe_dump(_plain(config), sort_keys=False, allow_unicode=True, width=100)
    return text


def _plain(value: Any) -> Any:
    """Turn mappings and lists of any class into those that YAML knows."""
    if isinstance(value, Mapping):
        return {str(key): _plain(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(entry) for entry in value]
    return value


def _y_randomisation(results: Results) -> str:
    """Say what y-randomisation showed; nothing if it was not done."""
    table = results.arrow("y_randomisation")
    if not table.num_rows:
        return ""
    return y_randomisation_sentence(
        summarise_y_randomisation(table),
        results.quantity.unit,
        results.main,
        results.outcome.recommendation.model,
    )
