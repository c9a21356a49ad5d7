"""Each kind of lesson on a session made for it: weight, moves, and every figure in its words."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from delegates.debriefing.lessons import LESSONS, findings, lessons
from delegates.debriefing.lessons.said import OTHER, RESERVATION
from delegates.minds.registry import SCRIPTED_MINDS
from games.compliance.verdicts import STRENGTH
from games.moves import AskCapital, Offer, Pass
from games.preparation import Guess, Sheet
from games.review.continuations import stance_reply
from games.tactics.aspirations import STANCES
from tests.delegates.debriefing.talks import (
    ACCEPT,
    WALK,
    best_play,
    evidence,
    found,
    ladder,
    of,
    swap,
    written,
)
from tests.delegates.sessions import mini
from tests.games.eventful import eventful
from tests.games.review.sessions import trade
from tests.games.test_rescaling import rescaled

FIGURE = re.compile(r"[-+]?\d+(?:\.\d+)?%?")


def figures(words: str) -> list[str]:
    """Return the figures in a sentence, in order."""
    return FIGURE.findall(words)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "talks.jsonl"


def offers(*outcomes):
    return [Offer(outcome) for outcome in outcomes]


# --- how it ended


def test_an_agreement_missed_is_told_with_what_it_would_have_brought(path):
    # m = 80 and r = 20 for both; Nash gives 50 each. A's last offer gave B 10, 10 under its r.
    written(path, ladder(rounds=2), offers(10, 0, 9, 0))

    one = found(path)["no-agreement"]

    assert one.weight == pytest.approx((50 - 20) / 60)
    assert one.moves == (3,)
    assert figures(one.words) == ["7", "+30.0", "+30.0", "3", "10.0"]
    assert "gave A party 10.0 points less than no agreement" in one.words


def test_a_last_offer_that_beat_no_agreement_is_said_to_have(path):
    written(path, ladder(rounds=2), offers(10, 0, 6, 0))

    assert "move 3, gave A party 20.0 points more than no agreement" in (
        found(path)["no-agreement"].words
    )


def test_who_left_an_agreement_to_be_had_is_told_so_by_that_move(path):
    written(path, ladder(), [*offers(10, 5), WALK])

    one = found(path)["no-agreement"]

    assert one.title == "You left an agreement that both could have had"
    assert one.moves == (3,)
    assert found(path, "B")["no-agreement"].moves == (2,)
    assert "You left" not in found(path, "B")["no-agreement"].title


def test_signing_nothing_is_right_where_nothing_can_be_agreed(path):
    written(path, ladder(rounds=1, reservations=(70.0, 70.0)), offers(10, 0))

    kinds = found(path)

    assert kinds["nothing-to-agree"].is_merit
    assert kinds["nothing-to-agree"].weight == 1.0
    assert "no-agreement" not in kinds
    assert "sound-moves" not in kinds


def test_signing_below_the_reservation_value_is_told_with_the_shortfall(path):
    written(path, ladder(), [*offers(10, 1), ACCEPT])

    one = found(path)["signed-below-reservation"]

    assert one.weight == pytest.approx(10 / 60)
    assert one.moves == (3,)
    assert figures(one.words) == ["10.0", "10.0"]


def test_offering_below_it_is_told_at_half_the_weight(path):
    written(path, ladder(), [*offers(10, 0, 0, 0), WALK])

    one = found(path)["offered-below-reservation"]

    assert one.weight == pytest.approx(20 / 60 / 2)
    assert one.moves == (3,)
    assert figures(one.words) == ["1", "3", "20.0"]


def test_a_small_share_and_a_fair_one_are_told_against_the_nash_outcome(path):
    written(path, ladder(), [*offers(10, 3), ACCEPT])

    small, fair = found(path)["small-share"], found(path, "B")["fair-share"]

    assert small.weight == pytest.approx(20 / 60 / 2)
    assert figures(small.words) == ["30.0", "17%", "50.0"]
    assert fair.is_merit
    assert figures(fair.words) == ["70.0", "83%", "50.0"]
    assert found(path)["better-than-nothing"].weight == pytest.approx(10 / 60 / 10)


# --- how the offers moved


def test_an_opening_under_the_nash_outcome_is_low(path):
    written(path, ladder(), [*offers(3, 2), ACCEPT])

    one = found(path)["opened-low"]

    assert one.weight == pytest.approx(20 / 60)
    assert one.moves == (1,)
    assert figures(one.words) == ["1", "30.0", "50.0", "33%"]


def test_an_opening_after_theirs_tells_what_theirs_was_worth(path):
    written(path, ladder(), [*offers(10, 6), ACCEPT])

    words = found(path, "B")["opened-low"].words

    assert figures(words) == ["2", "40.0", "50.0", "17%", "0.0"]
    assert words.endswith("The first offer on the table was theirs, worth 0.0 points to you.")


def test_an_opening_over_it_left_room_if_there_was_an_agreement(path):
    written(path, ladder(), [*offers(9, 5), ACCEPT])

    one = found(path)["opened-high"]

    assert one.is_merit
    assert one.weight == pytest.approx(40 / 60 / 10)
    assert figures(one.words) == ["1", "90.0", "40.0"]


def test_conceding_faster_and_ending_worse_is_told_with_both_paces(path):
    # A: 100 → 30 of a reach of 80; B: 90 → 70 of 80. Gains (30−20)/60 and (70−20)/60.
    written(path, ladder(), [*offers(10, 1, 6, 1, 3), ACCEPT])

    one = found(path)["conceded-faster"]

    assert one.weight == pytest.approx((70 / 80 - 20 / 80) / 2)
    assert one.moves == (3, 5)
    assert figures(one.words) == ["88%", "25%", "17%", "83%", "3"]
    assert "conceded-slower" not in found(path)
    other = found(path, "B")["conceded-slower"]
    assert other.is_merit
    assert figures(other.words) == ["25%", "88%", "83%", "17%"]


def test_who_gave_ground_second_is_not_said_to_have_been_first(path):
    written(path, ladder(), [*offers(10, 1, 10, 2, 3), ACCEPT])

    assert "You gave ground first" not in found(path)["conceded-faster"].words


def test_a_better_offer_refused_is_told_by_the_move_that_refused_it(path):
    written(path, ladder(), [*offers(10, 6, 9, 3), ACCEPT])

    one = found(path)["refused-better"]

    assert one.weight == pytest.approx(30 / 60)
    assert one.moves == (3,)
    assert figures(one.words) == ["60.0", "2", "3", "60.0", "30.0"]


def test_time_is_counted_in_what_was_refused(path):
    # δ(1−p) = 0.9 a round; B's offers date from rounds ½ and 1½.
    written(path, ladder(breakdown=0.1), [*offers(10, 6, 9, 6), ACCEPT])

    one = found(path)["refused-better"]

    first, last = 20 + 40 * 0.9**0.5, 20 + 40 * 0.9**1.5
    assert one.weight == pytest.approx((first - last) / 60)
    assert figures(one.words)[3:] == [f"{first:.1f}", f"{last:.1f}"]


def test_refusing_what_was_worse_than_the_end_was_right(path):
    written(path, ladder(), [*offers(10, 2, 9, 6), ACCEPT])

    one = found(path)["refused-rightly"]

    assert one.is_merit
    assert one.weight == pytest.approx(40 / 60)
    assert one.moves == (3,)
    assert figures(one.words) == ["3", "20.0", "60.0", "+40.0"]


def test_time_that_ate_the_agreement_is_told(path):
    written(path, ladder(rounds=9, breakdown=0.1), [*offers(10, 0) * 6, Offer(5), ACCEPT])

    one = found(path)["delay"]

    lost = 30 * (1 - 0.9**6)
    assert one.weight == pytest.approx(lost / 60 / 2)
    assert figures(one.words) == ["6.0", f"{lost:.1f}", "50.0"]


# --- what the offers were made of


def test_value_left_is_told_with_the_trade_that_gives_it(path):
    # Gold 1 and time 1 is worth 50 to both; gold 2 and time 1 gives A 90 and leaves B 40, no:
    # B must keep 50. Gold 2 and time 2 gives both 80.
    game = swap()
    written(path, game, [of(game, gold="1", time="1"), ACCEPT])

    one = found(path)["value-left"]

    assert one.weight == pytest.approx(30 / 60)
    assert one.moves == (1,)
    assert "gold 1 → 2 · time 1 → 2" in one.words
    assert figures(one.words) == ["30.0", "1", "2", "1", "2", "80%", "20%", "20%", "80%"]


def test_an_agreement_on_the_frontier_left_nothing(path):
    game = swap()
    written(path, game, [of(game, gold="2", time="2"), ACCEPT])

    one = found(path)["nothing-left"]

    assert one.is_merit
    assert "value-left" not in found(path)
    assert one.weight == pytest.approx(50 / 60)
    assert figures(one.words) == ["83%"]


def test_offers_that_waste_what_the_other_wants_are_told_by_issue(path):
    # A yields gold, which it wants and B does not: of 40 + 80 points given up, none on time.
    game = swap()
    made = [of(game, gold=g, time="0") for g in ("1", "0")]
    written(path, game, [made[0], of(game, gold="0", time="2"), made[1], WALK])

    one = found(path)["misread-priorities"]

    assert figures(one.words)[:4] == ["100%", "20%", "0%", "80%"]
    # A's 60 (gold 1, time 0) is beaten for B by gold 2, time 2 (80 for 10); its 20 (gold 0, time 0)
    # by gold 1, time 2 (90 for 20). What lies over B's r is 70; of A's weights .8 is misplaced.
    assert one.moves == (1, 3)
    assert one.weight == pytest.approx(((80 - 10) / 70 + (90 - 20) / 70) / 2 * (1 + 0.8) / 2)


def test_offers_that_could_not_be_better_for_the_other_wasted_nothing(path):
    game = swap()
    made = [of(game, gold="2", time=t) for t in ("0", "1", "2")]
    theirs = of(game, gold="0", time="2")
    written(path, game, [made[0], theirs, made[1], theirs, made[2], ACCEPT])

    kinds = found(path)

    assert "misread-priorities" not in kinds
    assert "traded-too-little" not in kinds
    assert kinds["nothing-wasted"].is_merit
    assert figures(kinds["nothing-wasted"].words) == ["3"]


def test_a_gift_that_costs_nothing_is_praised(path):
    # From gold 1, time 0 (A 60, B 10) to gold 2, time 2 (80, 80): B gains 70, A 20.
    game = swap()
    made = [of(game, gold="1", time="0"), of(game, gold="2", time="2")]
    written(path, game, [made[0], of(game, gold="0", time="2"), made[1], ACCEPT])

    one = found(path)["good-trade"]

    assert one.is_merit
    assert one.moves == (3,)
    assert figures(one.words) == ["3", "+70.0", "+20.0"]
    assert one.weight == pytest.approx(0.25)


# --- single moves


def test_ground_given_for_nothing_is_told_with_its_size(path):
    # In the last round a conceder takes what leaves it its r, and A asked for 70 before.
    written(path, ladder(rounds=2), [*offers(7, 0, 4), ACCEPT], seats={"B": "conceder"})

    one = found(path)["needless-concession"]

    assert one.moves == (3,)
    assert one.weight == pytest.approx(30 / 60)
    assert figures(one.words) == ["3", "30.0"]
    assert one.words.endswith("would have accepted your last offer, by its own mind.")


def test_a_person_has_no_mind_that_can_be_asked_and_that_is_said(path):
    written(path, ladder(rounds=2), [*offers(8, 0, 5), ACCEPT], seats={"B": "human"})

    one = found(path, "A").get("needless-concession")

    assert one is None or "as far as the nearest concession curves tell" in one.words


def test_leaving_early_is_the_costliest_move_and_told_with_its_size(path):
    written(path, ladder(rounds=6), [*offers(10, 5), WALK])
    note = evidence(path).notes[-1]

    one = found(path)["left-too-early"]

    assert one.moves == (3,)
    assert one.weight == pytest.approx(note.loss)
    assert figures(one.words) == ["3", "20.0", f"{note.loss_points:.1f}", f"{note.loss:.0%}"]


def test_accepting_too_early_is_told_with_its_size(path):
    written(path, ladder(rounds=8), [*offers(10, 3), ACCEPT])
    note = evidence(path).notes[-1]

    one = found(path)["accepted-too-early"]

    assert note.loss > 0
    assert one.moves == (3,)
    assert figures(one.words) == ["3", "30.0", f"{note.loss_points:.1f}", f"{note.loss:.0%}"]


def test_refusing_what_beats_going_on_is_told_with_its_size(path):
    written(path, ladder(rounds=2), offers(10, 7, 10, 0))
    note = evidence(path).notes[-1]

    one = found(path)["refused-too-much"]

    assert one.moves == (3,)
    assert note.loss > 0
    assert figures(one.words) == [
        *("3", "70.0", "100.0"),
        *(f"{note.loss_points:.1f}", f"{note.loss:.0%}"),
    ]


def test_asking_too_little_is_told_with_what_to_ask_for(path):
    written(path, ladder(rounds=8), [*offers(0, 0), WALK])
    note = evidence(path).notes[0]

    one = found(path)["asked-too-little"]

    assert note.loss > 0
    assert one.moves == (1,)
    best = note.best.move.outcome * 10.0
    assert figures(one.words) == [
        *("1", "0.0", f"{best:.1f}"),
        *(f"{note.loss_points:.1f}", f"{note.loss:.0%}"),
    ]


def test_a_turn_spent_on_the_capital_is_not_said_to_ask_for_something(path):
    game = eventful()
    ask = AskCapital("tonnes", "1000")
    low = Offer(game.space.index({"tonnes": 1000, "floor": "low"}))
    made = Offer(game.space.index({"tonnes": 3000, "floor": "low"}))
    # A, B, then B, A (whose capital lets it sign nothing in round 2), then A again.
    written(path, game, [made, low, low, Pass(), ask])

    kinds = found(path)

    for kind in ("asked-too-little", "asked-too-much", "refused-too-much"):
        assert kind not in kinds or not {4, 5} & set(kinds[kind].moves)


def test_a_correct_refusal_is_no_error(path):
    written(path, ladder(rounds=6), [*offers(9, 3, 8), WALK])

    note = evidence(path).notes[1]

    assert note.loss == 0
    assert [one.kind for one in note.remarks if one.kind == "missed-acceptance"] == []
    assert "refusal" in [one.kind for one in note.remarks]


@pytest.mark.parametrize("mind", SCRIPTED_MINDS)
def test_any_mind_can_be_asked_in_a_session_that_others_played(path, mind):
    game = mini(rounds=2)
    moves = [Offer(number) for number in (3, 30, 12)]
    written(path, game, moves, seats={"USA": mind, "COD": mind})

    assert evidence(path, "USA").reading.counterpart_models == {"COD": "its own mind"}


# --- words, sheet, adviser


def test_a_figure_said_aloud_is_told_with_the_words(path):
    words = {1: "We have 20 points without you.", 3: "That is 90 points to us."}
    written(path, ladder(), [*offers(10, 0, 9), WALK], words=words)

    one = found(path)["figures-told"]

    assert one.weight == pytest.approx(RESERVATION + OTHER)
    assert one.moves == (1, 3)
    assert figures(one.words) == ["1", "20", "2"]
    assert "“20”: your reservation value" in one.words


def test_figures_kept_are_praised_only_of_who_spoke(path):
    written(path, ladder(), [*offers(10, 0), WALK], words={1: "We ask for all of it."})

    assert found(path)["figures-kept"].is_merit
    assert "figures-kept" not in found(path, "B")


def test_a_target_missed_reached_and_out_of_reach(path):
    moves = [*offers(10, 4), ACCEPT]
    told = {}
    for aim in (70.0, 40.0, 95.0):
        written(path, ladder(), moves, sheet=Sheet(target=aim))
        told[aim] = found(path)

    missed = told[70.0]["target-missed"]
    assert missed.weight == pytest.approx(30 / 60)
    assert figures(missed.words) == ["70.0", "40.0", "80.0"]
    assert told[40.0]["target-reached"].is_merit
    assert figures(told[40.0]["target-reached"].words) == ["40.0", "40.0"]
    beyond = told[95.0]["target-out-of-reach"]
    assert beyond.weight == pytest.approx(15 / 60 / 3)
    assert figures(beyond.words) == ["95.0", "80.0", "40.0"]


def test_a_walk_away_line_that_was_crossed_is_told(path):
    written(path, ladder(), [*offers(10, 3), ACCEPT], sheet=Sheet(walk_away=45.0))

    one = found(path)["line-crossed"]

    assert one.weight == pytest.approx(15 / 60)
    assert figures(one.words) == ["45.0", "30.0", "+10.0"]


@pytest.mark.parametrize(("guess", "kind"), [(50.0, "guess-far-off"), (22.0, "guess-near")])
def test_a_guess_of_their_reservation_value_is_measured(path, guess, kind):
    sheet = Sheet(guesses={"B": Guess(reservation=guess)})
    written(path, ladder(), [*offers(10, 3), ACCEPT], sheet=sheet)

    one = found(path)[kind]

    assert figures(one.words) == [f"{guess:.1f}", "20.0", f"{abs(guess - 20) / 60:.0%}"]


def test_a_guess_is_measured_by_what_was_true_when_it_was_made(path):
    game = swap(shocks={"rival": {"label": "A rival", "round": 2, "reservation": {"B": 20.0}}})
    sheet = Sheet(guesses={"B": Guess(reservation=30.0)})
    written(path, game, [*offers(6, 2, 6), ACCEPT], sheet=sheet)

    one = found(path)["guess-near"]

    assert figures(one.words) == ["30.0", "30.0", "0%"]
    assert " it was 30.0 then, " in one.words


def test_advice_that_was_not_taken_at_a_cost_is_told(path):
    moves = [*offers(10, 5), WALK]
    written(path, ladder(rounds=6), moves, seats={"A": "human(hints=yes)"}, advice={3: Offer(8)})
    note = evidence(path).notes[-1]

    one = found(path)["advice-not-taken"]

    assert one.moves == (3,)
    assert figures(one.words) == ["3", "3", f"{note.loss_points:.1f}"]
    assert "advice-not-asked" not in found(path)


def test_advice_that_was_taken_is_no_fault(path):
    moves = [*offers(10, 5), WALK]
    written(path, ladder(rounds=6), moves, seats={"A": "human(hints=yes)"}, advice={3: WALK})

    assert "advice-not-taken" not in found(path)


def test_an_adviser_that_was_not_asked_is_mentioned_where_something_was_lost(path):
    moves = [*offers(10, 5), WALK]
    written(path, ladder(rounds=6), moves, seats={"A": "human(hints=yes)"})

    assert found(path)["advice-not-asked"].weight < found(path)["left-too-early"].weight
    written(path, ladder(rounds=6), moves, seats={"A": "human"})
    assert "advice-not-asked" not in found(path)


# --- all of it


def told(path, party=None):
    return lessons(evidence(path, party))


def test_best_play_gets_lessons_that_say_what_was_right(path):
    game = trade(rounds=4)
    written(path, game, best_play(game, "A", stance_reply(STANCES["soft"])))

    kinds = found(path)

    assert evidence(path).reading.accuracy == 100
    assert kinds["sound-moves"].weight == 1.0
    assert not {"left-too-early", "accepted-too-early", "asked-too-little"} & set(kinds)
    assert len(told(path)) == 3


def test_a_planted_blunder_at_move_5_is_the_first_lesson_and_named_with_its_size(path):
    game = trade(rounds=6)
    give_away = Offer(int(game.preferences[0].utilities.argmin()))
    moves = best_play(game, "A", stance_reply(STANCES["hard"]), instead={5: give_away})
    assert moves[4] == give_away
    written(path, game, moves)
    proof = evidence(path)

    graded = [one for one in proof.notes if one.loss]
    first = told(path)[0]

    assert [one.number for one in graded] == [5]
    assert any(remark.kind == "blunder" for remark in graded[0].remarks)
    assert (
        f"{graded[0].loss_points:.1f} points, {graded[0].loss:.0%}"
        in found(path)["asked-too-little"].words
    )
    assert 5 in first.moves


def test_different_sessions_give_different_lessons(path):
    game = ladder()
    sessions = [
        [*offers(10, 3), ACCEPT],
        [*offers(10, 6, 9, 3), ACCEPT],
        [*offers(10, 2, 9, 6), ACCEPT],
        [*offers(10, 5), WALK],
        [*offers(3, 2), ACCEPT],
    ]
    seen = set()
    for moves in sessions:
        written(path, game, moves)
        seen.add(tuple(one.title for one in told(path)))

    assert len(seen) == len(sessions)


def test_who_made_no_move_gets_no_lesson(path):
    written(path, ladder(), offers(10))

    assert told(path, "B") == ()


def test_a_lesson_points_to_own_moves_only_and_is_a_whole_sentence(path):
    written(path, swap(), [*offers(4, 3, 2, 1), WALK])
    for party, own in (("A", {1, 3, 5}), ("B", {2, 4})):
        for one in told(path, party):
            assert set(one.moves) <= own
            assert one.words.endswith(".")


@settings(max_examples=8, deadline=None)
@given(
    made=st.lists(st.integers(0, 8), min_size=1, max_size=4), end=st.sampled_from(["", "a", "w"])
)
def test_any_session_gives_up_to_three_lessons_of_weights_in_bounds(tmp_path_factory, made, end):
    moves = [*offers(*made), *({"a": [ACCEPT], "w": [WALK]}.get(end, []))]
    path = written(tmp_path_factory.mktemp("any") / "t.jsonl", swap(), moves)

    for party in "AB":
        proof = evidence(path, party)
        assert len(lessons(proof)) <= 3
        assert all(0 <= one.weight <= 1 for one in findings(proof))


def test_rescaling_points_changes_no_lesson_but_its_figures(path):
    game, moves = swap(), [*offers(4, 3, 2, 1), WALK]
    written(path, game, moves)
    before = {kind: (one.weight, one.moves) for kind, one in found(path).items()}
    written(path, rescaled(rescaled(game, "A", 3.0, 7.0), "B", 0.5, -2.0), moves)

    after = {kind: (one.weight, one.moves) for kind, one in found(path).items()}

    assert after.keys() == before.keys()
    for kind, (weight, moves_told) in after.items():
        assert weight == pytest.approx(before[kind][0], abs=1e-6), kind
        assert moves_told == before[kind][1]


def test_every_entry_of_the_registry_is_named_once():
    assert len(LESSONS) == len(set(LESSONS.values()))


def test_a_deal_that_will_not_hold_is_told_with_the_verdicts_own_words(path):
    game = mini()
    text = Offer(game.space.index({"volume": 3, "price": 20, "rail": "rail"}))
    written(path, game, [text, ACCEPT])
    verdict = evidence(path, "USA").recorded.folded.findings.agreement.verdict
    strongest = max(STRENGTH.values())
    kept = min(STRENGTH[one.kind] for one in verdict.parties) == strongest

    for party in game.ids:
        one = found(path, party)["will-hold" if kept else "will-not-hold"]
        assert one.is_merit == kept
        assert one.words.startswith(verdict.headline)
        assert one.words.removeprefix(f"{verdict.headline} ") in verdict.lines
