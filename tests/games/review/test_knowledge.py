"""Sessions in which something happens: judged by what was true and known, and by nothing later."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games.errors import UserError
from games.happenings.happening import Happening, inject, is_held
from games.moves import AskCapital, Pass
from games.review.accuracy import Judgement, candidate_moves, judge
from games.review.counterparts import sights
from games.review.knowledge import as_known, bare_turns, granted
from games.review.leaks import Leak
from games.review.positions import Act, positions
from games.review.prospects import expected_gains, prospect
from games.review.reading import SessionReading, read_session
from games.scenario import Scenario
from games.session import Accept, Move, Offer, State, start, step
from tests.games.eventful import eventful
from tests.games.review.sessions import (
    ACCEPT,
    BALANCED,
    FIRM,
    HARD,
    SOFT,
    WALK,
    before,
    offers,
    played,
    trade,
)
from tests.games.test_rescaling import rescaled
from tests.support.domains import listed, party, scenario

MINDS = (FIRM, BALANCED, HARD, SOFT)


def held_session(
    game: Scenario, minds=(HARD, HARD), seed: int = 0, at: dict[int, str] | None = None
) -> tuple[list[Move], list[int], State]:
    """Return a session played by stances, shocks being called on some turns."""
    state, made = start(game, seed), list[Act]()
    while state.is_open:
        if state.turn in (at or {}):
            state = inject(state, (at or {})[state.turn])
        move = minds[state.mover](state, made)
        made.append(Act(state.turn, state.mover, move))
        state, _ = step(state, move)
    return [one.move for one in made], [one.turn for one in made], state


def judgements(found: SessionReading) -> list[Judgement | None]:
    """Return the judgement of each of the party's moves."""
    return [one.judgement for one in found.moves]


def judged(found: SessionReading, move: int) -> Judgement:
    """Return the judgement of a move that is judged."""
    judgement = found.moves[move].judgement
    assert judgement is not None
    return judgement


@pytest.mark.parametrize("party", ["A", "B"])
@pytest.mark.parametrize("seed", range(4))
def test_a_session_in_which_much_happens_is_read_by_what_held_at_each_move(party, seed):
    game = eventful()
    minds = (MINDS[seed], HARD)
    moves, turns, final = held_session(game, minds, seed, {9: "quota"})
    seat = game.ids.index(party)

    found = read_session(game, moves, turns, party, seed=seed, happened=final.happened)

    played, end = positions(game, moves, turns, seed, final.happened)
    own = [one for one in played if one.act.mover == seat]
    assert end == final
    assert {type(one.move) for one in found.moves} >= {Offer, *([Pass] if party == "A" else [])}
    assert found.accuracy is not None
    assert found.accuracy_error is not None
    for position, judgement in zip(own, judgements(found), strict=True):
        assert judgement is not None
        for candidate in judgement.candidates:
            step(position.state, candidate.move)
        alone = prospect(position.state.scenario, seat, seed=seed, bare=bare_turns(played))
        again = judge(alone, position.state, position.history, position.act.move)
        assert again == judgement
    assert len({id(one.state.scenario) for one in own}) > 2
    assert found.close.status == final.status


def changed(game: Scenario, **changes: object) -> Scenario:
    """Return a scenario with parts of it spelled otherwise."""
    fields = game.model_dump(by_alias=True, exclude_defaults=True)
    for name, value in changes.items():
        fields[name] = value
    return Scenario.model_validate(fields)


def otherwise(game: Scenario, amount: float, limits: list[str], later: int) -> Scenario:
    """Return the eventful scenario with other things in store from round 5 on, and other grants."""
    fields = game.model_dump(by_alias=True, exclude_defaults=True)
    fields["mandates"]["A"]["grants"] = {"tonnes": {"1000": {"least": amount}}}
    told = fields["mandates"]["A"]["instructions"]
    fields["mandates"]["A"]["instructions"] = [
        *(one for one in told if one["round"] <= 4),
        {"round": later, "kind": "tighten", "limits": {"floor": limits}},
        {"round": later + 1, "kind": "no-deal"},
    ]
    fields["shocks"]["late"] = {
        "label": "Later",
        "round": later,
        "points": {"A": {"tonnes": {"2000": amount}}},
        "reservation": {"A": amount / 4, "B": -amount / 9},
    }
    fields["shocks"]["quota"]["reservation"] = {"A": amount}
    return Scenario.model_validate(fields)


@settings(max_examples=6)
@given(
    st.floats(-30, 30),
    st.lists(st.sampled_from(["low", "middle", "high"]), min_size=1, unique=True),
    st.integers(5, 7),
    st.sampled_from(["A", "B"]),
)
def test_what_strikes_later_changes_no_judgement(amount, limits, later, party):
    game = eventful()
    moves, turns, _ = held_session(game)
    begun = [turn for turn in turns if turn < 8]
    other = otherwise(game, amount, limits, later)

    one, two = (
        read_session(each, moves[: len(begun)], begun, party, seed=0) for each in (game, other)
    )

    assert len(begun) == 8
    assert judgements(one) == judgements(two)
    assert (one.accuracy, one.accuracy_error) == (two.accuracy, two.accuracy_error)


@settings(max_examples=6)
@given(st.lists(st.integers(0, 40), min_size=5, max_size=5))
def test_what_the_counterpart_wants_changes_no_judgement(points):
    # Only m, the most that can be had in the ZOPA, hangs on it: it is the unit of what is lost.
    game = eventful()
    moves, turns, _ = held_session(game)
    fields = game.model_dump(by_alias=True, exclude_defaults=True)
    names = [(issue, text) for issue, one in game.issues.items() for text in one.texts][:5]
    for (issue, text), worth in zip(names, points, strict=True):
        fields["parties"]["B"]["points"][issue][text] = float(worth)
    other = Scenario.model_validate(fields)

    one, two = (read_session(each, moves, turns, "A", seed=0) for each in (game, other))

    for mine, same in zip(judgements(one), judgements(two), strict=True):
        assert mine is not None
        assert same is not None
        assert mine.candidates == same.candidates
        assert (mine.difference, mine.standard_error) == (same.difference, same.standard_error)
        assert (mine.best, mine.refused_better) == (same.best, same.refused_better)


@settings(max_examples=5)
@given(st.lists(st.integers(0, 40), min_size=11, max_size=11), st.integers(1, 90))
def test_where_all_can_be_had_what_the_counterpart_wants_changes_no_accuracy(points, below):
    # B would take anything, so that m is A's best whatever else B wants.
    game = trade(3)
    moves, turns = played(game, [BALANCED, HARD])
    fields = game.model_dump(by_alias=True, exclude_defaults=True)
    worths = iter(points)
    for issue, one in game.issues.items():
        fields["parties"]["B"]["points"][issue] = {text: next(worths) for text in one.texts}
    fields["parties"]["B"]["reservation"] = -float(below)
    other = Scenario.model_validate(fields)
    fields["parties"]["B"]["points"] = game.model_dump()["parties"]["B"]["points"]
    same = Scenario.model_validate(fields)

    one, two = (read_session(each, moves, turns, "A") for each in (other, same))

    assert judgements(one) == judgements(two)
    assert (one.accuracy, one.accuracy_error) == (two.accuracy, two.accuracy_error)


def in_other_units(game: Scenario, factor: float, shift: float) -> Scenario:
    """Return the eventful scenario with the points of A in another unit, whatever holds them."""
    fields = rescaled(game, "A", factor, shift).model_dump(by_alias=True, exclude_defaults=True)
    for shock in fields["shocks"].values():
        for added in (shock.get("reservation", {}), *shock.get("points", {}).get("A", {}).values()):
            for name in added.keys() & {"A", *game.issues["tonnes"].texts}:
                added[name] *= factor
    for options in fields["mandates"]["A"]["grants"].values():
        for grant in options.values():
            grant["least"] = factor * grant["least"] + shift
    return Scenario.model_validate(fields)


@settings(max_examples=5)
@given(st.floats(0.05, 20), st.floats(-100, 100), st.sampled_from(["A", "B"]))
def test_another_unit_changes_nothing_though_much_happens(factor, shift, party):
    game = eventful()
    moves, turns, final = held_session(game, (SOFT, HARD), 1, {9: "quota"})
    other = in_other_units(game, factor, shift)

    one, two = (
        read_session(each, moves, turns, party, seed=1, happened=final.happened)
        for each in (game, other)
    )

    assert two.accuracy == pytest.approx(one.accuracy, abs=1e-6)
    assert two.accuracy_error == pytest.approx(one.accuracy_error, abs=1e-6)
    assert two.hindsight == pytest.approx(one.hindsight, abs=1e-6)
    for mine, same in zip(judgements(one), judgements(two), strict=True):
        assert (mine is None) == (same is None)
        if mine is not None and same is not None:
            assert same.loss == pytest.approx(mine.loss, abs=1e-6)
            assert [c.move for c in same.candidates] == [c.move for c in mine.candidates]
            assert (same.best, same.refused_better) == (mine.best, mine.refused_better)


def test_an_end_that_is_drawn_is_not_known_before_it_comes():
    protocol = {"rounds": 6, "opens": "fixed", "deadline": {"from": 2, "close": 0.5}}
    game = listed({"A": [0, 40, 100], "B": [100, 50, 0]}, protocol=protocol)
    lengths = {len(start(game, seed).turns): seed for seed in range(40)}
    moves = offers(2, 0, 2, 0)
    found = [
        judge(prospect(game, 1), *before(game, moves[:3], seed), moves[3])
        for seed in lengths.values()
    ]

    # Some sessions end with this very turn; the party did not know.
    assert min(lengths) == 4
    assert len(lengths) > 2
    assert all(one == found[0] for one in found)


def asking(least: float = 0.0, rounds: int = 3) -> Scenario:
    """Return a game in which A may sign the best only with its capital's leave."""
    return scenario(
        {"deal": ["none", "some", "all"]},
        {
            "A": party({"deal": {"none": 0, "some": 20, "all": 100}}),
            "B": party({"deal": {"none": 60, "some": 100, "all": 80}}, side="supplier"),
        },
        mandates={
            "A": {
                "limits": {"deal": ["none", "some"]},
                "grants": {"deal": {"all": {"least": least}}},
            }
        },
        protocol={"rounds": rounds, "opens": "fixed"},
    )


ASK = AskCapital("deal", "all")


@pytest.mark.parametrize("least", [0.0, 500.0])
def test_asking_is_judged_as_if_it_were_granted_whatever_the_capital_says(least):
    game = asking(least)
    moves: list[Move] = [*offers(1, 2), ASK, *offers(2)]

    found = read_session(game, moves, range(4), "A")

    judgement = judgements(found)[1]
    assert judgement is not None
    assert judgement.candidates[0].move == ASK
    assert judgement.candidates[0].expected_gain == judged_as_wider(game, moves)
    assert judgement.loss == 0
    assert found.accuracy_note == "asking the capital (move 3) is judged as if it had granted it"


def judged_as_wider(game: Scenario, moves: list[Move]) -> float:
    """Return what passing the turn brings who may sign all from its next turn on."""
    state, history = before(game, moves[:2])
    wide = granted(game, "A", ASK)
    gains, _ = expected_gains(prospect(wide, 0), state, history, [ASK])
    return float(gains.mean())


def test_an_answer_that_comes_too_late_is_worth_nothing():
    # A speaks last in the only round: whatever its capital says, the talks are over.
    game = changed(asking(rounds=1), protocol={"rounds": 1, "opens": "lot"})
    seed = next(seed for seed in range(9) if start(game, seed).mover == 1)
    state, history = before(game, offers(2), seed)

    gains, _ = expected_gains(prospect(game, 0), state, history, [ASK, WALK])

    assert gains.tolist() == [[0.0, 0.0]] * 64


def test_offers_are_compared_within_the_mandate():
    game = asking()
    state, history = before(game, offers(1, 2))

    assert set(candidate_moves(state, history)) == {Offer(0), Offer(1), WALK}


def test_who_may_sign_nothing_now_can_pass_or_leave():
    game = eventful()
    moves, turns, _ = held_session(game)
    played, _ = positions(game, moves, turns)
    held = next(one for one in played if one.act.move == Pass())

    assert is_held(held.state, held.act.mover)
    assert candidate_moves(held.state, held.history) == (Pass(), WALK)
    known = as_known(held.state)
    after, events = step(known, Pass())
    assert after.scenario is known.scenario
    assert len(events) == 1


def test_nothing_is_in_store_in_what_is_known():
    game = eventful()
    moves, turns, _ = held_session(game)
    for one in positions(game, moves, turns)[0]:
        known = as_known(one.state)
        assert not known.scenario.shocks
        orders = [told for each in known.scenario.mandates.values() for told in each.instructions]
        assert [told.round for told in orders] == [one.state.round + 1] * len(orders)
        assert bool(orders) == is_held(one.state, one.act.mover)
        own = one.state.scenario.preferences[one.act.mover]
        same = known.scenario.preferences[one.act.mover]
        assert own.utilities.tolist() == same.utilities.tolist()
        assert (own.signable is None) == (same.signable is None)
        if own.signable is not None and same.signable is not None:
            assert own.signable.tolist() == same.signable.tolist()


def test_a_shock_that_was_called_is_counted_from_then_on_and_comes_in_hindsight_too():
    # r of A rises from 0 to 45 on turn 2: before it a half gains 50, after it 5.
    game = changed(
        listed({"A": [0, 50, 100], "B": [100, 50, 0]}, protocol={"rounds": 2, "opens": "fixed"}),
        shocks={"rival": {"label": "A rival", "reservation": {"A": 45.0}}},
    )
    state = start(game)
    moves = [*offers(2, 1), *offers(2, 0)]
    for move in moves[:2]:
        state, _ = step(state, move)
    struck = inject(state, "rival").happened

    with_shock, without = (
        read_session(game, moves, range(4), "A", happened=happened, minds={"B": FIRM})
        for happened in (struck, ())
    )

    taking = [
        {one.move: one.expected_gain for one in judged(found, 1).candidates}[ACCEPT]
        for found in (with_shock, without)
    ]
    assert taking == [5, 50]
    assert judgements(with_shock)[0] == judgements(without)[0]
    assert with_shock.close.utilities == {"A": 45, "B": 0}


def test_where_nothing_could_be_gained_then_nothing_is_counted_and_that_is_said():
    game = changed(
        listed({"A": [0, 50, 60], "B": [100, 50, 0]}, protocol={"rounds": 2, "opens": "fixed"}),
        shocks={"rival": {"label": "A rival", "round": 2, "reservation": {"A": 70.0}}},
    )

    found = read_session(game, offers(2, 0, 2), range(3), "A")

    assert [one is None for one in judgements(found)] == [False, True]
    assert found.accuracy_note == (
        "nothing is counted for move 3: A had nothing to gain as things then stood"
    )


def lapsing(round_: int = 3, option: str = "o0") -> Scenario:
    """Return a game in which an option is ruled out for B, who speaks last, before a round."""
    told = {"round": round_, "kind": "red-line", "red_line": {"deal": option}}
    return changed(
        listed(
            {"A": [0, 50, 100, 20], "B": [100, 50, 0, 20]}, protocol={"rounds": 5, "opens": "fixed"}
        ),
        mandates={"B": {"instructions": [told]}},
    )


LAPSED = offers(2, 1, 2, 0, 3, 1)
"""B's offer on turn 3 is off the table before A speaks on turn 4."""


def test_an_offer_that_lapsed_was_not_refused():
    played, _ = positions(lapsing(), LAPSED, range(6))
    bare, history = bare_turns(played), played[-1].acts

    assert bare == {0, 4}
    assert [one[1:] for one in sights(history, 0, bare)] == [
        *((2, "offered"), (1, "refused")),
        *((2, "offered"), (3, "offered")),
    ]
    assert (0, "refused") in [one[1:] for one in sights(history, 0)]


def test_what_lapsed_is_not_held_against_the_counterpart():
    played, _ = positions(lapsing(), LAPSED, range(6))
    last = played[-1]
    aware, unaware = (
        judge(prospect(last.state.scenario, 1, bare=bare), last.state, last.history, last.act.move)
        for bare in (bare_turns(played), frozenset[int]())
    )

    found = judgements(read_session(lapsing(), LAPSED, range(6), "B"))[-1]

    assert aware != unaware
    assert found == aware


def test_that_an_offer_will_lapse_is_not_known_when_it_is_made():
    # B offers what A has just asked for: but for the order to come A would take it.
    taken_back, kept = (
        read_session(lapsing(round_, "o1"), offers(2, 0, 1, 1), range(4), "B") for round_ in (3, 4)
    )

    assert judgements(taken_back) == judgements(kept)
    last = judgements(taken_back)[-1]
    assert last is not None
    assert last.candidates[0].expected_gain > 40


def test_numbers_that_were_announced_are_no_leaks():
    game = changed(
        listed({"A": [0, 50, 100], "B": [100, 50, 0]}, {"A": 42}, protocol={"rounds": 2}),
        shocks={"news": {"label": "News", "round": 2, "words": "It trades at 42 now."}},
    )
    said = ["It is 42.", None, None, "It is 42."]

    found = read_session(game, offers(2, 0, 0, 2), range(4), "A", words=said)

    assert [one.leaks for one in found.moves] == [(Leak("reservation value", "42"),), ()]


def test_words_that_each_reads_in_its_own_way_are_worth_their_reading():
    game = scenario(
        {
            "law": {
                "label": "law",
                "options": ["none", "strict", "in accordance with law"],
                "ambiguous": {
                    "in accordance with law": {
                        "readings": {"A": "strict", "B": "none"},
                        "hazard": 0.1,
                        "arbitration": {"none": 1, "strict": 1},
                    }
                },
            }
        },
        {
            "A": party({"law": {"none": 0, "strict": 80, "in accordance with law": 80}}),
            "B": party({"law": {"none": 60, "strict": 10, "in accordance with law": 60}}),
        },
        protocol={"rounds": 1, "opens": "fixed"},
    )

    found = read_session(game, offers(1, 2), range(2), "B")
    taken = read_session(game, [Offer(2), Accept()], range(2), "B")

    # B refused 10 for nothing.
    assert judged(found, 0).difference == 10
    assert taken.accuracy == 100
    assert taken.close.utilities == {"A": 80, "B": 60}


def test_a_session_of_a_hall_is_read_otherwise():
    with pytest.raises(UserError, match="a session of a plenary; expected alternating offers"):
        read_session(eventful("plenary"), [], [], "A")


def test_the_line_after_the_best_move_can_be_played():
    game = eventful()
    moves, turns, final = held_session(game, (SOFT, HARD), 1, {9: "quota"})
    found = read_session(game, moves, turns, "A", seed=1, happened=final.happened)
    played, _ = positions(game, moves, turns, 1, final.happened)

    lines = [one for one in found.moves if one.best_line is not None]

    assert lines
    for one in lines:
        assert one.judgement is not None
        line = one.best_line
        assert line is not None
        assert line.move == one.judgement.candidates[one.judgement.best].move
        state = played[one.number].state
        assert line.acts[0] == Act(state.turn, state.mover, line.move)
        called = [each for each in final.happened if each.turn == 9 and _is_called(each)]
        for act in line.acts:
            assert (state.turn, state.mover) == (act.turn, act.mover)
            state, _ = step(state, act.move)
            if called and state.is_open and state.turn == 9:
                state = inject(state, "quota")
        assert state == line.final


def _is_called(one: Happening) -> bool:
    return getattr(one.cause, "by", "") == "trainer"
