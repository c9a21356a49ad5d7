"""A full or failing disk, or death, at any change of a file: told, and nothing is lost."""

import errno
from collections import Counter
from collections.abc import Callable, Iterator
from random import Random
from time import monotonic

import pytest

from tests.support.disk import FILLING, Fault, full
from tests.tui.disk.striking import Ended, Place, dies, dies_late, fails
from tests.tui.disk.verbs import Verb, verbs

SOME = ("run", "resume, damaged", "play, prepared", "fork", "convert to a folder", "evaluate")
"""Verbs that are struck in every run of the tests."""

EVERY = "every"
"""As a step: each change of a file is struck."""

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


@pytest.mark.parametrize("name", SOME)
def test_a_disk_that_is_full_is_told_and_nothing_that_was_said_is_lost(
    place: Place, name: str
) -> None:
    verb = verbs(place.given)[name]
    at = Random(name).randint(2, changes(place, verb) - 1)
    assert fails(place, verb, full(at, by_half=True)) is not None


@pytest.mark.parametrize("name", SOME)
def test_a_command_that_dies_at_a_change_of_a_file_is_carried_on(place: Place, name: str) -> None:
    verb = verbs(place.given)[name]
    at = Random(name).randint(1, changes(place, verb))
    assert dies(place, verb, Fault(at, by_half=True)) is not None


@pytest.mark.parametrize("name", ["run", "fork", "convert to CSV", "evaluate"])
def test_a_folder_that_cannot_be_written_is_told(place: Place, name: str) -> None:
    verb = verbs(place.given)[name]
    changes(place, verb)
    ended = fails(place, verb, Fault(1, errno.EROFS))
    assert ended is not None
    assert ended.code == 1


def struck_everywhere(
    place: Place, strike: Callable[[Verb, int], Ended | None], step: Callable[[str], int]
) -> Iterator[str]:
    """Strike every verb at its changes, one after the other; yield what went wrong."""
    met: Counter[str] = Counter()
    for name, verb in verbs(place.given).items():
        for at in range(1, changes(place, verb) + 1, step(name)):
            try:
                ended = strike(verb, at)
            except AssertionError as error:
                yield f"{name}, change {at}: {error}"
                continue
            if ended is not None:
                met[name] += 1
                met["in all"] += 1
    print(f"\n{dict(met)}")


def require_none(wrong: Iterator[str], capsys: pytest.CaptureFixture[str]) -> None:
    with capsys.disabled():
        found = [*wrong]
        print(f"{len(found)} went wrong", *found[:40], sep="\n")
    assert found == []


@pytest.mark.campaign
@pytest.mark.timeout(0)
def test_every_verb_killed_at_every_change_of_a_file(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    def strike(verb: Verb, at: int) -> Ended | None:
        return dies(place, verb, Fault(at, by_half=at % 2 == 0))

    require_none(struck_everywhere(place, strike, lambda _: 1), capsys)


@pytest.mark.campaign
@pytest.mark.timeout(0)
def test_every_verb_on_a_disk_that_is_full_at_every_change(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    def strike(verb: Verb, at: int) -> Ended | None:
        return fails(place, verb, full(at, by_half=at % 2 == 0))

    require_none(struck_everywhere(place, strike, lambda _: 1), capsys)


@pytest.mark.campaign
@pytest.mark.timeout(0)
@pytest.mark.parametrize("error", [errno.EROFS, errno.EACCES, errno.EIO, errno.EDQUOT])
def test_every_verb_on_a_disk_that_takes_no_more(
    place: Place, error: int, capsys: pytest.CaptureFixture[str]
) -> None:
    def strike(verb: Verb, at: int) -> Ended | None:
        return fails(place, verb, Fault(at, error, kinds=FILLING))

    require_none(struck_everywhere(place, strike, lambda name: LONG.get(name, 1)), capsys)


@pytest.mark.campaign
@pytest.mark.timeout(0)
def test_every_verb_killed_at_random_instants(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    chance, met = Random(8), Counter[str]()
    with capsys.disabled():
        for name, times in TIMED.items():
            verb = verbs(place.given)[name]
            began = monotonic()
            changes(place, verb)
            lasts_s = monotonic() - began
            tries = 0
            while met[name] < times and tries < 6 * times:
                tries += 1
                ended = dies_late(place, verb, chance.uniform(0, lasts_s))
                met[name] += ended is not None
        print(f"\n{met.total()} kills at random instants: {dict(met)}")
    assert met.total() >= 300
