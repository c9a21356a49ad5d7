"""Where a move of a hall was made and who heard it is what the moves before it say, or refused."""

from pathlib import Path
from typing import Any

import pytest

from delegates.negotiate import negotiate
from games.errors import TranscriptError
from tests.delegates.sessions import events_of, forged
from tests.tui.halls import hall
from transcripts import verify
from transcripts.fold import fold
from transcripts.store import Transcript


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the transcript of a plenary in which rooms meet."""
    path = tmp_path_factory.mktemp("places") / "hall.jsonl"
    scenario = hall()
    negotiate(
        scenario,
        dict.fromkeys(scenario.ids, "linear"),
        seed=1,
        transcript=path,
    )
    return path


@pytest.mark.parametrize(
    ("is_meant", "change", "said"),
    [
        (lambda e: e.room is not None, {"room": 99}, r"a move of room 100; expected room \d+"),
        (lambda e: e.room is not None, {"room": None}, r"a move of no room; expected room \d+"),
        (lambda e: e.stage == "floor", {"room": 0}, "a move of room 1; expected no room"),
        (
            lambda e: e.stage == "floor",
            {"stage": "vote"},
            "a move of stage 'vote'; expected 'floor'",
        ),
        (lambda e: e.stage == "floor", {"stage": "bar"}, "a move of stage 'bar'; expected 'floor'"),
        (
            lambda e: e.act == "adjourn",
            {"outcome": {"floor": 0, "fund": 0, "form": "summary"}},
            "adjourn with an outcome; expected none",
        ),
        (
            lambda e: e.act == "approach",
            {"heard_by": None},
            "a move heard by all; expected BEA, CYR",
        ),
        (
            lambda e: e.act == "offer" and e.room is None,
            {"heard_by": ("ANN",)},
            "a move heard by ANN; expected all",
        ),
        (
            lambda e: e.act == "approach",
            {"heard_by": ("BEA", "ANN")},
            "a move heard by BEA, ANN; expected BEA, CYR",
        ),
    ],
)
def test_a_move_recorded_elsewhere_than_it_was_made_is_named_and_not_carried_on(
    held: Path, is_meant: Any, change: dict[str, Any], said: str
) -> None:
    number = next(e.n for e in events_of(held) if e.type == "moved" and is_meant(e))
    path = forged(held, {number: change})

    (problem,) = verify(path).problems
    with pytest.raises(TranscriptError, match=said):
        fold(Transcript(path).events())
    assert problem.startswith(f"event {number}: ")


def test_a_call_of_a_caucus_that_an_earlier_version_let_all_hear_is_still_read(
    held: Path,
) -> None:
    calls = [e.n for e in events_of(held) if e.type == "moved" and e.act == "call-caucus"]
    for number in calls[:1]:
        assert verify(forged(held, {number: {"heard_by": None}})).ok
    assert calls
