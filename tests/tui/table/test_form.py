"""The form of an offer: where it begins, what is seen of it on small terminals."""

import re
from pathlib import Path

import pytest

from games.preparation import Sheet
from games.scenario import load_scenario
from tests.delegates.sessions import events_of
from tests.tui.table.driving import MIDDLE, SMALL, Seated, at_table, session
from transcripts.events import MoveMade
from tui.live import TurnOver
from tui.table.form import MoveForm
from tui.table.selector import Selector, cut_label, most_alike
from tui.table.worth import worth_bar
from tui.text.columns import width_of

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


def test_no_two_issues_look_alike_in_a_form(tmp_path: Path) -> None:
    """Two labels were cut to the same words, beside columns that nothing stood in."""
    scenario = load_scenario("nickel-hub")
    others = {party: "linear" for party in scenario.ids if party != "IDN"}
    live = session(tmp_path, scenario=scenario, party="IDN", seats=others)

    async def act(at: Seated) -> None:
        await at.asked()
        await at.press("o")
        rows = list(at.app.screen.query(Selector))
        starts = [row.render().plain[1 : row.size.width // 3] for row in rows]
        assert len(set(starts)) == len(rows) == 10
        shown = at.seen()
        assert "public money of Japan" in shown
        assert "carbon data for the battery passport"[:24] in shown
        await at.pilot.resize_terminal(*MIDDLE)
        await at.pilot.pause()
        await at.pilot.pause()
        shown = at.seen()
        for row in rows:
            assert row.label in shown

    at_table(live, act, SMALL)


def test_labels_that_begin_alike_are_cut_where_they_differ() -> None:
    first, second = (
        "the part of the output kept for Europe",
        "the part of the output kept for Japan",
    )
    alike = most_alike(first, [second, "price"])

    assert alike == len("the part of the output kept for ")
    assert cut_label(first, 20, alike) == "the pa…Europe"
    assert cut_label(second, 20, alike) == "the pa…Japan"
    assert cut_label("annual offtake of cobalt", 20, 0) == "annual offtake of c…"
    assert cut_label("price", 20, 5) == "price"
    assert width_of(cut_label("日本が出す公的な資金の額", 11, 3)) <= 11


def test_a_form_tells_its_keys(tmp_path: Path) -> None:
    async def act(at: Seated) -> None:
        await at.asked()
        await at.press("o")
        shown = at.seen()
        assert "↑ ↓ row · ← → option · Tab words · F1 keys · Esc closes" in shown
        await at.press("f1")
        assert "begin with the text on the table, your last offer, your best" in at.seen()
        await at.press("escape")
        assert isinstance(at.app.screen, MoveForm)

    at_table(session(tmp_path), act, SMALL)


def test_keys_that_are_read_over_a_form_go_with_it(tmp_path: Path) -> None:
    async def act(at: Seated) -> None:
        await at.asked()
        await at.press("o", "f1")
        at.screen.post_message(TurnOver())
        await at.until(lambda: at.app.screen is at.screen)

    at_table(session(tmp_path), act)


def test_what_is_not_sent_says_so(tmp_path: Path) -> None:
    live = session(tmp_path)

    async def act(at: Seated) -> None:
        await at.asked()
        await at.press("o", "tab", "tab", "tab")
        at.screen.draft.words = "word " * 400
        await at.press("ctrl+s")
        assert "✗ Not sent: " in at.seen()

    at_table(live, act)


def test_the_bar_of_worth_is_full_at_the_best_that_may_be_signed(tmp_path: Path) -> None:
    """Where the very best may not be signed, it never was."""
    first = load_scenario("first-table")
    live = session(tmp_path, scenario=first, party="KOR", seats={"AUS": "linear"})

    async def act(at: Seated) -> None:
        await at.asked()
        view = at.turn.view
        best = int(view.own.ranking[0][-1])
        bar = worth_bar(view, best, 20).plain[:20]
        assert bar.replace("┃", "━") == "━" * 20

    at_table(live, act)
