"""A review that is kept sealed once the session is over tells no more than the seat could know."""

import json
from pathlib import Path

import pytest

from delegates.debriefing.as_json import debrief_json
from delegates.debriefing.debrief import debrief
from delegates.debriefing.readings import KEPT, SEALED
from delegates.negotiate import negotiate
from games.review import reading
from tests.delegates.persons.test_several import FIGURES, planted
from tests.delegates.test_separation import GAME, leaks


@pytest.fixture(scope="module")
def talks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("talks") / "talks.jsonl"
    record = negotiate(GAME, {"USA": "conceder", "COD": "boulware"}, transcript=path)
    assert not record.state.is_open
    return path


def test_it_says_why_and_tells_nothing_of_the_others(talks: Path) -> None:
    kept = debrief(talks, "USA", sealed=True)
    whole = debrief(talks, "USA")
    told = json.dumps(debrief_json(kept))

    assert kept.is_sealed
    assert kept.accuracy_note == kept.left_words == KEPT != SEALED
    assert kept.lessons == kept.beliefs == kept.holds == ()
    assert kept.utilities.keys() == kept.reservations.keys() == {"USA"}
    assert leaks(told) == []
    assert leaks(json.dumps(debrief_json(whole))) != []


def test_nobody_waits_for_a_judgement_that_is_kept_from_them(
    talks: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who had joined a seat waited for every move to be judged, and was told none of it."""

    def judged(*_: object, **__: object) -> None:
        raise AssertionError("a move was judged")

    for work in ("_judged", "unneeded_concession", "replies_of", "bargain"):
        monkeypatch.setattr(reading, work, judged)
    told: list[str] = []

    kept = debrief(talks, "USA", sealed=True, progress=told.append)

    assert kept.moves
    assert told == ["reading the moves of the United States"]
    with pytest.raises(AssertionError, match="judged"):
        debrief(talks, "USA")


def test_it_tells_the_own_moves_and_what_was_agreed(talks: Path) -> None:
    kept, whole = debrief(talks, "USA", sealed=True), debrief(talks, "USA")

    assert kept.status == whole.status
    assert kept.agreement == whole.agreement
    assert kept.utilities["USA"] == whole.utilities["USA"]
    assert [one.number for one in kept.moves] == [one.number for one in whole.moves]
    for note in kept.moves:
        assert (note.loss, note.hindsight_loss, note.best) == (None, None, None)


@pytest.mark.parametrize("kind", ["alternating-offers", "plenary", "forum"])
def test_no_seat_of_any_protocol_is_told_anothers_figures(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "hall.jsonl"
    scenario = planted(kind)
    negotiate(scenario, dict.fromkeys(scenario.ids, "conceder"), transcript=path)

    for party in scenario.ids:
        told = json.dumps(debrief_json(debrief(path, party, sealed=True)))
        others = [one for one in scenario.ids if one != party]
        assert not [one for one in others if f"CANARY-{one}" in told]
        assert not [one for one in others if f"{FIGURES[one]:g}" in told]
