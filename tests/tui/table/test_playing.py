"""A person plays on the screen: every action by keys and by mouse."""

import threading
from pathlib import Path

import pytest

from games.session import Accept, Offer
from tests.delegates.sessions import events_of, mini
from tests.tui.table.driving import MIDDLE, SMALL, Seated, at_table, session
from transcripts.events import HandedOver, MoveMade
from tui.screens.help import HelpScreen
from tui.screens.watching import WatchingScreen
from tui.table.form import MoveForm
from tui.table.saying import SayScreen
from tui.table.selector import Selector
from tui.widgets.dialogs import MenuScreen, PapersScreen
from tui.widgets.sure import SureScreen


def moves(path: Path, party: str = "USA") -> list[MoveMade]:
    return [one for one in events_of(path) if isinstance(one, MoveMade) and one.party == party]


@pytest.mark.parametrize("size", [SMALL, MIDDLE], ids=["small", "middle"])
def test_a_whole_first_session_by_keys(tmp_path: Path, size: tuple[int, int]) -> None:
    live = session(tmp_path)

    async def act(at: Seated) -> None:
        await at.asked()
        assert "Your move, round 1 of 12." in at.seen()
        await at.press("o")
        assert isinstance(at.app.screen, MoveForm)
        await at.press("left", "tab", "tab", "tab")
        await at.write("we ask for three")
        await at.press("enter")
        while True:
            await at.until(lambda: at.screen.phase != "waiting")
            await at.asked()
            if at.screen.check_action("act", ("accept",)) and not _falls_short(at):
                break
            await at.press("o", "ctrl+l", "ctrl+s")
        await at.press("a", "ctrl+s")
        await at.ended()
        assert "Agreement in round" in at.seen()
        assert "now unsealed" in at.seen()

    at_table(live, act, size)
    first, *_, last = moves(tmp_path / "session.jsonl")
    assert (first.outcome or {})["volume"] == 3
    assert (first.words, first.worded_by) == ("we ask for three", "the person")
    assert last.act == "accept"


def _falls_short(at: Seated) -> bool:
    view = at.turn.view
    return view.offer is None or view.own.falls_short(view.offer)


def test_an_offer_by_mouse(tmp_path: Path) -> None:
    live = session(tmp_path)

    async def act(at: Seated) -> None:
        await at.asked()
        await at.click("o offer")
        row = at.app.screen.query(Selector).first()
        column = next(start for position, start, _ in row._shown if position == 1)
        await at.pilot.click(row, offset=(column + 1, 0))
        assert row.options[row.chosen] == "2"
        await at.click("Offer it")
        await at.asked(2)

    at_table(live, act)
    assert (moves(tmp_path / "session.jsonl")[0].outcome or {})["volume"] == 2


def test_a_form_shows_the_worth_of_every_change(tmp_path: Path) -> None:
    async def act(at: Seated) -> None:
        await at.asked()
        await at.press("o")
        assert "100.0  +70.0 over your 30.0" in at.seen()
        await at.press("left")
        assert "90.0  +60.0 over your 30.0" in at.seen()
        await at.press("home", "down", "end", "down", "end")
        assert "0.0  30.0 BELOW your 30.0" in at.seen()
        assert "volume" in at.seen()

    at_table(session(tmp_path), act)


def test_who_offers_less_than_no_agreement_is_asked_first(tmp_path: Path) -> None:
    live = session(tmp_path)

    async def act(at: Seated) -> None:
        await at.asked()
        await at.press("o", "home", "down", "end", "ctrl+s")
        assert isinstance(at.app.screen, SureScreen)
        assert "LESS than without agreement" in at.seen()
        await at.press("n")
        assert isinstance(at.app.screen, MoveForm)
        await at.press("ctrl+s", "y")
        await at.ended()

    at_table(live, act)
    assert (moves(tmp_path / "session.jsonl")[0].outcome or {})["price"] == 40


def test_what_was_typed_outlives_the_form(tmp_path: Path) -> None:
    async def act(at: Seated) -> None:
        await at.asked()
        await at.press("o", "left", "tab", "tab", "tab")
        await at.write("mind this")
        await at.press("escape")
        assert "You will say: “mind this”" in at.seen()
        await at.press("o")
        assert "mind this" in at.seen()
        row = at.app.screen.query(Selector).first()
        assert row.options[row.chosen] == "3"

    at_table(session(tmp_path), act)


def test_words_that_are_too_long_are_told_and_kept(tmp_path: Path) -> None:
    async def act(at: Seated) -> None:
        await at.asked()
        at.screen.draft.words = "word " * 2000
        await at.press("o", "ctrl+s")
        assert isinstance(at.app.screen, MoveForm)
        assert "say it in at most" in at.seen()
        assert at.screen.draft.words == "word " * 2000

    at_table(session(tmp_path), act)


def test_walking_away_asks_and_ends_the_talks(tmp_path: Path) -> None:
    async def act(at: Seated) -> None:
        await at.asked()
        await at.press("w", "ctrl+s")
        assert "ends the talks for you, with the 30.0 points" in at.seen()
        await at.press("escape", "escape")
        assert at.screen.phase == "asked"
        await at.press("w", "ctrl+s", "y")
        await at.ended()
        assert "a party walked away" in at.seen()

    at_table(session(tmp_path), act)


def test_words_are_written_ahead(tmp_path: Path) -> None:
    live = session(tmp_path)

    async def act(at: Seated) -> None:
        await at.asked()
        await at.press("s")
        assert isinstance(at.app.screen, SayScreen)
        await at.write("hear hear")
        await at.press("enter", "o", "ctrl+s")
        await at.asked(2)
        assert at.screen.draft.words == ""

    at_table(live, act)
    assert moves(tmp_path / "session.jsonl")[0].words == "hear hear"


def test_the_seat_is_handed_over_for_a_move_and_comes_back(tmp_path: Path) -> None:
    live = session(tmp_path)

    async def act(at: Seated) -> None:
        await at.asked()
        await at.press("d")
        assert isinstance(at.app.screen, MenuScreen)
        await at.press("enter")
        await at.asked(2)

    at_table(live, act)
    assert moves(tmp_path / "session.jsonl")[0].decided_by.startswith("code (firm)")


def test_a_seat_handed_over_for_good_plays_to_the_end(tmp_path: Path) -> None:
    async def act(at: Seated) -> None:
        await at.asked()
        await at.press("d", "end", "enter")
        await at.ended()
        assert at.screen.record is not None

    at_table(session(tmp_path), act)


def test_a_seat_is_asked_back_from_the_stand_in(tmp_path: Path) -> None:
    live = session(tmp_path)

    async def act(at: Seated) -> None:
        await at.asked()
        at.live_back = False  # type: ignore[attr-defined]
        held = live.person.wants_back

        def wants_back(party: str) -> bool:
            live.person.take_back()  # as the key does, before the next turn comes
            return held(party)

        live.person.wants_back = wants_back  # type: ignore[method-assign]
        await at.press("d", "end", "enter")
        await at.asked(2)

    at_table(live, act)
    back = [one for one in events_of(tmp_path / "session.jsonl") if isinstance(one, HandedOver)]
    assert [one.to for one in back] == ["stand-in", "person"]


def test_between_the_stand_ins_moves_there_is_time_to_take_the_seat_back(tmp_path: Path) -> None:
    live = session(tmp_path)
    live.person.pace_s = threading.TIMEOUT_MAX  # nothing but the key goes on

    async def act(at: Seated) -> None:
        await at.asked()
        await at.press("d", "end")
        assert "until you take it back" in at.seen()
        await at.press("enter")
        await at.until(lambda: at.screen.total == 2 and at.screen.awaits == "USA")
        assert "take your seat back" in at.seen()
        await at.press("d")
        await at.asked(2)

    at_table(live, act)
    back = [one for one in events_of(tmp_path / "session.jsonl") if isinstance(one, HandedOver)]
    assert [one.to for one in back] == ["stand-in", "person"]


def test_what_a_rule_does_before_its_first_move_is_told_while_one_waits(tmp_path: Path) -> None:
    async def act(at: Seated) -> None:
        await at.asked()
        at.screen.awaits = "COD"
        (told,) = WatchingScreen.waiting_told(at.screen)
        assert told.plain == (
            "Waiting for ▲ DR Congo, code (conceder), to work out what could be agreed"
        )
        at.screen.total = 1
        (told,) = WatchingScreen.waiting_told(at.screen)
        assert told.plain == "Waiting for ▲ DR Congo, code (conceder)"

    at_table(session(tmp_path), act)


def test_a_seat_handed_over_can_be_left(tmp_path: Path) -> None:
    live = session(tmp_path)
    live.person.pace_s = threading.TIMEOUT_MAX

    async def act(at: Seated) -> None:
        await at.asked()
        await at.press("d", "end", "enter")
        await at.until(lambda: at.screen.total == 2)
        await at.press("escape", "y")
        await at.ended()
        assert at.screen.phase == "stopped"

    at_table(live, act)


def test_taking_back_is_a_key_only_while_the_stand_in_sits(tmp_path: Path) -> None:
    live = session(tmp_path)

    async def act(at: Seated) -> None:
        await at.asked()
        assert not at.screen.check_action("take_back", ())
        at.screen._handed_over, at.screen.turn, at.screen.phase = True, None, "waiting"
        at.screen.show_state()
        await at.pilot.pause()
        assert at.screen.check_action("take_back", ())
        await at.press("d")
        assert live.person.wants_back("USA")
        assert not at.screen.check_action("take_back", ())

    at_table(live, act)


def test_papers_hold_brief_points_talks_and_news(tmp_path: Path) -> None:
    async def act(at: Seated) -> None:
        await at.asked()
        await at.press("b")
        assert isinstance(at.app.screen, PapersScreen)
        assert "YOU ARE UNITED STATES" in at.seen()
        await at.press("2")
        assert "What is worth how much to you" in at.seen()
        await at.press("right")
        assert "Nothing is on the table." in at.seen()
        await at.click("Talks")
        assert "Nobody has spoken yet." in at.seen()
        await at.press("escape", "n")
        assert "Nothing has happened between moves so far." in at.seen()

    at_table(session(tmp_path), act)


def test_the_adviser_is_asked_once_a_turn(tmp_path: Path) -> None:
    live = session(tmp_path, hints=True)

    async def act(at: Seated) -> None:
        await at.asked()
        await at.click("ask adviser")
        await at.until(lambda: at.screen.turn and at.screen.turn.advice)
        assert isinstance(at.app.screen, PapersScreen)
        await at.press("escape")
        assert "Adviser" in at.seen()
        assert not at.screen.check_action("advice", ())
        await at.press("o", "ctrl+y", "ctrl+s")
        await at.asked(2)
        assert at.screen.check_action("advice", ())

    at_table(live, act)


def test_without_hints_the_adviser_is_no_key(tmp_path: Path) -> None:
    async def act(at: Seated) -> None:
        await at.asked()
        await at.press("i")
        assert at.screen.phase == "asked"
        assert "adviser" not in at.seen()

    at_table(session(tmp_path), act)


def test_help_tells_every_key(tmp_path: Path) -> None:
    async def act(at: Seated) -> None:
        await at.asked()
        await at.press("question_mark")
        assert isinstance(at.app.screen, HelpScreen)
        assert "accept the offer on the table" in at.seen()

    at_table(session(tmp_path), act)


def test_panels_by_keys_and_mouse(tmp_path: Path) -> None:
    async def act(at: Seated) -> None:
        await at.asked()
        await at.press("o", "ctrl+s")
        await at.asked(2)
        assert "1–3 panels" in at.seen()
        assert "4 result" not in at.seen()
        await at.press("2", "4")
        assert at.screen.panel == "agenda"
        assert "worth" in at.seen()
        await at.press("tab")
        assert at.screen.panel == "utilities"
        await at.press("shift+tab")
        assert at.screen.panel == "agenda"
        await at.click("1 Conversation")
        assert at.screen.panel == "conversation"

    at_table(session(tmp_path), act, SMALL)


def test_looking_back_is_told_and_the_newest_is_a_key_away(tmp_path: Path) -> None:
    async def act(at: Seated) -> None:
        await at.asked()
        await at.press("o", "ctrl+s")
        await at.asked(2)
        await at.press("left")
        assert "shown as after move 1 (G: newest)" in at.seen()
        await at.press("G")
        assert at.screen.moves == 2
        await at.press("home")
        assert at.screen.moves == 1
        await at.press("o", "ctrl+s")
        await at.asked(4)
        assert at.screen.moves == 1

    at_table(session(tmp_path), act)


def test_an_answer_that_cannot_be_taken_is_told_in_a_line(tmp_path: Path) -> None:
    async def act(at: Seated) -> None:
        await at.asked()
        at.screen.draft.words = "keep me"
        at.screen.live.person.answer(_move(Accept()), at.turn)
        await at.until(lambda: at.screen.turn and at.screen.turn.problem)
        assert "✗" in at.seen()
        assert at.screen.draft.words == "keep me"

    at_table(session(tmp_path), act)


def _move(move: Offer | Accept):
    from delegates.persons.person import PersonMove

    return PersonMove(move)


def test_one_may_watch_where_nobody_sits(tmp_path: Path) -> None:
    live = session(tmp_path, party=None, seats={"USA": "linear", "COD": "conceder"})

    async def act(at: Seated) -> None:
        await at.ended()
        assert "Points (in brackets those without agreement)" in at.seen()
        assert at.screen.total > 1
        assert "1–3 panels" in at.seen()
        assert "4 result" in at.seen()
        await at.press("4")
        await at.until(lambda: "AGREEMENT" in at.seen())

    at_table(live, act)


def test_a_session_of_one_round_is_over_after_it(tmp_path: Path) -> None:
    live = session(tmp_path, scenario=mini(rounds=1))

    async def act(at: Seated) -> None:
        await at.asked()
        assert "the last" in at.seen()
        await at.press("o", "ctrl+s")
        await at.ended()
        assert "No agreement" in at.seen()

    at_table(live, act)
