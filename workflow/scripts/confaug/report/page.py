"""Build the report: one self-contained HTML page about a finished study."""

import base64
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import unescape
from typing import Any

import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from confaug.evaluation.y_randomisation import summarise_y_randomisation
from confaug.infrastructure.text import displayable
from confaug.report.accounting import StageCost
from confaug.report.figures.catalog import FIGURES, TEMPLATES, caption
from confaug.report.figures.structures import structure_svg, worst_molecules
from confaug.report.number_format import number, percent
from confaug.report.quantity import Quantity
from confaug.report.results import Results, Row
from confaug.report.sections.cost import cost_section
from confaug.report.sections.enough import EnoughView, enough_section
from confaug.report.sections.label_outliers import LabelOutliersView, label_outliers_section
from confaug.report.sections.leakage import LeakageView, leakage_section
from confaug.report.sections.ledger import LedgerView, ledger_section
from confaug.report.sections.limits import LimitsView, limits_section
from confaug.report.sections.trust import TrustView, trust_section
from confaug.report.sections.tuning import TuningView, tuning_section
from confaug.report.sections.understanding import UnderstandingView, understanding_section
from confaug.report.sections.variants import (
    MetricsView,
    VariantsView,
    metrics_table,
    variants_table,
)
from confaug.report.summary import SummaryView, summarise
from confaug.report.tables import text_link
from confaug.report.wording.figures import variant_on_page_alt
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
    table_hash
        SHA-256 digest of the input table.
    """

    results: Results
    config: Mapping[str, Any]
    figures: Mapping[str, str] = field(default_factory=dict)
    parity: Mapping[str, str] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)
    code: Mapping[str, str] = field(default_factory=dict)
    costs: list[StageCost] = field(default_factory=list)
    table_hash: str = ""


@dataclass(frozen=True)
class Picture:
    """An SVG document ready for an `img` element."""

    name: str
    title: str
    caption: str
    alt: str
    source: str
    width: int
    height: int


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
    return render(
        "report.html.j2",
        results.quantity,
        main=results.main,
        summary=summarise(SummaryView.of(results, config)),
        figures=_pictures(inputs.figures, results),
        parity=_parity_pictures(results, inputs.parity),
        ledger=ledger_section(LedgerView.of(results)),
        metrics=metrics_table(MetricsView.of(results)),
        variants=variants_table(VariantsView.of(results, config["variants"])),
        enough=enough_section(EnoughView.of(results)),
        leakage=leakage_section(LeakageView.of(results)),
        y_randomisation=_y_randomisation(results),
        trust=trust_section(TrustView.of(results)),
        understanding=understanding_section(UnderstandingView.of(results)),
        worst=_worst(results),
        label_outliers=label_outliers_section(LabelOutliersView.of(results)),
        tuning=tuning_section(TuningView.of(results)),
        cost=cost_section(inputs.costs),
        limits=limits_section(LimitsView.of(results)),
        config_yaml=study_yaml,
        config_link=text_link(study_yaml, "application/yaml"),
        seeds={"splits": config["splits"]["seed"], "tuning": config["tuning"]["seed"]},
        embedding=config["embedding"],
        versions=inputs.versions,
        code=inputs.code,
        input_table=config["input"]["table"],
        table_hash=inputs.table_hash,
    )


def render(template: str, quantity: Quantity, **content: Any) -> str:
    """Return a self-contained page with the common style and script.

    Parameters
    ----------
    template
        Name of the template.
    quantity
        The measured property, which writes values.
    content
        What the template asks for besides.

    Raises
    ------
    jinja2.UndefinedError
        If the template asks for something that is not there.
    """
    script = (TEMPLATES / "report.js").read_text(encoding="utf-8")
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_displayable,
    )
    environment.filters |= {"value": quantity.text, "number": number, "percent": percent}
    return environment.get_template(template).render(
        style=Markup((TEMPLATES / "report.css").read_text(encoding="utf-8")),
        script=Markup(script),
        script_hash=_policy_hash(script),
        quantity=quantity,
        **content,
    )


def _displayable(value: Any) -> Any:
    """Make text fit for a page; what is markup already is the project's own."""
    return displayable(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _policy_hash(script: str) -> str:
    """Return the hash by which the content security policy lets the page's own script run."""
    digest = hashlib.sha256(script.encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"


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


def _pictures(figures: Mapping[str, str], results: Results) -> dict[str, Picture]:
    """Prepare the figures that are there; a curve that was not measured shows nothing."""
    measured = {f"enough_{row['axis']}" for row in results["learning_curves"]}
    return {
        name: picture(name, entry.title, caption(name), figures[name])
        for name, entry in FIGURES.items()
        if name in figures and (name in measured or not name.startswith("enough_"))
    }


def _parity_pictures(results: Results, parity: Mapping[str, str]) -> list[Picture]:
    """Prepare the parity plots, in the order of the variants' errors."""
    order = [row["variant"] for row in results["variants"]]
    names = sorted(parity, key=lambda name: (order.index(name) if name in order else 999, name))
    pictures = []
    for name in names:
        row = results.variant(name)
        alt = variant_on_page_alt(results.quantity, name, row["mae"] if row else None)
        pictures.append(picture(f"parity-{name}", name, "", parity[name], alt))
    return pictures


def picture(name: str, title: str, words: str, svg: str, alt: str = "") -> Picture:
    """Prepare an SVG document; what it shows in words is taken from its description."""
    found = re.search(r"<desc>(.*?)</desc>", svg, re.DOTALL)
    box = re.search(r"viewBox=['\"]\S+ \S+ (\S+) (\S+)['\"]", svg)
    width, height = (round(float(size)) for size in box.groups()) if box else (400, 300)
    start = svg.index("<svg")
    source = "data:image/svg+xml;base64," + base64.b64encode(svg[start:].encode()).decode()
    shown = alt or (unescape(found.group(1)) if found else title)
    return Picture(name, title, words, shown, source, width, height)


def _y_randomisation(results: Results) -> str:
    """Say what y-randomisation showed; nothing if it was not done."""
    table = results.arrow("y_randomisation")
    if not table.num_rows:
        return ""
    return y_randomisation_sentence(summarise_y_randomisation(table), results.quantity.unit)


def _worst(results: Results) -> list[Row]:
    """Return the molecules with the largest errors, with pictures of them and their neighbours."""
    return [
        {
            **row,
            "picture": _structure(row),
            "neighbours": [{**near, "picture": _structure(near)} for near in row["neighbours"]],
        }
        for row in worst_molecules(results)
    ]


def _structure(row: Row) -> Picture:
    """Draw one molecule."""
    svg = structure_svg(row["smiles"], row["name"])
    return picture(row["molecule"], row["name"], "", svg, f"Structure of {row['name']}")
