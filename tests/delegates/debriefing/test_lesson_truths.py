"""What lessons must not say: nothing false of a session, nothing that sends a player two ways."""

import pytest

from delegates.debriefing.debrief import debrief
from delegates.debriefing.leftover import left_told
from delegates.debriefing.lessons import lessons
from delegates.debriefing.lessons.ending import AT_RISK
from delegates.debriefing.recorded import read
from games.compliance.verdicts import STRENGTH
from games.moves import (
    Adjourn,
    AskCapital,
    Merge,
    Offer,
    OpenSignature,
    Pass,
    PutToVote,
    Sign,
    Vote,
)
from games.review.close import read_close
from games.review.positions import positions
from games.scenario import Scenario
from games.session import Accept, WalkAway
from tests.delegates.debriefing.talks import (
    ACCEPT,
    WALK,
    evidence,
    found,
    ladder,
    of,
    sealed,
    swap,
    written,
)
from tests.delegates.sessions import mini
from tests.games.protocols.halls import three
from tests.games.review.sessions import trade
from tests.games.review.test_hall import PASSED, at, two_issues
from tests.games.review.test_knowledge import changed
from tests.games.test_ratification import by_hand
from tests.support.domains import listed, party, scenario
from transcripts.events import MoveMade


@pytest.fixture
def path(tmp_path):
    return tmp_path / "talks.jsonl"


def offers(*outcomes):
    return [Offer(outcome) for outcome in outcomes]


def test_the_others_are_said_to_have_more_only_where_they_have(path):
    # Both have 50 of 80, where 80 each could be had; then A 30 and B 70 of a hundred.
    game = swap()
    written(path, game, [of(game, gold="1", time="1"), ACCEPT])

    assert found(path)["small-share"].title == "You got less than could be had for you"
    written(path, ladder(), [*offers(10, 3), ACCEPT])
    assert found(path)["small-share"].title == "The other got the larger part"


def test_three_who_could_have_agreed_are_not_called_both(path):
    game = trade(parties=3)
    written(path, game, [WALK])

    assert found(path)["no-agreement"].title == "You left an agreement that all could have had"


def test_the_only_move_that_was_judged_is_not_called_the_only_one(path):
    # From round 2 on A has 70 without agreement and nothing to gain.
    game = listed({"A": [0, 50, 60], "B": [100, 50, 0]}, protocol={"rounds": 2, "opens": "fixed"})
    rival = {"label": "A rival", "round": 2, "reservation": {"A": 70.0}}
    game = changed(game, shocks={"rival": rival})
    written(path, game, offers(2, 0, 2))
    proof = evidence(path)

    assert [one.loss is None for one in proof.notes] == [False, True]
    for one in found(path).values():
        assert "Your one move" not in one.words


def test_who_takes_less_than_no_agreement_is_not_told_to_ask_once_more(path):
    game = ladder(rounds=2, reservations=(20.0, 50.0))
    written(path, game, [*offers(10, 5, 10), ACCEPT])
    note, kinds = evidence(path, "B").notes[-1], found(path, "B")

    one = kinds["accepted-below"]

    assert "accepted-too-early" not in kinds
    assert (one.title, one.moves) == ("Refuse what is worth less than no agreement", (4,))
    assert one.weight == pytest.approx(min(1.0, note.loss))
    assert "you took 0.0 points, where no agreement leaves you 50.0" in one.words
    # It says the same as that the end is worth less than nothing: one of them is told.
    titles = [one.title for one in lessons(evidence(path, "B"))]
    assert len({"Sign nothing that is worth less than no agreement", one.title} & {*titles}) == 1


def test_in_the_last_round_nobody_is_told_that_there_is_time(path):
    game = ladder(rounds=2)
    written(path, game, [*offers(10, 0, 2), ACCEPT])
    proof = evidence(path)
    (costly,) = [one for one in proof.notes if one.loss]

    assert (costly.number, costly.round) == (3, 1)
    assert found(path)["asked-too-little"].title == "Ask for more, even at the end"


def test_a_loss_that_was_none_in_hindsight_is_said_to_be_none(path):
    # In the last round more could be had as far as A can know; but a boulware gives nothing.
    moves = offers(10, 0, 2, 0)
    written(path, ladder(rounds=2), moves, seats={"B": "boulware"})
    note = evidence(path).notes[-1]

    one = found(path)["asked-too-little"]

    assert note.loss > 0
    assert note.hindsight_loss == 0
    assert one.words.endswith("In hindsight, against A party as it is, move 3 lost nothing.")
    # A conceder would have taken more, and nothing of the kind is said.
    written(path, ladder(rounds=2), moves, seats={"B": "conceder"})
    assert evidence(path).notes[-1].hindsight_loss > 0
    assert "In hindsight" not in found(path)["asked-too-little"].words


def test_who_ended_better_off_than_it_began_gave_up_nothing(path):
    # B opens with 40 for itself and takes 70; A falls from 100 to 30.
    written(path, ladder(), [*offers(10, 6, 3), ACCEPT])

    assert "gave up nothing of what lies between" in found(path, "B")["conceded-slower"].words


def test_an_opening_that_gave_something_away_is_not_praised(path):
    for moves in ([*offers(9, 5), ACCEPT], [*offers(10, 2), ACCEPT], [*offers(6, 5), ACCEPT]):
        written(path, ladder(rounds=8), moves)
        costly = {one.number for one in evidence(path).notes if one.loss}
        praised = found(path).get("opened-high")
        assert praised is None or not costly & set(praised.moves)


def test_one_offer_is_told_in_the_singular(path):
    # Gold 1 and time 0 gives A 60 and B 10; gold 2 and time 2 gives both 80, B 70 of its 70 more.
    game = swap()
    written(path, game, [of(game, gold="1", time="0"), WALK])

    one = found(path)["traded-too-little"]

    assert one.words == (
        "Your one offer, move 1, could have been better for A party at no cost to you, by 100% of "
        "what lies over its r: gold 1 → 2 · time 0 → 2."
    )
    assert one.weight == pytest.approx(0.5)
    assert one.moves == (1,)


def test_several_offers_are_counted_of_all(path):
    # Time 0 → 1 costs A nothing of 60 where gold 1 → 2 pays for it: see above; and then gold 2.
    game = swap()
    theirs = of(game, gold="0", time="2")
    written(path, game, [of(game, gold="1", time="0"), theirs, of(game, gold="2", time="2"), WALK])

    one = found(path).get("traded-too-little") or found(path)["misread-priorities"]

    assert one.moves == (1,)
    if one.title.startswith("Trade"):
        assert one.words.startswith("1 of your 2 offers could have been better for")


def even() -> Scenario:
    """Return two parties for whom gold and time weigh the same, each gaining what the other loses.

    Every outcome is on the frontier: nothing can be wasted.
    """
    steps = {"0": 0, "1": 25, "2": 50}
    falls = {"0": 50, "1": 25, "2": 0}
    return scenario(
        {"gold": ["0", "1", "2"], "time": ["0", "1", "2"]},
        {
            "A": party({"gold": steps, "time": steps}, 10.0),
            "B": party({"gold": falls, "time": falls}, 10.0, side="supplier"),
        },
        protocol={"rounds": 4, "opens": "fixed"},
    )


def test_offers_that_pay_as_the_other_weighs_are_praised(path):
    # Given up: on gold 25 + 25, on time 25 + 50; that is 40% and 60%, where B weighs them alike.
    game = even()
    theirs = of(game, gold="0", time="0")
    made = [of(game, gold="1", time="1"), of(game, gold="1", time="0")]
    written(path, game, [made[0], theirs, made[1], ACCEPT])

    one = found(path)["read-well"]

    assert one.is_merit
    assert one.moves == (1, 3)
    assert one.weight == pytest.approx(0.9 / 4)
    assert one.words == (
        "What your offers gave up was spread over the issues much as A party weighs them: 10% of "
        "it lay elsewhere."
    )


def test_a_turn_spent_in_vain_is_told_with_what_it_cost(path):
    # The answer would come after the last round: asking is a turn lost.
    game = changed(
        ladder(rounds=2),
        mandates={"A": {"limits": {"deal": [f"o{k}" for k in range(5, 11)]}, "requests": 1}},
    )
    written(path, game, [*offers(10, 4), AskCapital("deal", "o4"), Offer(0)])
    note = evidence(path).notes[-1]

    one = found(path)["turn-not-used"]

    assert note.loss > 0
    assert (one.title, one.moves) == ("Use every turn", (3,))
    assert one.weight == pytest.approx(note.loss)
    assert one.words.startswith(
        f"At move 3 you made no offer ({note.told}); an offer could be expected to bring more: "
        f"{note.loss_points:.1f} points, {note.loss:.0%} of what you could gain."
    )


def test_a_capital_that_may_refuse_is_told_with_its_chance(path):
    # o1 passes with 1/(1 + e^-0.5) = 62% and is the best that B may sign as well: all that A could
    # gain hangs on it.
    game = by_hand()
    written(path, game, [Offer(1), ACCEPT])

    own, other = found(path)["ratification"], found(path, "B")["ratification"]

    assert own.words == "The chance that your own capital ratifies it is 62%."
    assert own.weight == pytest.approx(1 - 0.6224593312)
    assert other.words == "The chance that the capital of A party ratifies it is 62%."


def test_several_capitals_are_told_together_and_the_hardest_by_name(path):
    # B: threshold 60, worth 50 at home: 1/(1 + e^1) = 27%; together .6225 · .2689 = 17%.
    home = {"threshold": 60, "slope": 0.1, "audience_cost": 0}
    mandates = by_hand().model_dump(by_alias=True, exclude_defaults=True)["mandates"]
    game = changed(by_hand(), mandates={**mandates, "B": {"ratify": home}})
    written(path, game, [Offer(1), ACCEPT])
    chances = evidence(path).recorded.folded.findings.agreement.ratification

    assert chances == pytest.approx({"A": 0.6224593312, "B": 0.2689414214})
    for name, whose in (("A", "the capital of A party"), ("B", "your own capital")):
        one = found(path, name).get("ratification")
        assert one is None or one.words == (
            f"The chance that every capital ratifies it is 17%; least likely is {whose}, 27%."
        )
    assert "ratification" in {**found(path), **found(path, "B")}


@pytest.mark.parametrize("commitments", [{}, {"enforcement": 1.0, "fine": 1000}])
def test_what_will_hold_and_what_will_not_weigh_as_they_say(path, commitments):
    game = mini()
    text = Offer(game.space.index({"volume": 3, "price": 20, "rail": "rail"}))
    stated = game.model_dump(by_alias=True, exclude_defaults=True)["commitments"] | commitments
    written(path, changed(game, commitments=stated), [text, ACCEPT])

    for name in game.ids:
        proof, kinds = evidence(path, name), found(path, name)
        verdict = proof.recorded.folded.findings.agreement.verdict
        weakest = min(verdict.parties, key=lambda one: STRENGTH[one.kind])
        gain = (proof.worth - proof.own.reservation) / proof.spread
        risk = AT_RISK.get(STRENGTH[weakest.kind])
        if risk is None:
            assert kinds["will-hold"].weight == pytest.approx(gain / 5)
            assert "will-not-hold" not in kinds
        else:
            assert kinds["will-not-hold"].weight == pytest.approx(gain * risk)
            is_own = weakest.party == name
            assert kinds["will-not-hold"].title.startswith("You signed" if is_own else "Ask who")
            assert "will-hold" not in kinds


# --- halls


SIGNED = [*PASSED, Merge(1), OpenSignature(), Sign("binding"), Sign("out"), Sign("out")]
"""C stays out of what it could have brought into force: 8 instead of its 1."""


def test_a_choice_that_gave_something_away_is_told_with_what_was_worth_more(path):
    written(path, three(kind="forum", rounds=1), SIGNED)

    one = found(path, "C")["hall-choice"]

    assert (one.moves, one.weight) == ((8,), 1.0)
    assert one.words == (
        "Move 8 (stays out) gave away 7.0 points, 100% of what you could gain, as it could be "
        "expected. Worth most of what was open: signs, binding."
    )


def test_a_choice_that_was_best_is_praised(path):
    written(path, three(kind="forum", rounds=1), SIGNED)

    one = found(path)["hall-choices-sound"]

    assert (one.moves, one.weight, one.is_merit) == ((6,), 0.2, True)
    assert one.words.startswith("1 choice of yours can be reckoned exactly, and nothing")


def test_a_text_that_too_few_signed_is_not_said_to_need_other_terms(path):
    written(path, three(kind="forum", rounds=1), SIGNED)

    assert found(path, "C")["value-left"].words == (
        "Kept by all, the text as it was adopted would have given you 7.0 points more than you "
        "have, with nobody worse off than they are."
    )
    assert found(path, "C")["value-left"].moves == (8,)
    assert debrief(path, "C").left_words.startswith("Had all kept the text as it was adopted (")
    assert found(path)["value-left"].words.endswith("nobody worse off than they are: deal o1 → o2.")


def test_ground_given_towards_nobody_is_told_with_its_size(path):
    # At move 6 A gives up a pear of 13 points in all, its reach; nobody had asked for one.
    game = two_issues()
    moves = [
        *(Offer(at(game, 2, 2)), Offer(at(game, 0, 2)), Pass()),
        *(Merge(at(game, 2, 2)), Adjourn()),
        *(Offer(at(game, 2, 1)), Pass(), Pass(), Adjourn()),
        Offer(at(game, 1, 1)),
    ]
    written(path, game, moves)

    one = found(path)["towards-nobody"]

    assert one.moves == (6,)
    assert one.weight == pytest.approx(1 / 13 / 2)
    assert one.words == (
        "At move 6 you gave up 1.0 points, and on nothing came nearer to the text or to what "
        "another delegation stood for."
    )


def test_who_stayed_out_is_not_said_to_have_signed(path):
    # C stays out of a text that A and B bring into force.
    moves = [*SIGNED[:6], Sign("binding"), Sign("out")]
    written(path, three(kind="forum", rounds=1), moves)

    assert evidence(path, "B").has_signed
    assert not evidence(path, "C").has_signed
    kinds = found(path, "C")
    assert not {"better-than-nothing", "signed-below-reservation", "will-hold"} & set(kinds)


def test_who_votes_against_a_text_that_passes_has_not_signed_it(path):
    # B and C adopt what is worth 0 to A, whose reservation value is 1.
    text = [*PASSED, Merge(0), PutToVote()]
    written(path, three(rounds=1), [*text, Vote("no"), Vote("yes"), Vote("yes")])

    assert "signed-below-reservation" not in found(path)
    written(path, three(rounds=1), [*text, Vote("yes"), Vote("yes"), Vote("yes")])
    assert found(path)["signed-below-reservation"].moves == (6,)


def test_what_a_capital_turned_down_is_not_held_against_who_signed(path):
    # Worth 8, 7 over r, in force; the lot has the capital refuse it with a chance of a half.
    home = {"threshold": 8, "slope": 1.0, "audience_cost": 0.5}
    game = changed(three(rounds=1), mandates={"A": {"ratify": home}})
    moves = [*PASSED, Merge(2), PutToVote(), *[Vote("yes")] * 3]
    seen = set()
    for seed in range(12):
        written(path, game, moves, seed=seed)
        proof, kinds = evidence(path), found(path)
        seen.add(proof.is_turned_down)
        if proof.is_turned_down:
            assert not {"signed-below-reservation", "small-share", "value-left"} & set(kinds)
            assert kinds["ratification"].words == (
                "The chance that your own capital ratifies it is 50%. It was turned down."
            )

    assert seen == {True, False}


def test_to_leave_nothing_is_no_merit_of_who_signed_below_its_least(path):
    game = ladder()
    written(path, game, [*offers(10, 1), ACCEPT])

    assert "nothing-left" not in found(path)
    assert "nothing-left" in found(path, "B")
    assert found(path, "B")["fair-share"].words == (
        "The agreement gives you 90.0 points, more than could be had with nobody worse off than "
        "without agreement; the Nash outcome gives 50.0."
    )


def test_where_some_could_agree_without_others_there_was_something_to_agree(path):
    # B and C, two of three, could agree on o1, which gives A less than nothing.
    game = listed(
        {"A": [0, 0], "B": [0, 10], "C": [0, 10]},
        {"A": 5, "B": 5, "C": 5},
        protocol={"rounds": 1, "opens": "fixed", "agreement": {"quorum": 0.6}},
    )
    written(path, game, offers(0, 0, 0))

    assert "nothing-to-agree" not in found(path, "B")


def test_what_was_left_is_told_once_with_its_size(path):
    game = swap()
    written(path, game, [of(game, gold="1", time="1"), ACCEPT])

    told = left_told(debrief(path, "A"))

    assert told == (
        "30.0 points, 50% of what could be gained. By other terms, at nobody's cost: "
        "gold 1 → 2 · time 1 → 2 (+30.0 to A party)."
    )


def test_who_has_left_has_gained_nothing_by_what_the_others_agreed():
    game = listed(
        {"A": [0, 100], "B": [0, 100], "C": [0, 100]},
        {"A": 10, "B": 10, "C": 10},
        protocol={"rounds": 3, "opens": "fixed", "agreement": {"quorum": 0.6}},
    )
    moves = [WalkAway(), Offer(1), Accept()]
    played, final = positions(game, moves, range(3))
    read = read_close(final, [one.act for one in played], 0)

    assert (final.status, final.left) == ("agreement", {0})
    assert read.gains == {"A": 0.0, "B": 1.0, "C": 1.0}


# --- the last turn, and the stand-in


def test_what_was_let_go_in_the_last_turn_is_the_first_lesson(path):
    # A offers 60 to B, whose r is 20, in the last round; B asks for 90, and nobody can answer.
    written(path, ladder(rounds=2), offers(10, 0, 4, 1), sheet=None)

    one, *rest = lessons(evidence(path, "B"))

    assert one.title == "Take what is on the table where nobody can answer you any more"
    assert one.moves == (4,)
    assert one.words == (
        "At move 4, the session's last, what was on the table was worth 60.0 points to you, 40.0 "
        "more than no agreement; you made an offer that nobody could answer, and the 40.0 points "
        "were lost."
    )
    told = " ".join(lesson.title for lesson in rest)
    assert "Ask for more" not in told
    assert "Hold to your target" not in told


def test_what_could_be_answered_or_was_worth_no_more_is_no_such_lesson(path):
    for moves in (offers(10, 0, 9, 1), [*offers(10, 0, 4), ACCEPT], offers(10, 0, 4)):
        written(path, ladder(rounds=2), moves)
        assert "refused-at-the-end" not in found(path, "B")
        assert "refused-at-the-end" not in found(path, "A")


def test_no_lesson_credits_an_offer_that_nobody_could_answer(path):
    # B's last offer gives A 90; of its offers, A could answer the one that gives it nothing.
    written(path, ladder(rounds=2), offers(10, 0, 9, 9))

    one = found(path, "B")["no-agreement"]

    assert "Your last offer, move 2, gave A party 20.0 points less than no agreement." in one.words


def stood_in(path, number):
    """Have the stand-in decide moves from a number on."""
    events = [
        event.model_copy(update={"decided_by": "code (firm), standing in: handed over"})
        if isinstance(event, MoveMade) and event.party == "A" and moved >= number
        else event
        for moved, event in enumerate(read(path, "A").folded.events)
    ]
    sealed(path, events)


def test_what_the_stand_in_did_is_not_held_against_the_person(path):
    written(path, ladder(rounds=8), [*offers(10, 0, 3), ACCEPT], seats={"A": "human"})
    mine = found(path, "A")["asked-too-little"]
    stood_in(path, 2)

    kinds = found(path, "A")

    assert 3 in mine.moves
    assert "asked-too-little" not in kinds
    assert kinds["stood-in"].words.startswith("Your stand-in made 1 move; move 3 gave away ")
    assert any("Move 3 was your stand-in's." in one.words for one in kinds.values())


def test_a_loss_that_hindsight_does_not_bear_out_weighs_half(path):
    written(path, ladder(rounds=5), [*offers(10, 4), ACCEPT], seats={"B": "boulware"})
    note = evidence(path).notes[-1]

    one = found(path)["accepted-too-early"]

    assert note.best.over_end == -20
    assert one.weight == pytest.approx(note.loss / 2)
    assert "what was best at move 3 would have ended 20.0 points lower for you" in one.words
