"""Every test of the stores runs on both engines, each in a copy of one furnished installation."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from places import Model, Place


@pytest.fixture(scope="session", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def model(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Model:
    server = request.getfixturevalue("postgres") if request.param == "postgres" else None
    return Model(tmp_path_factory.mktemp("model") / "house", server)


@pytest.fixture
def place(model: Model, tmp_path: Path) -> Iterator[Place]:
    """A furnished installation of this test's own."""
    yield model.copy(tmp_path / "house")
    model.clear()


@pytest.fixture
def empty_place(model: Model, tmp_path: Path) -> Iterator[Place]:
    """A place where nothing is yet."""
    yield model.empty(tmp_path / "house")
    model.clear()


@pytest.fixture(scope="session")
def embedded_model(tmp_path_factory: pytest.TempPathFactory) -> Model:
    return Model(tmp_path_factory.mktemp("model") / "house", None)


@pytest.fixture
def embedded(embedded_model: Model, tmp_path: Path) -> Place:
    """A furnished data folder of this test's own."""
    return embedded_model.copy(tmp_path / "house")
