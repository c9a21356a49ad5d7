"""One nursery and one model server for all commands that are struck."""

from collections.abc import Iterator

import pytest

from tests.delegates.killing.campaign import Moods
from tests.delegates.killing.nursery import Nursery
from tests.support.disk import is_here, library
from tests.support.openai_stub import OpenAIStub
from tests.tui.disk.striking import Place
from tests.tui.disk.verbs import give


@pytest.fixture(scope="package")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    if not is_here():
        pytest.skip("needs a C compiler and /proc")
    root = tmp_path_factory.mktemp("disk")
    with Nursery(library(root)) as nursery, OpenAIStub(Moods().answer) as stub:
        yield Place(nursery, root, give(root / "given"), stub)
