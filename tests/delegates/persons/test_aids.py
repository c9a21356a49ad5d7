"""A person's preparation sheet, guesses at half time and advice: asked for, kept, carried on."""

import asyncio
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

import delegates.persons.aids
from delegates import negotiate, negotiate_async, resume
from delegates.contract import View
from delegates.orchestration import run_graph
from delegates.persons.adviser import Advice
from delegates.persons.person import (
    Answer,
    AskAdvice,
    GuessAgain,
    HandOver,
    HaveStrike,
    PersonMove,
    Timer,
    Turn,
    packed,
    unpacked,
)
from delegates.views import view_of
from games.errors import Paused, SettingError
from games.preparation import Guess, Sheet, Trade
from games.session import Offer
from tests.delegates.debriefing.talks import written
from tests.delegates.persons.test_person import BEST, PATIENT, Clock, Script, moves_of, table_of
from tests.delegates.sessions import bare, events_of, mini
from tests.games.eventful import eventful
from tests.games.review.test_knowledge import LAPSED, lapsing
from transcripts import verify
from transcripts.acts import move_of
from transcripts.events import Event, Prepared, Suggested
from transcripts.fold import fold

GAME = mini(rounds=4)
SHEET = Sheet(
    reservation=30,
    target=70,
    ranking=("volume", "price", "rail"),
    guesses={"COD": Guess(reservation=25, ranking=("price", "rail"))},
    opening={"volume": 4, "price": 10, "rail": "no rail"},
    trade=Trade(gives="rail", wants="volume"),
    walk_away=35,
)
AGAIN = Sheet(guesses={"COD": Guess(reservation=30, ranking=("rail", "price", "volume"))})


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "s.jsonl"


def sit(
    script: Script,
    path: Path,
    seat: str = "human",
    sheets: Mapping[str, Sheet] | None = None,
) -> list[Event]:
    """Play four rounds with a person for the United States."""
    negotiate(
        GAME,
        {"USA": seat, **PATIENT},
        seed=2,
        transcript=path,
        person=script,
        watch=script.watch,
        sheets=sheets,
    )
    assert verify(path).ok
    return events_of(path)


def test_a_sheet_is_sealed_before_the_first_move(path: Path) -> None:
    events = sit(Script({}), path, sheets={"USA": SHEET})
    sheet = events[1]
    assert isinstance(sheet, Prepared)
    assert (sheet.turn, sheet.party, sheet.when, sheet.sheet) == (0, "USA", "before", SHEET)
    assert [event.type for event in events[2:4]] == ["handed-over", "moved"]
    assert fold(events).sheets == [sheet]
    assert fold(events).as_prepared == [fold(events).scenario]


@pytest.mark.parametrize("seats", [{"USA": "human", **PATIENT}, {"USA": "firm", **PATIENT}])
@pytest.mark.parametrize(
    ("sheets", "problem"),
    [
        ({"COD": SHEET}, "preparation sheet of 'COD': expected the seat of a person"),
        ({"ZAF": SHEET}, "preparation sheet of 'ZAF': expected the seat of a person"),
    ],
)
def test_a_sheet_of_no_person_is_refused_before_anything_is_played(
    path: Path, seats: Mapping[str, str], sheets: Mapping[str, Sheet], problem: str
) -> None:
    with pytest.raises(SettingError, match=problem):
        negotiate(GAME, seats, transcript=path, person=Script({}), sheets=sheets)
    assert not path.exists()


@pytest.mark.parametrize(
    ("sheet", "problem"),
    [
        (Sheet(ranking=("volume", "labour")), "ranking: no issue 'labour'; expected volume, price"),
        (Sheet(ranking=("volume", "volume")), "ranking: an issue is named twice"),
        (Sheet(guesses={"USA": Guess()}), "guesses: no counterpart 'USA'; expected COD"),
        (Sheet(guesses={"COD": Guess(ranking=("x",))}), "guesses.COD.ranking: no issue 'x'"),
        (Sheet(trade=Trade(gives="rail", wants="rail")), "trade: an issue is named twice"),
        (Sheet(opening={"volume": 4}), "opening: the issue 'price' is not settled"),
        (Sheet(opening={"volume": 9, "price": 10, "rail": "rail"}), "opening: volume has no opt"),
    ],
)
def test_a_sheet_that_does_not_fit_the_scenario_is_refused(sheet: Sheet, problem: str) -> None:
    with pytest.raises(SettingError, match=rf"preparation sheet of USA: {problem}"):
        negotiate(GAME, {"USA": "human", **PATIENT}, person=Script({}), sheets={"USA": sheet})


def test_guesses_are_due_from_half_time_on_until_they_are_given(path: Path) -> None:
    script = Script(
        {
            0: [PersonMove(BEST)],
            2: [PersonMove(BEST)],
            4: [PersonMove(BEST)],
            6: [GuessAgain(AGAIN), PersonMove(BEST)],
        }
    )
    events = sit(script, path, sheets={"USA": SHEET})
    asked = [(turn.view.turn, turn.guesses_due) for turn in script.asked]
    assert asked == [(0, False), (2, False), (4, True), (6, True), (6, False)]
    again = [event for event in events if isinstance(event, Prepared)][1]
    assert (again.turn, again.when, again.sheet) == (6, "half-time", AGAIN)
    assert len(moves_of(events)) == 4


def test_guesses_are_not_asked_for_of_who_prepared_nothing(path: Path) -> None:
    script = Script({4: [GuessAgain(AGAIN), HandOver()]})
    sit(script, path)
    assert not any(turn.guesses_due for turn in script.asked)


@pytest.mark.parametrize(
    ("sheets", "turn", "answers", "problem"),
    [
        ({}, 0, [GuessAgain(AGAIN)], "guesses are asked for at half time, once, of who filled in"),
        ({"USA": SHEET}, 0, [GuessAgain(AGAIN)], "guesses are asked for at half time"),
        ({"USA": SHEET}, 4, [GuessAgain(AGAIN), GuessAgain(AGAIN)], "guesses are asked for at"),
        (
            {"USA": SHEET},
            4,
            [GuessAgain(Sheet(guesses={"COD": Guess(ranking=("x",))}))],
            "guesses.COD.ranking: no issue 'x'",
        ),
        ({}, 0, [AskAdvice()], r"advice is not allowed in this seat; it is where the seat is hum"),
    ],
)
def test_what_cannot_be_taken_is_answered_by_why(
    path: Path, sheets: Mapping[str, Sheet], turn: int, answers: list[Answer], problem: str
) -> None:
    early: dict[int, list[Answer]] = {at: [PersonMove(BEST)] for at in range(0, turn, 2)}
    script = Script({**early, turn: [*answers, HandOver()]})
    sit(script, path, sheets=sheets)
    assert problem in str(script.asked[-1].problem)


def test_advice_is_kept_and_shown_and_asked_for_once_a_turn(path: Path) -> None:
    script = Script(
        {
            0: [AskAdvice(), AskAdvice(), PersonMove(BEST)],
            2: [PersonMove(BEST)],
            4: [AskAdvice(), HandOver()],
        }
    )
    events = sit(script, path, "human(hints=yes)")
    told = [event for event in events if isinstance(event, Suggested)]
    assert [(event.turn, event.party) for event in told] == [(0, "USA"), (4, "USA")]
    assert isinstance(move_of(GAME, told[0]), Offer)
    assert "standard error" in told[0].words
    first, second, third, fourth, *_ = script.asked
    assert (first.may_ask_advice, first.advice) == (True, None)
    assert second.advice is not None
    assert second.advice.words == told[0].words
    assert third.problem == "the adviser has answered in this turn"
    assert fourth.advice is None


def test_advice_may_be_asked_for_again_once_a_shock_has_struck(path: Path) -> None:
    game = eventful()
    mine = Offer(int(game.preferences[0].ranking[0][-1]))
    script = Script({0: [AskAdvice(), HaveStrike("quota"), AskAdvice(), PersonMove(mine)]})
    negotiate(
        game,
        {"A": "human(hints=yes)", "B": "firm"},
        transcript=path,
        person=script,
        watch=script.watch,
    )
    assert verify(path).ok
    kinds = [event.type for event in events_of(path)]
    assert kinds[1:6] == ["suggested", "happened", "suggested", "decided", "moved"]
    assert [turn.advice is None for turn in script.asked[:4]] == [True, False, True, False]


def test_neither_guesses_nor_advice_give_a_person_more_time() -> None:
    clock = Clock()

    @dataclass
    class Ponders:
        """A person for whom ten seconds go by with every answer."""

        left: list[float | None] = field(default_factory=list["float | None"])

        async def move(self, turn: Turn) -> Answer:
            self.left.append(turn.left_s())
            clock.at += 10
            return AskAdvice() if turn.advice is None else PersonMove(BEST)

        def wants_back(self, party: str) -> bool:
            return False

    ponders = Ponders()
    seat = "human(limit=30,hints=yes)"
    table = table_of(ponders, Timer(clock.now, clock.sleep), seat, rounds=2)
    asyncio.run(run_graph(table))
    assert ponders.left == [30, 20, 30, 20]


class Leaves(Script):
    """A person who leaves in some turn, once."""

    def __init__(self, answers: Mapping[int, list[Answer]], at: int, count: int) -> None:
        super().__init__(answers)
        self.at, self.count = at, count

    async def move(self, turn: Turn) -> Answer:
        seen = sum(one.view.turn == turn.view.turn for one in self.asked)
        if (turn.view.turn, seen) == (self.at, self.count):
            raise Paused("left")
        return await super().move(turn)


ANSWERS: dict[int, list[Answer]] = {
    0: [AskAdvice(), PersonMove(BEST)],
    2: [PersonMove(BEST)],
    4: [AskAdvice(), GuessAgain(AGAIN), PersonMove(BEST)],
    6: [PersonMove(BEST)],
}


@pytest.mark.parametrize(("at", "count"), [(0, 0), (0, 1), (4, 0), (4, 1), (4, 2), (6, 0)])
def test_a_session_is_carried_on_with_its_sheet_guesses_and_advice(
    tmp_path: Path, at: int, count: int
) -> None:
    seat, whole, torn = "human(hints=yes)", tmp_path / "whole.jsonl", tmp_path / "torn.jsonl"
    sheets = {"USA": SHEET}
    expected = sit(Script(ANSWERS), whole, seat, sheets)
    with pytest.raises(Paused):
        negotiate(
            GAME,
            {"USA": seat, **PATIENT},
            seed=2,
            transcript=torn,
            person=Leaves(ANSWERS, at, count),
            sheets=sheets,
        )
    left = {**ANSWERS, at: ANSWERS[at][count:]}
    script = Script(left)
    resume(torn, person=script, watch=script.watch)
    assert verify(torn).complete
    assert bare(events_of(torn)) == bare(expected)
    if count:
        assert script.asked[0].advice is not None


def test_the_adviser_works_in_a_thread_while_the_loop_goes_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked, answered = threading.Event(), threading.Event()
    threads: list[int] = []

    def slow(view: View, bare: frozenset[int]) -> Advice:
        threads.append(threading.get_ident())
        asked.set()
        assert answered.wait(30)
        return Advice(move=BEST, words="So.")

    monkeypatch.setattr(delegates.persons.aids, "advise", slow)

    async def other() -> int:
        """Another session of the same loop, which answers once the adviser is at work."""
        while not asked.is_set():
            await asyncio.sleep(0)
        answered.set()
        return threading.get_ident()

    async def main() -> int:
        script = Script({0: [AskAdvice(), HandOver()]})
        seats = {"USA": "human(hints=yes)", **PATIENT}
        _, mine = await asyncio.gather(negotiate_async(GAME, seats, person=script), other())
        return mine

    assert threads != [asyncio.run(main())]
    assert len(threads) == 1


def test_guesses_do_not_go_through_the_graph_that_may_be_traced() -> None:
    values = packed(GuessAgain(SHEET))
    assert values == packed(GuessAgain(AGAIN))
    assert unpacked(values, SHEET) == GuessAgain(SHEET)
    assert unpacked(packed(AskAdvice()), SHEET) == AskAdvice()


def test_the_adviser_is_told_on_which_turns_an_offer_had_lapsed(
    monkeypatch: pytest.MonkeyPatch, path: Path
) -> None:
    # B's offer on turn 3 is off the table before A speaks on turn 4; B moves on turn 5.
    folded = fold(events_of(written(path, lapsing(), LAPSED[:5])))
    told: list[frozenset[int]] = []

    def noting(view: View, bare: frozenset[int]) -> Advice:
        told.append(bare)
        return Advice(move=LAPSED[5], words="So.")

    monkeypatch.setattr(delegates.persons.aids, "advise", noting)
    view = view_of(folded.state, (), 0)
    asyncio.run(delegates.persons.aids.aid_given(folded, view, AskAdvice()))

    assert (view.party, view.turn) == ("B", 5)
    assert told == [{0, 4}]
