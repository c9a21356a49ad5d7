"""A class compared: figures worked out by hand, and what must not change them."""

from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from delegates import negotiate
from delegates.classroom.as_json import comparison_json
from delegates.classroom.comparison import Comparison, compare, compared_at, letters, spread
from delegates.classroom.tables import Table, read_tables, transcripts_in
from games.bargaining.solutions import bargain
from games.errors import UserError
from games.moves import Offer
from games.scenario import load_scenario
from tests.delegates.classroom.tables import (
    AGREED_HALF,
    AGREED_MORE,
    LEFT,
    OPEN,
    sat,
    shaken,
    three,
)
from tests.delegates.debriefing.talks import ACCEPT, ladder
from tests.tui.recordings import TALKS
from transcripts.fold import fold
from transcripts.store import Transcript


def test_seats_across_three_tables_as_worked_out_by_hand(tmp_path: Path) -> None:
    (group,) = compared_at(three(tmp_path)).groups
    a, b = group.seats

    assert [one.name for one in group.tables] == ["table-1", "table-2", "table-10"]
    assert (a.party, a.reservation, a.attainable) == ("A", 20, 80)
    told = a.points
    assert (told.least, told.lower, told.median, told.upper, told.most) == (20, 35, 50, 60, 70)
    assert (told.least_at, told.most_at, told.count) == (("table-10",), ("table-2",), 3)
    told = b.points
    assert (told.least, told.lower, told.median, told.upper, told.most) == (20, 25, 30, 40, 50)
    assert told.most_at == ("table-1",)
    # Left at nobody's cost: nothing after agreements, 80 − 20 where A left.
    assert (a.left.least, a.left.median, a.left.most) == (0, 0, 60)
    assert (a.in_time.least, a.in_time.most) == (20, 70)
    assert (group.rounds.least, group.rounds.median, group.rounds.most) == (1, 1, 2)


def test_efficiency_of_three_tables_as_worked_out_by_hand(tmp_path: Path) -> None:
    (group,) = compared_at(three(tmp_path)).groups

    products = {one.name: one.efficiency.nash_ratio for one in group.tables}
    # Gains over r: 30·30 = 900 is the greatest product, 50·10 = 500.
    assert products == {"table-1": 1.0, "table-2": pytest.approx(5 / 9), "table-10": 0.0}
    away = {one.name: one.efficiency.distance_to_frontier for one in group.tables}
    # Every outcome is on the line x + y = 1; no agreement is at the origin.
    assert away == {"table-1": 0.0, "table-2": 0.0, "table-10": pytest.approx(0.5**0.5)}
    assert group.nash_ratio is not None
    assert group.nash_ratio.median == pytest.approx(5 / 9)
    shares = {one.name: one.seat("A").advantage for one in group.tables}
    assert shares == {"table-1": 0.5, "table-2": pytest.approx(5 / 6), "table-10": 0.0}


def test_what_was_agreed_is_counted_beside_the_nash_outcome(tmp_path: Path) -> None:
    again = sat(tmp_path, "table-3", AGREED_HALF, 4)
    (group,) = compared_at([*three(tmp_path), again]).groups

    assert [(one.agreement, one.tables) for one in group.texts] == [
        ({"deal": "o5"}, ("table-1", "table-3")),
        ({"deal": "o7"}, ("table-2",)),
    ]
    counted = [(one.option, len(one.tables), one.is_nash) for one in group.options[:3]]
    assert counted[:2] == [("o5", 2, True), ("o7", 1, False)]
    assert counted[2][1:] == (0, False)
    nash = group.benchmarks[0]
    assert (nash.name, nash.outcomes, nash.reach("A")) == ("nash", ({"deal": "o5"},), (50, 50))
    # Every outcome has the same sum: the utilitarian solution leaves all of the ZOPA open.
    assert group.benchmarks[3].reach("B") == (20, 80)


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Table, ...]:
    """Three tables of the ladder, one unfinished, a copy, and two of other scenarios."""
    folder = tmp_path_factory.mktemp("mixed")
    paths = [
        *three(folder),
        _stray(folder, "open", 50),
        _stray(folder, "other", 51),
        _stray(folder, "copy", 52),
        sat(folder, "other-53", LEFT, 53, ladder(reservations=(30.0, 20.0))),
    ]
    return read_tables(paths)[0]


@given(seed=st.integers(0, 10_000))
def test_the_order_of_tables_makes_no_difference(mixed: tuple[Table, ...], seed: int) -> None:
    told = comparison_json(compare(mixed))
    tables = list(mixed)

    Random(seed).shuffle(tables)

    assert comparison_json(compare(tables)) == told


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=8, deadline=None
)
@given(more=st.lists(st.sampled_from(["open", "other", "shock", "copy"]), max_size=4))
def test_what_is_not_comparable_changes_no_figure(tmp_path: Path, more: list[str]) -> None:
    alone = compared_at(three(tmp_path))
    added = [_stray(tmp_path, kind, number) for number, kind in enumerate(more, 100)]

    found = compared_at([*three(tmp_path), *added])

    assert _figures(found) == _figures(alone)
    assert len(found.unfinished) == more.count("open")
    assert len(found.repeated) == more.count("copy")


def _figures(found: Comparison) -> tuple[object, ...]:
    """Return all figures of the group of the three tables."""
    one = next(group for group in found.groups if len(group.tables) >= 3)
    whole = one.nash_ratio, one.distance_to_frontier, one.rounds
    return (one.seats, one.texts, one.options, one.benchmarks, *whole)


def _stray(folder: Path, kind: str, number: int) -> Path:
    name = f"z-{kind}-{number}"
    match kind:
        case "open":
            return sat(folder, name, OPEN, number)
        case "other":
            # Each another scenario, so that no group of theirs is as large as the three.
            other = ladder(reservations=(20.0, 20.0 + number / 1000))
            return sat(folder, name, AGREED_MORE, number, other)
        case "shock":
            other = shaken(rounds=number)
            return sat(folder, name, AGREED_MORE, number, other)
        case _:
            path = folder / f"{name}.jsonl"
            path.write_bytes((folder / "table-1.jsonl").read_bytes())
            return path


def test_tables_where_another_shock_struck_are_told_apart(tmp_path: Path) -> None:
    game, seats = shaken(), {"A": "boulware", "B": "boulware"}
    for number in range(5):
        shocks = ["jolt@2"] if number in (1, 3) else []
        path = tmp_path / f"t{number}.jsonl"
        negotiate(game, seats, seed=number, transcript=path, shocks=shocks)

    first, second = compared_at(transcripts_in([tmp_path])).groups

    assert (first.letter, first.shocks, len(first.tables)) == ("A", (), 3)
    assert (second.letter, second.shocks, len(second.tables)) == ("B", ("jolt",), 2)
    assert [one.reservation for one in first.seats] == [20, 20]
    assert [one.reservation for one in second.seats] == [20, 10]
    # With B content with 10, A may have up to 90.
    assert [one.attainable for one in second.seats] == [90, 80]
    assert second.tables[0].shocks[0].round == 1


def test_a_session_given_twice_counts_once_and_as_far_as_it_went(tmp_path: Path) -> None:
    early = sat(tmp_path, "early", AGREED_HALF[:2], 1)
    late = sat(tmp_path, "late", AGREED_HALF, 1)

    found = compared_at([early, late])

    assert [one.name for one in found.tables] == ["late"]
    assert [(one.name, one.first) for one in found.repeated] == [("early", "late")]
    assert found.unfinished == ()


def test_unreadable_files_are_named_and_the_others_compared(tmp_path: Path) -> None:
    (tmp_path / "bad.jsonl").write_text("no transcript\n", encoding="utf-8")
    three(tmp_path)

    found = compared_at(transcripts_in([tmp_path]))

    assert [one.name for one in found.unread] == ["bad"]
    assert len(found.groups[0].tables) == 3
    with pytest.raises(UserError, match=r"bad: .*expected a transcript that can be read"):
        compared_at([tmp_path / "bad.jsonl"])


def test_tables_of_one_name_in_several_folders_are_set_apart(tmp_path: Path) -> None:
    for number, room in enumerate(("east", "west")):
        (tmp_path / room).mkdir()
        sat(tmp_path / room, "table", AGREED_MORE, number)

    found = compared_at(transcripts_in([tmp_path / "west", tmp_path / "east"]))

    assert [one.name for one in found.tables] == ["east/table", "west/table"]


@pytest.mark.parametrize(
    ("make", "expected"), [("empty", "holds no transcript"), ("", "not exist")]
)
def test_folders_and_files_that_hold_nothing_are_refused(
    tmp_path: Path, make: str, expected: str
) -> None:
    if make:
        (tmp_path / make).mkdir()

    with pytest.raises(UserError, match=expected):
        transcripts_in([tmp_path / (make or "absent.jsonl")])


def test_figures_are_the_referees_and_the_sessions_own() -> None:
    (table,), _ = read_tables([TALKS])
    record = fold(Transcript(TALKS).events()).record(TALKS)
    told, own = record.as_json(), record.referee

    assert {one.party: round(one.utility, 9) for one in table.seats} == told["utilities"]
    assert {one.party: round(one.payoff, 9) for one in table.seats} == told["payoffs"]
    assert table.efficiency.nash_ratio == own.nash_ratio
    assert table.efficiency.distance_to_frontier == own.distance_to_frontier
    assert {one.party: one.advantage for one in table.seats} == {
        one.party: pytest.approx(one.gain) for one in own.standings
    }


def test_a_seat_that_can_gain_nothing_has_no_share(tmp_path: Path) -> None:
    # Only outcome 2 gives both their r: neither can gain anything.
    game = ladder(reservations=(20.0, 80.0))
    sat(tmp_path, "t", [Offer(2), ACCEPT], 1, game)

    (group,) = compared_at([tmp_path / "t.jsonl"]).groups

    assert [one.advantage for one in group.tables[0].seats] == [None, None]
    assert len(bargain(group.scenario).zopa) == 1


def test_a_spread_lists_all_ties_at_its_ends() -> None:
    told = spread([("a", 1.0), ("b", 3.0), ("c", 3.0 + 1e-12), ("d", 1.0)])

    assert (told.least_at, told.most_at, told.median) == (("a", "d"), ("b", "c"), 2.0)


def test_letters_go_on_after_z() -> None:
    assert [letters(place) for place in (0, 25, 26, 52)] == ["A", "Z", "AA", "BA"]


def test_a_forum_says_who_signed_and_what_is_in_force(tmp_path: Path) -> None:
    forum = load_scenario("price-floor-club")
    negotiate(forum, dict.fromkeys(forum.ids, "linear"), seed=1, transcript=tmp_path / "f.jsonl")

    (table,), _ = read_tables([tmp_path / "f.jsonl"])
    told = fold(Transcript(tmp_path / "f.jsonl").events()).record().as_json()

    assert table.in_force == told.get("in_force")
    assert {one.party: one.signature for one in table.seats} == (
        told.get("signatures") or dict.fromkeys(forum.ids)
    )
