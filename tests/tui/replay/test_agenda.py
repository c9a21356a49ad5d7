from pathlib import Path

from tests.tui.recordings import offers, pair, recorded
from tui.replay import History, Recording, agenda, read_history
from tui.replay.agenda import changed_issues


def history_of(tmp_path: Path, tonnes: list[int | None]) -> History:
    of = pair()
    path = recorded(tmp_path / "t.jsonl", of, offers(of, tonnes))
    return [*read_history(Recording(path))][-1]


def test_before_the_first_move_nothing_is_on_the_table(tmp_path: Path) -> None:
    found = agenda(history_of(tmp_path, [3, 1]), 0)

    assert found.offerer is None
    assert found.utilities == ()
    assert found.items[0].on_table is None
    assert found.items[0].asks == (None, None)
    assert found.items[0].gap is None


def test_the_text_on_the_table_is_the_last_offer(tmp_path: Path) -> None:
    found = agenda(history_of(tmp_path, [3, 1, 2]), 2)

    assert found.offerer == 1
    assert found.items[0].on_table == 0
    assert found.utilities == (30.0, 60.0)
    assert not found.agreed


def test_the_gap_is_how_far_the_asks_lie_apart(tmp_path: Path) -> None:
    found = agenda(history_of(tmp_path, [3, 1, 2]), 3)

    assert found.items[0].asks == (1, 0)
    assert found.items[0].gap == 1
    assert found.items[1].gap == 0


def test_an_agreement_is_told_with_all_who_stand_by_it(tmp_path: Path) -> None:
    found = agenda(history_of(tmp_path, [3, 2, None]), 3)

    assert found.agreed
    assert found.accepted == {0, 1}
    assert found.offerer == 1


def test_what_an_offer_changes_is_against_the_same_partys_last_one(tmp_path: Path) -> None:
    history = history_of(tmp_path, [3, 1, 2, 1])

    assert [changed_issues(history, position) for position in range(4)] == [None, None, (0,), ()]
