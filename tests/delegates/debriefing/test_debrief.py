"""Debriefs: moves annotated, what could have been, what is kept until the session is over."""

import dataclasses
import json
from html import escape
from pathlib import Path
from typing import Any

import pytest

from delegates import negotiate
from delegates.debriefing.as_json import debrief_json
from delegates.debriefing.debrief import debrief as debrief_of
from delegates.debriefing.notes import BLUNDER, MISTAKE, grade
from delegates.debriefing.recorded import read
from games import load_scenario
from games.errors import TranscriptError, UserError
from games.moves import Offer
from games.preparation import Guess, Sheet
from tests.delegates.debriefing.talks import (
    ACCEPT,
    WALK,
    evidence,
    ladder,
    of,
    sealed,
    swap,
    written,
)
from tests.delegates.halls import hall_of
from tests.delegates.sessions import mini
from tests.games.eventful import eventful
from tests.games.review.sessions import halves, trade
from tests.support.domains import listed, party, scenario
from tui.report import html_text, markdown_text, review_report
from tui.text.review import review_lines


@pytest.fixture
def path(tmp_path):
    return tmp_path / "talks.jsonl"


def debrief(path, party=None, **more) -> Any:
    return debrief_of(path, party, **more)


def offers(*outcomes):
    return [Offer(outcome) for outcome in outcomes]


def kinds(note):
    return [one.kind for one in note.remarks]


def words(note, kind):
    (found,) = [one.words for one in note.remarks if one.kind == kind]
    return found


# --- moves


def test_moves_are_numbered_among_all_of_the_session_and_told_by_what_they_change(path):
    game = swap()
    written(
        path,
        game,
        [
            of(game, gold="2", time="0"),
            of(game, gold="0", time="2"),
            of(game, gold="2", time="1"),
            of(game, gold="0", time="2"),
            of(game, gold="1", time="2"),
            ACCEPT,
        ],
    )

    own, other = debrief(path, "A").moves, debrief(path, "B").moves

    assert [(one.number, one.turn, one.round) for one in own] == [(1, 0, 0), (3, 2, 1), (5, 4, 2)]
    assert [one.told for one in own] == [
        "offers gold 2 · time 0",
        "offers time 0 → 1; the rest as before",
        "offers gold 2 → 1 · time 1 → 2; the rest as before",
    ]
    assert other[1].told == "repeats its offer"
    assert other[2].told == "accepts what is on the table: gold 1 · time 2"
    assert [one.utility for one in own] == [100, 90, 40]
    assert [one.over_reservation for one in own] == [70, 60, 10]
    assert other[2].utility == 90


def test_what_an_offer_does_to_the_last_one_is_told_in_both_sides_points(path):
    game = swap()
    made = [("2", "0"), ("2", "1"), ("1", "0"), ("1", "0"), ("2", "2")]
    theirs = of(game, gold="0", time="2")
    moves = [move for g, t in made for move in (of(game, gold=g, time=t), theirs)]
    written(path, swap(rounds=9), moves[:-1])

    first, fell, mixed, same, rose = debrief(path, "A").moves

    assert (
        words(first, "opening")
        == "opens at 100.0 points, +70.0 over your r (100% of the most you could get)"
    )
    assert words(fell, "concession") == (
        "gives up 10.0 points (14% of what lies over your r); +40.0 to A party"
    )
    assert words(mixed, "trade") == "trades gold for time: -30.0 points to you; -30.0 to A party"
    assert words(same, "repeat") == "the same offer again"
    assert words(rose, "trade") == "trades time for gold: +20.0 points to you; +70.0 to A party"
    assert words(fell, "refusal") == "leaves what is on the table, worth 0.0 points to you"
    assert "refusal" not in kinds(first)


def test_who_stands_by_its_own_offer_is_not_said_to_accept(path):
    game = ladder(rounds=3, opens="alternate")
    written(path, game, [Offer(10), Offer(1), ACCEPT, Offer(9)])

    note = debrief(path, "B").moves[1]

    assert note.told == "stands by its offer"
    assert "acceptance" not in kinds(note)
    assert words(note, "repeat") == "the same again"


def test_an_offer_below_the_reservation_value_is_named_with_the_shortfall(path):
    written(path, ladder(), [*offers(10, 0, 1), WALK])

    assert words(debrief(path, "A").moves[1], "below-reservation") == (
        "worth 10.0 points less to you than no agreement"
    )
    assert words(debrief(path, "B").moves[1], "walk-away") == (
        "leaves with the 20.0 points of no agreement"
    )


def test_dominated_offers_are_told_as_known_and_in_truth(path):
    game = swap()
    written(path, game, [of(game, gold="1", time="0"), WALK])

    words_told = [one.words for one in debrief(path, "A").moves[0].remarks]

    assert (
        "in truth gold 1 → 2 · time 0 → 2 would have been worth +70.0 to A party at no cost to you"
    ) in words_told
    assert not any(one.startswith("as far as its offers") for one in words_told)


def test_a_figure_said_aloud_is_named(path):
    written(path, ladder(), [*offers(10, 0), WALK], words={1: "We have 20 points elsewhere."})

    found = debrief(path, "A").moves[0]

    assert found.words == "We have 20 points elsewhere."
    assert words(found, "leak") == "says “20”, which gives away your reservation value"


def test_what_the_stand_in_did_is_said(path):
    written(path, ladder(), offers(10, 0), seats={"A": "human"})
    recorded = read(path, "A")
    events = recorded.folded.events
    by = "code (firm), standing in: time ran out"
    sealed(path, [events[0], events[1].model_copy(update={"decided_by": by}), *events[2:], *()])

    found = debrief(path, "A")
    assert words(found.moves[0], "stand-in") == "decided by your stand-in, not by you"
    assert found.moves[0].is_stand_ins
    assert "Round 1, your stand-in: offers" in "\n".join(review_lines(found))
    assert "Your stand-in offers" in markdown_text(review_report(found))


def test_the_accuracy_is_over_the_persons_own_moves_and_counts_the_stand_ins(path):
    made = [*offers(10, 0, 3, 0, 2, 0, 2), ACCEPT]
    written(path, ladder(rounds=8), made, seats={"A": "human"})
    before = debrief(path, "A")
    events = read(path, "A").folded.events
    by = "code (firm), standing in: the person handed it over"
    handed = [
        event.model_copy(update={"decided_by": by}) if number == 7 else event
        for number, event in enumerate(events)
    ]
    sealed(path, handed)

    found = debrief(path, "A")

    assert before.accuracy < 100
    own = before.moves[:3]
    lost = sum(one.loss for one in own)
    assert found.accuracy == found.accuracies["A"] == pytest.approx(100 * max(1 - lost, 0))
    lost = sum(one.hindsight_loss for one in own)
    assert found.hindsight == pytest.approx(100 * max(1 - lost, 0))
    assert found.accuracy_note == (
        "over the 3 moves that the person decided; the stand-in decided 1 more, and with these it "
        f"is {before.accuracy:.0f}%"
    )

    few = [
        one.model_copy(update={"decided_by": by}) if n == 5 else one for n, one in enumerate(handed)
    ]
    sealed(path, few)
    found = debrief(path, "A")
    assert found.accuracy is found.accuracy_error is found.hindsight is None
    assert found.accuracy_note == (
        "not computed: the person decided 2 moves, too few to tell; with the 2 of the stand-in it "
        f"is {before.accuracy:.0f}%"
    )

    every = [
        one.model_copy(update={"decided_by": by}) if n in (1, 3, 5, 7) else one
        for n, one in enumerate(handed)
    ]
    sealed(path, every)
    assert debrief(path, "A").accuracy == before.accuracy
    assert "the stand-in decided every move" in debrief(path, "A").accuracy_note


def test_a_dominated_offer_that_lost_nothing_is_not_called_the_best(path):
    # In the session's last turn B leaves 100 for A, which is under its r of 30, and offers gold 1
    # and time 0 (B 10, A 60), which nobody can answer; gold 2 and time 2 gives both 80.
    game = swap(rounds=1)
    written(path, game, [of(game, gold="2", time="0"), of(game, gold="1", time="0")])

    (note,) = debrief(path, "B").moves

    assert note.loss == 0
    assert "dominated-offer" in kinds(note)
    assert "best" not in kinds(note)
    assert words(note, "fine") == "it cost you nothing: no move compared was better for you"


def test_where_what_was_best_to_expect_would_have_failed_is_said_in_a_clause(path):
    # A boulware B offers 40 of 100 only this once; who goes on firmly ends with r = 20.
    written(path, ladder(rounds=5), [*offers(10, 4), ACCEPT], seats={"B": "boulware"})

    note = debrief(path, "A").moves[-1]

    assert note.loss > 0
    assert note.best is not None
    assert note.best.over_end == -20
    assert words(note, "other") == (
        "over the counterparts you could expect, another move was better; against A party as it "
        "is, it would have failed, with no agreement and 20.0 points less to you than you have now"
    )


@pytest.mark.parametrize(
    ("loss", "called"),
    [(0.001, "inaccuracy"), (MISTAKE, "mistake"), (0.149, "mistake"), (BLUNDER, "blunder")],
)
def test_grades_go_by_the_size_of_the_loss(loss, called):
    assert grade(loss) == called


def test_a_graded_move_has_its_best_alternative_with_what_would_have_followed(path):
    written(path, ladder(rounds=6), [*offers(10, 5), WALK], seats={"B": "linear"})

    note = debrief(path, "A").moves[1]

    judged = evidence(path, "A").reading.moves[1]
    candidate = judged.judgement.candidates[judged.judgement.best]
    assert note.best is not None
    assert note.best.move == candidate.move
    assert note.best.expected_gain == candidate.expected_gain
    assert note.best.by == {"B": "its own mind"}
    assert [one.round for one in note.best.continuation] == [
        act.turn // 2 for act in judged.best_line.acts[1:]
    ]
    agreed = judged.best_line.final.agreement
    assert note.best.ends.startswith(
        f"agreement in round {judged.best_line.final.rounds_begun}: {10 * agreed:.1f} points to you"
    )
    assert (note.loss, note.loss_points) == (
        judged.judgement.loss,
        judged.judgement.difference,
    )


def test_a_move_that_lost_nothing_has_no_alternative(path):
    written(path, ladder(), [*offers(10, 3), ACCEPT])

    first = debrief(path, "A").moves[0]

    assert (first.loss, first.loss_points, first.best) == (0, 0, None)
    assert "best" in kinds(first)


def test_a_person_is_foretold_by_a_curve_and_a_note_says_so(path):
    written(path, ladder(), [*offers(10, 5), WALK], seats={"B": "human"})

    found = debrief(path, "A")

    assert found.moves[1].best.by == {"B": "nearest concession curve"}
    assert any("the concession curve nearest" in note for note in found.notes)


# --- the whole


def test_a_debrief_holds_what_the_reading_says(path):
    game = trade(rounds=3)
    written(path, game, [*offers(36, 10, 24), ACCEPT])
    reading = evidence(path, "A").reading

    found = debrief(path, "A")

    assert (found.accuracy, found.accuracy_error) == (reading.accuracy, reading.accuracy_error)
    assert found.accuracies["A"] == found.accuracy
    assert found.accuracies["B"] == evidence(path, "B").reading.accuracy
    assert found.hindsight == reading.hindsight
    assert found.status == "agreement"
    assert found.agreement == game.space.outcome(24)
    assert found.utilities["A"] == game.preferences[0].utility(24)
    assert found.left == pytest.approx(reading.close.left[0].points)


def test_beliefs_are_the_true_weights_those_read_and_those_paid(path):
    game = swap()
    made = [of(game, gold="1", time="1"), of(game, gold="0", time="2")]
    written(path, game, [made[0], of(game, gold="0", time="2"), made[1], ACCEPT])

    gold, time = debrief(path, "A").beliefs

    # A gave up 40 and 80 on gold, 10 and 20 on time.
    assert (gold.implied_weight, time.implied_weight) == pytest.approx((120 / 150, 30 / 150))
    assert (gold.true_weight, time.true_weight) == pytest.approx((0.2, 0.8))
    assert gold.read_weight == pytest.approx(0.5)
    assert {one.party for one in debrief(path, "B").beliefs} == {"A"}


@pytest.mark.parametrize("name", ["first-table", "cobalt-offtake"])
def test_what_an_issue_weighs_is_one_figure_in_beliefs_and_preparation(path, name):
    game = load_scenario(name)
    mine, other = game.ids
    guess = Guess(ranking=tuple(game.issues))
    sheet = Sheet(guesses={other: guess})
    theirs = int(game.preferences[1].ranking[0][-1])
    written(path, game, [*offers(_dearest(game), theirs), WALK], sheet=sheet)

    found = debrief(path, mine)

    told = {f"{one.label} {100 * one.true_weight:.0f} %" for one in found.beliefs}
    (line,) = [one for one in found.sheet if one.what.startswith("What matters")]
    assert set(line.true.split(", ")) == told


def _dearest(game):
    return int(game.preferences[0].ranking[0][-1])


def test_with_a_single_offer_nothing_is_said_of_what_was_paid(path):
    written(path, ladder(), [*offers(3, 2), ACCEPT])

    (one,) = debrief(path, "B").beliefs

    assert one.implied_weight is None
    assert one.read_weight == 1


def test_what_was_left_is_told_with_the_outcome_that_gives_it(path):
    game = swap()
    written(path, game, [of(game, gold="1", time="1"), ACCEPT])

    assert debrief(path, "A").left_words == (
        "By other terms, at nobody's cost: gold 1 → 2 · time 1 → 2 (+30.0 to A party)."
    )


def test_with_nothing_left_that_is_said(path):
    game = swap()
    written(path, game, [of(game, gold="2", time="2"), ACCEPT])

    found = debrief(path, "A")

    assert (found.left, found.left_share) == (0, 0)
    assert found.left_words.startswith("Nothing: no outcome would give you more")


def test_whether_it_holds_is_told_only_of_an_agreement(path):
    negotiate(mini(), {"USA": "conceder", "COD": "conceder"}, seed=1, transcript=path)

    found = debrief(path)
    signed: Any = read(path, None).folded.findings.agreement
    verdict = signed.verdict

    assert verdict.headline in found.holds
    assert set(verdict.lines) <= set(found.holds)
    written(path, ladder(), [*offers(10, 0), WALK])
    assert debrief(path, "A").holds == ()


def test_the_sheet_is_set_against_the_truth(path):
    sheet = Sheet(target=60.0, guesses={"B": Guess(reservation=35.0)})
    again = Sheet(guesses={"B": Guess(reservation=25.0)})
    written(path, ladder(rounds=2), [*offers(10, 0, 5), ACCEPT], sheet=sheet, half_time=again)

    lines = debrief(path, "A").sheet

    assert len(lines) == 2
    assert any(line.again is not None and "25" in line.again for line in lines)
    assert debrief(path, "B").sheet == ()


def test_hints_are_counted(path):
    written(path, ladder(), offers(10, 0), seats={"A": "human(hints=yes)"}, advice={1: Offer(9)})

    assert debrief(path, "A").hints == 1


@pytest.mark.parametrize("parties", [2, 3])
def test_sessions_of_more_than_two_are_debriefed_for_each(path, parties):
    game = trade(rounds=3, parties=parties)
    minds = dict(zip(game.ids, ("firm", "linear", "conceder"), strict=False))
    record = negotiate(game, minds, seed=2, transcript=path)

    for code in game.ids:
        found = debrief(path, code)
        assert len(found.moves) == record.movers.count(code)
        assert len(found.lessons) == 3


def test_a_quorum_that_leaves_a_party_out_is_debriefed(path):
    game = trade(rounds=4, parties=3)
    rules = game.protocol.model_dump() | {"agreement": {"quorum": 0.6}}
    game = game.model_validate(game.model_dump(by_alias=True) | {"protocol": rules})
    written(path, game, [*offers(36, 10), WALK, Offer(12), ACCEPT])
    assert read(path, "C").final.left

    found = debrief(path, "C")

    assert found.utilities["C"] == 20
    assert "you left with the 20.0 points" in found.lessons[0].words


def test_an_empty_zopa_is_said_to_leave_nothing_to_lose(path):
    written(path, ladder(rounds=1, reservations=(70.0, 70.0)), offers(10, 0))

    found = debrief(path, "A")

    assert found.accuracy == 100
    assert "the ZOPA is empty" in found.accuracy_note
    assert found.lessons[0].title == "There was nothing to agree"


def test_a_seat_that_made_no_move_has_a_debrief_that_says_so(path):
    written(path, ladder(), offers(10))

    found = debrief(path, "B")

    assert (found.moves, found.lessons, found.accuracy) == ((), (), None)
    assert found.accuracy_note == "not computed: B made no move"
    assert "You made no move." in review_lines(found)


def test_an_unfinished_session_of_scripted_seats_is_told_as_far_as_it_went(path):
    written(path, ladder(), offers(10, 0, 9))

    found = debrief(path, "A")

    assert found.status == "open"
    assert found.accuracy is not None
    assert any("not over" in note for note in found.notes)
    (other,) = [line for line in review_lines(found) if ": accuracy " in line]
    assert "points" not in other


def test_an_eventful_session_is_debriefed(path):
    game = eventful()
    negotiate(game, {"A": "firm", "B": "linear"}, seed=1, transcript=path, shocks=["quota@2"])
    recorded = read(path, "A")

    found = debrief(path, "A")

    assert {type(one.cause).__name__ for one in recorded.final.happened} >= {"Struck", "Instructed"}
    assert found.accuracy is not None
    assert found.reservations["A"] == recorded.final.scenario.preferences[0].reservation


def test_a_hall_is_told_as_far_as_it_can_be_and_says_why_not_further(path):
    negotiate(hall_of(), dict.fromkeys(hall_of().ids, "firm"), seed=1, transcript=path)

    found = debrief(path, "EUE")

    assert found.moves
    assert all(one.told for one in found.moves)
    assert found.accuracy is not None or found.accuracy_note


RECORDED = [
    *(Path(__file__).parents[2] / "transcripts" / "data").glob("*.jsonl"),
    *(Path(__file__).parents[2] / "tui" / "data").glob("*.jsonl"),
]


@pytest.mark.parametrize("file", RECORDED, ids=lambda file: file.name)
def test_a_transcript_of_every_format_is_debriefed_in_every_form(file):
    text, md, html, told = shown(file)

    assert len(told["lessons"]) == 3
    for one in told["lessons"]:
        assert one["title"] in " ".join(text.split())
        assert escape(one["title"]) in html
        assert one["title"] in md


def test_a_branch_says_that_it_is_one(path, tmp_path):
    from delegates.fork import fork

    written(path, ladder(), [*offers(10, 0, 9), WALK])
    child = fork(path, at=2, out=tmp_path / "child.jsonl")

    found = debrief(child.path, "A")

    assert [one.number for one in found.moves] == [1]
    assert any("branched off another one after move 2" in note for note in found.notes)


# --- whose, and what is kept


def test_the_persons_seat_is_reviewed_unless_another_is_asked_for(path):
    written(path, ladder(), [*offers(10, 5), ACCEPT], seats={"B": "human"})

    assert debrief(path).party == "B"
    assert debrief(path, "A").party == "A"
    written(path, ladder(), [*offers(10, 5), ACCEPT])
    assert debrief(path).party == "A"


def test_an_unknown_party_is_refused(path):
    written(path, ladder(), offers(10))

    with pytest.raises(UserError, match="no party 'X'; expected A, B"):
        debrief(path, "X")


def test_a_file_that_is_no_transcript_is_refused(tmp_path):
    (tmp_path / "x").write_text("{}\n")

    with pytest.raises(TranscriptError, match="x"):
        debrief(tmp_path / "x")


def with_other(game, **changes):
    """Return a scenario in which B has other private data."""
    data = game.model_dump(by_alias=True)
    data["parties"]["B"] |= changes
    return game.model_validate(data)


def shown(path):
    """Return everything that a review shows of a session, in every form."""
    found = debrief(path)
    document = review_report(found)
    told = debrief_json(found)
    return ["\n".join(review_lines(found)), markdown_text(document), html_text(document), told]


def test_until_the_session_is_over_a_person_learns_nothing_of_the_others(path):
    game = swap(rounds=6)
    moves = [
        of(game, gold="2", time="0"),
        of(game, gold="0", time="2"),
        of(game, gold="1", time="0"),
        of(game, gold="0", time="1"),
    ]
    others = [
        game,
        with_other(game, reservation=57.25),
        with_other(
            game, points={"gold": {"0": 0, "1": 3, "2": 77}, "time": {"0": 9, "1": 1, "2": 0}}
        ),
    ]
    sheet = Sheet(target=70.0, guesses={"B": Guess(reservation=57.0, ranking=("time", "gold"))})
    told = []
    for one in others:
        written(path, one, moves, seats={"A": "human"}, sheet=sheet, words={1: "We ask for gold."})
        told.append(shown(path))

    assert told[0] == told[1] == told[2]
    found = debrief(path)
    assert found.is_sealed
    assert (found.accuracy, found.hindsight, found.left) == (None, None, None)
    assert found.beliefs == found.lessons == found.holds == found.sheet == ()
    assert set(found.utilities) == set(found.reservations) == {"A"}
    assert all(
        (one.loss, one.best, one.hindsight_loss) == (None, None, None) for one in found.moves
    )
    assert "concession" in kinds(found.moves[1]) or "trade" in kinds(found.moves[1])


def test_once_it_is_over_all_is_told(path):
    game = swap()
    written(path, game, [of(game, gold="1", time="1"), ACCEPT], seats={"A": "human"})

    found = debrief(path)

    assert not found.is_sealed
    assert found.beliefs
    assert set(found.utilities) == {"A", "B"}


def test_until_then_the_other_seats_cannot_be_reviewed(path):
    written(path, ladder(), offers(10, 0), seats={"A": "human"})

    with pytest.raises(UserError, match="a person sits for A and the session is not over"):
        debrief(path, "B")


# --- JSON


def test_the_json_object_is_plain_and_comes_back_as_it_went(path):
    written(path, ladder(rounds=6), [*offers(10, 5), WALK], sheet=Sheet(target=50.0))

    told = debrief_json(debrief(path, "A"))

    assert json.loads(json.dumps(told, allow_nan=False)) == told


KEYS = [
    *("notice", "not_for", "session", "scenario", "title", "party", "parties", "sealed"),
    *("status", "agreement", "utilities", "payoffs", "reservations", "accuracy"),
    *("accuracy_error", "accuracy_note", "accuracies", "hindsight", "grades", "moves", "left"),
    *("beliefs", "holds", "lessons", "sheet", "hints", "notes"),
]
MOVE_KEYS = [
    *("number", "turn", "round", "act", "outcome", "on", "told", "words", "utility"),
    *("over_reservation", "remarks", "loss", "loss_points", "standard_error"),
    *("hindsight_loss", "best", "stand_in"),
]
BEST_KEYS = ["act", "outcome", "on", "words", "expected_gain", "continuation", "ends", "by"]
BEST_KEYS += ["over_end"]


def test_the_keys_of_the_json_object_are_those_documented(path):
    written(path, ladder(rounds=6), [*offers(10, 5), WALK], sheet=Sheet(target=50.0))

    told: dict[str, Any] = debrief_json(debrief(path, "A"))

    assert list(told) == KEYS
    assert list(told["moves"][1]) == MOVE_KEYS
    assert list(told["moves"][1]["best"]) == BEST_KEYS
    assert list(told["lessons"][0]) == ["title", "words", "moves"]
    assert list(told["sheet"][0]) == ["what", "said", "true", "verdict", "good", "again"]
    assert list(told["beliefs"][0]) == [
        *("party", "issue", "label", "true_weight", "read_weight", "implied_weight"),
    ]
    assert "SIMULATION" in told["notice"]
    assert "not for grading" in told["not_for"]


# --- hostile text


def test_no_escape_or_markup_of_names_and_words_survives(path):
    evil = "\x1b[31mred\u202e<script>alert(1)</script>\u200b"
    game = scenario(
        {"gold": {"label": evil, "unit": evil, "options": [1, 2, 3]}},
        {
            name: party({"gold": dict(zip("123", points, strict=True))}, 1.0, name=evil, side=side)
            for name, points, side in (("A", (0, 5, 9), "consumer"), ("B", (9, 5, 0), "supplier"))
        },
        title=evil,
        protocol={"rounds": 4, "opens": "fixed"},
    )
    moves = [*offers(2, 0, 1), ACCEPT]
    written(path, game, moves, words=dict.fromkeys(range(1, 5), evil), sheet=Sheet(target=8.0))

    text, md, html, told = shown(path)

    for one in (text, md, html, json.dumps({**told, "title": ""}, ensure_ascii=False)):
        assert not set(one) & set("\x1b\u202e\u200b")
    assert "<script" not in html


def test_a_debrief_is_the_same_however_often_it_is_made(path):
    written(path, trade(rounds=3), [*offers(36, 10, 24), ACCEPT])

    first, second = debrief(path, "A"), debrief(path, "A")

    assert dataclasses.replace(first, scenario=second.scenario) == second


def test_what_takes_a_while_is_told_move_by_move(path):
    written(path, ladder(), [*offers(10, 3), ACCEPT])
    told = []

    debrief(path, "A", progress=told.append)

    own, other = "judging the moves of A party", "judging the moves of A party, for comparison"
    assert told == [own, f"{own}: 1 of 2", f"{own}: 2 of 2", other, f"{other}: 1 of 1"]


def test_replies_do_what_the_minds_did():
    from delegates.debriefing.minds import replies_of_seats
    from games.review.positions import positions
    from transcripts.events import Seat

    game = mini()
    record = negotiate(game, {"USA": "tit-for-tat", "COD": "boulware"}, seed=4)
    seats = {
        code: Seat(spec=spec, decides="", words="")
        for code, spec in (("USA", "tit-for-tat"), ("COD", "boulware+llm:some-model"))
    }
    replies = replies_of_seats(game, seats, 4)

    played, _ = positions(game, record.moves, record.turns, 4)

    assert list(replies) == ["USA", "COD"]
    for one in played:
        assert replies[one.state.party](one.state, one.history) == one.act.move


@pytest.mark.parametrize(
    "spec", ["human", "llm:m", "menu:m", "no-such-mind", "human(stand-in=firm)"]
)
def test_who_cannot_be_asked_again_has_no_reply(spec):
    from delegates.debriefing.minds import replies_of_seats
    from transcripts.events import Seat

    assert replies_of_seats(halves(), {"A": Seat(spec=spec, decides="", words="")}, 0) == {}


def test_one_issue_whose_options_are_all_alike_breaks_nothing(path):
    game = listed({"A": [5, 5], "B": [5, 5]}, protocol={"rounds": 2, "opens": "fixed"})
    written(path, game, [Offer(0), Offer(1), ACCEPT])

    for code in "AB":
        assert debrief(path, code).lessons or not debrief(path, code).moves


def test_a_session_that_was_left_is_told_as_such(path):
    written(path, ladder(), [Offer(10), WALK])

    assert debrief(path, "B").status == "walked-away"
