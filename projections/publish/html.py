"""A document as one HTML page that needs nothing from outside: no script, font, image or style sheet."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from projections.publish.publication import WITHHELD, Publication, paragraphs

_ENVIRONMENT = Environment(
    loader=FileSystemLoader(Path(__file__).parent),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_ENVIRONMENT.filters["paragraphs"] = paragraphs


def render(publication: Publication) -> str:
    """The publication as a complete HTML page; whatever the words hold is shown, never obeyed."""
    page = _ENVIRONMENT.get_template("document.html.jinja")
    return page.render(document=publication, withheld=WITHHELD) + "\n"
