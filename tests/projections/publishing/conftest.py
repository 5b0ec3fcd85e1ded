"""A dialogue with an accord in it, one of many in one house."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from accord import COUNTER, drafted
from door import Door
from house import START, House


@pytest.fixture(scope="module")
def hotel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """One house for many histories, each in a dialogue of its own."""
    opened = House(tmp_path_factory.mktemp("hotel"))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def door(hotel: House) -> Door:
    return Door(hotel)


@pytest.fixture
def house(hotel: House) -> House:
    hotel.now = START
    hotel.open(f"Invented dialogue {next(COUNTER)}")
    drafted(hotel)
    return hotel
