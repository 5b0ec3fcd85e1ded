"""The decision procedures, read from domain.md's table alone: an oracle for the engine, with which it shares nothing.

People are seats in a room, a position is a card, fractions are pairs of whole numbers, and thresholds are found by
counting upwards.
"""

from __future__ import annotations

from typing import Any

YES_CARDS = ("agree", "agree-with-reservation", "agree-dissociating")


def least(enough: Any) -> int:
    """The smallest whole number that is enough."""
    number = 0
    while not enough(number):
        number += 1
    return number


def oracle(motion: dict[str, Any], seats: list[int], cards: list[tuple[int | None, str, int]]) -> dict[str, Any]:
    """Adopted or not, who blocks, and the count of the room.

    `motion`: how; quorum ("count", n), ("share", a, b) or None; over, a pair (a, b); out, seats not counted.
    `cards`: (seat or None, card, entry).
    """
    how = motion["how"]
    if how == "chair":
        return {"adopted": motion["ruled"], "blockers": set(), "present": 0, "quorum": 0, "read": set()}

    room = [seat for seat in seats if not (how == "consensus-minus" and seat in motion["out"])]
    valid = []
    for seat, card, entry in cards:
        if seat is None or seat in room:
            valid.append((card, entry))
    left_the_room = 0
    for card, _ in valid:
        if card == "recuse":
            left_the_room += 1
    in_room = len(room) - left_the_room if left_the_room < len(room) else 0
    showed = [card for card, _ in valid if card != "recuse"]
    present = min(len(showed), in_room)

    if motion["quorum"] is None:
        quorum = 0
    elif motion["quorum"][0] == "count":
        quorum = motion["quorum"][1]
    else:
        _, above, below = motion["quorum"]
        quorum = least(lambda number: number * below >= above * in_room)

    yes = sum(showed.count(card) for card in YES_CARDS)
    against = {entry for card, entry in valid if card == "object"}
    enough_people = in_room > 0 and present >= quorum
    if how in ("consensus", "consensus-minus", "silence"):
        adopted, blockers = enough_people and not against, against
    elif how == "majority":
        above, below = motion["over"]
        no = showed.count("object")
        carried = yes + no > 0 and yes * below >= above * (yes + no)
        adopted = enough_people and carried
        # once the people are there the noes stand in the way, unless the capitals could outweigh them
        capitals = yes + showed.count("agree-ad-referendum")
        outweighed = capitals * below >= above * (capitals + no)
        blockers = against if enough_people and not carried and not outweighed else set()
    else:
        needed = least(lambda number: 3 * number >= 2 * in_room)
        support = yes + showed.count("stand-aside")
        adopted, blockers = enough_people and yes >= 1 and not against and support >= needed, against
    return {
        "adopted": adopted,
        "blockers": blockers,
        "present": present,
        "quorum": quorum,
        "read": {entry for _, entry in valid},
    }
