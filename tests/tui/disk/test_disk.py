"""A full or failing disk, or death, at any change of a file: told, and nothing is lost."""

import errno
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from time import monotonic

import pytest

from tests.support.disk import ALL, FILLING, Fault, full
from tests.tui.disk.striking import Ended, Place, dies, dies_late, fails
from tests.tui.disk.verbs import Verb, verbs

NAMES = [*verbs(Path())]

LONG = {"run, models": 2, "evaluate": 3, "evaluate, two workers": 3, "evaluate, models": 8}
"""Every how many-th change of a verb is struck by errors that are much alike."""

TIMED = {"run": 40, "run, models": 60, "resume": 20, "play": 60, "fork": 60, "evaluate": 40}
TIMED |= {"convert to a folder": 60, "debrief as HTML": 20, "evaluate, models": 40}
"""How often a verb is killed at an instant drawn by lot."""


def changes(place: Place, verb: Verb) -> int:
    """Return how many changes of files a verb makes; check it as it goes when nothing happens."""
    folder = place.folder(verb)
    ended = place.ends(verb, folder)
    assert ended.code == 0, ended
    verb.check(folder)
    verb.kept(folder, ended.out, ended.err)
    place.clear(folder)
    return ended.changes


@pytest.mark.parametrize("name", ["run", "resume, damaged", "convert to a folder", "evaluate"])
def test_a_disk_that_is_full_is_told_and_nothing_that_was_said_is_lost(
    place: Place, name: str
) -> None:
    verb = verbs(place.given)[name]
    at = Random(name).randint(2, changes(place, verb) - 1)
    assert fails(place, verb, full(at, by_half=True)) is not None


@pytest.mark.parametrize("name", ["play, prepared", "fork", "convert to Genius"])
def test_a_command_that_dies_at_a_change_of_a_file_is_carried_on(place: Place, name: str) -> None:
    verb = verbs(place.given)[name]
    at = Random(name).randint(1, changes(place, verb))
    assert dies(place, verb, Fault(at, by_half=True)) is not None


@pytest.mark.parametrize("name", ["run", "convert to CSV"])
def test_a_folder_that_cannot_be_written_is_told(place: Place, name: str) -> None:
    verb = verbs(place.given)[name]
    changes(place, verb)
    ended = fails(place, verb, Fault(1, errno.EROFS))
    assert ended is not None
    assert ended.code == 1


def struck_everywhere(
    place: Place, name: str, strike: Callable[[Verb, int], Ended | None], step: int = 1
) -> tuple[int, list[str]]:
    """Strike a verb at its changes, one after the other; return how often, and what went wrong."""
    verb = verbs(place.given)[name]
    wrong: list[str] = []
    met = 0
    for at in range(1, changes(place, verb) + 1, step):
        try:
            met += strike(verb, at) is not None
        except AssertionError as error:
            wrong.append(f"{name}, change {at}: {error}")
    return met, wrong


def tell(capsys: pytest.CaptureFixture[str], told: str, wrong: Sequence[str] = ()) -> None:
    """Say what a campaign met."""
    with capsys.disabled():
        print(f"\n{told}", *wrong[:20], sep="\n  ", flush=True)
    assert [*wrong] == []


@pytest.mark.campaign
@pytest.mark.timeout(0)
@pytest.mark.parametrize("name", NAMES)
def test_a_verb_killed_at_every_change_of_a_file(
    place: Place, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    def strike(verb: Verb, at: int) -> Ended | None:
        return dies(place, verb, Fault(at, by_half=at % 2 == 0))

    met, wrong = struck_everywhere(place, name, strike)
    tell(capsys, f"{name}: killed at {met} changes of files", wrong)


@pytest.mark.campaign
@pytest.mark.timeout(0)
@pytest.mark.parametrize("name", NAMES)
def test_a_verb_whose_disk_is_full_at_every_change(
    place: Place, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    def strike(verb: Verb, at: int) -> Ended | None:
        return fails(place, verb, full(at, by_half=at % 2 == 0))

    met, wrong = struck_everywhere(place, name, strike)
    tell(capsys, f"{name}: its disk was full from {met} changes of files on", wrong)


@pytest.mark.campaign
@pytest.mark.timeout(0)
@pytest.mark.parametrize("error", ["EROFS", "EACCES", "EIO", "EDQUOT"])
@pytest.mark.parametrize("name", NAMES)
def test_a_verb_whose_disk_takes_no_more(
    place: Place, name: str, error: str, capsys: pytest.CaptureFixture[str]
) -> None:
    number, kinds = getattr(errno, error), ALL if error == "EROFS" else FILLING

    def strike(verb: Verb, at: int) -> Ended | None:
        return fails(place, verb, Fault(at, number, kinds=kinds))

    met, wrong = struck_everywhere(place, name, strike, LONG.get(name, 1))
    tell(capsys, f"{name}: {error} from {met} changes of files on", wrong)


@pytest.mark.campaign
@pytest.mark.timeout(0)
@pytest.mark.parametrize("name", TIMED)
def test_a_verb_killed_at_random_instants(
    place: Place, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    verb, chance, met = verbs(place.given)[name], Random(name), 0
    changes(place, verb)  # what it loads first, it loads but once
    began = monotonic()
    changes(place, verb)
    lasts_s = monotonic() - began
    for _ in range(6 * TIMED[name]):
        met += dies_late(place, verb, chance.uniform(0, lasts_s)) is not None
        if met == TIMED[name]:
            break
    tell(capsys, f"{name}: killed at {met} random instants")
    assert met >= TIMED[name] / 2
