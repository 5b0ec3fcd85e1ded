"""What was understood of a document, in plain words, for the question before it is recorded."""

from collections.abc import Iterator

from projections.reading.document import DocumentForm
from projections.reading.mandate import MandateForm
from projections.reading.source import Remark, excerpt


def describe(form: DocumentForm | MandateForm) -> str:
    """Lines of text: what the reader understood, then what it could not place, each with its line number."""
    understood = _document(form) if isinstance(form, DocumentForm) else _mandate(form)
    return "\n".join([*understood, *_remarks(form.remarks)])


def _document(form: DocumentForm) -> Iterator[str]:
    yield f"A document: {form.title or 'without a title'}"
    for line in form.subtitle:
        yield f"  below the title: {line}"
    paragraphs = len(form.preamble) + len(form.after_areas)
    yield f"  preamble: {_count(paragraphs, 'paragraph')}, {_count(len(form.areas), 'area')} of agreement"
    for theme in form.themes:
        yield f"  {theme.title or 'under no heading'}: {_count(len(theme.items), 'recommendation')}"
        for item in theme.items:
            yield f"    - {item.title or excerpt(item.text, 80)}{'' if item.text else ' (title only)'}"
    yield f"  {_count(len(form.signatories), 'signatory', 'signatories')}"
    if form.signatories:
        first, last = form.signatories[0], form.signatories[-1]
        yield f"    from {first.number}. {first.name} to {last.number}. {last.name}"
    yield f"  acknowledgement: {_count(len(form.acknowledgement), 'paragraph')}"
    for annex in form.annexes:
        yield f"  annex: {annex.title}"


def _mandate(form: MandateForm) -> Iterator[str]:
    yield f"A mandate form: {form.title or 'without a title'}"
    fields = {
        "form": form.form,
        "submitted": form.submitted,
        "applicant": form.applicant,
        "co-chairs": "; ".join(form.cochairs),
        "meetings": form.meetings,
        "start of mandate": form.start,
        "end of mandate": form.end,
    }
    for name, value in fields.items():
        yield f"  {name}: {value or 'not stated'}"
    for section in form.sections:
        words = _count(len(section.text.split()), "word")
        yield f"  section: {section.heading or 'under no heading'} ({words})"
    for letter, objective in form.objectives:
        yield f"  objective ({letter}): {excerpt(objective, 80)}"


def _remarks(remarks: tuple[Remark, ...]) -> Iterator[str]:
    if not remarks:
        yield "Everything was placed."
        return
    yield f"{_count(len(remarks), 'thing')} to look at; nothing was mended:"
    for remark in remarks:
        yield f"  line {remark.line}: {remark.what}" + (f": {remark.excerpt}" if remark.excerpt else "")


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"
