"""One cluster of this machine for all tests here that need one: it takes seconds to start."""

from collections.abc import Iterator

import pytest

from tests.delegates.evaluation.playing.crews import Place, place


@pytest.fixture(scope="package")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with place(tmp_path_factory.mktemp("nodes")) as found:
        yield found
