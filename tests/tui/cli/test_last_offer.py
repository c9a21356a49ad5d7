"""Line by line too, an offer that nobody is left to answer is asked about first."""

from pathlib import Path

import pytest

from tests.tui.cli.conftest import Cli
from tests.tui.cli.test_play import Play
from tests.tui.cli.test_play import play as play_of

TOLD = "Nobody can answer an offer now"
OFFER = "offer volume=1, price=40, rail=rail"


@pytest.fixture
def play(cli: Cli, tmp_path: Path) -> Play:
    return play_of.__wrapped__(cli, tmp_path / "out.jsonl")  # type: ignore[attr-defined]


def test_the_last_offer_of_all_is_asked_about(play: Play) -> None:
    verb = ("play", "mini.yaml", "--as", "COD", "--seed", "3", "--seat", "USA=firm")
    shown = play(*[OFFER] * 12, "no", OFFER, "yes", verb=verb)
    before, after = shown.out.split("round 12 of 12")[:2]
    assert TOLD not in before
    assert TOLD in after
    assert "Nothing was done." in shown.out
    assert shown.code == 0
