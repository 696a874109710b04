"""Explain the words of the glossary where a page uses them first."""

import re
from html import escape

from confaug.report.wording.glossary import GLOSSARY, Term

#: A tag with its name, or text. Quotes are minded, because attributes may have any letter.
PIECES = re.compile(
    r"""<!--.*?-->|<(/?)([a-zA-Z][a-zA-Z0-9]*)((?:[^<>"']|"[^"]*"|'[^']*')*)>|[^<]+|<""", re.DOTALL
)
#: Elements whose text stays as it is: it is no prose, or explained words do not belong into it.
LEFT_ALONE = {
    *("a", "article", "b", "button", "code", "dfn", "h1", "h2", "h3", "label", "nav", "pre"),
    *("script", "style", "summary", "table", "title"),
}


def explain_terms(html: str) -> str:
    """Mark the first use of each word of the glossary on a page, with its meaning.

    The meaning shows when a reader points at the word or moves to it, and screen readers find it in
    the glossary of the page. A page without a glossary stays as it is.
    """
    start = html.find("<body")
    if start < 0 or 'id="glossary"' not in html:
        return html
    end = html.index('<section id="glossary"')
    return html[:start] + _explained(html[start:end], list(GLOSSARY)) + html[end:]


def _explained(html: str, left: list[Term]) -> str:
    """Mark the first use of each term that is left."""
    inside: list[str] = []
    parts = []
    for piece in PIECES.finditer(html):
        closing, tag = piece[1], (piece[2] or "").lower()
        text = piece[0]
        if tag in LEFT_ALONE:
            if not closing:
                inside.append(tag)
            elif inside and inside[-1] == tag:
                inside.pop()
        elif not tag and not inside and not text.startswith("<"):
            text = _mark(text, left)
        parts.append(text)
    return "".join(parts)


def _mark(text: str, left: list[Term]) -> str:
    """Mark the first use of each term in a text, and take what was found from what is left."""
    found: list[tuple[int, int, Term]] = []
    for term in left:
        use = re.search(term.pattern, text, re.IGNORECASE)
        if use and not any(use.start() < end and start < use.end() for start, end, _ in found):
            found.append((use.start(), use.end(), term))
    for start, end, term in sorted(found, key=lambda one: -one[0]):
        left.remove(term)
        text = f"{text[:start]}{_definition(text[start:end], term)}{text[end:]}"
    return text


def _definition(words: str, term: Term) -> str:
    """Return words as an element that says what they mean."""
    meaning = escape(term.meaning)
    return (
        f'<dfn tabindex="0" data-meaning="{meaning}" aria-describedby="meaning-{term.key}">'
        f"{words}</dfn>"
    )
