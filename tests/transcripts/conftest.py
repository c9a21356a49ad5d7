from pathlib import Path

import pytest

from delegates import negotiate
from tests.delegates.sessions import mini, tiny

SEATS = {"USA": "boulware", "COD": "linear"}


@pytest.fixture
def short(tmp_path: Path) -> Path:
    """A finished transcript of a few short lines."""
    path = tmp_path / "short.jsonl"
    negotiate(tiny(), {"A": "boulware", "B": "linear"}, seed=1, transcript=path)
    return path


@pytest.fixture
def finished(tmp_path: Path) -> Path:
    """A finished transcript that ends in an agreement."""
    path = tmp_path / "finished.jsonl"
    negotiate(mini(), SEATS, seed=1, transcript=path)
    return path
