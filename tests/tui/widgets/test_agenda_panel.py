from pathlib import Path

import pytest

from games.scenario import Scenario
from tests.tui.recordings import offers, pair, recorded, several
from tui.replay import Recording, agenda, read_history
from tui.text.labels import party_labels
from tui.widgets.agenda_panel import agenda_lines


def lines_of(
    tmp_path: Path, tonnes: list[int | None], width: int = 78, of: Scenario | None = None
) -> list[str]:
    of = of or pair()
    path = recorded(tmp_path / "t.jsonl", of, offers(of, tonnes))
    history = [*read_history(Recording(path))][-1]
    reservations = tuple(party.reservation for party in of.preferences)
    found = agenda(history, len(history))
    return [
        line.plain.rstrip() for line in agenda_lines(found, party_labels(of), reservations, width)
    ]


def test_the_text_on_the_table_is_marked_and_weighed(tmp_path: Path) -> None:
    lines = lines_of(tmp_path, [3, 1])

    assert lines[0] == "On the table: the offer of ▲ Supplier"
    assert lines[1].startswith("worth ● BUY 30.0 (+10.0)")
    assert lines[3].split() == ["issue", "●", "BUY", "asks", "▸", "▲", "SUP", "asks", "gap"]


def test_the_rail_shows_each_ask_and_the_gap_between(tmp_path: Path) -> None:
    lines = lines_of(tmp_path, [3, 1])

    assert lines[4].endswith("▲━━━●")
    assert lines[5].endswith("──✓──")


def test_a_party_that_has_asked_nothing_is_not_guessed_at(tmp_path: Path) -> None:
    lines = lines_of(tmp_path, [3])

    told = next(line.split() for line in lines if line.startswith("volume"))
    assert told == ["volume", "t", "▸", "3", "–", "────●"]


@pytest.mark.parametrize("width", [24, 40, 60, 78, 120])
def test_no_line_is_wider_than_the_panel(tmp_path: Path, width: int) -> None:
    assert max(len(line) for line in lines_of(tmp_path, [3, 1, None], width)) <= width


def test_many_parties_are_listed_by_what_they_ask(tmp_path: Path) -> None:
    lines = lines_of(tmp_path, [1, 3, 1, 3], of=several(4))

    assert lines[-3] == "volume  1 AAA CCC · ▸3 BBB DDD"
