"""Acts through the whole house: what the stores' side of it must not do."""

import pytest

from dialogue.comment import MakeComment
from dialogue.fact import Refused
from house import House


def test_words_that_no_text_can_hold_are_refused_in_a_sentence(tmp_path):
    house = House(tmp_path)
    with pytest.raises(Refused, match="half of a surrogate pair"):
        house.act(MakeComment("half a \ud83d face"))
    house.close()
