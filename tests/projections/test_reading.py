"""Documents and forms that exist already are read exactly. All samples but the two real documents are invented."""

import unicodedata
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from projections.reading.dates import count, partial_date
from projections.reading.describe import describe
from projections.reading.document import DocumentForm, read_document
from projections.reading.mandate import Section, read_mandate
from projections.reading.names import name_parts
from projections.reading.source import LIMIT, Unreadable, decoded

SEEDS = Path(__file__).parents[2] / "../shared/seeds"
real = pytest.mark.skipif(not SEEDS.exists(), reason="the real documents are not here")


def titles(form: DocumentForm) -> list[tuple[str, list[str]]]:
    return [(theme.title, [item.title for item in theme.items]) for theme in form.themes]


def whats(form: DocumentForm) -> list[tuple[int, str]]:
    return [(remark.line, remark.what.split(",")[0]) for remark in form.remarks]


# ---------------------------------------------------------------- the real document


@pytest.fixture(scope="module")
def apln() -> DocumentForm:
    return read_document((SEEDS / "apln-recommendations.md").read_text(encoding="utf-8"))


@real
def test_the_real_list_has_its_title_areas_and_themes(apln: DocumentForm) -> None:
    assert apln.title == "Improving Security Cooperation in Northeast Asia"
    assert apln.subtitle == ("Asia-Pacific Leadership Network", "Recommendations")
    assert [len(apln.preamble), len(apln.areas), len(apln.after_areas)] == [1, 2, 1]
    assert apln.areas[0].startswith("Regional security cooperation should be expanded via existing")
    assert apln.areas[1].endswith("Track 1.5, Track 2 and civil society initiatives.")
    assert [(theme.title[:14], len(theme.items)) for theme in apln.themes] == [
        ("Expand Track 1", 5),
        ("Expand Track 2", 4),
        ("Expand Expert ", 3),
    ]
    assert len(apln.acknowledgement) == 1


@real
def test_the_real_list_keeps_its_36_signatories_verbatim(apln: DocumentForm) -> None:
    assert [signatory.number for signatory in apln.signatories] == list(range(1, 37))
    assert all(f"{s.number}. **{s.name}** – {s.descriptor}" == s.line for s in apln.signatories)
    assert apln.signatories[20].descriptor.endswith("The Intitute of Foreign Affairs and National Security")


@real
def test_what_is_broken_in_the_real_list_is_reported_and_not_mended(apln: DocumentForm) -> None:
    assert whats(apln) == [
        (25, "a paragraph broken off"),
        (31, "an empty list entry"),
        (71, "a quotation mark without its fellow"),
    ]
    assert "In addition, expand the\n\nWestern Pacific Naval Symposium" in apln.themes[0].items[3].text


@real
def test_no_word_of_the_real_list_is_lost(apln: DocumentForm) -> None:
    seed = (SEEDS / "apln-recommendations.md").read_text(encoding="utf-8")
    kept = [apln.title, *apln.subtitle, *apln.preamble, *apln.areas, *apln.after_areas, *apln.acknowledgement]
    for theme in apln.themes:
        kept += [theme.title, *(part for item in theme.items for part in (f"*{item.title}*", item.text))]
    kept += [signatory.line for signatory in apln.signatories]
    marks = {"-", "1.", "2.", "Signatories"}
    assert sorted(w for w in seed.split() if w not in marks) == sorted(
        w for w in " ".join(kept).split() if w not in marks
    )


# ---------------------------------------------------------------- other layouts, invented

ENGLISH = """\
# Invented Dialogue on Lakes

Invented Institute

> Status: draft

We met to discuss water.

## Preamble

We recall earlier talks.

## 1. Sharing data ##

1. **Publish gauges daily.** Gauges are read by all.
   Their readings are free.

   They stay online.
2. **Name one office** – it answers letters.

---

## Fishing

3. __Count the fish__
   Twice a year:
   - in spring
   - in autumn

## Signatories

The following sign in a personal capacity.

1. Jane EXAMPLE, Professor, Invented University
2. __JOHN Doe__: Former keeper
3. Ann Nobody - Fisher

## Acknowledgements

We thank the lake.

## Minority view

Fish cannot be *counted*.
"""


def test_a_markdown_document_with_bold_titles_and_numbered_recommendations() -> None:
    form = read_document(ENGLISH)
    assert (form.title, form.subtitle) == ("Invented Dialogue on Lakes", ("Invented Institute",))
    assert form.preamble == ("We met to discuss water.", "We recall earlier talks.")
    assert titles(form) == [
        ("1. Sharing data", ["Publish gauges daily.", "Name one office"]),
        ("Fishing", ["Count the fish"]),
    ]
    first, second = form.themes[0].items
    assert first.text == "Gauges are read by all.\nTheir readings are free.\n\nThey stay online."
    assert second.text == "it answers letters."
    assert form.themes[1].items[0].text == "Twice a year:\n- in spring\n- in autumn"
    assert [(s.number, s.name, s.descriptor) for s in form.signatories] == [
        (1, "Jane EXAMPLE", "Professor, Invented University"),
        (2, "JOHN Doe", "Former keeper"),
        (3, "Ann Nobody", "Fisher"),
    ]
    assert form.acknowledgement == ("We thank the lake.",)
    assert [(annex.title, annex.text) for annex in form.annexes] == [("Minority view", "Fish cannot be *counted*.")]
    assert whats(form) == [(5, "a quoted block"), (32, "not numbered")]


CHINESE = """\
湖泊对话建议（虚构样本）
虚构研究所

与会者就水资源问题进行了讨论，达成以下共识：

一、数据共享

1．每日公布水位
各方应每日公布水位“数据。
2．指定联络处
由联络处答复来函。

二、渔业

（3）每年清点鱼类

签署人

1、王某某——虚构大学教授
2、李某某，虚构研究所研究员

本文件为虚构样本。
"""


def test_a_chinese_document_in_plain_text() -> None:
    form = read_document(CHINESE)
    assert form.title == "湖泊对话建议（虚构样本）"
    assert form.subtitle == ("虚构研究所",)
    assert form.preamble == ("与会者就水资源问题进行了讨论，达成以下共识：",)
    assert titles(form) == [
        ("一、数据共享", ["每日公布水位", "指定联络处"]),
        ("二、渔业", ["每年清点鱼类"]),
    ]
    assert form.themes[0].items[0].text == "各方应每日公布水位“数据。"
    assert [(s.number, s.name, s.descriptor) for s in form.signatories] == [
        (1, "王某某", "虚构大学教授"),
        (2, "李某某", "虚构研究所研究员"),
    ]
    assert form.acknowledgement == ("本文件为虚构样本。",)
    assert whats(form) == [(8, "a quotation mark without its fellow")]


RUSSIAN = """\
\ufeffВЫДУМАННЫЙ ДИАЛОГ ОБ ОЗЁРАХ\r
\r
Участники согласились в следующем:\r
\r
1) Вода принадлежит всем, и данные о ней открыты.\r
\r
Обмен данными\r
\r
• Публиковать данные ежедневно.\r
• Назначить одно ведомство, которое отвечает на письма и ведёт\r
  общий журнал.\r
\r
Рыболовство\r
\r
• Считать рыбу\r
\r
Подписали:\r
\r
1. Иван ПРИМЕРОВ — профессор Выдуманного университета\r
3. ОБРАЗЦОВА Мария\tнаучный\r
   сотрудник\r
"""


def test_a_russian_document_with_typewriter_bullets_and_windows_line_ends() -> None:
    form = read_document(RUSSIAN)
    assert form.title == "ВЫДУМАННЫЙ ДИАЛОГ ОБ ОЗЁРАХ"
    assert form.areas == ("Вода принадлежит всем, и данные о ней открыты.",)
    assert [(t.title, [(i.title, i.text) for i in t.items]) for t in form.themes] == [
        (
            "Обмен данными",
            [
                ("", "Публиковать данные ежедневно."),
                ("", "Назначить одно ведомство, которое отвечает на письма и ведёт\nобщий журнал."),
            ],
        ),
        ("Рыболовство", [("Считать рыбу", "")]),
    ]
    assert [(s.number, s.name, s.descriptor) for s in form.signatories] == [
        (1, "Иван ПРИМЕРОВ", "профессор Выдуманного университета"),
        (3, "ОБРАЗЦОВА Мария", "научный сотрудник"),
    ]
    assert whats(form) == [(20, "number 3 stands in place 2"), (20, "a signatory's line goes on below; it is joined")]


KOREAN = """\
호수 대화 권고문 (가상)

전문

참가자들은 물에 관하여 논의하였다.

1. 호수 협력
   1.1 수위를 매일 공개한다.
   1.2 연락처를 지정한다.

2. 어업
   2.1 물고기를 센다.

서명자

1. 홍길동, 가상대학교 교수
"""


def test_a_korean_document_whose_numbered_lines_are_themes() -> None:
    form = read_document(KOREAN)
    assert form.preamble == ("참가자들은 물에 관하여 논의하였다.",)
    assert [(theme.title, [item.text for item in theme.items]) for theme in form.themes] == [
        ("호수 협력", ["수위를 매일 공개한다.", "연락처를 지정한다."]),
        ("어업", ["물고기를 센다."]),
    ]
    assert [(s.name, s.descriptor) for s in form.signatories] == [("홍길동", "가상대학교 교수")]


def test_a_list_without_any_heading_is_one_theme_without_a_title() -> None:
    form = read_document("Invented Lakes\n\nWe agreed:\n\n1. Open the data\n2. Count the fish\n")
    assert titles(form) == [("", ["Open the data", "Count the fish"])]
    assert form.preamble == ("We agreed:",)


def test_closing_words_below_the_last_recommendation_are_the_acknowledgement() -> None:
    form = read_document("Lakes\n\nWater\n\n- *Open*\nOpen the data.\n\nWe thank the invented hosts.\n")
    assert form.acknowledgement == ("We thank the invented hosts.",)
    assert form.themes[0].items[0].text == "Open the data."
    assert whats(form) == [(8, "a paragraph after the last recommendation")]


def test_a_page_that_ends_within_a_paragraph_is_reported_and_both_parts_stay() -> None:
    form = read_document(
        "Lakes\n\nWater\n\n- *Open*\nOpen the\n\fdata now.\n- *Shut*\nNo.\n\nMore of it.\n- *End*\nYes.\n"
    )
    assert form.themes[0].items[0].text == "Open the\ndata now."
    assert form.themes[0].items[1].text == "No.\n\nMore of it."
    assert whats(form) == [(7, "a page ends here"), (11, "a further paragraph")]


def test_plain_text_is_not_unescaped_and_markdown_is() -> None:
    body = "\n\nWater\n\n- *Open*\n\\- the \\*data\\*.\n"
    assert read_document("Lakes" + body).themes[0].items[0].text == "\\- the \\*data\\*."
    marked = ("# Lakes" + body).replace("Water", "## Water")
    assert read_document(marked).themes[0].items[0].text == "- the *data*."


def test_an_emphasised_word_at_the_start_of_a_text_is_no_title() -> None:
    form = read_document("Lakes\n\nWater\n\n- *Ad hoc* talks should go on.\n- **Open:** all data.\n")
    assert [(item.title, item.text) for item in form.themes[0].items] == [
        ("", "*Ad hoc* talks should go on."),
        ("Open", "all data."),
    ]


def test_prose_wrapped_at_a_margin_is_text_and_not_a_title() -> None:
    form = read_document(
        "Lakes\n\nWater\n\n1. All shores should publish their gauges\nevery day.\n2. Fish\nCount them in spring.\n"
    )
    assert [(item.title, item.text) for item in form.themes[0].items] == [
        ("", "All shores should publish their gauges\nevery day."),
        ("Fish", "Count them in spring."),
    ]


def test_letters_and_marks_written_apart_are_joined_and_reported() -> None:
    form = read_document(unicodedata.normalize("NFD", KOREAN))
    assert form.themes[0].title == "호수 협력"
    assert form.remarks[0].what.startswith("some letters were written apart")


@pytest.mark.parametrize("reader", [read_document, read_mandate])
@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "the file is empty"),
        ("\ufeff \n\t\n", "the file is empty"),
        ("a\nb\x00c", r"line 2 holds the character U\+0000"),
        ("a\ud800", r"line 1 holds the character U\+D800"),
        ("核" * (LIMIT // 3 + 1), "larger than 5,000,000 bytes"),
        ("a\nb" + " " * 301, "line 2 holds more than 300 blanks"),
        ("Just one line of prose, and nothing else at all.", "no (recommendations were|mandate form was) found"),
    ],
)
def test_what_is_no_document_is_refused_with_a_sentence(reader, text: str, says: str) -> None:
    with pytest.raises(Unreadable, match=says) as refused:
        reader(text)
    assert "\n" not in str(refused.value)


def test_bytes_are_utf_8_or_refused() -> None:
    assert decoded("\ufeffозеро".encode()) == "озеро"
    with pytest.raises(Unreadable, match="byte 2 is not UTF-8"):
        decoded(b"a\xff")
    with pytest.raises(Unreadable, match="larger"):
        decoded(b"a" * (LIMIT + 1))


@settings(deadline=None, max_examples=200)
@given(
    st.lists(
        st.sampled_from(
            [
                "# T",
                "T",
                "- *a*",
                "-",
                "1. b",
                "  - c",
                "> q",
                "---",
                "===",
                "",
                "(a) x",
                "A: b",
                "|a|b|",
                "Signatories",
                "核。",
            ]
        )
    )
)
def test_any_order_of_lines_is_read_or_refused_and_never_fails(lines: list[str]) -> None:
    for reader in (read_document, read_mandate):
        with suppress(Unreadable):
            assert describe(reader("\n".join(lines)))


# ---------------------------------------------------------------- names


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("EXAMPLE Hidehiko", ("EXAMPLE", "Hidehiko", "family-first")),
        ("SAMPLE Joon Hyung", ("SAMPLE", "Joon Hyung", "family-first")),
        ("Georgy EXAMPLE", ("EXAMPLE", "Georgy", "given-first")),
        ("Maria DE LA SAMPLE", ("DE LA SAMPLE", "Maria", "given-first")),
        ("Иван ПРИМЕРОВ", ("ПРИМЕРОВ", "Иван", "given-first")),
        ("J. R. SAMPLE-EXAMPLE", ("SAMPLE-EXAMPLE", "J. R.", "given-first")),
    ],
)
def test_the_family_name_is_the_one_in_capitals(name: str, parts: tuple[str, str, str]) -> None:
    assert name_parts(name) == parts


@pytest.mark.parametrize(
    "name", ["Ann Nobody", "ANN NOBODY", "王某某", "Ann NO Body", "O Jin", "EXAMPLE", "", "McEXAMPLE Ann"]
)
def test_an_order_that_the_print_does_not_tell_is_not_guessed(name: str) -> None:
    assert name_parts(name) == (None, None, None)


# ---------------------------------------------------------------- mandate forms


@real
def test_the_real_form_is_read_field_by_field() -> None:
    text = (SEEDS / "cscap-study-group-proposal.md").read_text(encoding="utf-8")
    form = read_mandate(text)
    assert form.form.startswith("Council for Security Cooperation in the Asia Pacific (CSCAP)")
    assert form.title == "Study Group on Northeast Asia Peace and Cooperation"
    assert (form.submitted, form.applicant, form.meetings) == ("2019-06", "CSCAP-Korea", 4)
    assert form.cochairs == ("CSCAP-Korea", "CSCAP-China", "CSCAP-Japan", "CSCAP-US")
    assert (form.start, form.end) == ("2019-09-01", "2021-08-31")
    assert [section.heading for section in form.sections] == [
        "Introduction and Significance of the Study",
        "Objectives of the Study",
        "Anticipated Output",
        "How does this proposed Study Group differ from previous studies undertaken by CSCAP in the past?",
    ]
    assert all(section.text in text for section in form.sections)
    assert [letter for letter, _ in form.objectives] == ["a", "b", "c", "d"]
    assert form.objectives[3][1] == "To examine the feasibility of follow-on study group projects."
    assert [(remark.line, remark.what[:29]) for remark in form.remarks] == [(31, "from here the lettered list i")]


TABLE_FORM = """\
# Invented Study Group Proposal

| Field | Entry |
|---|---|
| **Title** | Study group on lakes |
| Submitted | 3 May 2031 |
| Applicant | Invented Institute |
| Co-chairs | First Office; Second Office |
| Number of meetings | Three (4) |
| Timeframe | June 2031 – 31/12/2032 |
| Budget | none |

## Purpose

Note: this is prose.

a) To count the fish,
twice.
b) To publish.

Closing words.

## Empty
"""


def test_a_form_in_a_table_says_what_it_could_not_read() -> None:
    form = read_mandate(TABLE_FORM)
    assert (form.form, form.title) == ("Invented Study Group Proposal", "Study group on lakes")
    assert (form.submitted, form.applicant) == ("2031-05-03", "Invented Institute")
    assert form.cochairs == ("First Office", "Second Office")
    assert (form.meetings, form.start, form.end) == (None, "2031-06", None)
    assert [section.heading for section in form.sections] == ["Purpose"]
    assert form.sections[0].text.startswith("Note: this is prose.")
    assert form.sections[0].text.endswith("Closing words.")
    assert form.objectives == (("a", "To count the fish,\ntwice."), ("b", "To publish."))
    assert [(remark.line, remark.what) for remark in form.remarks] == [
        (3, "not placed in the form"),
        (9, "not one number of meetings"),
        (10, "a date that cannot be read with certainty"),
        (11, "not placed in the form"),
        (23, "a heading with nothing under it"),
    ]


PLAIN_FORM = """\
ЗАЯВКА (ВЫДУМАННАЯ)

Название: Группа по озёрам
Дата подачи: июнь 2031 г.
Заявитель: Выдуманный институт
Сопредседатели: Первое бюро и Второе бюро
Число встреч: 2
Начало мандата: 1 сентября 2031
Окончание мандата: 2032

Зачем нужна группа?

Озёра мелеют.

(а) Измерить уровень.
(б) Считать рыбу.
"""


def test_a_plain_form_with_labels_in_russian() -> None:
    form = read_mandate(PLAIN_FORM)
    assert (form.form, form.title) == ("ЗАЯВКА (ВЫДУМАННАЯ)", "Группа по озёрам")
    assert (form.submitted, form.start, form.end) == ("2031-06", "2031-09-01", "2032")
    assert (form.cochairs, form.meetings) == (("Первое бюро", "Второе бюро"), 2)
    assert form.sections == (Section("Зачем нужна группа?", "Озёра мелеют."),)
    assert form.objectives == (("а", "Измерить уровень."), ("б", "Считать рыбу."))
    assert form.remarks == ()


@pytest.mark.parametrize(
    ("words", "date"),
    [
        ("June 2019", "2019-06"),
        ("Sept. 2019", "2019-09"),
        ("September 1, 2019", "2019-09-01"),
        ("1st of September 2019", "2019-09-01"),
        ("29 February 2024", "2024-02-29"),
        ("2019-09", "2019-09"),
        ("2019", "2019"),
        ("2019年9月1日", "2019-09-01"),
        ("2019년 9월", "2019-09"),
        ("29 February 2023", None),
        ("01/09/2019", None),
        ("2019-13", None),
        ("Someday 2019", None),
        ("in the autumn", None),
        ("", None),
    ],
)
def test_a_date_is_read_as_precisely_as_it_is_written(words: str, date: str | None) -> None:
    assert partial_date(words) == date


@pytest.mark.parametrize(
    ("words", "number"), [("Four (4)", 4), ("4", 4), ("four", 4), ("Four (5)", None), ("some", None), ("2-3", None)]
)
def test_a_number_is_one_number_or_none(words: str, number: int | None) -> None:
    assert count(words) == number


# ---------------------------------------------------------------- what is shown before anything is recorded


def test_a_description_says_what_was_understood_and_what_was_not() -> None:
    said = describe(read_document(ENGLISH))
    for words in (
        "A document: Invented Dialogue on Lakes",
        "  1. Sharing data: 2 recommendations",
        "    - Count the fish",
        "    from 1. Jane EXAMPLE to 3. Ann Nobody",
        "2 things to look at; nothing was mended:",
        "  line 5: a quoted block, not taken over: Status: draft",
    ):
        assert words in said
    said = describe(read_mandate(PLAIN_FORM))
    assert "  start of mandate: 2031-09-01" in said
    assert said.endswith("Everything was placed.")
