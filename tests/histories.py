"""Invented revision histories whose true authors are known, because the words are written here one by one.

Five languages: English, Korean, Japanese, Chinese, Russian. The little words are those of the language, all
else is random syllables or characters, drawn with Zipf frequencies so that words recur as in real prose. Each
revision inserts, deletes, replaces or moves words, clauses and sentences; on the way another text is merged
in and part of the text split off.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from itertools import accumulate
from typing import NamedTuple

from projections.alignment import tokens
from projections.credit import Credit, carry, carry_many, wholly

Word = tuple[str, int]  # a word, and the entry that brought it in
Sentence = list[Word]
Paragraph = list[Sentence]


class Language:
    """Draws words and sentences, and knows what stands between words and after a sentence."""

    def __init__(self, name: str, dice: random.Random) -> None:
        self.dice = dice
        unspaced = name in {"Japanese", "Chinese"}
        self.space, self.stop = ("", "。") if unspaced else (" ", ". ")
        self.comma = {"Japanese": "、", "Chinese": "，"}.get(name, ",")
        self.little, make = VOCABULARIES[name](dice)
        self.words = list(dict.fromkeys(make() for _ in range(2_500)))
        # Zipf: the n-th most frequent word is drawn in proportion to 1/n.
        self.frequencies = list(accumulate(1 / rank for rank in range(3, len(self.words) + 3)))
        self.little_frequencies = list(accumulate(1 / rank for rank in range(1, len(self.little) + 1)))

    def word(self) -> str:
        if self.little and self.dice.random() < 0.35:
            return self.dice.choices(self.little, cum_weights=self.little_frequencies)[0]
        word = self.dice.choices(self.words, cum_weights=self.frequencies)[0]
        return word + self.comma if self.dice.random() < 0.06 else word

    def sentence(self, entry: int) -> Sentence:
        return [(self.word(), entry) for _ in range(self.dice.randint(8, 24))]


Vocabulary = tuple[list[str], Callable[[], str]]  # the little words, and a maker of others


def _english(dice: random.Random) -> Vocabulary:
    little = "the of and to in a for that on shall by with be is as at all their from this"

    def make() -> str:
        return _syllables(dice, "bcdfghjklmnprstvw", "aeiou", 4) + dice.choice("nrsty")

    return little.split(), make


def _russian(dice: random.Random) -> Vocabulary:
    little = "и в на с по для не что о к из от за при или как их это до"
    endings = ["ость", "ный", "ть", "ы", "ого"]

    def make() -> str:
        return _syllables(dice, "бвгдзклмнпрстфхш", "аеиоуяю", 3) + dice.choice(endings)

    return little.split(), make


def _korean(dice: random.Random) -> Vocabulary:
    little = "및 그 또는 위한 대한 한다 있다 모든 이를 따라"
    particles = ["은", "는", "이", "가", "을", "를", "의", "에", "에서", "로", "와", "과", "도"]
    blocks = [chr(code) for code in dice.sample(range(0xAC00, 0xD7A4), 250)]

    def make() -> str:
        return "".join(dice.choices(blocks, k=2)) + dice.choice(particles)

    return little.split(), make


def _chinese(dice: random.Random) -> Vocabulary:
    characters = [chr(code) for code in dice.sample(range(0x4E00, 0x9F00), 700)]

    def make() -> str:
        return "".join(dice.choices(characters, k=dice.choice([1, 2, 2, 2, 3])))

    return list("的和在与为是对于了不应有以其将"), make


def _japanese(dice: random.Random) -> Vocabulary:
    characters = [chr(code) for code in dice.sample(range(0x4E00, 0x9F00), 700)]
    katakana = "アイウエオカキクケコサシスセソタチツテトナニノハヒフヘホマミムメモラリルレロン"
    particles = ["は", "が", "を", "に", "の", "と", "で", "から", "まで", "として", "する", "した"]

    def make() -> str:
        stem = dice.choices(katakana, k=4) if dice.random() < 0.2 else dice.choices(characters, k=2)
        return "".join(stem) + dice.choice(particles)

    return [], make  # its little words are the particles


def _syllables(dice: random.Random, first: str, then: str, most: int) -> str:
    return "".join(dice.choice(first) + dice.choice(then) for _ in range(dice.randint(2, most)))


VOCABULARIES: dict[str, Callable[[random.Random], Vocabulary]] = {
    "English": _english,
    "Korean": _korean,
    "Japanese": _japanese,
    "Chinese": _chinese,
    "Russian": _russian,
}


class Version(NamedTuple):
    """A text and, for each of its characters, the entry that brought in the word."""

    words: str
    truth: list[int]

    def credited_right(self, credit: Credit) -> float:
        """The share of the words (in Chinese and Japanese: of the characters) credited to their true entry.

        A word made of two hands' letters is the later one's, who made it that word. Spaces and punctuation
        between words are not counted.
        """
        credited = [entry for length, entry in credit for _ in range(length)]
        right = []
        at = 0
        for token in tokens(self.words):
            author = max(self.truth[at : at + len(token)])
            right += [credited[at] == author] if author else []
            at += len(token)
        return sum(right) / len(right)


class History:
    """A text under revision: how it reads now, and the entry behind each of its words."""

    def __init__(self, language: Language, entry: int, paragraphs: int, sentences: int) -> None:
        self.language = language
        self.dice = language.dice
        self.paragraphs = [[language.sentence(entry) for _ in range(sentences)] for _ in range(paragraphs)]

    def revise(self, entry: int) -> None:
        """One revision by one hand: one to three of the acts that drafts go through."""
        acts: dict[Callable[[int], None], int] = {
            self._insert: 3,
            self._delete: 3,
            self._replace: 5,
            self._new_sentence: 2,
            self._drop_sentence: 2,
            self._rewrite_sentence: 1,
            self._move_sentence: 3,
            self._move_clause: 1,
        }
        for act in self.dice.choices(list(acts), list(acts.values()), k=self.dice.randint(1, 3)):
            act(entry)

    def merge(self, other: History) -> None:
        """Take in another text of the language, its paragraphs in any order between one's own."""
        self.paragraphs += other.paragraphs
        self.dice.shuffle(self.paragraphs)

    def split(self) -> None:
        """Give up half of the paragraphs."""
        del self.paragraphs[len(self.paragraphs) // 2 :]

    def version(self) -> Version:
        """How the text reads now; 0 is the truth about the spaces and stops between words."""
        characters: list[tuple[str, int]] = []
        for number, paragraph in enumerate(self.paragraphs):
            characters += [("\n", 0), ("\n", 0)] if number else []
            for sentence in paragraph:
                for place, (word, entry) in enumerate(sentence):
                    characters += [(character, 0) for character in self.language.space if place]
                    characters += [(character, entry) for character in word]
                characters += [(character, 0) for character in self.language.stop]
        return Version("".join(character for character, _ in characters), [entry for _, entry in characters])

    def _any_sentence(self) -> tuple[Paragraph, int]:
        paragraph = self.dice.choice([filled for filled in self.paragraphs if filled])
        return paragraph, self.dice.randrange(len(paragraph))

    def _any_words(self, most: int) -> tuple[Sentence, int, int]:
        paragraph, place = self._any_sentence()
        start = self.dice.randrange(len(paragraph[place]))
        return (
            paragraph[place],
            start,
            min(start + self.dice.randint(1, most), len(paragraph[place])),
        )

    def _insert(self, entry: int) -> None:
        sentence, start, _ = self._any_words(1)
        sentence[start:start] = [(self.language.word(), entry) for _ in range(self.dice.randint(1, 6))]

    def _delete(self, entry: int) -> None:
        sentence, start, end = self._any_words(5)
        if end - start < len(sentence):
            del sentence[start:end]

    def _replace(self, entry: int) -> None:
        sentence, start, end = self._any_words(4)
        gone = {word for word, _ in sentence[start:end]}
        fresh = [self.language.word() for _ in range(self.dice.randint(1, 4))]
        # a word put in the place of itself was not replaced
        sentence[start:end] = [(word, entry) for word in fresh if word not in gone] or sentence[start:end]

    def _new_sentence(self, entry: int) -> None:
        paragraph, place = self._any_sentence()
        paragraph.insert(place, self.language.sentence(entry))

    def _drop_sentence(self, entry: int) -> None:
        if sum(map(len, self.paragraphs)) > 20:
            paragraph, place = self._any_sentence()
            del paragraph[place]

    def _rewrite_sentence(self, entry: int) -> None:
        paragraph, place = self._any_sentence()
        paragraph[place] = self.language.sentence(entry)

    def _move_sentence(self, entry: int) -> None:
        paragraph, place = self._any_sentence()
        sentence = paragraph.pop(place)
        goal = self.dice.choice(self.paragraphs)
        goal.insert(self.dice.randint(0, len(goal)), sentence)

    def _move_clause(self, entry: int) -> None:
        sentence, start, end = self._any_words(8)
        if end - start >= 5 and end - start < len(sentence):
            clause = sentence[start:end]
            del sentence[start:end]
            goal, place, _ = self._any_words(1)
            goal[place:place] = clause


def credited_right(language: str, seed: int, entries: int) -> float:
    """The share of the words credited right after so many entries, a merge and a split among them."""
    spoken = Language(language, random.Random(f"{language} {seed}"))
    text, other = History(spoken, 1, paragraphs=8, sentences=6), History(spoken, 2, paragraphs=4, sentences=6)
    words, other_words = text.version().words, other.version().words
    credit, other_credit = wholly(words, 1), wholly(other_words, 2)
    merged, parted = entries // 2, entries * 3 // 4
    for entry in range(3, entries + 1):
        if entry < merged and entry % 3 == 0:
            other.revise(entry)
            before, other_words = other_words, other.version().words
            other_credit = carry(before, other_credit, other_words, entry)
        elif entry == merged:
            text.merge(other)
            before, words = words, text.version().words
            credit = carry_many([(before, credit), (other_words, other_credit)], words, entry)
        else:
            text.split() if entry == parted else text.revise(entry)
            before, words = words, text.version().words
            credit = carry(before, credit, words, entry)
    return text.version().credited_right(credit)
