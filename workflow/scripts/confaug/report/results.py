"""What a finished study has to say, read from its files for figures and report."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from statistics import median
from typing import Any, TypeVar

import pyarrow as pa
from pydantic import ValidationError

from confaug.config.roles import RECOMMENDED
from confaug.errors import UserError
from confaug.evaluation.decades import half_width
from confaug.evaluation.errors import relative_errors_are_meaningful
from confaug.evaluation.extrapolation_facts import Extrapolation
from confaug.evaluation.leakage_findings import LeakageFindings
from confaug.evaluation.recommended_model import RecommendedModel
from confaug.evaluation.rows import errors_by_variant
from confaug.evaluation.usability import Usability
from confaug.evaluation.verdict import Verdict
from confaug.infrastructure.text import one_line
from confaug.report.outcome import Outcome
from confaug.report.quantity import Quantity
from confaug.tables.engine import TableSpec, read_table
from confaug.tables.evaluation import (
    EXTRAPOLATION_ERRORS,
    LEARNING_CURVES,
    LEARNING_LAWS,
    MOLECULE_ERRORS,
    PAIRED_DIFFERENCES,
    REPLICATE_ERRORS,
    ROW_SPLIT_ERRORS,
    TRAINING_SIZES,
    VARIANT_SUMMARY,
    Y_RANDOMISATION_ERRORS,
)
from confaug.tables.failures import FAILURES
from confaug.tables.learning import METRICS, PREDICTIONS, TRIALS
from confaug.tables.molecules import LEDGER, MOLECULES, SPLIT
from confaug.tables.trust import (
    COVERAGE,
    DESCRIPTOR_HEALTH,
    DOMAIN,
    GROUP_IMPORTANCE,
    IMPORTANCE,
    INTERVALS,
    LABEL_OUTLIERS,
    NEIGHBOURS,
)
from confaug.trust.coverage import CoverageSummary, coverage_summary
from confaug.trust.domain_summary import DomainSummary, domain_summary, held_out_errors

Row = dict[str, Any]
Facts = TypeVar("Facts")

#: Tables that figures and report are made from, by the name of the input that holds them.
TABLES: dict[str, TableSpec] = {
    "ledger": LEDGER,
    "molecules": MOLECULES,
    "failures": FAILURES,
    "split": SPLIT,
    "variants": VARIANT_SUMMARY,
    "differences": PAIRED_DIFFERENCES,
    "replicate_errors": REPLICATE_ERRORS,
    "molecule_errors": MOLECULE_ERRORS,
    "row_splits": ROW_SPLIT_ERRORS,
    "y_randomisation": Y_RANDOMISATION_ERRORS,
    "learning_curves": LEARNING_CURVES,
    "extrapolation_errors": EXTRAPOLATION_ERRORS,
    "training_sizes": TRAINING_SIZES,
    "learning_laws": LEARNING_LAWS,
    "intervals": INTERVALS,
    "coverage": COVERAGE,
    "domain": DOMAIN,
    "neighbours": NEIGHBOURS,
    "label_outliers": LABEL_OUTLIERS,
    "importance": IMPORTANCE,
    "groups": GROUP_IMPORTANCE,
    "health": DESCRIPTOR_HEALTH,
    "predictions": PREDICTIONS,
    "main_predictions": PREDICTIONS,
    "metrics": METRICS,
    "history": TRIALS,
}
#: JSON documents, likewise.
DOCUMENTS = (
    "labels",
    "verdict",
    "recommendation",
    "usability",
    "leakage",
    "extrapolation",
    "conformer_deviation",
    "tuned",
)
#: Without these there is nothing to report on.
REQUIRED = (
    *("ledger", "molecules", "split", "variants", "differences"),
    *("verdict", "recommendation"),
)


@dataclass(frozen=True)
class Results:
    """Tables and documents of a study.

    Attributes
    ----------
    quantity
        The measured property.
    main
        The augmented variant, which learning curves, importance and tuning are about. Predictions,
        intervals and domain are those of the recommended one.
    tables
        Arrow tables by the names of `TABLES`; a table that was not made is missing.
    documents
        Contents of the JSON files, by the names of `DOCUMENTS`.
    to_come
        Variants that the whole study evaluates besides, if these are its first results.
    """

    quantity: Quantity
    main: str
    tables: Mapping[str, pa.Table]
    documents: Mapping[str, Row] = field(default_factory=dict)
    to_come: Sequence[str] = ()

    def __getitem__(self, name: str) -> list[Row]:
        """Return the rows of a table, none if it was not made."""
        if name not in self._rows:
            self._rows[name] = self.tables[name].to_pylist() if name in self.tables else []
        return self._rows[name]

    def arrow(self, name: str) -> pa.Table:
        """Return a table as it was read, an empty one if it was not made."""
        return self.tables.get(name, TABLES[name].schema().empty_table())

    def document(self, name: str) -> Row:
        """Return a JSON document, empty if it was not made."""
        return self.documents.get(name, {})

    @cached_property
    def outcome(self) -> Outcome:
        """What the comparison found."""
        verdict = _facts("verdict", self.document("verdict"), Verdict.from_document)
        return Outcome(
            quantity=self.quantity,
            main=self.main,
            verdict=verdict,
            recommendation=_facts(
                "recommendation", self.document("recommendation"), RecommendedModel.from_document
            ),
            variants=errors_by_variant(self.arrow("variants")),
            to_come=tuple(self.to_come),
        )

    @property
    def shown(self) -> str:
        """The variant that the rule chose on the first split, whose predictions are shown."""
        return self.outcome.recommendation.chosen[0]

    @property
    def reference(self) -> str | None:
        """The variant that the augmented one is judged against."""
        return self.outcome.verdict.roles.reference

    @cached_property
    def leakage(self) -> LeakageFindings | None:
        """What the leakage check found, if there was one."""
        document = self.document("leakage")
        return _facts("leakage", document, LeakageFindings.from_document) if document else None

    @cached_property
    def extrapolation(self) -> Extrapolation | None:
        """How models extrapolate; None if that was not asked for."""
        document = self.document("extrapolation")
        return _facts("extrapolation", document, Extrapolation.from_document) if document else None

    @cached_property
    def usability(self) -> Usability | None:
        """Whether the recommended model is good enough; None if that was not assessed."""
        document = self.document("usability")
        return _facts("usability", document, Usability.from_document) if document else None

    @cached_property
    def flags(self) -> DomainSummary | None:
        """What the flags of the applicability domain are worth; None if it was not determined."""
        domain = self.arrow("domain")
        errors = held_out_errors(self.arrow("predictions"))
        return domain_summary(domain, errors) if len(domain) else None

    @cached_property
    def coverage(self) -> CoverageSummary | None:
        """Coverage of the intervals of what the rule chose; None without any."""
        return coverage_summary(self.arrow("coverage"), RECOMMENDED)

    @cached_property
    def half_width(self) -> float | None:
        """Half the width of an interval in decades, if logarithms are learned."""
        return half_width(self.arrow("intervals")) if self.quantity.logarithmic else None

    def variant(self, name: str | None) -> Row | None:
        """Return a variant's row of the summary."""
        return next((row for row in self["variants"] if row["variant"] == name), None)

    def by_molecule(self, table: str) -> dict[str, Row]:
        """Return the rows of a table with one row per molecule, by molecule."""
        return {row["molecule"]: row for row in self[table]}

    def name_of(self, molecule: str) -> str:
        """Return what to call a molecule: its name, the user's identifier or its SMILES."""
        return self._names.get(molecule, molecule)

    @cached_property
    def relative_errors(self) -> bool:
        """Whether relative errors mean something for these labels."""
        labels = [row["label"] for row in self["molecules"] if row["label"] is not None]
        return relative_errors_are_meaningful(labels, self.quantity.logarithmic)

    @cached_property
    def _rows(self) -> dict[str, list[Row]]:
        """Rows of the tables that were asked for so far."""
        return {}

    @cached_property
    def _names(self) -> dict[str, str]:
        """What to call every molecule; looked up too often to be collected anew each time."""
        return {
            row["molecule"]: one_line(row["name"] or row["id"] or row["smiles"])
            + (f" ({one_line(row['conditions'])})" if row.get("conditions") else "")
            for row in self["molecules"]
        }


def read_results(
    files: Mapping[str, Any],
    quantity: Mapping[str, Any],
    main: str | None = None,
    to_come: Sequence[str] = (),
) -> Results:
    """Read the files of a study.

    Parameters
    ----------
    files
        Paths by the names of `TABLES` and `DOCUMENTS`. Other names, and those without a path, are
        left out.
    quantity
        The section `property` of the configuration.
    main
        The main variant; by default the one the verdict is about, or the best.
    to_come
        Variants that the whole study evaluates besides, if these are its first results.

    Raises
    ------
    UserError
        If a file that every report needs is not given, or a file is not what it should be.
    """
    given = {name: str(path) for name, path in files.items() if isinstance(path, str | Path)}
    missing = [name for name in REQUIRED if name not in given]
    if missing:
        raise UserError(f"a report needs the file {missing[0]!r} of the study; give its path")
    tables = {name: read_table(given[name], spec) for name, spec in TABLES.items() if name in given}
    documents = {name: _read_document(given[name]) for name in DOCUMENTS if name in given}
    verdict = _facts("verdict", documents["verdict"], Verdict.from_document)
    best = verdict.roles.primary or verdict.best_variant or ""
    usual = median(tables["variants"]["mae"].to_pylist() or [0.0])
    prop = Quantity.from_config(quantity).with_digits_for(usual)
    return Results(prop, main or best, tables, documents, to_come)


def _read_document(path: str) -> Row:
    """Read a JSON object."""
    try:
        document: Row = json.loads(Path(path).read_text(encoding="utf-8"))
    except ValueError as error:
        raise UserError(f"{path} is not a JSON file ({error}); delete it and run again") from error
    return document


def _facts(name: str, document: Row, from_document: Callable[[Row], Facts]) -> Facts:
    """Read the facts that a document holds."""
    try:
        return from_document(document)
    except ValidationError as error:
        place = ".".join(map(str, error.errors()[0]["loc"]))
        raise UserError(
            f"{name}.json of this study is damaged at {place!r}; delete it and run again"
        ) from error
