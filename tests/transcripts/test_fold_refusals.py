"""What a transcript cannot tell: shocks out of place, impossible moves, branches cut short."""

from pathlib import Path
from typing import Any

import pytest

from games.errors import TranscriptError, UnsoundEvent
from games.moves import AskCapital, Move, Offer
from games.scenario import Scenario, parse_scenario
from tests.delegates.sessions import MINI, mini
from tests.games.eventful import eventful
from tests.games.happenings.test_happening import LOW, MIDDLE, quiet
from transcripts.acts import act_of, outcome_of, terms_of
from transcripts.events import (
    Decided,
    Event,
    HandedOver,
    Happened,
    MoveMade,
    Opened,
    Parent,
    PlannedShock,
    Prepared,
    Resumed,
    SessionClosed,
    Suggested,
)
from transcripts.fold import Folded, begin, fold, opened
from transcripts.store import Transcript, seal


def header(game: Scenario, **more: Any) -> Opened:
    told = {"program": "test", "session": "s", "seats": {}, "seed": quiet(), **more}
    return Opened.model_validate({"scenario": game.model_dump(by_alias=True, mode="json"), **told})


def made(folded: Folded, move: Move, **changes: Any) -> MoveMade:
    """Return the event of a move of whoever is to move."""
    state = folded.state
    told = {
        "n": len(folded.events),
        "turn": state.turn,
        "round": state.round,
        "party": state.party,
        "act": act_of(move),
        "outcome": outcome_of(folded.scenario, move),
        "on": terms_of(move),
        "heard_by": (state.party,) if isinstance(move, AskCapital) else None,
    }
    return MoveMade.model_validate({**told, **changes})


def talks(moves: list[Move], game: Scenario | None = None, **more: Any) -> Folded:
    """Return a session in which moves are made and all that happens is told."""
    folded = begin(header(game or eventful(), **more))
    for move in moves:
        for happened in folded.untold():
            folded.add(happened)
        folded.add(made(folded, move))
    return folded


OFFERS: list[Move] = [Offer(MIDDLE), Offer(MIDDLE)]
"""A round; as the second begins Aland's capital instructs it, as the third does prices fall."""


def quota(folded: Folded, **changes: Any) -> Happened:
    """Return the event of a shock that the trainer has strike now."""
    told = {
        "n": len(folded.events),
        "turn": folded.state.turn,
        "round": folded.state.round,
        "what": "shock",
        "by": "trainer",
        "shock": "quota",
        "heard_by": None,
        "words": "A quota",
    }
    return Happened.model_validate({**told, **changes})


def refused(folded: Folded, event: Event, reason: str) -> None:
    with pytest.raises(TranscriptError, match=f"^event {event.n}: {reason}"):
        folded.add(event)


def test_what_happens_as_a_round_begins_is_told_before_the_next_move() -> None:
    folded = talks(OFFERS)
    due = folded.untold()

    assert [(one.what, one.by, one.party, one.turn) for one in due] == [
        ("instruction", "capital", "A", 2)
    ]
    before = r"before it something happened that is not told: .*Wait for the minister"
    refused(talks(OFFERS), made(folded, Offer(MIDDLE)), before)
    decided = Decided(n=3, turn=2, party="B", act="pass")
    refused(talks(OFFERS), decided, before)
    folded.add(due[0])
    assert folded.untold() == []


def test_what_happened_is_told_as_it_happened_in_whatever_words() -> None:
    folded = talks(OFFERS)
    due = folded.untold()[0]

    folded.add(due.model_copy(update={"n": 3, "words": "Put otherwise."}))

    assert folded.untold() == []
    other = due.model_copy(update={"n": 3, "instruction": 1})
    refused(talks(OFFERS), other, "instruction of turn 2; expected '.*Wait for the minister")


def test_nothing_is_told_twice_nor_where_nothing_happened() -> None:
    folded = talks(OFFERS)
    due = folded.untold()[0]
    folded.add(due.model_copy(update={"n": 3}))

    again = due.model_copy(update={"n": 4})
    refused(folded, again, "instruction of turn 2; nothing has happened here$")


def test_a_shock_of_the_trainers_strikes_when_it_is_told() -> None:
    folded = talks([Offer(MIDDLE)])
    folded.add(quota(folded))

    assert (folded.told, len(folded.state.happened)) == (1, 1)
    assert folded.untold() == []
    refused(folded, quota(folded), "quota has struck already; expected another shock")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"shock": "flood"}, "no shock 'flood'; expected one of fall, lot, quota"),
        ({"shock": None}, "shock of turn 0; nothing has happened here"),
        ({"by": "date"}, "shock of turn 0; nothing has happened here"),
        ({"by": "lot"}, "shock of turn 0; nothing has happened here"),
        ({"turn": 1}, "shock of turn 1; expected "),
        ({"round": 1}, "shock of turn 0; expected "),
        ({"heard_by": ("A",)}, "shock of turn 0; expected "),
    ],
)
def test_a_shock_that_cannot_have_struck_so_is_refused(
    changes: dict[str, object], reason: str
) -> None:
    folded = talks([])
    refused(folded, quota(folded, **changes), reason)


def test_no_shock_of_the_trainers_is_told_before_what_is_due() -> None:
    folded = talks(OFFERS)
    refused(folded, quota(folded), "shock of turn 2; expected '.*Wait for the minister")


def test_advice_is_out_of_date_once_something_happens_or_a_move_is_made() -> None:
    advice = Suggested.model_validate({"n": 1, "turn": 0, "party": "A", "act": "walk-away"})
    folded = talks([])
    folded.add(advice)
    assert folded.advice == advice
    folded.add(quota(folded))
    assert folded.advice is None
    folded.add(advice)
    folded.add(made(folded, Offer(MIDDLE)))
    assert folded.advice is None


PLANNED = (PlannedShock(shock="quota", round=2),)


def test_a_planned_shock_must_have_struck_before_a_move_of_its_round() -> None:
    folded = talks(OFFERS, shocks=PLANNED)
    due = folded.untold()[0]
    folded.add(due)
    missing = "before it quota was to strike, as event 0 plans; it did not"
    refused(folded, made(folded, Offer(LOW)), missing)


@pytest.mark.parametrize(
    ("shock", "round_", "reason"),
    [
        ("flood", 1, "no shock 'flood'; expected one of fall, lot, quota"),
        ("quota", 9, "quota in round 9, but the talks have 8"),
    ],
)
def test_a_header_that_plans_what_cannot_strike_is_refused(
    shock: str, round_: int, reason: str
) -> None:
    with pytest.raises(TranscriptError, match=f"^event 0: shocks: {reason}"):
        fold([header(eventful(), shocks=[{"shock": shock, "round": round_}])])


def test_an_event_that_cannot_be_is_known_by_its_number_whatever_its_line_says() -> None:
    folded = talks([])

    with pytest.raises(UnsoundEvent) as caught:
        folded.add(made(folded, Offer(LOW), turn=9, n=10))

    error = caught.value
    assert error.event == 10
    assert error.problem.endswith(" at turn 9; expected A at turn 0")
    assert str(error.of(Path("t.jsonl"), "; so")) == f"t.jsonl: event 10: {error.problem}; so"


def test_a_header_without_a_valid_scenario_is_refused_in_one_line() -> None:
    told = header(mini()).model_copy(update={"scenario": {"id": "x"}})
    with pytest.raises(TranscriptError, match=r"^event 0: the scenario is not valid: .+") as found:
        fold([told])
    assert "\n" not in str(found.value)
    one_fault = header(mini()).scenario | {"id": 7}
    told = header(mini()).model_copy(update={"scenario": one_fault})
    with pytest.raises(TranscriptError, match=r"valid: Input should be a valid string$"):
        fold([told])


def test_a_file_whose_header_cannot_be_is_named(tmp_path: Path) -> None:
    told = header(mini()).model_copy(update={"scenario": {"id": "x"}})
    line, _ = seal(told.model_dump_json().encode()[:-1])
    path = tmp_path / "s.jsonl"
    path.write_bytes(line)

    with pytest.raises(TranscriptError, match=r"s\.jsonl: event 0: the scenario is not valid"):
        opened(Transcript(path))


# --- moves


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"round": 1}, "a move of round 1; expected round 0"),
        ({"outcome": {"tonnes": 5000, "floor": "low"}}, "tonnes has no option 5000"),
        ({"outcome": None}, "offer without an outcome"),
        ({"act": "accept", "outcome": None}, "A: no offer is on the table"),
        ({"act": "pass"}, ".*Pass is no move of alternating offers"),
        ({"act": "walk-away"}, "walk-away with an outcome; expected none"),
        ({"stage": "floor"}, "a move of stage 'floor'; expected ''"),
        ({"heard_by": ("A",)}, "a move heard by A; expected all"),
        ({"turn": 1}, "A moves at turn 1; expected A at turn 0"),
        ({"party": "B"}, "B moves at turn 0; expected A at turn 0"),
    ],
)
def test_a_move_that_cannot_have_been_made_so_is_refused(
    changes: dict[str, object], reason: str
) -> None:
    folded = talks([])
    refused(folded, made(folded, Offer(MIDDLE), **changes), reason)
    assert (folded.state.turn, folded.made, folded.moves) == (0, [], [])


@pytest.mark.parametrize(
    "changes",
    [{"outcome": {"tonnes": 3000, "floor": "low"}}, {"act": "ask-capital", "outcome": None}],
)
def test_a_move_is_the_one_that_was_decided(changes: dict[str, Any]) -> None:
    folded = talks([])
    told: dict[str, Any] = {"turn": 0, "party": "A", "act": "offer", **changes}
    if told["act"] == "ask-capital":
        told["on"] = {"issue": "tonnes", "option": "1000"}
    folded.add(Decided.model_validate(told))

    event = made(folded, AskCapital(issue="tonnes", option="1000"), on={"issue": "tonnes"})
    offer = made(folded, Offer(MIDDLE))
    refused(folded, event if told["act"] == "ask-capital" else offer, "another move than event 0")


def test_a_close_that_agrees_with_the_moves_is_kept() -> None:
    folded = talks([Offer(MIDDLE)])
    folded.add(made(folded, Offer(MIDDLE), act="walk-away", outcome=None))
    over = SessionClosed(n=3, status="walked-away", outcome=None, utilities={}, payoffs={})
    folded.add(over)

    assert folded.closed == over


# --- seats


def handed(party: str, turn: int, **more: Any) -> HandedOver:
    told = {"turn": turn, "party": party, "to": "stand-in", "reason": "called away"}
    return HandedOver.model_validate({**told, **more})


def test_a_stand_in_counts_its_own_moves_until_the_seat_is_its_persons_again() -> None:
    folded = talks([], game=mini())
    folded.add(handed("USA", 0, turns=3))
    left = list[int | None]()
    for _ in range(6):
        folded.add(made(folded, Offer(MIDDLE)))
        holds = folded.stand_ins.get("USA")
        left.append(holds.turns if holds else None)

    assert left == [2, 2, 1, 1, None, None]


def test_a_branch_frees_the_seats_that_are_others_from_there_on() -> None:
    parent = Parent(session="p", event=3, hash="", moves=1, seats=("A",))
    folded = talks([], parent=parent)
    folded.add(handed("A", 0).model_copy(update={"n": 1}))
    folded.add(made(folded, Offer(MIDDLE)))
    assert folded.stand_ins.keys() == {"A"}
    folded.add(handed("B", 1).model_copy(update={"n": 3}))

    assert folded.stand_ins.keys() == {"B"}


def test_the_limits_are_those_of_the_last_time_it_was_carried_on() -> None:
    folded = talks([], limits={"max_cost_usd": 1.0})
    assert folded.limits.max_cost_usd == 1.0
    for cost in (2.0, 3.0):
        folded.add(Resumed.model_validate({"turn": 0, "limits": {"max_cost_usd": cost}}))
    assert folded.limits.max_cost_usd == 3.0


# --- branches


@pytest.mark.parametrize(
    ("event", "moves", "is_shared"),
    [(2, 2, True), (1, 1, True), (0, 0, True), (2, 1, False), (1, 2, False), (3, 2, False)],
)
def test_a_branch_holds_the_moves_that_it_says_it_shares(
    event: int, moves: int, is_shared: bool
) -> None:
    parent = Parent(session="p", event=event, hash="", moves=moves)
    events = talks(OFFERS, game=mini(), parent=parent).events
    if is_shared:
        assert len(fold(events).own_events) == 2 - event
        return
    found = f"found {min(event, 2)} moves among 3 events up to there"
    with pytest.raises(TranscriptError, match=f"branched off after move {moves}, .*; {found}"):
        fold(events)


def test_a_branch_begins_with_a_move_of_its_parents() -> None:
    parent = Parent(session="p", event=2, hash="", moves=1)
    folded = talks([Offer(MIDDLE)], game=mini(), parent=parent)
    folded.add(Resumed(turn=1))

    with pytest.raises(TranscriptError, match="branched off after move 1, event 2"):
        fold(folded.events)


# --- sheets


def prepared(folded: Folded, when: str) -> Prepared:
    told = {"n": len(folded.events), "turn": folded.state.turn, "party": "USA", "when": when}
    return Prepared.model_validate({**told, "sheet": {}})


def test_a_sheet_is_kept_with_the_scenario_that_its_writer_knew() -> None:
    # A shock strikes as the talks begin, unknown to who prepares; another before half time.
    shocks = "  {}: {{label: It falls, kind: price, round: {}, reservation: {{USA: -5}}}}\n"
    text = f"{MINI}shocks:\n{shocks.format('first', 1)}{shocks.format('second', 2)}"
    game = parse_scenario(text.replace("rounds: 12", "rounds: 2"), "shaken")
    folded = talks([], game=game)
    folded.add(prepared(folded, "before"))
    for _ in range(2):
        for happened in folded.untold():
            folded.add(happened)
        folded.add(made(folded, Offer(MIDDLE)))
    for happened in folded.untold():
        folded.add(happened)
    folded.add(prepared(folded, "half-time"))

    assert [sheet.when for sheet in folded.sheets] == ["before", "half-time"]
    known = [one.parties["USA"].reservation for one in folded.as_prepared]
    assert known == [30, 20]


def test_guesses_at_half_time_are_those_of_the_party_to_move() -> None:
    folded = talks([], game=mini(rounds=2))
    folded.add(prepared(folded, "before"))
    for _ in range(3):
        folded.add(made(folded, Offer(MIDDLE)))

    refused(folded, prepared(folded, "half-time"), "USA guesses again at turn 3; expected COD")
