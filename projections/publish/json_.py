"""A document as data: the fields of a Publication by their own names."""

import json
from dataclasses import asdict

from projections.publish.publication import Publication


def render(publication: Publication) -> str:
    """The publication as one JSON object in readable UTF-8, every field present, ending in a line break."""
    return json.dumps(asdict(publication), ensure_ascii=False, indent=2) + "\n"
