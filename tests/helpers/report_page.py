"""A report of the synthetic study, and what its page holds."""

from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pyarrow as pa
import yaml
from synthetic_study import MAIN, PROPERTY, VARIANTS

from confaug.config.check import complete_config, read_schema
from confaug.learning.predictions import Predictions, error_metrics
from confaug.report.accounting import StageCost
from confaug.report.page import ReportInputs
from confaug.report.results import TABLES, read_results

ROOT = Path(__file__).parents[2]


class Page(HTMLParser):
    """What a page holds: elements with their attributes, and its text."""

    def __init__(self, html):
        super().__init__()
        self.elements, self.text, self.scripts, self._in = [], [], [], None
        self._joined = False
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        self._joined = tag == "dfn"
        self._in = tag if tag in ("script", "style") else None
        if tag == "script":
            self.scripts.append("")

    def handle_endtag(self, tag):
        self._in = None
        self._joined = tag == "dfn"

    def handle_data(self, data):
        if self._in == "script":
            self.scripts[-1] += data
        elif self._joined and self.text:  # an explained word is part of its sentence
            self.text[-1] += data
        elif self._in is None:
            self.text.append(data)

    def all(self, tag):
        return [attributes for name, attributes in self.elements if name == tag]

    @property
    def words(self):
        return " ".join(" ".join(self.text).split())


def study_config():
    config = yaml.safe_load((ROOT / "config/config.yaml").read_text(encoding="utf-8"))
    config["variants"] = {
        name: {"representation": representation, "learner": learner}
        for name, (representation, learner, _) in VARIANTS.items()
    }
    schema = read_schema(ROOT / "workflow/schemas/config.schema.yaml")
    return complete_config(config, schema)


def inputs_of(files, figures=None):
    results = read_results(files, PROPERTY, MAIN)
    return ReportInputs(
        results=results,
        config=study_config(),
        figures=figures or {},
        versions={"confaug": "0.1.0", "rdkit": "2026.9.1"},
        code={"tune_model": "0123456789abcdef"},
        costs=[
            StageCost(rule, 2, seconds, seconds, longest=seconds, memory=100.0)
            for rule, seconds in (("embed_conformers", 75.0), ("tune_model", 25.0))
        ],
        table_hash="ab" * 32,
    )


def with_rows(results, **rows):
    """Return results with other rows in some tables."""
    made = {
        name: pa.Table.from_pylist(list(given), schema=TABLES[name].schema())
        for name, given in rows.items()
    }
    return replace(results, tables={**results.tables, **made})


def make_part(name, n, seed, labels=None, standard_deviation=5.0):
    rng = np.random.default_rng(seed)
    labels = rng.uniform(200, 400, n) if labels is None else labels
    values = np.where(np.isfinite(labels), labels, 300) + rng.normal(0, 30, n)
    return Predictions(
        name,
        np.array([f"{name[0]}{i:03d}" for i in range(n)]),
        labels,
        values,
        np.full(n, standard_deviation),
        np.full(n, 10),
        error_metrics(labels, values),
    )
