"""Preparation sheets against the truth and against what was done, worked out by hand."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from games.bargaining.solutions import bargain
from games.outcomes import Option
from games.preparation import Guess, Sheet, Trade
from games.review.debrief import SheetLine
from games.review.preparation import sheet_lines
from games.review.rankings import issue_weights
from games.scenario import Scenario
from games.session import Accept, Move, Offer, State, start, step
from tests.delegates.sessions import events_of
from tests.games.review.sessions import ACCEPT, WALK, halves, trade
from tests.games.test_rescaling import rescaled
from tests.support.domains import scenarios
from tests.transcripts.test_golden import FIFTH, FOURTH, THIRD
from transcripts.fold import Folded, fold


def ended(game: Scenario, moves: Sequence[Move]) -> State:
    state = start(game)
    for move in moves:
        state, _ = step(state, move)
    return state


def lines(
    game: Scenario, moves: Sequence[Move], sheet: Sheet, party: str = "A", **more: Any
) -> dict[str, SheetLine]:
    """Return what is said of a sheet, by its entries."""
    found = sheet_lines(ended(game, moves), moves, party, game, sheet, **more)
    return {line.what: line for line in found}


def only(found: dict[str, SheetLine]) -> SheetLine:
    (line,) = found.values()
    return line


def offer(game: Scenario, *options: str) -> Offer:
    return Offer(game.space.index(dict(zip(game.issues, options, strict=True))))


def test_an_empty_sheet_has_no_lines() -> None:
    assert lines(trade(), [WALK], Sheet()) == {}


# In `trade`, A's reservation value is 20 of at most 97 + 2.5; within the ZOPA it can have less.
@pytest.mark.parametrize(
    ("said", "verdict", "is_good"),
    [(20.0, "right", True), (22.0, "2.0 points too high, 3 % of", True), (5.0, "too low", False)],
)
def test_own_reservation_value_is_compared_in_points_and_as_a_share(
    said: float, verdict: str, *, is_good: bool
) -> None:
    line = only(lines(trade(), [WALK], Sheet(reservation=said)))
    assert (line.what, line.said, line.true) == (
        "Your reservation value",
        f"{said:.1f} points",
        "20.0 points",
    )
    assert verdict in line.verdict
    assert line.is_good is is_good


def test_the_share_of_an_error_is_of_what_the_party_can_gain() -> None:
    game = trade()
    spread = bargain(game).best[1] - 20
    line = only(lines(game, [WALK], Sheet(guesses={"B": Guess(reservation=30)})))
    assert line.what == "Reservation value of A party"
    assert line.verdict == f"10.0 points too high, {100 * 10 / spread:.0f} % of the stake"


def test_no_share_is_told_where_nothing_can_be_gained() -> None:
    game = halves()
    stuck = game.model_copy(
        update={
            "parties": {
                name: one.model_copy(update={"reservation": 100.0})
                for name, one in game.parties.items()
            }
        }
    )
    line = only(lines(stuck, [WALK], Sheet(reservation=90)))
    assert (line.verdict, line.is_good) == ("10.0 points too low", None)


def test_own_ranking_is_told_with_the_true_weights() -> None:
    line = only(lines(trade(), [WALK], Sheet(ranking=("gold", "time", "law"))))
    assert (line.what, line.said) == ("What matters to you", "gold, time, law")
    assert line.true == "gold 63 %, law 24 %, time 13 %"
    assert line.verdict == "τ +0.33, 2 of 3 pairs in the right order"
    assert line.is_good is None


def test_what_a_ranking_leaves_out_is_said() -> None:
    line = only(lines(trade(), [WALK], Sheet(ranking=("gold",))))
    assert line.verdict.endswith("not ranked, so taken as last: time, law")


def test_guesses_are_compared_again_at_half_time() -> None:
    first = Sheet(guesses={"B": Guess(reservation=60, ranking=("time", "gold", "law"))})
    again = Sheet(guesses={"B": Guess(reservation=20, ranking=("law", "gold", "time"))})
    found = lines(trade(), [WALK], first, again=again)
    r, ranking = found["Reservation value of A party"], found["What matters to A party"]
    assert (r.said, r.again) == ("60.0 points", "20.0 points")
    assert r.verdict.endswith("of the stake; at half time: right")
    assert r.is_good is True
    assert ranking.again == "law, gold, time"
    assert ranking.verdict == (
        "τ -1.00, 0 of 3 pairs in the right order; at half time: τ +1.00, 3 of 3 pairs in the "
        "right order"
    )


def test_a_guess_made_only_at_half_time_has_a_line() -> None:
    again = Sheet(guesses={"B": Guess(reservation=20)})
    line = only(lines(trade(), [WALK], Sheet(), again=again))
    assert (line.said, line.again, line.verdict) == (
        "left open",
        "20.0 points",
        "at half time: right",
    )


def test_guesses_at_half_time_are_compared_with_what_was_true_by_then() -> None:
    game = trade()
    changed = game.model_copy(
        update={
            "parties": {
                **game.parties,
                "B": game.parties["B"].model_copy(update={"reservation": 35.0}),
            }
        }
    )
    sheet = Sheet(guesses={"B": Guess(reservation=20)})
    again = Sheet(guesses={"B": Guess(reservation=35)})
    line = only(lines(game, [WALK], sheet, again=again, then=changed))
    assert line.true == "20.0 points; at half time 35.0 points"
    assert line.verdict == "right; at half time: right"


OPENING: dict[str, Option] = {"gold": "3", "time": "2", "law": "0"}  # 61 + 13 + 23 = 97


def test_an_opening_that_was_made_is_told_with_its_worth() -> None:
    game = trade()
    moves = [offer(game, "3", "2", "0"), WALK]
    line = only(lines(game, moves, Sheet(opening=OPENING)))
    assert (line.true, line.verdict) == (
        "made as your first offer, move 1",
        "worth 97.0 points to you",
    )
    assert line.is_good is True


def test_an_opening_that_was_not_made_is_told_with_what_was() -> None:
    game = trade()
    moves = [offer(game, "3", "1", "0"), offer(game, "0", "0", "3")]
    line = only(lines(game, moves, Sheet(opening=OPENING)))
    assert line.true == "your first offer, move 1, was worth 93.0 points"
    assert line.is_good is None


def test_an_opening_made_later_is_told() -> None:
    game = trade()
    moves = [offer(game, "3", "1", "0"), offer(game, "0", "0", "3"), offer(game, "3", "2", "0")]
    line = only(lines(game, moves, Sheet(opening=OPENING)))
    assert line.true.endswith("was worth 93.0 points; you made it at move 3")


@pytest.mark.parametrize(
    ("target", "verdict", "is_good"),
    [
        (90.0, "worth 97.0 points to you, 7.0 points above your target", True),
        (99.0, "worth 97.0 points to you, 2.0 points below your target", False),
    ],
)
def test_an_opening_is_compared_with_the_target(
    target: float, verdict: str, *, is_good: bool
) -> None:
    game = trade()
    sheet = Sheet(opening=OPENING, target=target)
    line = lines(game, [offer(game, "3", "2", "0"), WALK], sheet)["Your opening"]
    assert (line.verdict, line.is_good) == (verdict, is_good)


def test_an_opening_nobody_made_is_told() -> None:
    line = only(lines(trade(), [WALK], Sheet(opening=OPENING)))
    assert (line.true, line.is_good) == ("you offered nothing", None)


TRADE = Sheet(trade=Trade(gives="law", wants="gold"))


def test_a_trade_counts_where_one_offer_yields_on_the_one_and_gains_on_the_other() -> None:
    game = trade()
    theirs = offer(game, "0", "0", "3")
    first, both = offer(game, "2", "2", "0"), offer(game, "3", "2", "1")
    line = only(lines(game, [first, theirs, both], TRADE))
    assert (line.said, line.true, line.is_good) == (
        "yield on law for gold",
        "offered at move 3",
        True,
    )


@pytest.mark.parametrize("second", [("2", "2", "1"), ("3", "2", "0"), ("1", "2", "1")])
def test_to_yield_alone_or_to_ask_alone_is_no_trade(second: tuple[str, str, str]) -> None:
    game = trade()
    theirs = offer(game, "0", "0", "3")
    moves = [offer(game, "2", "2", "0"), theirs, offer(game, *second)]
    line = only(lines(game, moves, TRADE))
    assert (line.true, line.verdict, line.is_good) == ("no offer did both", "not tried", False)


def test_a_target_is_compared_with_the_end_and_with_the_lowest_offer() -> None:
    game = trade()
    moves = [offer(game, "2", "2", "1"), ACCEPT]  # 37 + 13 + 14 = 64
    kept = only(lines(game, moves, Sheet(target=60)))
    missed = only(lines(game, moves, Sheet(target=70)))
    assert kept.true == "you ended with 64.0 points; your lowest offer, move 1, was 64.0 points"
    assert (kept.verdict, kept.is_good) == ("reached, 4.0 points above", True)
    assert (missed.verdict, missed.is_good) == (
        "missed by 6.0 points; you offered 6.0 points below it",
        False,
    )


def test_a_target_beyond_every_outcome_is_named() -> None:
    line = only(lines(trade(), [WALK], Sheet(target=120)))
    assert line.verdict == "missed by 100.0 points; no outcome gives you more than 97.0 points"


def test_the_target_of_an_open_session_is_open() -> None:
    line = only(lines(trade(), [], Sheet(target=50)))
    assert (line.true, line.verdict, line.is_good) == ("the session is not over", "open", None)


def test_a_walk_away_line_that_was_crossed_is_told_with_the_move() -> None:
    game = trade()
    low = offer(game, "1", "0", "3")  # 21
    theirs = offer(game, "0", "0", "3")
    moves = [offer(game, "2", "2", "1"), theirs, low]
    line = lines(game, moves, Sheet(walk_away=30))["Your walk-away line"]
    assert line.true == "you offered 21.0 points at move 3"
    assert (line.verdict, line.is_good) == ("crossed by 9.0 points, first at move 3", False)


def test_to_accept_below_the_walk_away_line_crosses_it() -> None:
    game = trade()
    moves = [offer(game, "2", "2", "1"), ACCEPT]
    found = lines(game, moves, Sheet(walk_away=30), party="B")  # 4 + 0 + 31 = 35
    assert found["Your walk-away line"].verdict == "not crossed"
    found = lines(game, moves, Sheet(walk_away=40), party="B")
    assert found["Your walk-away line"].true == "you accepted 35.0 points at move 2"


@pytest.mark.parametrize(
    ("line", "verdict", "is_good"),
    [
        (20.0, "drawn exactly there", True),
        (10.0, "you would sign what is worse than nothing", False),
        (24.0, "4.0 points above", True),
        (60.0, "you would leave agreements worth having", False),
    ],
)
def test_where_the_line_was_drawn_is_compared_with_no_agreement(
    line: float, verdict: str, *, is_good: bool
) -> None:
    found = lines(trade(), [WALK], Sheet(walk_away=line))["Where you drew that line"]
    assert verdict in found.verdict
    assert found.is_good is is_good


@st.composite
def sessions(draw: st.DrawFn) -> tuple[Scenario, list[Move]]:
    """Draw a small scenario and some legal moves."""
    game = draw(scenarios(parties=(2, 3)))
    state, moves = start(game), list[Move]()
    for _ in range(draw(st.integers(0, 5))):
        if not state.is_open:
            break
        order, _ = state.own(state.mover).ranking
        can_accept = state.offer is not None and state.may_sign(state.mover, state.offer)
        move: Move = (
            Accept()
            if can_accept and draw(st.integers(0, 3)) == 0
            else Offer(int(draw(st.sampled_from(order.tolist()))))
        )
        moves.append(move)
        state, _ = step(state, move)
    return game, moves


def ranked(game: Scenario, party: str) -> tuple[str, ...]:
    weights = issue_weights(game, party)
    return tuple(sorted(weights, key=lambda name: -weights[name]))


def perfect(game: Scenario, party: str) -> Sheet:
    return Sheet(
        reservation=game.parties[party].reservation,
        ranking=ranked(game, party),
        walk_away=game.parties[party].reservation,
        guesses={
            other: Guess(reservation=details.reservation, ranking=ranked(game, other))
            for other, details in game.parties.items()
            if other != party
        },
    )


@given(sessions())
def test_a_perfect_sheet_is_right_in_everything(session: tuple[Scenario, list[Move]]) -> None:
    game, moves = session
    party = game.ids[0]
    found = sheet_lines(ended(game, moves), moves, party, game, perfect(game, party))
    values = [line for line in found if "eservation value" in line.what]
    rankings = [line for line in found if line.what.startswith("What matters")]
    assert len(values) == len(rankings) == len(game.ids)
    assert {line.verdict for line in values} == {"right"}
    assert all("τ +1.00" in line.verdict or "all weigh" in line.verdict for line in rankings)
    assert found[-1].verdict == "drawn exactly there"


@given(sessions(), st.sampled_from([0.25, 8.0]), st.integers(-10, 90), st.integers(-10, 90))
def test_the_unit_of_a_partys_points_changes_no_verdict(
    session: tuple[Scenario, list[Move]], factor: float, mine: int, theirs: int
) -> None:
    game, moves = session
    me, other = game.ids[:2]
    order, _ = game.preferences[0].ranking
    sheet = Sheet(
        reservation=mine,
        target=mine + 20,
        walk_away=mine - 5,
        ranking=tuple(game.issues),
        opening=game.space.outcome(int(order[-1])),
        guesses={other: Guess(reservation=theirs, ranking=tuple(reversed(game.issues)))},
    )
    scaled = sheet.model_copy(
        update={
            "reservation": factor * mine,
            "target": factor * (mine + 20),
            "walk_away": factor * (mine - 5),
            "guesses": {
                other: Guess(reservation=factor * theirs, ranking=tuple(reversed(game.issues)))
            },
        }
    )
    in_other_units = rescaled(rescaled(game, me, factor), other, factor)
    found = sheet_lines(ended(game, moves), moves, me, game, sheet)
    again = sheet_lines(ended(in_other_units, moves), moves, me, in_other_units, scaled)
    assert [(line.what, line.is_good, shares(line)) for line in found] == [
        (line.what, line.is_good, shares(line)) for line in again
    ]


def shares(line: SheetLine) -> list[str]:
    """Return what a verdict says apart from figures in points."""
    words = line.verdict.split()
    return [
        word
        for word, after in zip(words, [*words[1:], ""], strict=True)
        if not after.startswith("points")
    ]


def recorded(path: Path) -> Folded:
    return fold(events_of(path))


def test_in_a_hall_what_was_asked_for_accepted_voted_and_signed_counts() -> None:
    folded = recorded(THIRD)
    record = folded.record()
    sheet = Sheet(reservation=30, target=60, walk_away=1000, ranking=("price", "volume", "rail"))
    found = {
        line.what: line
        for line in sheet_lines(record.state, record.moves, "USA", folded.scenario, sheet)
    }
    # The first thing that the United States put its name to was an offer.
    first = next(event for event in folded.made if event.party == "USA" and event.act == "offer")
    number = folded.made.index(first) + 1
    assert f"first at move {number}," in found["Your walk-away line"].verdict
    assert found["Your target"].true.startswith("you ended with 72.0 points")
    assert found["Your target"].is_good is True


def test_a_yes_to_a_text_and_a_binding_signature_below_the_line_cross_it() -> None:
    folded = recorded(THIRD)
    record = folded.record()
    counted = ({"ballot": "yes"}, {"signature": "binding"})
    for party in folded.scenario.ids:
        sheet = Sheet(walk_away=10_000)
        found = sheet_lines(record.state, record.moves, party, folded.scenario, sheet)
        own = [event for event in folded.made if event.party == party]
        times = sum(one.act in ("offer", "accept") or one.on in counted for one in own)
        assert f", {times} times" in found[0].verdict
    acts = {one.act for one in folded.made if one.on in counted}
    assert acts == {"vote", "sign"}


def test_in_an_eventful_session_each_guess_is_set_against_its_own_time() -> None:
    folded = recorded(FOURTH)
    record = folded.record()
    midway = Folded(folded.header, folded.scenario, start(folded.scenario, folded.header.seed))
    for event in folded.events[1:]:
        midway.add(event)
        if event.type == "happened" and getattr(event, "shock", None) == "fall":
            break
    then = midway.state.scenario
    assert then.parties["A"].reservation == folded.scenario.parties["A"].reservation - 5
    sheet = Sheet(guesses={"A": Guess(reservation=10)})
    again = Sheet(guesses={"A": Guess(reservation=5)})
    (line,) = sheet_lines(
        record.state, record.moves, "B", folded.scenario, sheet, again=again, then=then
    )
    assert line.verdict == "right; at half time: right"
    assert line.true == "10.0 points; at half time 5.0 points"


def test_the_golden_session_is_told_line_by_line() -> None:
    folded = recorded(FIFTH)
    record = folded.record()
    before, again = (event.sheet for event in folded.sheets)
    first, then = folded.as_prepared
    found = sheet_lines(record.state, record.moves, "USA", first, before, again=again, then=then)
    assert {line.what: line.verdict.split(";")[0] for line in found} == {
        "Your reservation value": "right",
        "What matters to you": "τ +1.00, 3 of 3 pairs in the right order",
        "Reservation value of DR Congo": "5.0 points too low, 8 % of the stake",
        "What matters to DR Congo": "τ +1.00, 2 of 2 pairs in the right order",
        "Your opening": "worth 100.0 points to you, 30.0 points above your target",
        "Your first trade": "not tried",
        "Your target": "missed by 10.0 points",
        "Your walk-away line": "not crossed",
        "Where you drew that line": "5.0 points above, 8 % of the stake",
    }
