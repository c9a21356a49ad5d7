"""The lead's screen of a table: keys in, orders out, and what it tells of who is there."""

import asyncio
from pathlib import Path

from textual.widgets import OptionList

from tests.delegates.sessions import events_of
from tests.tui.hosting.driving import Clock
from tests.tui.leading.driving import SMALL, TWO, Led, Player, laid, led
from transcripts import verify
from transcripts.events import HandedOver, Happened
from tui.hosting.table import HostedTable
from tui.leading.told import since
from tui.screens.debriefs import DebriefsScreen
from tui.screens.tables import TablesScreen
from tui.screens.trainer import TrainerScreen
from tui.widgets.dialogs import MenuScreen
from tui.wire.lead_app import still_there


def both(table: HostedTable, *, at_once: bool = False) -> tuple[Player, Player]:
    """Return both people of a table, come."""
    one, other = Player(table, "USA", at_once), Player(table, "COD", at_once)
    one.come()
    other.come()
    return one, other


def asked(*players: Player) -> Player | None:
    """Return who is asked."""
    return next((one for one in players if one.turn is not None), None)


def test_it_tells_who_has_come_who_is_away_and_since_when(tmp_path: Path) -> None:
    clock = Clock()
    table = laid(tmp_path, clock=clock)

    async def act(at: Led) -> None:
        await at.shows("USA ○ not here yet", "COD ○ not here yet")
        one, other = Player(table, "USA"), Player(table, "COD")
        one.come()
        await at.shows("USA ● here", "COD ○ not here yet")
        other.come()
        await at.shows("COD ● here")
        await at.until(lambda: asked(one, other))
        waiting = other if asked(one, other) is one else one
        waiting.go()
        clock.move(75)
        await at.shows(f"{waiting.party} ○ away for 1 min 15 s")
        mover = asked(one, other)
        assert mover is not None
        assert f"{mover.party} ● here, to move" in at.seen()

    led([table], act)


def test_space_pauses_and_goes_on(tmp_path: Path) -> None:
    table = laid(tmp_path)

    async def act(at: Led) -> None:
        one, other = both(table)
        await at.until(lambda: asked(one, other))
        await at.press("space")
        assert table.lead.is_paused
        assert "PAUSED" in at.seen()
        mover = asked(one, other)
        assert mover is not None
        assert mover.turn is not None
        assert mover.turn.is_paused()
        mover.move()
        await at.press("question_mark")
        await at.press("escape")
        assert table.moves == 0
        await at.press("space")
        await at.until(lambda: table.moves == 1)
        assert "PAUSED" not in at.seen()

    led([table], act)


def test_it_may_be_paused_before_anybody_has_come(tmp_path: Path) -> None:
    table = laid(tmp_path, {"USA": "human"})

    async def act(at: Led) -> None:
        await at.press("space")
        player = Player(table, "USA", at_once=True)
        player.come()
        await at.until(lambda: table.lead.shocks_left and at.app.screen.total == 0)  # type: ignore[attr-defined]
        await at.shows("i inject a shock")
        await at.press("i")
        assert isinstance(at.app.screen, MenuScreen)
        await at.press("escape")
        assert table.moves == 0
        await at.press("space")
        await at.until(lambda: table.ended is not None)

    led([table], act)


def test_a_shock_is_chosen_from_those_left_and_strikes_while_a_person_is_asked(
    tmp_path: Path,
) -> None:
    table = laid(tmp_path)

    async def act(at: Led) -> None:
        one, other = both(table)
        await at.until(lambda: asked(one, other))
        await at.press("i")
        menu = at.app.screen.query_one(OptionList)
        assert menu.option_count == len(table.scenario.shocks)
        first = next(iter(table.scenario.shocks.values()))
        assert first.label in at.seen()
        mover = asked(one, other)
        assert mover is not None
        assert mover.turn is not None
        news = len(mover.turn.view.news)
        await at.press("enter")
        await at.until(lambda: mover.turn is not None and len(mover.turn.view.news) == news + 1)
        await at.press("i")
        assert at.app.screen.query_one(OptionList).option_count == len(table.scenario.shocks) - 1

    led([table], act)
    happened = [one for one in events_of(table.path) if isinstance(one, Happened)]
    assert [(one.by, one.turn) for one in happened] == [("trainer", 0)]
    assert verify(table.path).as_json()["problems"] == []


def test_before_the_session_begins_nothing_can_strike_and_it_says_so(tmp_path: Path) -> None:
    table = laid(tmp_path)

    async def act(at: Led) -> None:
        await at.shows("l links")
        for offered in ("i inject", "x hand over"):
            assert offered not in at.seen()
        for key in "ix":
            await at.press(key)
            await at.shows("The session has not begun.")
            await at.press("l", "escape")
            assert "The session has not begun." not in at.seen()
        both(table)
        await at.shows("i inject a shock", "x hand over, give back")

    led([table], act)


def test_who_hosts_is_told_of_what_they_did_and_a_seat_of_its_host(tmp_path: Path) -> None:
    """The host was told of "whoever hosts", as if that were somebody else."""
    table = laid(tmp_path)
    told: list[str] = []

    async def act(at: Led) -> None:
        table.tell(lambda happening: told.append("" if happening is None else str(happening.words)))
        both(table)
        await at.until(lambda: table.phase == "playing")
        player = Player(table, "USA")
        player.come()
        await at.until(lambda: table.seats["USA"].is_here)
        await asyncio.to_thread(table.close)
        await at.shows("Left for now: you closed the table")
        await at.until(lambda: player.stopped)
        assert str(player.stopped) == "whoever hosts the table closed it"
        assert str(table.seats["USA"].sitting().ended) == str(player.stopped)

    led([table], act)
    assert not [one for one in told if "closed" in one]


def test_a_seat_is_handed_over_and_given_back(tmp_path: Path) -> None:
    table = laid(tmp_path)

    async def act(at: Led) -> None:
        one, other = both(table)
        await at.until(lambda: asked(one, other))
        mover = asked(one, other)
        assert mover is not None
        await at.press("space", "x")
        place = list(TWO).index(mover.party)
        assert "hand it over to the stand-in" in at.seen()
        await at.press(*["down"] * (place + 0 if place else 0), "enter")
        await at.until(lambda: mover.turn is None)
        await at.shows(f"{mover.party} ◐ stand-in: the trainer handed it over")
        await at.press("x")
        assert "give it back to its person" in at.seen()
        await at.press(*["down"] * place, "enter")
        await at.until(lambda: mover.turn is not None)
        await at.shows(f"{mover.party} ● here")
        assert table.moves == 0
        await at.press("space")
        mover.move()
        await at.until(lambda: table.moves == 1)

    led([table], act)
    handed = [one for one in events_of(table.path) if isinstance(one, HandedOver)]
    assert [one.to for one in handed] == ["stand-in", "person"]


def test_the_links_are_shown_to_be_handed_out(tmp_path: Path) -> None:
    table = laid(tmp_path)

    async def act(at: Led) -> None:
        table.seats["USA"].link = "http://127.0.0.1:8123/seat/abc/"
        await at.press("l")
        await at.shows("http://127.0.0.1:8123/seat/abc/", "COD (DR Congo", "play --join LINK")

    led([table], act)


def test_every_private_side_is_seen_and_what_comes_after_the_end(tmp_path: Path) -> None:
    table = laid(tmp_path)

    async def act(at: Led) -> None:
        screen = at.app.screen
        assert isinstance(screen, TrainerScreen)
        both(table, at_once=True)
        await at.until(lambda: table.ended is not None and screen.phase == "over")
        await at.until(lambda: screen.recording is not None and screen.history is not None)
        assert screen.see is None
        assert "debriefs side by side" in at.seen()
        await at.press("space")
        assert not table.lead.is_paused
        await at.press("D")
        assert isinstance(at.app.screen, DebriefsScreen)
        await at.press("escape")
        assert at.app.screen is screen
        await at.press("r")
        await at.until(lambda: at.app.screen is not screen)
        await at.press("escape")
        await at.until(lambda: at.app.screen is screen)

    led([table], act)


def test_to_close_the_only_table_is_to_stop_hosting_and_is_asked_first(tmp_path: Path) -> None:
    table = laid(tmp_path)

    async def act(at: Led) -> None:
        await at.press("escape")
        assert "Stop hosting?" in at.seen()
        await at.press("n")
        assert isinstance(at.app.screen, TrainerScreen)
        await at.press("q")
        assert "Stop hosting?" in at.seen()
        await at.press("y")
        assert not at.app.is_running or at.app.return_code == 0

    led([table], act, SMALL)


def test_to_stop_while_somebody_still_looks_says_whose_screens_close(tmp_path: Path) -> None:
    """Once all was over hosting stopped unasked, and threw who read their review out of it."""
    table = laid(tmp_path)

    async def act(at: Led) -> None:
        at.app._looking = lambda: 2
        await at.press("q")
        told = " ".join(at.seen().replace("│", " ").split())
        assert "carried on. 2 people still look at their tables; their screens close." in told
        await at.press("n")
        both(table, at_once=True)
        await at.until(lambda: table.ended is not None)
        await at.press("q")
        assert "Stop hosting?" in at.seen()
        told = " ".join(at.seen().replace("│", " ").split())
        assert "2 people still look at their tables; their screens close." in told
        assert "Sessions that go on" not in told
        await at.press("n")
        at.app._looking = lambda: 0
        await at.press("q")
        assert "Stop hosting?" not in at.seen()

    led([table], act, SMALL)
    assert still_there(1) == "One person still looks at their table; their screen closes."


def test_home_is_the_first_screen(tmp_path: Path) -> None:
    tables = [laid(tmp_path, number=number) for number in (1, 2)]

    async def act(at: Led) -> None:
        await at.press("enter")
        assert isinstance(at.app.screen, TrainerScreen)
        at.app.action_home()
        await at.pilot.pause()
        assert isinstance(at.app.screen, TablesScreen)

    led(tables, act)


def test_how_long_somebody_is_away_is_said_as_people_say_it() -> None:
    told = [since(seconds) for seconds in (-1, 0.9, 59, 60, 75, 600, 3599, 3600, 7384)]
    assert told == [
        "0 s",
        "0 s",
        "59 s",
        "1 min",
        "1 min 15 s",
        "10 min",
        "59 min",
        "1 h 0 min",
        "2 h 3 min",
    ]
