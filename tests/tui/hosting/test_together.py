"""Several people at one table: they join, play, lose the connection, and are back."""

import sys
from pathlib import Path

import pytest

from games.errors import Paused
from tests.tui.hosting.driving import AWAY_S, CANARIES, Browser, Hosted, at_table
from transcripts.events import HandedOver, MoveMade
from transcripts.record import SessionRecord
from transcripts.store import Transcript
from transcripts.verify import verify
from tui.hosting.seat import AWAY, WAS_AWAY
from tui.screens.table import TableScreen
from tui.wire.joined import ELSEWHERE, FAULT, LEFT


async def both(at: Hosted) -> tuple[Browser, Browser]:
    """Return the two people's browsers, the first of them asked to move."""
    first, second = await at.join("AAA"), await at.join("BBB")
    await first.until("Your move")
    await second.until("Waiting for")
    return first, second


async def offers(who: Browser) -> None:
    """Make the offer that the form begins with."""
    await who.type("o")
    await who.until("Make an offer", "▌volume")
    await who.type("\x13")
    await who.until_gone("Make an offer")


async def accepts(who: Browser) -> None:
    """Accept what is on the table."""
    await who.type("a")
    await who.until("Accept it (^S)")
    await who.type("\x13")
    await who.until_gone("Accept it (^S)")


def handovers(path: Path) -> list[tuple[str, str, str]]:
    return [
        (event.party, event.to, event.reason)
        for event in Transcript(path).events()
        if isinstance(event, HandedOver)
    ]


def test_two_people_and_a_mind_play_a_session_to_its_end(tmp_path: Path) -> None:
    async def act(at: Hosted) -> None:
        first, second = await both(at)
        await offers(first)
        await second.until("Your move", "is on the table")
        await accepts(second)
        await first.until("Agreement")
        await second.until("Agreement")

    table = at_table(tmp_path, act)

    assert isinstance(table.ended, SessionRecord)
    assert table.ended.status == "agreement"
    made = [one.party for one in Transcript(table.path).events() if isinstance(one, MoveMade)]
    assert made == ["AAA", "BBB", "CCC"]
    assert verify(table.path).ok
    assert handovers(table.path) == []


def test_who_loses_the_connection_is_back_at_the_same_place(tmp_path: Path) -> None:
    async def act(at: Hosted) -> None:
        first, second = await both(at)
        await first.type("o")
        await first.until("Make an offer", "▌volume")
        await first.type("\t")  # to what is said
        await first.until_gone("▌volume")
        await first.type("Before the cable broke")
        await first.until("Before the cable broke")
        await first.cut()
        await at.until(lambda: not at.table.seats["AAA"].is_here)
        assert at.table.seats["AAA"].is_asked

        again = await at.join("AAA")
        await again.until("Your move", "Before the cable broke")
        await offers(again)
        await second.until("Your move", "Before the cable broke")

    table = at_table(tmp_path, act)

    assert handovers(table.path) == []


def test_a_stand_in_moves_for_who_stays_away_and_gives_the_seat_back(tmp_path: Path) -> None:
    async def act(at: Hosted) -> None:
        first, second = await both(at)
        await first.cut()
        await at.until(lambda: not at.table.seats["AAA"].is_here)
        await at.let_go_by(AWAY_S)
        await second.until("Your move", "is on the table")
        assert at.table.seats["AAA"].held is not None

        again = await at.join("AAA")
        await again.until("Your stand-in moved while")
        await offers(second)
        await again.until("Your move")
        assert at.table.seats["AAA"].held is None

    table = at_table(tmp_path, act)

    reason = AWAY.format(AWAY_S)
    assert handovers(table.path) == [
        ("AAA", "stand-in", reason),
        ("AAA", "person", "the person took it back"),
    ]
    assert "yours again" in WAS_AWAY


def test_the_newest_connection_of_a_seat_wins_and_the_older_is_told_why(tmp_path: Path) -> None:
    async def act(at: Hosted) -> None:
        first, _ = await both(at)
        again = await at.join("AAA")

        assert await first.until_ended() == (ELSEWHERE.code, ELSEWHERE.words)
        await again.until("Your move")
        await offers(again)
        await again.until("1 move")
        assert at.server.joined == 2

    table = at_table(tmp_path, act)

    assert table.moves == 1


def test_nobody_waits_for_ever_for_who_never_comes(tmp_path: Path) -> None:
    async def act(at: Hosted) -> None:
        first = await at.join("AAA")
        await first.until(
            "have not come yet", "BBB", "You sit for Aaaland.", at.table.scenario.title
        )
        assert at.table.phase == "gathering"
        await first.until("It begins in 60 s at the latest, with a stand-in for them")
        await first.type("b")
        await first.until(f"Bring home the {CANARIES['AAA'][0]}")
        await first.type("\x1b")
        at.clock.move(AWAY_S - 25)
        await first.until("It begins in 30 s at the latest")
        await at.let_go_by(25)
        await first.until("Your move", "you are ● AAA · round 1")
        await offers(first)
        await first.until("Waiting for")
        await at.until(lambda: at.table.seats["BBB"].is_asked)
        await at.let_go_by(AWAY_S)
        await first.until("Your move, round 2")

    table = at_table(tmp_path, act)

    assert handovers(table.path) == [("BBB", "stand-in", AWAY.format(AWAY_S))]


def test_a_table_that_nobody_joins_plays_nothing(tmp_path: Path) -> None:
    async def act(at: Hosted) -> None:
        at.clock.move(10 * AWAY_S)

    table = at_table(tmp_path, act)

    assert not table.path.exists()
    assert isinstance(table.ended, Paused)


def test_who_leaves_and_comes_back_finds_the_result(tmp_path: Path) -> None:
    async def act(at: Hosted) -> None:
        first, second = await both(at)
        await offers(first)
        await first.until("1 move")
        await first.type("q")
        await first.until("Leave now?", "without you")
        await first.type("y")
        assert await first.until_ended() == (LEFT.code, LEFT.words)
        await second.until("Your move")
        await accepts(second)
        await second.until("Agreement")

        late = await at.join("AAA")
        await late.until("Agreement", "40.0 points")

    at_table(tmp_path, act)


def test_a_fault_in_one_app_touches_neither_session_nor_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def fails(_: TableScreen) -> None:
        raise ZeroDivisionError("a fault of the program")

    async def act(at: Hosted) -> None:
        first, second = await both(at)
        with monkeypatch.context() as broken:
            broken.setattr(TableScreen, "action_help", fails)
            await first.type("?")
            assert await first.until_ended() == (FAULT.code, FAULT.words)
        again = await at.join("AAA")
        await again.until("Your move")
        await offers(again)
        await second.until("Your move")

    before = sys.stdout, sys.stderr
    at_table(tmp_path, act)

    assert (sys.stdout, sys.stderr) == before
    told = capfd.readouterr()
    assert (told.out, told.err) == ("", "")
