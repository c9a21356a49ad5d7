"""What lessons must not say: nothing false of a session, nothing that sends a player two ways."""

import pytest

from delegates.debrief import debrief
from delegates.debriefing.leftover import left_told
from delegates.debriefing.lessons import lessons
from games.moves import Offer
from games.review.close import read_close
from games.review.positions import positions
from games.session import Accept, WalkAway
from tests.delegates.debriefing.talks import (
    ACCEPT,
    WALK,
    evidence,
    found,
    ladder,
    of,
    swap,
    written,
)
from tests.games.review.sessions import trade
from tests.support.domains import listed


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
    game = type(game).model_validate(
        game.model_dump(by_alias=True, exclude_defaults=True)
        | {"shocks": {"rival": {"label": "A rival", "round": 2, "reservation": {"A": 70.0}}}}
    )
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
    # A firm counterpart takes nothing below its last offer, whatever is asked before.
    written(path, ladder(rounds=8), [*offers(0, 0), WALK])
    proof = evidence(path)
    for one in found(path).values():
        told = [note for note in proof.notes if note.number in one.moves and note.loss]
        if "nothing was lost by it" in one.words:
            assert min(note.hindsight_loss for note in told) == 0


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


def test_offers_that_pay_as_the_other_weighs_are_praised(path):
    # A gives up 10 of gold's 80 … on time, which B wants most: 20 to 80 as B weighs gold and time.
    game = swap()
    made = [
        of(game, gold="2", time="0"),
        of(game, gold="2", time="2"),
        of(game, gold="2", time="2"),
    ]
    theirs = of(game, gold="0", time="2")
    written(path, game, [made[0], theirs, made[1], theirs, made[2], ACCEPT])

    one = found(path)["nothing-wasted"]

    # All that was given up was on time, which weighs 80% for B: a fifth lies elsewhere.
    assert one.is_merit
    assert "read-well" not in found(path)


def test_what_was_left_is_told_once_with_its_size(path):
    game = swap()
    written(path, game, [of(game, gold="1", time="1"), ACCEPT])

    told = left_told(debrief(path, "A"))

    assert told == (
        "30.0 points, 50% of what could be gained. By other terms at nobody's cost: "
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
