"""Pages from templates: self-contained HTML with the common style and script."""

import base64
import hashlib
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from confaug.infrastructure.text import displayable
from confaug.report.figures.catalog import TEMPLATES
from confaug.report.number_format import number, percent
from confaug.report.quantity import Quantity


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
