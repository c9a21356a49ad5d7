from itertools import pairwise
from pathlib import Path

import pytest

from games.errors import MinilateralError, UserError
from tests.tui.recordings import TALKS, moved, pair, recorded, with_person
from tui.study import PARTS, Study, studied


def last(source: str | None, path: Path | None = None) -> Study:
    return list(studied(source, path))[-1]


def test_what_is_ready_is_told_part_by_part_and_only_grows() -> None:
    found = list(studied("first-table", None))
    ready = [one.ready for one in found]
    assert ready[0] == frozenset()
    assert all(before <= after for before, after in pairwise(ready))
    assert len(set(ready)) >= 5
    assert [one.is_whole for one in found] == [False] * (len(found) - 1) + [True]
    assert found[0].next == "outcomes"
    assert ready[-1] == frozenset(PARTS)


def test_solutions_are_ready_before_the_games_are_played() -> None:
    early = next(one for one in studied("first-table", None) if one.analysis is not None)
    assert "solutions" in early.ready
    assert early.matrices == ()


def test_a_session_is_studied_with_what_was_agreed() -> None:
    found = last(None, TALKS)
    assert found.played is not None
    assert found.played.session == "talks"
    assert found.signed is not None
    assert found.signed.outcome == found.played.last.agreement
    assert found.matrices == found.played.findings.matrices  # type: ignore[union-attr]


def test_a_scenario_is_studied_as_if_nash_were_signed() -> None:
    found = last("first-table")
    assert found.analysis is not None
    assert found.signed is not None
    assert found.signed.outcome == int(found.analysis.bargain.solutions["nash"][0])


def session(tmp_path: Path, *, over: bool) -> Path:
    """Write a session of rules that has ended or not."""
    of = pair()
    return recorded(tmp_path / "session.jsonl", of, [moved(of, 0, 2), *([moved(of, 1)] * over)])


def test_a_session_at_which_a_person_sits_still_is_refused_in_a_line(tmp_path: Path) -> None:
    path = with_person(tmp_path / "session.jsonl", closes=False)
    with pytest.raises(UserError, match=r"a person sits for .* not over: the") as it:
        last(None, path)
    assert "\n" not in str(it.value)


def test_a_persons_session_that_is_over_is_studied(tmp_path: Path) -> None:
    assert last(None, with_person(tmp_path / "session.jsonl", closes=True)).is_whole


@pytest.mark.parametrize("over", [True, False])
def test_a_session_of_rules_is_studied_over_or_not(tmp_path: Path, over: bool) -> None:
    found = last(None, session(tmp_path, over=over))
    assert (found.signed is not None) == over


@pytest.mark.parametrize("source", ["no-such-scenario", "tests"])
def test_what_cannot_be_read_is_an_error_for_the_user(source: str) -> None:
    with pytest.raises(MinilateralError):
        last(source)
