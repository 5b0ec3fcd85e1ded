"""A provider on loopback, a house in which one participant has an address, and the door between them."""

from __future__ import annotations

import pytest

from door import Door
from house import House
from idp import identity_provider
from sign_ins import MAIL, copied, invited, provider, tokens


@pytest.fixture(scope="session")
def standing():
    with identity_provider() as idp:
        yield idp


@pytest.fixture
def idp(standing):
    """The provider, as honest as on its first day."""
    standing.honest()
    standing.person["email"] = MAIL
    return standing


@pytest.fixture(scope="session")
def model(tmp_path_factory):
    """A house that is made once and copied for each test. Sarnai has an e-mail address, nobody else has."""
    house = House(tmp_path_factory.mktemp("model"))
    house.sarnai = invited(house, MAIL)
    house.close()
    return house


@pytest.fixture
def house(model, tmp_path, idp):
    """A copy of the model; the provider's clock is the house's."""
    house = copied(model, tmp_path / "house")
    idp.clock = lambda: house.now
    yield house
    house.close()


@pytest.fixture(scope="session")
def quiet_door(model, standing, tmp_path_factory):
    house = copied(model, tmp_path_factory.mktemp("quiet") / "house")
    yield Door(house, provider=provider(standing))
    house.close()


@pytest.fixture
def quiet(quiet_door, idp):
    """A door through which nobody has come yet, for tests in which nobody does."""
    idp.clock = lambda: quiet_door.house.now
    yield quiet_door
    assert tokens(quiet_door.house) == []


@pytest.fixture
def door(house, idp):
    return Door(house, provider=provider(idp))
