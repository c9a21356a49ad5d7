"""Debriefs of plenaries and forums: acts told, exact choices graded, nothing made up."""

import json
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from delegates import negotiate
from delegates.debriefing.as_json import debrief_json
from delegates.debriefing.debrief import debrief
from delegates.debriefing.hall_notes import hall_notes
from delegates.debriefing.hall_notes import known_choice as choice_of
from games.moves import Offer
from games.review.leaks import Leak
from games.scenario import load_scenario
from games.session import payoffs, utilities
from tests.delegates.debriefing.talks import evidence, found, sealed
from tests.delegates.halls import hall_of
from tests.delegates.sessions import events_of
from tests.games.eventful import eventful
from transcripts.events import Seat
from tui.report import html_text, markdown_text, review_report
from tui.text.review import review_lines

MINDS = ("firm", "conceder", "linear", "boulware")


@pytest.fixture(scope="module", params=["plenary", "forum"])
def path(request, tmp_path_factory) -> Path:
    game = hall_of(request.param)
    file = tmp_path_factory.mktemp("hall") / f"{request.param}.jsonl"
    negotiate(game, dict(zip(game.ids, MINDS, strict=False)), seed=3, transcript=file)
    return file


def known_choice(read: Any) -> Any:
    return choice_of(read)


@cache
def told(path: Path, party: str) -> Any:
    return debrief(path, party)


def test_every_act_of_every_delegation_is_told(path):
    for party in hall_of().ids:
        proof, notes = evidence(path, party), told(path, party).moves
        made = [one for one in proof.recorded.made if one.party == party]
        assert [(one.turn, one.round) for one in notes] == [(one.turn, one.round) for one in made]
        assert all(one.told for one in notes)
        for note, read in zip(notes, proof.hall.moves, strict=True):
            assert note.utility == read.utility
            assert note.over_reservation == read.over_reservation


def test_a_figure_said_aloud_is_named_as_at_a_table(path):
    proof = evidence(path, "USA")
    leaks = (Leak("reservation value", "37"), Leak("utility", "52.5"))
    first, *rest = proof.hall.moves
    reading = replace(proof.hall, moves=(replace(first, leaks=leaks), *rest))

    note = hall_notes(proof.recorded, reading)[0]

    assert [one.words for one in note.remarks if one.kind == "leak"] == [
        "says “37”, which gives away your reservation value",
        "says “52.5”, which gives away what an outcome is worth to you",
    ]


def test_no_accuracy_is_made_up_and_that_is_said(path):
    note = told(path, "USA")

    assert note.accuracy is None
    assert set(note.accuracies.values()) == {None}
    assert note.accuracy_note.startswith("not computed: in a ")


def test_exact_choices_are_graded_by_what_they_gave_away(path):
    for party in hall_of().ids:
        proof = evidence(path, party)
        for note, read in zip(told(path, party).moves, proof.hall.moves, strict=True):
            choice = known_choice(read)
            assert note.loss == (None if choice is None else choice.share)
            assert (note.best is None) == (choice is None or choice.lost == 0)
            if note.best is not None and choice is not None:
                assert note.best.move == choice.best
                assert f"{choice.worths[choice.best]:.1f} points" in note.best.ends


def test_what_the_session_was_worth_is_what_all_of_it_brought(path):
    for party in hall_of().ids:
        proof = evidence(path, party)
        final = proof.recorded.final
        assert proof.worth == utilities(final)[party]
        assert proof.had == payoffs(final)[party]


def test_lessons_of_a_table_are_not_drawn_from_a_hall(path):
    of_tables = {
        *("left-too-early", "accepted-too-early", "asked-too-little", "asked-too-much"),
        *("refused-too-much", "sound-moves", "conceded-faster", "refused-better"),
    }
    for party in hall_of().ids:
        assert not of_tables & set(found(path, party))


def test_a_gain_that_cost_nobody_anything_is_told_with_its_size(path):
    seen = 0
    for party in hall_of().ids:
        missed = [
            (one.gain_missed, one.number + 1)
            for one in evidence(path, party).hall.moves
            if one.gain_missed and isinstance(one.move, Offer)
        ]
        lesson = found(path, party).get("asked-too-little-in-hall")
        assert (lesson is None) <= (not missed)
        if lesson is not None:
            most, number = max(missed, key=lambda pair: pair[0])
            assert f"move {number} could have been worth {most:.1f} points" in lesson.words
            seen += 1
    assert seen


def test_a_hall_can_be_shown_in_every_form(path):
    found_ = told(path, "EUE")
    document = review_report(found_)

    assert max(map(len, "\n".join(review_lines(found_)).splitlines())) <= 80
    assert "## Your moves" in markdown_text(document)
    assert "<h2>Your moves</h2>" in html_text(document)


def test_a_hall_in_which_something_happens_is_debriefed(tmp_path):
    file = tmp_path / "t.jsonl"
    negotiate(eventful("plenary"), {"A": "firm", "B": "linear"}, seed=1, transcript=file)

    assert debrief(file, "A").moves


@pytest.mark.campaign
@pytest.mark.parametrize("name", ["ministerial", "price-floor-club", "tungsten-accord"])
def test_the_bundled_halls_are_debriefed(tmp_path, name):
    game, file = load_scenario(name), tmp_path / "t.jsonl"
    negotiate(game, dict.fromkeys(game.ids, "conceder"), seed=1, transcript=file)

    assert debrief(file, game.ids[0]).lessons


def test_until_a_hall_is_over_a_person_learns_nothing_of_the_others(path, tmp_path):
    kept: list[Any] = [*events_of(path)]
    header, events = kept[0], kept[1:]
    seats = {**header.seats, "USA": Seat(spec="human", decides="a person", words="x")}
    shown = []
    for reservation in (None, 3.25, 57.5):
        game = json.loads(json.dumps(header.scenario))
        if reservation is not None:
            game["parties"]["COD"]["reservation"] = reservation
            for points in game["parties"]["EUE"]["points"].values():
                points.update(dict.fromkeys(points, reservation))
        opened = header.model_copy(update={"scenario": game, "seats": seats})
        file = sealed(tmp_path / "t.jsonl", [opened, *events[:25]])
        result = debrief(file)
        assert result.is_sealed
        assert result.party == "USA"
        told_json: dict[str, Any] = debrief_json(result)
        shown.append((told_json, "\n".join(review_lines(result))))

    assert shown[0] == shown[1] == shown[2]
    assert not {"COD", "EUE", "IDN"} & set(shown[0][0]["utilities"])
