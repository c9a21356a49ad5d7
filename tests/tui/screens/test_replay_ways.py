"""Ways through a replay: by search, by number, by jumps; as whom; and while it still grows."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from textual.message import Message
from textual.pilot import Pilot

from games.scenario import Scenario
from tests.transcripts.test_golden import FIRST, FOURTH
from tests.tui.recordings import (
    TALKS,
    closed,
    long_recording,
    moved,
    offers,
    pair,
    recorded,
    spoilt,
    with_person,
)
from tests.tui.replaying import SMALL, WIDE, replayed, seen, settled
from tests.tui.staging import told
from transcripts.events import Event
from tui.app import MinilateralApp
from tui.errands import Analyse, GoHome, OpenReview
from tui.replay import Recording, read_history
from tui.screens.chain import ChainScreen
from tui.screens.replay import ReplayScreen
from tui.screens.replay_commands import commands
from tui.text.labels import party_labels
from tui.widgets.scrub_bar import ScrubBar
from tui.widgets.spoken import move_lines, searched
from tui.widgets.sure import SureScreen

AS_BEFORE = r"\d+ as (before|in the text)|the same offer as before|the text as it stands"
"""What stands in the place of terms that are as they were."""

Act = Callable[[ReplayScreen, Pilot[None]], Awaitable[None]]


async def enter(pilot: Pilot[None], key: str, text: str) -> None:
    """Open the line, type a text, enter it and wait until everything was searched."""
    await pilot.press(key, *["space" if one == " " else one for one in text], "enter")
    await settled(pilot)


def seated(path: Path, act: Act, see: str | None, size: tuple[int, int] = WIDE) -> None:
    """Open a transcript as a party, and act."""

    async def main() -> None:
        app = MinilateralApp(lambda: ReplayScreen(Recording(path), see=see))
        async with app.run_test(size=size) as pilot:
            await settled(pilot)
            screen = app.screen
            assert isinstance(screen, ReplayScreen)
            await act(screen, pilot)

    asyncio.run(main())


@pytest.fixture
def path(tmp_path: Path) -> Path:
    of = pair()
    words = ["Ore first.", "No ore.", "Cobalt then.", "An ORE train."]
    moves = [moved(of, turn, 1 + turn % 3, words=said) for turn, said in enumerate(words)]
    return recorded(tmp_path / "t.jsonl", of, moves)


def test_words_are_found_whatever_their_capitals_and_gone_through_in_a_ring(path: Path) -> None:
    async def act(screen: ReplayScreen, pilot: Pilot[None]) -> None:
        await enter(pilot, "slash", "ore")
        assert screen.moves == 1
        assert "1 of 3" in seen(pilot)
        stood: list[int] = []
        for key in ("n", "n", "n", "N"):
            await pilot.press(key)
            stood.append(screen.moves)
        assert stood == [2, 4, 1, 4]
        hits = screen.query_one(ScrubBar).hits
        assert hits is not None
        assert hits.tolist() == [1, 2, 4]
        await pilot.press("escape")
        await pilot.pause()
        assert screen.query_one(ScrubBar).hits is None
        assert pilot.app.screen is screen

    replayed(path, act)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("supplier", 2),
        ("supplier ore", 2),
        ("offer", 4),
        ("OFFERS", 4),
        ("round 2", 2),
        ("round 2 ore", 1),
        ("gold", 0),
    ],
)
def test_parties_and_acts_are_found_too(path: Path, text: str, count: int) -> None:
    async def act(screen: ReplayScreen, pilot: Pilot[None]) -> None:
        await enter(pilot, "slash", text)
        assert len(screen._hits) == count
        told = seen(pilot)
        assert (f"of {count}" if count else "nothing found") in told
        assert ("n N go on" in told) == bool(count)

    replayed(path, act)


@pytest.mark.parametrize("path", [TALKS, FOURTH, FIRST], ids=["talks", "hall", "models"])
@pytest.mark.parametrize("as_party", [False, True])
def test_whatever_is_shown_of_a_move_is_found(path: Path, *, as_party: bool) -> None:
    recording = Recording(path)
    *_, history = read_history(recording)
    see = recording.scenario.ids[0] if as_party else None
    labels = {label.id: label for label in party_labels(recording.scenario)}
    for position in range(min(len(recording), 120)):
        move = recording.move(position, see)
        if not move.is_heard or move.event is None:
            continue
        label = labels[move.event.party]
        text = searched(move, label, recording.scenario, history)
        lines = move_lines(move, label, recording.scenario, history, 400)
        shown = " ".join(line.plain for line in lines).casefold()
        shown = re.sub(rf" {move.number}  \{label.glyph}|{AS_BEFORE}", "", shown)
        assert [word for word in shown.split() if word.strip("“”!◆") not in text] == []


def test_a_search_is_given_up_for_the_next_one(tmp_path: Path) -> None:
    path = long_recording(tmp_path / "t.jsonl", 3000)

    async def act(screen: ReplayScreen, pilot: Pilot[None]) -> None:
        screen.action_ask("search")
        screen._seek("partners")
        screen._seek("no such word")
        for _ in range(200):
            await pilot.pause()
            if screen._share == 1.0:
                break
        assert len(screen._hits) == 0
        assert "nothing" in seen(pilot)

    replayed(path, act)


def test_what_is_typed_is_shown_as_text(path: Path) -> None:
    async def act(screen: ReplayScreen, pilot: Pilot[None]) -> None:
        screen.action_ask("search")
        await pilot.pause()
        from textual.widgets import Input

        screen.query_one(Input).value = "[red]x[/red]"
        await pilot.press("enter")
        await settled(pilot)
        assert "[red]x[/red]" in seen(pilot)

    replayed(path, act)


@pytest.mark.parametrize(
    ("text", "moves"), [("3", 3), ("99", 14), ("0", 1), ("r3", 5), ("r99", 13), ("x", 1)]
)
def test_a_move_or_round_is_gone_to_by_its_number(text: str, moves: int) -> None:
    async def act(screen: ReplayScreen, pilot: Pilot[None]) -> None:
        await enter(pilot, "colon", text)
        assert screen.moves == moves

    replayed(TALKS, act)


@pytest.mark.parametrize(
    "text",
    ["9" * 5000, "r" + "9" * 5000, "1" + "0" * 18, "³"],
    ids=["thousands of digits", "so many in a round", "19 digits", "no digit"],
)
def test_what_is_no_number_of_a_move_is_told_in_a_line(path: Path, text: str) -> None:
    async def act(screen: ReplayScreen, pilot: Pilot[None]) -> None:
        before = screen.moves
        screen._go_where(text)
        await pilot.pause()
        (line,) = told(pilot)
        assert line.endswith(": expected a move's number, or r3")
        assert len(line) < 80
        assert screen.moves == before

    replayed(path, act)


def test_keys_that_find_nothing_to_go_to_say_so(path: Path) -> None:
    async def act(screen: ReplayScreen, pilot: Pilot[None]) -> None:
        before = screen.moves
        await pilot.press("a", "f", "F", "x", "X", "n", "N")
        await pilot.pause()
        assert told(pilot) == [
            "there is no agreement to go to",
            "no fallback after this move",
            "no fallback before this move",
            "no shock or instruction after this move",
            "no shock or instruction before this move",
            *["nothing is sought: / asks what is"] * 2,
        ]
        assert screen.moves == before

    replayed(path, act)


def test_x_goes_to_what_happened_and_back() -> None:
    async def act(screen: ReplayScreen, pilot: Pilot[None]) -> None:
        assert screen.history is not None
        news = (screen.history.news(None) + 1).tolist()
        await pilot.press("g")
        stood: list[int] = []
        for _ in news:
            await pilot.press("x")
            stood.append(screen.moves)
        assert stood == [one for one in news if one > 1] + [news[-1]] * (news[0] == 1)
        await pilot.press("x")
        assert screen.moves == news[-1]
        await pilot.press("X")
        assert screen.moves == news[-2]

    replayed(FOURTH, act)


def test_the_bar_goes_by_moves_rounds_and_time() -> None:
    async def act(screen: ReplayScreen, pilot: Pilot[None]) -> None:
        bar = screen.query_one(ScrubBar)
        for scale in ("rounds", "time", "moves"):
            await pilot.press("t")
            await pilot.pause()
            assert bar.scale == scale
            columns = [bar.column(moves) for moves in range(1, 15)]
            assert columns == sorted(columns)
            assert bar.moves_at(columns[-1]) == 14
        await pilot.press("t")
        await pilot.click("#scrub", offset=(78, 0))
        assert screen.moves == 14

    replayed(TALKS, act)


def test_s_goes_through_all_views_and_the_title_tells_whose_it_is() -> None:
    async def act(screen: ReplayScreen, pilot: Pilot[None]) -> None:
        assert "seen by" not in seen(pilot)
        for party in ("USA", "COD"):
            await pilot.press("s")
            await settled(pilot)
            assert f"{party}" in seen(pilot).splitlines()[1].partition("seen by")[2]
            assert screen.see == party
        await pilot.press("s")
        assert screen.see is None
        await pilot.press("S")
        assert screen.see == "COD"

    replayed(TALKS, act, WIDE)


@pytest.mark.parametrize(("answer", "see"), [("n", "BUY"), ("escape", "BUY"), ("y", "SUP")])
def test_an_unfinished_session_of_a_person_is_sealed_until_it_is_asked(
    tmp_path: Path, answer: str, see: str
) -> None:
    async def act(screen: ReplayScreen, pilot: Pilot[None]) -> None:
        assert screen.see == "BUY"
        await pilot.press("s")
        await pilot.pause()
        assert isinstance(pilot.app.screen, SureScreen)
        told = " ".join(seen(pilot).replace("│", " ").split())
        assert "seals the others until the close" in told, told
        await pilot.press(answer)
        await pilot.pause()
        assert screen.see == see
        if answer == "y":
            await pilot.press("s")
            assert screen.see is None

    replayed(with_person(tmp_path / "t.jsonl", closes=False), act)


def test_the_question_is_answered_by_mouse(tmp_path: Path) -> None:
    async def act(screen: ReplayScreen, pilot: Pilot[None]) -> None:
        await pilot.press("s")
        await pilot.pause()
        await pilot.click("#no")
        await pilot.pause()
        assert screen.see == "BUY"
        await pilot.press("s")
        await pilot.pause()
        await pilot.click("#yes")
        await pilot.pause()
        assert screen.see == "SUP"

    replayed(with_person(tmp_path / "t.jsonl", closes=False), act)


def test_a_finished_session_of_a_person_is_open_to_all(tmp_path: Path) -> None:
    async def act(screen: ReplayScreen, pilot: Pilot[None]) -> None:
        assert screen.see is None
        await pilot.press("s", "s")
        assert screen.see == "SUP"

    replayed(with_person(tmp_path / "t.jsonl", closes=True), act)


def grown(tmp_path: Path, of: Scenario, first: list[int | None], then: list[Event]) -> list[bytes]:
    """Return the content of a record before and after it has grown."""
    path = recorded(tmp_path / "u.jsonl", of, offers(of, first))
    before = path.read_bytes()
    path = recorded(tmp_path / "u.jsonl", of, [*offers(of, first), *then])
    return [before, path.read_bytes()]


def test_a_record_that_grows_is_followed_to_its_close(tmp_path: Path) -> None:
    of, path = pair(), tmp_path / "t.jsonl"
    before, after = grown(tmp_path, of, [3, 1], [moved(of, 2, 2), moved(of, 3, None), closed(of)])
    path.write_bytes(before)

    async def act(screen: ReplayScreen, pilot: Pilot[None]) -> None:
        await pilot.press("G")
        path.write_bytes(after[: after.rindex(b"\n", 0, after.rindex(b'"act":"accept"')) + 1])
        screen.look()
        await settled(pilot)
        assert screen.total == 3
        assert screen.moves == 3
        assert "● live" in seen(pilot)
        await pilot.press("left")
        path.write_bytes(after)
        screen.look()
        await settled(pilot)
        assert (screen.moves, screen.total) == (2, 4)
        assert "★ agreement" in seen(pilot)
        assert "live" not in seen(pilot)
        assert not screen._is_followed

    replayed(path, act)


def test_a_record_cut_short_while_it_is_followed_gives_one_line(tmp_path: Path) -> None:
    of = pair()
    path = recorded(tmp_path / "t.jsonl", of, offers(of, [3, 1, 2]))

    async def act(screen: ReplayScreen, pilot: Pilot[None]) -> None:
        path.write_bytes(path.read_bytes()[:-900])
        screen.look()
        await settled(pilot)
        told = [one.message for one in pilot.app._notifications]
        assert len(told) == 1
        assert "cut short while it was read" in told[0]
        await pilot.press("G", "g", "2", "1")
        await pilot.pause()

    replayed(path, act, WIDE)


def test_the_title_tells_the_state_of_the_chain_and_i_tells_more() -> None:
    async def act(screen: ReplayScreen, pilot: Pilot[None]) -> None:
        assert "chain ✓" in seen(pilot)
        await pilot.press("i")
        await pilot.pause()
        assert isinstance(pilot.app.screen, ChainScreen)
        text = seen(pilot)
        assert "events follow one another" in text
        assert screen.history is not None
        assert screen.history.head in text
        await pilot.press("i")
        assert pilot.app.screen is screen

    replayed(TALKS, act, WIDE)


@pytest.mark.parametrize(
    ("columns", "seats"),
    [(80, " code (firm), templates"), (100, " by code (firm), words by templates")],
)
def test_who_sat_there_is_told_in_as_many_words_as_there_is_room_for(
    tmp_path: Path, columns: int, seats: str
) -> None:
    of = pair()
    path = recorded(tmp_path / "t.jsonl", of, offers(of, [3, 1, 2, 1]))

    async def act(screen: ReplayScreen, pilot: Pilot[None]) -> None:
        await settled(pilot)
        assert seen(pilot).splitlines()[1].rstrip().endswith(seats)
        await pilot.press("s")
        await settled(pilot)
        line = seen(pilot).splitlines()[1]
        assert "seen by ● BUY" in line
        assert "chain" not in line.replace("chain ✓", "")

    replayed(path, act, (columns, 24))


def test_a_broken_chain_is_told_with_where_it_broke(tmp_path: Path) -> None:
    of = pair()
    path = spoilt(recorded(tmp_path / "t.jsonl", of, offers(of, [3, 1, 2, 1])), 3)

    async def act(screen: ReplayScreen, pilot: Pilot[None]) -> None:
        assert "chain ✗ at event 3" in seen(pilot)
        await pilot.press("i")
        await pilot.pause()
        assert "broken at event 3" in seen(pilot)
        assert "was changed" in seen(pilot)

    replayed(path, act, WIDE)


def test_a_party_is_not_told_what_is_wrong_in_a_record(tmp_path: Path) -> None:
    of = pair()
    path = spoilt(recorded(tmp_path / "t.jsonl", of, offers(of, [3, 1, 2, 1])), 3)

    async def act(screen: ReplayScreen, pilot: Pilot[None]) -> None:
        assert "! sound up to event 2" in seen(pilot)
        assert "was changed" not in seen(pilot)
        await pilot.press("i")
        await pilot.pause()
        assert "was changed" not in seen(pilot)

    seated(path, act, "BUY")


@pytest.mark.parametrize(
    ("key", "kind"), [("v", OpenReview), ("A", Analyse), ("H", GoHome), ("escape", GoHome)]
)
def test_keys_that_lead_elsewhere_send_errands(key: str, kind: type[Message]) -> None:
    posted: list[Message] = []

    class Listening(MinilateralApp):
        async def on_event(self, event: Message) -> None:  # pyright: ignore
            await super().on_event(event)  # pyright: ignore

        def post_message(self, message: Message) -> bool:
            if isinstance(message, kind):
                posted.append(message)
                return True
            return super().post_message(message)

    async def main() -> None:
        app = Listening(lambda: ReplayScreen(Recording(TALKS), see="COD"))
        async with app.run_test(size=SMALL) as pilot:
            await settled(pilot)
            await pilot.press(key)
            await pilot.pause()

    asyncio.run(main())
    assert len(posted) == 1
    if isinstance(posted[0], OpenReview):
        assert (posted[0].path, posted[0].party) == (TALKS, "COD")


def test_trying_again_begins_where_the_replay_stands() -> None:
    async def act(screen: ReplayScreen, pilot: Pilot[None]) -> None:
        await pilot.press("right", "right", "T")
        await pilot.pause()
        from tui.screens.try_again import TryAgainScreen

        assert isinstance(pilot.app.screen, TryAgainScreen)
        assert pilot.app.screen._at == 3

    replayed(TALKS, act)


def test_whatever_a_key_does_is_in_the_command_palette() -> None:
    async def act(screen: ReplayScreen, pilot: Pilot[None]) -> None:
        offered = {action for _, action in commands()}
        assert offered >= {"chain", "next_scale", "try_again", "app.home"}
        await pilot.press("ctrl+p")
        await pilot.pause()
        await pilot.press(*"fallback")
        await settled(pilot)
        await pilot.press("enter", "enter")
        await settled(pilot)
        assert screen.moves == 5

    replayed(TALKS, act)
