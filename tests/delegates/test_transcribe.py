"""A transcript written at once is the one that the table writes move by move."""

import re
from pathlib import Path

import pytest

from delegates import negotiate
from delegates.seats import SCRIPTED_MINDS
from delegates.transcribe import MOST_SPELLED, spelling_of
from games.errors import TranscriptError
from games.scenario import Scenario, load_scenario
from tests.delegates.sessions import mini
from tests.support.domains import listed, random_scenario
from transcripts import Transcript, verify
from transcripts.store import content

NAMES = sorted(SCRIPTED_MINDS)
HOSTILE = 'a "quoted" {name} {terms} \\ \t\n\x01\x7f\u2028 – 钴 🜨 </script> %b %d'


def told(path: Path) -> list[bytes]:
    """Return the lines of a transcript without times and hashes."""
    passing = rb'"at":"[^"]*","prev":"[0-9a-f]*"|,"hash":"[0-9a-f]{64}"(?=}$)'
    return [re.sub(passing, b"", line) for line in path.read_bytes().splitlines()]


def assert_same_file(game: Scenario, names: list[str], seed: int, folder: Path) -> None:
    """Compare the file written at once with the one that the table writes."""
    seats = dict(zip(game.ids, names, strict=False))
    at_once, by_table = folder / "at_once.jsonl", folder / "by_table.jsonl"

    quick = negotiate(game, seats, seed=seed, session="s", transcript=at_once)
    slow = negotiate(
        game, seats, seed=seed, session="s", transcript=by_table, watch=lambda _event, _folded: None
    )

    assert told(at_once) == told(by_table)
    assert quick.as_json() | {"transcript": ""} == slow.as_json() | {"transcript": ""}
    checked = verify(at_once)
    assert (checked.ok, checked.complete, checked.problems) == (True, True, [])


@pytest.mark.parametrize("seed", range(12))
def test_any_minds_in_any_domain_are_written_as_the_table_writes_them(seed, tmp_path):
    game = random_scenario(seed, parties=2 + seed % 4, rounds=(2, 25), tied=seed % 3 == 0)
    names = [NAMES[(seed + 2 * k) % len(NAMES)] for k in range(5)]

    assert_same_file(game, names, seed, tmp_path)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("opens", ["fixed", "alternate", "lot"])
def test_every_mind_is_written_as_the_table_writes_it(name, opens, tmp_path):
    assert_same_file(mini(opens=opens), [name, "firm(demand=1)"], 7, tmp_path)


def test_the_bundled_scenario_is_written_as_the_table_writes_it(tmp_path):
    assert_same_file(load_scenario("cobalt-offtake"), ["micro", "linear"], 3, tmp_path)


@pytest.mark.parametrize("seed", range(8))
def test_what_the_capitals_make_of_it_is_written_as_the_table_writes_it(seed, tmp_path):
    game = listed(
        {"A": [20, 50, 80], "B": [80, 50, 20], "C": [40, 50, 40]},
        {"A": 15, "B": 15, "C": 15},
        mandates={
            party: {"ratify": {"threshold": 45, "slope": 0.05, "audience_cost": 4}}
            for party in ("A", "B")
        },
        protocol={"rounds": 6, "agreement": "unanimity" if seed % 2 else {"quorum": 0.6}},
    )
    names = ["linear", "conceder", "tit-for-tat" if seed % 3 else "boulware"]

    assert_same_file(game, names, seed, tmp_path)


def test_words_that_json_and_formats_could_mistake_are_written_as_the_table_writes_them(tmp_path):
    game = Scenario.model_validate(
        {
            "minilateral": 1,
            "id": "hostile",
            "title": HOSTILE,
            "protocol": {"rounds": 5},
            "issues": {
                "a": {"label": HOSTILE, "unit": "%s", "options": [1, 2500, 0.5, HOSTILE]},
                "b": {"label": "{terms}", "options": [1e-7, 10, "x"]},
            },
            "parties": {
                "A": {
                    "name": HOSTILE,
                    "side": "consumer",
                    "points": {
                        "a": {"1": 5, "2500": 3, "0.5": 1, HOSTILE: 0},
                        "b": {"1e-07": 0, "10": 1, "x": 3},
                    },
                },
                "B": {
                    "name": '","act":"accept',
                    "side": "supplier",
                    "points": {
                        "a": {"1": 0, "2500": 2, "0.5": 3, HOSTILE: 5},
                        "b": {"1e-07": 1, "10": 4, "x": 0},
                    },
                },
            },
        }
    )

    assert_same_file(game, ["linear", "micro"], 1, tmp_path)


def test_a_session_that_a_party_leaves_is_written_as_the_table_writes_it(tmp_path):
    game = listed(
        {"A": [3, 1], "B": [1, 3], "C": [1, 2]},
        {"C": 5},
        protocol={"rounds": 3, "agreement": {"quorum": 0.5}},
    )

    assert_same_file(game, ["linear", "firm", "boulware"], 0, tmp_path)


def test_an_existing_file_is_left_as_it_is(tmp_path):
    path = tmp_path / "there.jsonl"
    path.write_bytes(b"mine")

    with pytest.raises(TranscriptError, match=r"there\.jsonl: exists already"):
        negotiate(mini(), {"USA": "linear", "COD": "linear"}, transcript=path)

    assert path.read_bytes() == b"mine"
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_in_the_place_of_the_folder_is_named(tmp_path):
    (tmp_path / "file").write_bytes(b"")

    with pytest.raises(TranscriptError, match=r"s\.jsonl: cannot be written: Not a directory"):
        negotiate(
            mini(), {"USA": "linear", "COD": "linear"}, transcript=tmp_path / "file" / "s.jsonl"
        )


def test_an_events_content_is_its_line_without_its_place(tmp_path):
    path = tmp_path / "s.jsonl"
    negotiate(mini(), {"USA": "linear", "COD": "linear"}, transcript=path)

    transcript = Transcript(path)

    for number, event in enumerate(transcript.events()):
        assert content(event) + b',"hash"' in transcript.line(number)


def test_spelling_forgets_rather_than_grow_without_end():
    game = random_scenario(0, outcomes=(10, 20))
    spelling = spelling_of(game)
    spelling.offers.update({(None, -k): (b"", b"") for k in range(1, MOST_SPELLED + 1)})

    spelling.of(None, 0)

    assert list(spelling.offers) == [(None, 0)]
