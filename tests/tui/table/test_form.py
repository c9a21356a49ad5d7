"""The form of an offer: where it begins, what is seen of it on small terminals."""

import re
from pathlib import Path

import pytest

from games.preparation import Sheet
from games.scenario import load_scenario
from tests.delegates.sessions import events_of
from tests.tui.table.driving import MIDDLE, SMALL, Seated, at_table, session
from transcripts.events import MoveMade
from tui.table.selector import Selector

OPENING = {"volume": 3, "price": 20, "rail": "no rail"}
OPENS = Sheet(opening=OPENING)
TINY = (40, 12)


def chosen(at: Seated) -> list[str]:
    return [row.options[row.chosen] for row in at.app.screen.query(Selector)]


@pytest.mark.parametrize(("party", "key", "volume"), [("USA", "right", 4), ("COD", "left", 2)])
def test_the_first_offer_begins_with_the_prepared_opening(
    tmp_path: Path, party: str, key: str, volume: int
) -> None:
    other = next(one for one in ("USA", "COD") if one != party)
    live = session(tmp_path, party=party, seats={other: "boulware"}, sheet=OPENS)

    async def act(at: Seated) -> None:
        await at.asked()
        await at.press("o")
        assert chosen(at) == ["3", "20", "no rail"]
        await at.press("ctrl+b")
        assert chosen(at) != ["3", "20", "no rail"]
        await at.press("ctrl+o")
        assert chosen(at) == ["3", "20", "no rail"]
        await at.press("ctrl+b")
        await at.click("as prepared (^O)")
        assert chosen(at) == ["3", "20", "no rail"]
        at.app.screen.query(Selector).first().focus()
        await at.press(key, "ctrl+s")
        await at.asked(2 if party == "USA" else 3)
        await at.press("o")
        assert chosen(at)[0] == f"{volume}"
        assert "as prepared" not in at.seen()

    at_table(live, act)
    made = [one for one in events_of(tmp_path / "session.jsonl") if isinstance(one, MoveMade)]
    assert next(one.outcome for one in made if one.party == party) == {**OPENING, "volume": volume}


@pytest.mark.parametrize("size", [SMALL, MIDDLE, (60, 24)])
def test_every_button_is_seen(tmp_path: Path, size: tuple[int, int]) -> None:
    scenario = load_scenario("cobalt-offtake")
    live = session(tmp_path, scenario=scenario, party="COD", seats={"USA": "boulware"}, hints=True)

    async def act(at: Seated) -> None:
        await at.asked()
        first = at.turn.view.turn
        await at.press("i")
        await at.until(lambda: at.screen.turn and at.screen.turn.advice)
        await at.press("escape", "o", "ctrl+b", "ctrl+s")
        if at.app.screen is not at.screen:
            await at.press("y")
        await at.until(lambda: at.screen.turn and at.screen.turn.view.turn > first)
        await at.asked()
        await at.press("i")
        await at.until(lambda: at.screen.turn and at.screen.turn.advice)
        await at.press("escape", "o")
        shown = at.seen()
        for told in ("(^S)", "Cancel (Esc)", "as last (^L)", "as the text (^T)", "my best (^B)"):
            assert told in shown
        assert "as advised (^Y)" in shown

    at_table(live, act, size)


def test_on_the_smallest_terminal_the_row_in_hand_shows_its_option(tmp_path: Path) -> None:
    scenario = load_scenario("cobalt-offtake")
    live = session(tmp_path, scenario=scenario, party="COD", seats={"USA": "boulware"})

    async def act(at: Seated) -> None:
        await at.asked()
        await at.press("o")
        for row in at.app.screen.query(Selector):
            assert row.has_focus
            option = row.options[row.chosen]
            line = next(one for one in at.seen().split("\n") if "▌" in one)
            assert f"[{option}"[:6] in line
            await at.press("down")

    at_table(live, act, TINY)


def test_after_enlarging_the_bar_of_worth_is_drawn_anew(tmp_path: Path) -> None:
    async def act(at: Seated) -> None:
        await at.asked()
        await at.press("o")
        short = at.seen().count("━")
        await at.pilot.resize_terminal(120, 36)
        await at.pilot.pause()
        await at.pilot.pause()
        assert at.seen().count("━") > short

    at_table(session(tmp_path), act, TINY)


def test_points_are_told_in_one_way_wherever_they_stand(tmp_path: Path) -> None:
    """A worth of 20 stood as 20 and as 20.0 on one screen."""
    first = load_scenario("first-table")
    live = session(tmp_path, scenario=first, party="KOR", seats={"AUS": "linear"})

    async def act(at: Seated) -> None:
        await at.asked()
        await at.press("o", "ctrl+s")
        await at.asked(2)
        shown = at.seen()
        await at.press("o", "ctrl+t")
        form = at.seen()
        offer = at.turn.view.offer
        assert offer is not None
        worth = at.turn.view.own.utility(offer)
        assert f"worth {worth:.1f} to you" in shown
        assert f" {worth:.1f}  " in shown
        assert f"= {worth:.1f} to you" in shown
        assert f" {worth:.1f}  " in form
        assert "your 34.0" in form
        assert "4: 0.0 · 8: 5.5" in form
        assert re.findall(r"=\d+ ", shown) == []

    at_table(live, act)
