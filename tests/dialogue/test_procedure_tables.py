"""Decision tables: what each procedure makes of given positions.

People are letters, and everybody's position is a letter with a sign; `*` is a position without a holder.
Entries are numbered from 1 in the order written. The outcome is "reached", or the reason why not, followed by
the entries that blocked.

    + agree      r with reservation   d dissociating   ? ad referendum
    - object     s stand-aside        o abstain        x recuse
"""

from __future__ import annotations

from fractions import Fraction
from uuid import UUID

import pytest

from dialogue.procedure import (
    POSITIONS,
    Evaluation,
    Held,
    PositionName,
    Procedure,
    ProcedureName,
    Quorum,
    Unfit,
    evaluate,
    fit,
    sentence,
)

SIGNS: dict[str, PositionName] = dict(zip("+r?dso-x", POSITIONS, strict=True))

CONSENSUS = """
entitled | positions         | quorum | outcome           | why
a        |                   |        | reached           | nobody objects
a        | a+                |        | reached           |
a        | a-                |        | objection 1       | one objection is enough
a        | a?                |        | reached           | ad referendum blocks nothing
a        | ao                |        | reached           |
a        | as                |        | reached           |
a        | ax                |        | nobody-active     | nobody's consent is no decision
abc      | ax bx cx          |        | nobody-active     |
abc      | ax bx cx *-       |        | objection 4       | conveyed through the chair
         |                   |        | nobody-active     |
         | a+                |        | nobody-active     | a stranger's agreement
abc      | a+ b+ c+          |        | reached           |
abc      | a+ b+ c-          |        | objection 3       |
abc      | a- b+ c-          |        | objection 1 3     |
abc      | a- b- c-          |        | objection 1 2 3   |
abc      | *-                |        | objection 1       | counted, unnamed
abc      | a+ b+ c+ *-       |        | objection 4       |
abc      | a+ b+ z-          |        | reached           | a stranger's objection
abc      | ar bd cs          |        | reached           |
abc      | ar bd c-          |        | objection 3       |
abcd     | a+ b+ c+          | 3      | reached           | at the quorum
abcd     | a+ b+             | 3      | quorum            | one below it
abcd     | a+ b+ z+          | 3      | quorum            | a stranger makes no quorum
abcd     | a+ bo cs          | 3      | reached           | who abstains takes part
abcd     | a+ b? c?          | 3      | reached           | who waits for the capital takes part
abcd     | a+ b+ cx          | 3      | quorum            | who recused does not
abcd     | a+ b+ *+          | 3      | reached           | unnamed, but there
abcd     | a+ b-             | 3      | objection 2       | the objection tells more than the quorum
abcd     | a+ b+ c+ d+       | 4      | reached           |
abcd     | a+ b+ c+ dx       | 4      | quorum            | a count stays as given
abcd     | a+ b+ c+ dx       | 1/1    | reached           | a fraction is of those left
abcd     | a+ b+             | 1/2    | reached           |
abcd     | a+                | 1/2    | quorum            |
abcde    | a+ b+             | 1/2    | quorum            | 5/2 is rounded up
abcde    | a+ b+ c+          | 1/2    | reached           |
abcde    | a+ b+ ex          | 1/2    | reached           | recusal: 2 of 4
abcde    | a+ b+ c+          | 2/3    | quorum            | 10/3 is rounded up
abcde    | a+ b+ c+ do       | 2/3    | reached           |
abc      | a+ b+ c+ *+ *+    | 1/1    | reached           | more cards than people
abc      | ax b+ c+ *+       | 3      | quorum            | no more present than active
"""

CONSENSUS_MINUS = """
entitled | positions         | excluded | quorum | outcome        | why
abc      | a+ b+ c-          | c        |        | reached        | the one concerned is not counted
abc      | a+ b- c-          | c        |        | objection 2    |
abc      | a- b+ c+          | c        |        | objection 1    |
abc      | a+ b+ c+          | c        |        | reached        |
abc      | c-                | c        |        | reached        |
abc      |                   | c        |        | reached        |
abc      | c+                | c        | 1      | quorum         | the excluded make no quorum
abc      | a+ c+             | c        | 1      | reached        |
abc      | a+ b+ c+          | c        | 2      | reached        |
abc      | a+ c+             | c        | 2      | quorum         |
abc      | a+                | c        | 1/2    | reached        | 1 of 2
abcd     | a+                | d        | 1/2    | quorum         | 3/2 is rounded up
abcd     | a+ b+             | d        | 1/2    | reached        |
abcd     | a+ b+ c+          | d        | 1/1    | reached        |
abcd     | a+ b+ d+          | d        | 1/1    | quorum         |
abcd     | a+ b- c- d-       | bc       |        | objection 4    | minus two
abcd     | a+ b- c- d+       | bc       |        | reached        |
abcd     | a+ b- c-          | bc       | 1/2    | reached        | 1 of 2
abcd     | a+ dx             | bc       | 1/1    | reached        | 1 of 1
abcd     | ax dx             | bc       |        | nobody-active  |
abcd     | ax bx cx dx       | bc       |        | nobody-active  |
abcd     | a+ bx             | bc       | 1/1    | quorum         | the excluded leave once, not twice
abcd     | a+ d+ bx          | bc       | 1/1    | reached        |
abc      | a+ b+ *-          | c        |        | objection 3    | the chair vouches for who conveyed it
abc      | a? b? c-          | c        |        | reached        |
abc      | as bo c-          | c        | 2      | reached        |
abc      | a+ b+ z-          | c        |        | reached        | a stranger
ab       | a+ b-             | b        |        | reached        | one left
ab       | a- b+             | b        |        | objection 1    |
ab       | ax b-             | b        |        | nobody-active  |
"""

SILENCE = """
entitled | positions         | quorum | outcome        | why
a        |                   |        | reached        | unbroken
abc      |                   |        | reached        |
abc      | a-                |        | objection 1    | broken by an objection or an amendment
abc      | *-                |        | objection 1    | through the chair
abc      | a+ b-             |        | objection 2    |
abc      | a- b-             |        | objection 1 2  |
abc      | a- *-             |        | objection 1 2  |
abc      | a+                |        | reached        | nobody has to speak
abc      | a+ b+ c+          |        | reached        |
abc      | ar                |        | reached        |
abc      | ad                |        | reached        |
abc      | a?                |        | reached        |
abc      | as                |        | reached        |
abc      | ao                |        | reached        |
abc      | ax                |        | reached        | two are left to keep silent
abc      | ax bx             |        | reached        |
abc      | ax bx cx          |        | nobody-active  | nobody's silence is no decision
         |                   |        | nobody-active  |
abc      | z-                |        | reached        | a stranger breaks nothing
abc      | z- a-             |        | objection 2    |
abc      | ax b-             |        | objection 2    |
abc      | a? b? c?          |        | reached        |
abc      | *+                |        | reached        |
abc      | *o *s *?          |        | reached        |
abc      |                   | 1      | quorum         | a quorum has to speak, where one is set
abc      | a+                | 1      | reached        |
abc      | ao                | 1/3    | reached        |
abc      | a+                | 1/2    | quorum         |
abc      | a+ cx             | 1/2    | reached        |
abc      | a+ b-             | 1/2    | objection 2    |
"""

MAJORITY = """
entitled | positions         | threshold | quorum | outcome          | why
a        | a+                | 1/2       |        | reached          |
a        | a-                | 1/2       |        | threshold 1      |
ab       | a+ b-             | 1/2       |        | reached          | a tie is at least 1/2
ab       | a+ b-             | 2/3       |        | threshold 2      |
abc      | a+ b+ c-          | 2/3       |        | reached          | exactly 2/3
abcd     | a+ b+ c- d-       | 2/3       |        | threshold 3 4    |
abcd     | a+ b+ c+ d-       | 3/4       |        | reached          | exactly 3/4
abcde    | a+ b+ c+ d- e-    | 3/5       |        | reached          | exactly 3/5
abcde    | a+ b+ c+ d- e-    | 601/1000  |        | threshold 4 5    | a thousandth above it
abcdefg  | a+ b+ c+ d+ e- f- g- | 4/7    |        | reached          | no float would say so safely
abc      | a+ b+ c+          | 1/1       |        | reached          | unanimity
abc      | a+ b+ c-          | 1/1       |        | threshold 3      |
abc      | a+                | 1/1       |        | reached          | of those who agree or object
abc      |                   | 1/2       |        | no-votes         | 0/0 is no majority
abc      | ao bs             | 1/2       |        | no-votes         |
abc      | a+ bo co          | 2/3       |        | reached          | abstentions are not counted
abc      | a+ bs cs          | 2/3       |        | reached          | nor are stand-asides
abcd     | a+ b- co ds       | 2/3       |        | threshold 2      |
abc      | ar bd c-          | 2/3       |        | reached          | with words attached, but agreed
abc      | a+ b? c-          | 2/3       |        | awaiting         | 1/2 now, 2/3 when confirmed
abcd     | a+ b? c- d-       | 2/3       |        | threshold 3 4    | the capital's word would not do
ab       | a? b?             | 1/2       |        | awaiting         | not yet agreement
abc      | a+ b? cx          | 1/2       |        | reached          |
abc      | a+ b+ *-          | 2/3       |        | reached          | through the chair, counted
abc      | a+ *-             | 2/3       |        | threshold 2      |
abc      | a+ z- y-          | 2/3       |        | reached          | strangers
abcd     | a+ b+ c-          | 1/2       | 3      | reached          |
abcd     | a+ b+             | 1/2       | 3      | quorum           |
abcd     | a+ b+ co          | 1/2       | 3      | reached          | an abstention makes the quorum
abcd     | a+ b+ cx          | 1/2       | 3      | quorum           | a recusal does not
abcd     | a- b-             | 1/2       | 3      | quorum           | before anything is weighed
abcd     | a+ b+ cx          | 1/2       | 2/3    | reached          | 2 of 3
abcd     | a+ b+             | 1/2       | 2/3    | quorum           | 8/3 is rounded up
abcd     | a+ b? co          | 1/2       | 3      | reached          |
abc      | ax bx cx          | 1/2       |        | nobody-active    |
         | *+                | 1/2       |        | nobody-active    |
"""

BALLOT = """
entitled | positions         | quorum | outcome        | why
a        | a+                |        | reached        |
a        | as                |        | no-yes         | No Objection alone
a        | a-                |        | objection 1    |
a        |                   |        | no-yes         |
abc      | a+ bs             |        | reached        | 2 of ceil(2/3 of 3) = 2
abc      | a+                |        | two-thirds     | 1 of 2
abc      | a+ b+             |        | reached        |
abc      | a+ b+ c-          |        | objection 3    | a Discuss
abc      | a+ b+ cs          |        | reached        | the Discuss cleared
abc      | as bs cs          |        | no-yes         |
abc      | a+ bo             |        | two-thirds     | Abstain is on neither side
abc      | a+ bo co          |        | two-thirds     | abstaining can end it
abcd     | a+ bs             |        | two-thirds     | ceil(8/3) = 3
abcd     | a+ bs cs          |        | reached        |
abcd     | a+ bs dx          |        | reached        | a recusal: ceil(6/3) = 2
abcd     | a+ cx dx          |        | two-thirds     | ceil(4/3) = 2
abcd     | a+ bx cx dx       |        | reached        | ceil(2/3) = 1
abcd     | ax bx cx dx       |        | nobody-active  |
abcde    | a+ bs cs          |        | two-thirds     | ceil(10/3) = 4
abcde    | a+ bs cs ds       |        | reached        |
abcde    | a+ bs cs ds e-    |        | objection 5    | enough once the Discuss is resolved
abcdef   | a+ bs cs ds       |        | reached        | 4 of ceil(12/3) = 4, exactly
abc      | ar b+             |        | reached        | a Yes with a reservation
abc      | ad bs             |        | reached        | a Yes that dissociates
abc      | a? bs             |        | awaiting       | no Yes until the capital's word
abc      | a+ b?             |        | awaiting       | one short until then
abcde    | a+ b?             |        | two-thirds     | short even then
abc      | a? b-             |        | objection 2    |
abc      | a+ bs *-          |        | objection 3    |
abc      | a+ *s             |        | reached        |
abc      | a+ zs             |        | two-thirds     | a stranger
abcd     | a+ bs cs          | 4      | quorum         |
abcd     | a+ bs cs do       | 4      | reached        |
abcd     | a+ bs dx          | 1/1    | quorum         |
         |                   |        | nobody-active  |
"""

CHAIR = """
entitled | positions         | ruling | outcome  | why
abc      |                   | for    | reached  | the co-chairs rule, alone
abc      |                   | not    | ruling   |
         |                   | for    | reached  | they need nobody
         |                   | not    | ruling   |
a        |                   | for    | reached  |
a        |                   | not    | ruling   |
a        | a-                | for    | reached  | positions are not counted at all
a        | a-                | not    | ruling   |
a        | a+                | for    | reached  |
a        | a+                | not    | ruling   |
a        | ax                | for    | reached  |
a        | ax                | not    | ruling   |
abc      | a- b- c-          | for    | reached  |
abc      | a- b- c-          | not    | ruling   |
abc      | a+ b+ c+          | for    | reached  |
abc      | a+ b+ c+          | not    | ruling   |
abc      | ax bx cx          | for    | reached  |
abc      | ax bx cx          | not    | ruling   |
abc      | a? b?             | for    | reached  |
abc      | a? b?             | not    | ruling   |
abc      | *-                | for    | reached  |
abc      | *-                | not    | ruling   |
abc      | *+                | not    | ruling   |
abc      | z-                | for    | reached  |
abc      | ar bd cs          | for    | reached  |
abc      | ao bs             | not    | ruling   |
"""

TABLES: dict[ProcedureName, str] = {
    "consensus": CONSENSUS,
    "consensus-minus": CONSENSUS_MINUS,
    "silence": SILENCE,
    "majority": MAJORITY,
    "ballot": BALLOT,
    "chair": CHAIR,
}


def person(letter: str) -> UUID:
    return UUID(int=ord(letter))


def people(letters: str) -> tuple[UUID, ...]:
    return tuple(person(letter) for letter in letters)


def cards(positions: str) -> list[Held]:
    return [
        Held(None if card[0] == "*" else person(card[0]), SIGNS[card[1]], entry)
        for entry, card in enumerate(positions.split(), 1)
    ]


def quorum(written: str) -> Quorum | None:
    return Fraction(written) if "/" in written else int(written) if written else None


def rows(table: str) -> list[dict[str, str]]:
    head, *lines = [[cell.strip() for cell in line.split("|")] for line in table.strip("\n").split("\n")]
    return [dict(zip(head, line, strict=True)) for line in lines]


def evaluated(name: ProcedureName, row: dict[str, str]) -> Evaluation:
    return evaluate(
        Procedure(
            name,
            quorum=quorum(row.get("quorum", "")),
            threshold=Fraction(row["threshold"]) if "threshold" in row else None,
            excluded=people(row.get("excluded", "")),
        ),
        people(row["entitled"]),
        cards(row["positions"]),
        ruling=row["ruling"] == "for" if "ruling" in row else None,
    )


@pytest.mark.parametrize(
    ("name", "row"),
    [
        pytest.param(name, row, id=f"{name}: " + " | ".join(cell for key, cell in row.items() if key != "why"))
        for name, table in TABLES.items()
        for row in rows(table)
    ],
)
def test_a_row_of_the_table_comes_out_as_written(name: ProcedureName, row: dict[str, str]) -> None:
    found = evaluated(name, row)
    outcome = [found.reason or "reached", *(str(entry) for entry in found.blocked)]
    assert " ".join(outcome) == row["outcome"]
    assert found.reached == (row["outcome"] == "reached")


@pytest.mark.parametrize("name", TABLES)
def test_every_table_has_at_least_twenty_five_different_rows(name: ProcedureName) -> None:
    different = {
        tuple(cell for key, cell in row.items() if key not in ("why", "outcome")) for row in rows(TABLES[name])
    }
    assert len(different) == len(rows(TABLES[name])) >= 25


EXPLAINED = """
procedure       | entitled | positions         | quorum | more | sentence
consensus       | abcd     | a+ br c? do       | 2/3    |      | Reached by consensus: nobody who counts objects. 4 entitled, 4 took part, the quorum is 3, 2/3 of 4. Counted: agree 1, agree-with-reservation 1, agree-ad-referendum 1, abstain 1, from entries 1 to 4. Awaited: the word that makes entry 3 more than ad referendum.
consensus       | abcd     | a+ b- cx *-       |        |      | Not reached by consensus: blocked by entries 2 and 4. 4 entitled (1 recused), 3 took part, no quorum is set. Counted: agree 1, object 2, recuse 1 (1 of the objections unnamed), from entries 1 to 4.
consensus       | abcd     | a+                | 3      |      | Not reached by consensus: 1 took part where the quorum is 3. 4 entitled, 1 took part, the quorum is 3. Counted: agree 1, from entry 1.
consensus       | a        | ax                |        |      | Not reached by consensus: nobody is left who could take a position. 1 entitled (1 recused), 0 took part, no quorum is set. Counted: recuse 1, from entry 1.
consensus-minus | abcd     | a+ b+ d- cx       |        | d    | Reached by consensus minus 1: nobody who counts objects. 4 entitled (1 excluded, 1 recused), 2 took part, no quorum is set. Counted: agree 2, recuse 1, from entries 1, 2 and 4.
silence         | abc      |                   |        |      | Reached by silence: nothing broke the silence. 3 entitled, 0 took part, no quorum is set. No position is counted.
silence         | abc      | a-                |        |      | Not reached by silence: broken by entry 1. 3 entitled, 1 took part, no quorum is set. Counted: object 1, from entry 1.
majority        | abc      | a+ b+ c-          |        | 2/3  | Reached by a majority of at least 2/3: 2 of the 3 who agree or object agree. 3 entitled, 3 took part, no quorum is set. Counted: agree 2, object 1, from entries 1 to 3.
majority        | abc      | a+ b- c-          |        | 2/3  | Not reached by a majority of at least 2/3: only 1 of the 3 who agree or object agree; blocked by entries 2 and 3. 3 entitled, 3 took part, no quorum is set. Counted: agree 1, object 2, from entries 1 to 3.
majority        | abc      | ao                |        | 2/3  | Not reached by a majority of at least 2/3: nobody agrees or objects. 3 entitled, 1 took part, no quorum is set. Counted: abstain 1, from entry 1.
majority        | ab       | a? b?             |        | 1/2  | Not reached by a majority of at least 1/2: too few agree before those ad referendum are confirmed. 2 entitled, 2 took part, no quorum is set. Counted: agree-ad-referendum 2, from entries 1 and 2. Awaited: the word that makes entries 1 and 2 more than ad referendum.
ballot          | abc      | a+ bs             |        |      | Reached by ballot: 1 Yes, no Discuss, and 2 Yes or No Objection where 2 are needed. 3 entitled, 2 took part, no quorum is set. Counted: agree 1, stand-aside 1, from entries 1 and 2.
ballot          | abcd     | a+ bs             |        |      | Not reached by ballot: 2 Yes or No Objection where 3 are needed, 2/3 of 4. 4 entitled, 2 took part, no quorum is set. Counted: agree 1, stand-aside 1, from entries 1 and 2.
ballot          | a        | as                |        |      | Not reached by ballot: there is no Yes. 1 entitled, 1 took part, no quorum is set. Counted: stand-aside 1, from entry 1.
chair           | abc      | a-                |        | for  | Reached by the co-chairs' ruling: they ruled for it.
chair           | abc      | a+                |        | not  | Not reached by the co-chairs' ruling: they ruled against it.
"""  # noqa: E501 -- one sentence a row


@pytest.mark.parametrize("row", [pytest.param(row, id=row["sentence"][:60]) for row in rows(EXPLAINED)])
def test_an_outcome_explains_itself_in_words(row: dict[str, str]) -> None:
    name: ProcedureName = row["procedure"]  # type: ignore[assignment]
    key = {"consensus-minus": "excluded", "majority": "threshold", "chair": "ruling"}.get(name, "none")
    assert sentence(evaluated(name, {**row, key: row["more"]})) == row["sentence"]


def test_an_evaluation_holds_the_numbers_behind_the_sentence() -> None:
    procedure = Procedure("consensus", quorum=Fraction(1, 2))
    assert evaluate(procedure, people("abcdef"), cards("a+ b? c- dx *- z-")) == Evaluation(
        reached=False,
        reason="objection",
        procedure=procedure,
        entitled=6,
        active=5,
        present=4,
        quorum_needed=3,
        tally=(
            ("agree", 1),
            ("agree-with-reservation", 0),
            ("agree-ad-referendum", 1),
            ("agree-dissociating", 0),
            ("stand-aside", 0),
            ("abstain", 0),
            ("object", 2),
            ("recuse", 1),
        ),
        conveyed=1,
        counted=(1, 2, 3, 4, 5),
        blocked=(3, 5),
        pending=(2,),
        awaited=people("b"),
    )


@pytest.mark.parametrize(
    ("name", "row", "awaited"),
    [
        ("consensus", {"positions": "a+ b?", "quorum": ""}, "b"),
        ("consensus", {"positions": "a+ b?", "quorum": "3"}, "bcd"),
        ("consensus", {"positions": "a- b?", "quorum": "3"}, "b"),
        ("consensus", {"positions": "a+ bx", "quorum": "3"}, "cd"),
        ("consensus-minus", {"positions": "a+ b?", "quorum": "3", "excluded": "d"}, "bc"),
        ("silence", {"positions": ""}, ""),
        ("majority", {"positions": "a+ b? c- d-", "threshold": "2/3"}, "b"),
        ("majority", {"positions": "b? c-", "threshold": "2/3"}, "abd"),
        ("ballot", {"positions": "a+ b? *?"}, "bcd"),
        ("ballot", {"positions": "a+ b? cs ds"}, "b"),
        ("ballot", {"positions": "as"}, "bcd"),
        ("chair", {"positions": "a? b?", "ruling": "for"}, ""),
    ],
)
def test_those_are_awaited_whose_word_is_not_final_or_could_still_help(
    name: ProcedureName, row: dict[str, str], awaited: str
) -> None:
    assert evaluated(name, {"entitled": "abcd", **row}).awaited == people(awaited)


def test_entries_are_listed_in_their_order_whatever_order_positions_come_in() -> None:
    held = [Held(person("a"), "object", 91), Held(person("b"), "agree", 12), Held(person("c"), "object", 88)]
    found = evaluate(Procedure(), people("abc"), held)
    assert found.counted == (12, 88, 91)
    assert "blocked by entries 88 and 91" in sentence(found)


UNFIT = [
    (Procedure(), "", "nobody is entitled"),
    (Procedure(), "aba", "named twice among the entitled"),
    (Procedure("majority"), "abc", "a majority needs a threshold"),
    (Procedure("majority", threshold=Fraction(0)), "abc", "more than 0 and at most 1"),
    (Procedure("majority", threshold=Fraction(-1, 2)), "abc", "more than 0 and at most 1"),
    (Procedure("majority", threshold=Fraction(4, 3)), "abc", "more than 0 and at most 1"),
    (Procedure("ballot", threshold=Fraction(2, 3)), "abc", "only a majority has a threshold"),
    (Procedure(quorum=0), "abc", "a number from 1 to 3"),
    (Procedure(quorum=-1), "abc", "a number from 1 to 3"),
    (Procedure(quorum=4), "abc", "a number from 1 to 3"),
    (Procedure(quorum=Fraction(0)), "abc", "more than 0 and at most 1"),
    (Procedure(quorum=Fraction(4, 3)), "abc", "more than 0 and at most 1"),
    (Procedure("chair", quorum=1), "abc", "give no quorum for chair"),
    (Procedure("consensus-minus"), "abc", "name them, or use consensus"),
    (Procedure("consensus-minus", excluded=people("z")), "abc", "name only those entitled"),
    (Procedure("consensus-minus", excluded=people("aa")), "abc", "excluded twice"),
    (Procedure("consensus-minus", excluded=people("cba")), "abc", "leave at least one"),
    (Procedure("consensus-minus", quorum=3, excluded=people("a")), "abc", "a number from 1 to 2"),
    (Procedure("consensus", excluded=people("a")), "abc", "only consensus-minus excludes"),
    (Procedure("silence", excluded=people("a")), "abc", "only consensus-minus excludes"),
]


@pytest.mark.parametrize(("procedure", "entitled", "words"), UNFIT)
def test_parameters_that_make_no_sense_are_unfit_and_the_sentence_says_why(
    procedure: Procedure, entitled: str, words: str
) -> None:
    with pytest.raises(Unfit, match=words):
        fit(procedure, people(entitled))


@pytest.mark.parametrize(
    "procedure",
    [
        Procedure(),
        Procedure(quorum=1),
        Procedure(quorum=3),
        Procedure(quorum=Fraction(1)),
        Procedure("majority", threshold=Fraction(1)),
        Procedure("majority", threshold=Fraction(1, 1000), quorum=Fraction(1, 1000)),
        Procedure("consensus-minus", quorum=1, excluded=people("ab")),
        Procedure("silence"),
        Procedure("ballot", quorum=2),
        Procedure("chair"),
    ],
)
def test_parameters_at_the_edge_of_sense_are_fit(procedure: Procedure) -> None:
    fit(procedure, people("abc"))


def test_the_co_chairs_can_rule_where_nobody_is_entitled() -> None:
    fit(Procedure("chair"), ())


def test_two_positions_of_one_person_are_refused() -> None:
    with pytest.raises(ValueError, match="two positions"):
        evaluate(Procedure(), people("ab"), [Held(person("a"), "agree", 1), Held(person("a"), "object", 2)])


def test_two_positions_without_holders_are_two_peoples() -> None:
    assert evaluate(Procedure(quorum=2), people("ab"), cards("*+ *+")).reached


def test_chair_is_refused_without_the_ruling_and_a_ruling_is_refused_elsewhere() -> None:
    with pytest.raises(ValueError, match="ruling decides"):
        evaluate(Procedure("chair"), people("ab"), ())
    with pytest.raises(ValueError, match="ruling decides"):
        evaluate(Procedure("consensus"), people("ab"), (), ruling=True)


def test_a_majority_without_a_threshold_is_never_evaluated() -> None:
    with pytest.raises(Unfit, match="needs a threshold"):
        evaluate(Procedure("majority"), people("ab"), cards("a+"))
