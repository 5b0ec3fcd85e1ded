"""What is published is what was decided, in every format. All samples are invented, but for the real documents."""

import html as html_entities
import json
import re
import unicodedata
from dataclasses import fields, is_dataclass
from functools import partial
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from projections.literal import inline, literal, unliteral
from projections.preamble import joined, parted
from projections.publish import html, json_, markdown
from projections.publish.publication import (
    Item,
    LateSignatory,
    Note,
    Publication,
    SignatoryLine,
    Theme,
)
from projections.reading.document import DocumentForm, read_document

SEED = Path(__file__).parents[2] / "../shared/seeds/apln-recommendations.md"
FORMATS = {"markdown": markdown.render, "html": html.render, "json": json_.render}

EVERYTHING = Publication(
    title="mark-title",
    kind="recommendations",
    edition=88001,
    as_of="mark-as-of",
    subtitle="mark-subtitle",
    language="mark-language",
    numbered=True,
    embargo="mark-embargo",
    authors=("mark-author", "mark-second-author"),
    disclaimers=("mark-disclaimer",),
    preamble="mark-preamble",
    areas=("mark-area",),
    after_areas="mark-after-areas",
    themes=(
        Theme(
            "mark-theme",
            (
                Item(
                    88002,
                    "mark-item-title",
                    "mark-item-text",
                    handle="mark-handle",
                    version=88003,
                    decision="mark-decision",
                    notes=(Note("mark-kind", "mark-who", "mark-words", "mark-quotation"),),
                ),
            ),
        ),
    ),
    signatories=(
        SignatoryLine(
            88004,
            "mark-name",
            "mark-descriptor",
            capacity_note="mark-capacity",
            assent="general thrust",
            exceptions=(88005, 88006),
            only=(88010, 88011),
            reservations=(Note("mark-reservation", "mark-reserver", "mark-reserved", "mark-reserved-quotation"),),
            unconfirmed=True,
        ),
        SignatoryLine(88007, "", withheld=True),
    ),
    unnamed=88008,
    acknowledgement="mark-thanks",
    late_signatories=(LateSignatory(SignatoryLine(88009, "mark-late", "mark-late-descriptor"), "mark-date"),),
    notes=(Note("mark-dissent", "mark-dissenter", "mark-dissenting", "mark-dissent-quotation"),),
    statements=(Note("mark-statement", "mark-state", "mark-stated", "mark-stated-quotation"),),
    minority_views=(Note("mark-minority", "mark-minority-who", "mark-minority-words", "mark-minority-quotation"),),
    corrections=("mark-correction",),
)


def marks(value: Any) -> list[str]:
    """Every mark in the sample, so that a field added later is asked for as well."""
    if is_dataclass(value):
        return [mark for field in fields(value) for mark in marks(getattr(value, field.name))]
    if isinstance(value, tuple):
        return [mark for each in value for mark in marks(each)]
    return [str(value)] if re.fullmatch(r"mark-.*|880\d\d", str(value)) else []


@pytest.mark.parametrize("form", FORMATS)
def test_every_field_is_in_every_format(form: str) -> None:
    out = FORMATS[form](EVERYTHING).lower()
    missing = [mark for mark in marks(EVERYTHING) if mark not in out]
    assert missing == ([] if form != "markdown" else ["mark-language"])


@pytest.mark.parametrize("form", ["markdown", "html"])
def test_the_limits_of_a_signature_are_said_in_words(form: str) -> None:
    out = FORMATS[form](EVERYTHING)
    for words in (
        "mark-capacity; assents to the general thrust; signs only recommendations 88010, 88011; except ",
        "except recommendations 88005, 88006; not yet confirmed by",
        "By mark-author and mark-second-author.",
        "88008 signatories are not named here.",
        "Recommendation 88002 (mark-handle), version 88003: mark-decision",
        "Recommendations. Edition 88001, as of mark-as-of.",
        "Mark-reservation by mark-reserver on “mark-reserved-quotation”",
        "A signatory whose name is withheld.",
    ):
        assert words in out


def test_every_field_of_the_publication_is_marked_in_the_sample() -> None:
    for part in (
        EVERYTHING,
        EVERYTHING.themes[0],
        EVERYTHING.themes[0].items[0],
        EVERYTHING.themes[0].items[0].notes[0],
        EVERYTHING.signatories[0],
        EVERYTHING.late_signatories[0],
    ):
        unmarked = {field.name for field in fields(part) if not marks(getattr(part, field.name))}
        assert unmarked <= {"kind", "numbered", "assent", "unconfirmed", "withheld"}


# ---------------------------------------------------------------- there and back

LETTERS = "aZé 核国際安全한국평화диалогϕ0129.,;:!?-–—*_`#>|<&\\~=+()[]{}'\"$%/。、「」（）①・•\u3000"
WORDS = st.text(st.one_of(st.sampled_from(LETTERS), st.characters(codec="utf-8", categories=["L", "N", "P", "S"])))


LINE = WORDS.map(partial(unicodedata.normalize, "NFC")).map(str.strip).filter(bool)
PARAGRAPH = st.lists(LINE, min_size=1, max_size=3).map("\n".join)
TEXT = st.lists(PARAGRAPH, min_size=1, max_size=3).map("\n\n".join)
ITEM = st.builds(Item, st.integers(1, 99), LINE, st.one_of(st.just(""), TEXT), handle=st.sampled_from(["", "P7"]))
NAMED = st.builds(SignatoryLine, st.integers(1, 500), LINE, st.one_of(st.just(""), LINE))


@st.composite
def publications(draw: st.DrawFn) -> Publication:
    themes = draw(
        st.lists(st.builds(Theme, LINE, st.lists(ITEM, min_size=1, max_size=3).map(tuple)), min_size=1, max_size=3)
    )
    preamble, areas = draw(st.one_of(st.just(""), TEXT)), draw(st.lists(TEXT, max_size=2))
    return Publication(
        draw(LINE),
        "recommendations",
        draw(st.integers(1, 9)),
        subtitle="\n".join(draw(st.lists(LINE.filter(lambda line: len(line) < 60), max_size=2))),
        numbered=draw(st.booleans()),
        preamble=preamble,
        areas=tuple(areas),
        after_areas=draw(st.one_of(st.just(""), TEXT)) if areas else "",
        themes=tuple(themes),
        signatories=tuple(draw(st.lists(NAMED, max_size=3))),
        acknowledgement=draw(st.one_of(st.just(""), TEXT)),
        statements=draw(st.lists(st.builds(Note, st.just("statement"), LINE, TEXT), max_size=1).map(tuple)),
    )


def content(publication: Publication) -> tuple[Any, ...]:
    return (
        publication.title,
        publication.subtitle,
        publication.preamble,
        publication.areas,
        publication.after_areas,
        [(theme.title, [(item.title, item.text) for item in theme.items]) for theme in publication.themes],
        [(line.number, line.name, line.descriptor) for line in publication.signatories],
        publication.acknowledgement,
    )


def content_read(form: DocumentForm) -> tuple[Any, ...]:
    return (
        form.title,
        "\n".join(form.subtitle),
        "\n\n".join(form.preamble),
        form.areas,
        "\n\n".join(form.after_areas),
        [(theme.title, [(item.title, item.text) for item in theme.items]) for theme in form.themes],
        [(line.number, line.name, line.descriptor) for line in form.signatories],
        "\n\n".join(form.acknowledgement),
    )


@settings(deadline=None, max_examples=100)
@given(publications())
@example(
    Publication(
        "核",
        "recommendations",
        1,
        areas=("Water",),
        themes=(Theme("Signatories", (Item(1, "Sign", ""),)), Theme("Annex", (Item(2, "Add", "More."),))),
    )
)
def test_what_was_published_as_markdown_is_read_back_as_it_was(publication: Publication) -> None:
    assert content_read(read_document(markdown.render(publication))) == content(publication)


@settings(deadline=None, max_examples=300)
@given(TEXT | WORDS.map(lambda words: f"  {words}\n\t{words}"))
def test_escapes_are_undone_whatever_the_text(text: str) -> None:
    assert unliteral(literal(text)) == text


@settings(deadline=None, max_examples=300)
@given(PARAGRAPH)
def test_a_markdown_reader_shows_the_very_words(text: str) -> None:
    markdown_it = pytest.importorskip("markdown_it")
    page = markdown_it.MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(literal(text))
    assert page.startswith("<p>")
    shown = html_entities.unescape(page.removeprefix("<p>").removesuffix("</p>\n").replace("<br />", ""))
    assert "\n".join(map(str.strip, shown.split("\n"))) == "\n".join(map(str.strip, text.split("\n")))


@pytest.mark.parametrize(
    "prose",
    [
        'The Foreign, Commonwealth & Development Office (UK) – and 30+ others; see Rec. 4: "open at all times".',
        "5 * 3 < 20, snake_case, [a / b], ~20 %, #4, -5 degrees, 2021-22, $1 | $2, e-mail: a@example.org!",
        "2021年の『対話』は、第1.5トラック（官民）で行われた。",
        "1.5 tracks of dialogue; К «диалогу» — да.",
    ],
)
def test_ordinary_prose_is_not_touched(prose: str) -> None:
    assert literal(prose) == inline(prose) == prose


@pytest.mark.parametrize(
    ("words", "escaped"),
    [
        ("- not a bullet", r"\- not a bullet"),
        ("2. not a number", r"2\. not a number"),
        ("## not a heading", r"\## not a heading"),
        ("> not a quote", r"\> not a quote"),
        ("---", r"\---"),
        ("    no code", "&#32;   no code"),
        ("*no* emphasis", r"\*no\* emphasis"),
        ("<script>", r"\<script>"),
        ("&amp; as it stands", r"\&amp; as it stands"),
        ("![no](image) [no](link)", r"\![no\](image) [no\](link)"),
    ],
)
def test_words_that_would_be_markup_are_escaped(words: str, escaped: str) -> None:
    assert literal(words) == escaped


# ---------------------------------------------------------------- what readers are shown

HOSTILE = '<script>alert("x")</script>\n\n## Signatories\n\n1. **FORGED Name** – nobody'


class Seen(HTMLParser):
    """The tags of a page, the text in it, and the values of its numbered lists."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.values: list[str] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.values += [value or "" for name, value in attrs if name == "value"]

    def handle_data(self, data: str) -> None:
        self.text += data


def hostile(value: Any) -> Any:
    """The sample with hostile words in every field that holds words."""
    if is_dataclass(value):
        return type(value)(**{field.name: hostile(getattr(value, field.name)) for field in fields(value)})
    if isinstance(value, tuple):
        return tuple(map(hostile, value))
    return HOSTILE if str(value).startswith("mark-") else value


def test_hostile_words_are_shown_in_html_and_not_obeyed() -> None:
    harmless, page = Seen(html.render(EVERYTHING)), Seen(html.render(hostile(EVERYTHING)))
    assert "script" not in page.tags
    assert {tag: page.tags.count(tag) for tag in ("h1", "h2", "li", "ol", "strong")} == {
        tag: harmless.tags.count(tag) for tag in ("h1", "h2", "li", "ol", "strong")
    }
    assert '<script>alert("x")</script>' in page.text


def test_hostile_words_cannot_forge_a_signatory_in_markdown() -> None:
    form = read_document(markdown.render(hostile(EVERYTHING)))
    assert [signatory.number for signatory in form.signatories] == [88004]
    assert form.themes[0].items[0].text == HOSTILE
    assert "\n<script" not in markdown.render(hostile(EVERYTHING))


def test_a_page_needs_nothing_from_outside_and_says_its_language() -> None:
    page = html.render(EVERYTHING)
    assert page.startswith('<!DOCTYPE html>\n<html lang="mark-language">')
    assert not re.findall(r"(?:src|href)=|@import|url\(", page)


def test_numbers_in_html_are_those_of_the_list_and_not_counted_anew() -> None:
    assert Seen(html.render(EVERYTHING)).values == ["88002", "88004", "88007", "88009"]


def test_data_holds_what_was_put_in() -> None:
    data = json.loads(json_.render(EVERYTHING))
    assert data["themes"][0]["items"][0]["decision"] == "mark-decision"
    assert data["signatories"][0]["exceptions"] == [88005, 88006]
    assert "核" in json_.render(Publication("核", "memorandum", 1))


def test_a_withheld_line_may_not_hold_a_name() -> None:
    with pytest.raises(ValueError, match="must not hold the name"):
        SignatoryLine(4, "INVENTED Name", withheld=True)


def test_recommendations_are_numbered_only_where_the_publication_says_so() -> None:
    themes = (Theme("核", (Item(4, "Open", "Keep it open."), Item(7, "Shut", "Never."))),)
    plain = Publication("T", "recommendations", 1, themes=themes)
    assert "- *Open*\nKeep it open.\n- *Shut*\nNever.\n" in markdown.render(plain)
    counted = Publication("T", "recommendations", 1, themes=themes, numbered=True)
    assert "4. *Open*\nKeep it open.\n7. *Shut*\nNever.\n" in markdown.render(counted)


def test_a_number_that_does_not_count_is_said_in_words() -> None:
    themes = (Theme("W", (Item(4, "Open", "Yes."), Item("4 bis", "Shut", "No."), Item(5, "End", "So."))),)
    publication = Publication("T", "recommendations", 1, numbered=True, themes=themes)
    for form in FORMATS.values():
        assert "4 bis" in form(publication)
    assert Seen(html.render(publication)).values == ["4", "5"]
    assert [item.title for item in read_document(markdown.render(publication)).themes[0].items] == [
        "Open",
        "Shut",
        "End",
    ]


@settings(deadline=None)
@given(st.one_of(st.just(""), TEXT), st.lists(TEXT, min_size=1, max_size=12).map(tuple), st.one_of(st.just(""), TEXT))
def test_a_preamble_joined_is_parted_again(before: str, areas: tuple[str, ...], after: str) -> None:
    numbered = any(re.match(r"\d+\. ", line) for part in (before, *areas, after) for line in part.split("\n"))
    assert numbered or parted(joined(before, areas, after)) == (before, areas, after)
    assert numbered or parted(before) == (before, (), "")


def test_one_unnamed_signatory_is_counted_in_the_singular_and_none_is_not_mentioned() -> None:
    assert "1 signatory is not named here" in markdown.render(Publication("T", "memorandum", 1, unnamed=1))
    assert "not named here" not in markdown.render(Publication("T", "memorandum", 1))


# ---------------------------------------------------------------- the real document


def published_again(form: DocumentForm) -> Publication:
    """The document as it was read, with nothing added but an edition."""
    numbers = iter(range(1, 1000))
    recorded = joined("\n\n".join(form.preamble), form.areas, "\n\n".join(form.after_areas))
    preamble, areas, after_areas = parted(recorded)
    return Publication(
        form.title,
        "recommendations",
        1,
        subtitle="\n".join(form.subtitle),
        preamble=preamble,
        areas=areas,
        after_areas=after_areas,
        themes=tuple(
            Theme(theme.title, tuple(Item(next(numbers), item.title, item.text) for item in theme.items))
            for theme in form.themes
        ),
        signatories=tuple(SignatoryLine(one.number, one.name, one.descriptor) for one in form.signatories),
        acknowledgement="\n\n".join(form.acknowledgement),
    )


@pytest.mark.skipif(not SEED.exists(), reason="the real documents are not here")
def test_the_real_list_is_published_again_byte_for_byte() -> None:
    seed = SEED.read_text(encoding="utf-8")
    out = markdown.render(published_again(read_document(seed)))
    lines = [line for line in seed.split("\n") if re.match(r"\d+\. \*\*", line)]
    assert len(lines) == 36
    assert [line for line in out.split("\n") if re.match(r"\d+\. \*\*", line)] == lines
    for area in (line for line in seed.split("\n") if re.match(r"\d+\. (?!\*)", line)):
        assert f"\n{area}\n" in out
    themes = seed[seed.index("- *Keep") : seed.index("Signatories")]
    headings = re.findall(r"^Expand .*\w$", seed, re.MULTILINE)
    assert len(headings) == 3
    # all that differs between the themes: their headings are marked, the empty bullet and the empty lines are gone
    for heading in headings[1:]:
        themes = themes.replace(f"\n{heading}\n", f"\n## {heading}\n")
    again = out[out.index("- *Keep") : out.index("## Signatories")]
    assert again.split() == themes.replace("\n-\n", "\n").split()
    words = [line for line in themes.split("\n") if line.strip("- ")]
    assert [line for line in again.split("\n") if line] == words
    assert seed.rstrip("\n").split("\n")[-1] + "\n" == out[-len(seed.split("\n")[-1]) - 1 :]


@pytest.mark.skipif(not SEED.exists(), reason="the real documents are not here")
def test_the_real_list_reads_the_same_from_what_was_published() -> None:
    form = read_document(SEED.read_text(encoding="utf-8"))
    again = read_document(markdown.render(published_again(form)))
    assert content_read(again) == content_read(form)
    assert [line.line for line in again.signatories] == [line.line for line in form.signatories]


def test_numbers_stay_numbers_for_any_markdown_reader_below_paragraphs_and_notes() -> None:
    markdown_it = pytest.importorskip("markdown_it")
    note = Note("reservation", "Invented Office", "Not on Sundays.")
    items = (
        Item(2, "Open", "Here.\n\nAnd there."),
        Item(3, "Shut", "No.", notes=(note,)),
        Item(12, "End", "A.\n\nB.", notes=(note,)),
    )
    lines = (
        SignatoryLine(9, "ANY Name", "Fisher", reservations=(note,)),
        SignatoryLine(10, "", withheld=True),
        SignatoryLine(11, "OTHER Name", "Sailor"),
    )
    publication = Publication("T", "memorandum", 1, numbered=True, themes=(Theme("W", items),), signatories=lines)
    page = markdown_it.MarkdownIt("commonmark").render(markdown.render(publication))
    assert page.count("<li>") == 5
    assert re.findall(r'<ol start="(\d+)">', page) == ["2", "3", "9", "11"]
    assert "<code>" not in page
    assert re.findall(r"<em>(\w+)</em>", page) == ["Open", "Shut", "End"]
