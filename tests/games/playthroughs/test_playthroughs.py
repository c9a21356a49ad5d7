"""One session of every bundled scenario, to be read; what it says may change on purpose only.

After a change of rules, figures or minds: python -m tests.games.playthroughs.write
"""

from pathlib import Path

import pytest

from games.protocols.registry import PROTOCOLS
from tests.games.playthroughs.told import told
from tests.games.playthroughs.write import FOLDER, MORE, files, scenario_of


@pytest.mark.parametrize("name", files())
def test_a_session_is_told_as_it_was_told(name: str) -> None:
    path: Path = FOLDER / f"{name}.txt"
    assert path.exists(), f"{path.name}: missing; run python -m tests.games.playthroughs.write"
    assert told(scenario_of(name)) == path.read_text(encoding="utf-8")


def test_every_protocol_is_told() -> None:
    assert {scenario_of(name).protocol.kind for name in files()} == {*PROTOCOLS}


def test_no_session_is_told_that_is_not_played() -> None:
    assert sorted(path.stem for path in FOLDER.glob("*.txt")) == sorted(files())


def test_other_protocols_are_told_beside_a_scenarios_own() -> None:
    assert {name.partition(".")[0] for name in MORE} <= {name.partition(".")[0] for name in files()}
