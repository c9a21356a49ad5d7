"""Every fault of a model and every failure of a provider, alone and mixed at random."""

from pathlib import Path

import pytest

from tests.delegates.faults.faulty import HARD, LASTING, OF_A_VOICE, PASSING, SOFT, Faulty
from tests.delegates.faults.playing import check, guarded, hurry, mixed, play

OFTEN = 0.5


@pytest.fixture(scope="module", autouse=True)
def warmed(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Load what the first call loads, which can take longer than an attempt may here."""
    healthy = Faulty(guarded(1), 0, healthy=True)
    play(healthy, {"USA": "llm:m-USA", "COD": "firm"}, tmp_path_factory.mktemp("warm"), seed=0)


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    hurry(monkeypatch)


@pytest.mark.parametrize("fault", [*HARD, *SOFT, "below-reservation"])
def test_a_model_that_errs_in_one_way_is_counted_and_the_session_ends(
    fault: str, tmp_path: Path
) -> None:
    faulty = Faulty(guarded(6), 1, model_faults=[fault], model_rate=OFTEN, provider_rate=0)
    story = play(faulty, {"USA": "llm:m-USA", "COD": "llm:m-COD"}, tmp_path, seed=1)
    assert story.stops == []
    assert sum((faulty.faults("USA") + faulty.faults("COD")).values()) > 0
    check(story, faulty)


@pytest.mark.parametrize("fault", OF_A_VOICE)
def test_a_voice_that_errs_in_one_way_is_replaced_by_a_template(fault: str, tmp_path: Path) -> None:
    faulty = Faulty(guarded(6), 2, voice_faults=[fault], model_rate=OFTEN, provider_rate=0)
    story = play(faulty, {"USA": "firm+llm:m-USA", "COD": "micro"}, tmp_path, seed=2)
    assert faulty.faults("USA")[fault] > 0
    assert story.record.seats["USA"].template_worded == faulty.faults("USA")[fault]
    check(story, faulty)


@pytest.mark.parametrize("fault", ["unparsable", "empty"])
def test_a_letter_that_cannot_be_read_is_counted(fault: str, tmp_path: Path) -> None:
    faulty = Faulty(guarded(6), 3, letter_faults=[fault], model_rate=OFTEN, provider_rate=0)
    story = play(faulty, {"USA": "menu:m-USA", "COD": "menu:m-COD"}, tmp_path, seed=3)
    assert faulty.faults("USA")[fault] > 0
    check(story, faulty)


@pytest.mark.parametrize("failure", PASSING)
def test_a_provider_that_fails_in_one_way_is_tried_again(failure: str, tmp_path: Path) -> None:
    faulty = Faulty(guarded(4), 4, provider_faults=[failure], model_rate=0, provider_rate=0.3)
    story = play(faulty, {"USA": "llm:m-USA", "COD": "firm+llm:m-COD"}, tmp_path, seed=4)
    assert sum((faulty.failures("USA") + faulty.failures("COD")).values()) > 0
    check(story, faulty)


@pytest.mark.parametrize("failure", LASTING)
def test_a_provider_that_cannot_serve_ends_the_session_which_can_be_resumed(
    failure: str, tmp_path: Path
) -> None:
    faulty = Faulty(guarded(3), 5, provider_faults=[failure], model_rate=0, provider_rate=OFTEN)
    story = play(faulty, {"USA": "llm:m-USA", "COD": "llm:m-COD"}, tmp_path, seed=5)
    assert set(story.stops) == {"ProviderError"}
    check(story, faulty)


@pytest.mark.parametrize("seed", range(12))
def test_whatever_goes_wrong_together_is_counted_and_the_session_ends(
    seed: int, tmp_path: Path
) -> None:
    mixed(seed, tmp_path)


@pytest.mark.campaign
@pytest.mark.timeout(3600)
def test_five_hundred_sessions_in_which_everything_goes_wrong(tmp_path: Path) -> None:
    stops: dict[int, list[str]] = {}
    wrong: dict[int, str] = {}
    for seed in range(1000, 1500):
        try:
            stops[seed] = mixed(seed, tmp_path / str(seed))
        except AssertionError as error:
            wrong[seed] = str(error)[:200]
    stopped = [why for why in stops.values() if why]
    print(f"{len(stops)} sessions; {len(stopped)} stopped, {sum(map(len, stopped))} times in all")
    assert wrong == {}
