"""What comes beside the moves at the table: half time, shocks, words as they come, floods."""

from pathlib import Path

import pytest
from textual.widgets import Static

from delegates.listening import Partial
from games.preparation import Guess, Sheet
from games.scenario import Scenario, load_scenario
from tests.delegates.sessions import events_of, mini
from tests.games.eventful import KINDS, TEXT
from tests.tui.halls import crowd
from tests.tui.table.driving import MIDDLE, SMALL, Seated, at_table, session
from transcripts.events import Happened, MoveMade, Prepared
from tui.live import EventKept, WordsCame
from tui.table.guesses import GuessScreen
from tui.widgets.dialogs import MenuScreen
from tui.widgets.ranking import RankingList
from tui.widgets.sure import SureScreen

GUESSED = Sheet(
    guesses={"COD": Guess(reservation=25, ranking=("rail", "price", "volume"))}, target=70
)


def test_at_half_time_the_guesses_are_asked_for_once_more(tmp_path: Path) -> None:
    live = session(tmp_path, scenario=mini(rounds=4), seats={"COD": "boulware"}, sheet=GUESSED)

    async def act(at: Seated) -> None:
        await at.asked()
        assert at.screen.sheet == GUESSED
        await at.press("o", "ctrl+s")
        await at.asked(2)
        await at.press("o", "ctrl+s")
        await at.asked(4)
        assert isinstance(at.app.screen, GuessScreen)
        assert "25" in at.seen()
        ranking = at.app.screen.query_one(RankingList)
        assert ranking.ranking == ("rail", "price", "volume")
        await at.press("end", "backspace", "0", "enter", "shift+down", "ctrl+s")
        await at.until(lambda: at.screen.turn and not at.screen.turn.guesses_due)
        assert not isinstance(at.app.screen, GuessScreen)

    at_table(live, act)
    _, later = [one for one in events_of(tmp_path / "session.jsonl") if isinstance(one, Prepared)]
    assert later.when == "half-time"
    assert later.sheet.guesses["COD"] == Guess(reservation=20, ranking=("price", "rail", "volume"))


def test_half_time_may_be_skipped_and_come_back_to(tmp_path: Path) -> None:
    live = session(tmp_path, scenario=mini(rounds=2), seats={"COD": "boulware"}, sheet=GUESSED)

    async def act(at: Seated) -> None:
        await at.asked()
        await at.press("o", "ctrl+s")
        await at.asked(2)
        assert isinstance(at.app.screen, GuessScreen)
        await at.press("escape")
        assert at.screen.turn is not None
        await at.click("guess again")
        assert isinstance(at.app.screen, GuessScreen)
        await at.click("Skip (Esc)")
        assert at.app.screen is at.screen

    at_table(live, act)


def test_nothing_is_sealed_of_nothing_and_letters_are_told(tmp_path: Path) -> None:
    empty = Sheet(target=70)
    live = session(tmp_path, scenario=mini(rounds=2), seats={"COD": "boulware"}, sheet=empty)

    async def act(at: Seated) -> None:
        await at.asked()
        await at.press("o", "ctrl+s")
        await at.asked(2)
        assert isinstance(at.app.screen, GuessScreen)
        assert "DR Congo offered" in at.seen()
        await at.press("ctrl+s")
        assert "Nothing is filled in yet" in at.seen()
        await at.write("abc")
        assert "'abc' is no number of points" in at.seen()
        await at.press("ctrl+s")
        assert isinstance(at.app.screen, GuessScreen)
        await at.press("backspace", "backspace", "backspace", "escape", "g")
        assert isinstance(at.app.screen, GuessScreen)
        await at.write("25")
        await at.press("ctrl+s")
        await at.until(lambda: at.screen.turn and not at.screen.turn.guesses_due)

    at_table(live, act)


def test_taking_back_is_offered_once_there_is_a_move(tmp_path: Path) -> None:
    async def act(at: Seated) -> None:
        await at.asked()
        assert "take back" not in at.seen()
        await at.press("o", "ctrl+s")
        await at.asked(2)
        await at.click("u take back")
        assert isinstance(at.app.screen, SureScreen)
        assert "Enter" in at.seen()
        await at.press("enter")
        assert at.app.screen is at.screen

    at_table(session(tmp_path), act)


def test_no_word_of_the_brief_stands_alone(tmp_path: Path) -> None:
    live = session(tmp_path, scenario=load_scenario("cobalt-offtake"), party="COD", seats={})

    async def act(at: Seated) -> None:
        await at.asked()
        await at.press("b")
        await at.pilot.pause()
        text = at.app.screen.query_one("#paper-text", Static)
        assert text.size.height == len(str(text.content).split("\n"))

    at_table(live, act, SMALL)


def with_shock() -> Scenario:
    scenario = load_scenario("cobalt-offtake")
    assert scenario.shocks
    return scenario


def test_whoever_leads_has_a_shock_strike(tmp_path: Path) -> None:
    scenario = with_shock()
    live = session(tmp_path, scenario=scenario, party="USA", seats={"COD": "boulware"})

    async def act(at: Seated) -> None:
        await at.asked()
        await at.press("t")
        assert isinstance(at.app.screen, MenuScreen)
        name = at.turn.shocks[0].name
        await at.press("enter")
        await at.until(lambda: at.screen.turn and name in at.screen.turn.struck)

    at_table(live, act)
    kept = [one for one in events_of(tmp_path / "session.jsonl") if isinstance(one, Happened)]
    assert len(kept) == 1


@pytest.mark.parametrize(
    "text",
    [
        "a" * 1_000_000,
        "\x1b[31mred\x1b]0;title\x07 [bold]no markup[/bold] \u202eback",
        "",
        "\n" * 99,
    ],
    ids=["a-megabyte", "escapes", "empty", "blank"],
)
def test_words_that_come_are_text_and_never_freeze_the_screen(tmp_path: Path, text: str) -> None:
    async def act(at: Seated) -> None:
        await at.asked()
        for _ in range(50):
            words = Partial(turn=0, party="COD", purpose="word", text=text)
            at.screen.post_message(WordsCame(words))
        await at.pilot.pause()
        shown = at.seen()
        assert "speaking, not final yet" in shown
        assert "\x1b" not in shown
        assert "\u202e" not in shown
        if "markup" in text:
            assert "[bold]" in shown

    at_table(session(tmp_path), act, SMALL)


def test_words_of_a_move_already_made_are_not_shown(tmp_path: Path) -> None:
    async def act(at: Seated) -> None:
        await at.asked()
        await at.press("o", "ctrl+s")
        await at.asked(2)
        late = Partial(turn=1, party="COD", purpose="word", text="too late")
        at.screen.post_message(WordsCame(late))
        await at.pilot.pause()
        assert "too late" not in at.seen()

    at_table(session(tmp_path), act)


def test_a_flood_of_moves_is_read_in_a_few_goes(tmp_path: Path) -> None:
    scenario = crowd(30, rounds=6)
    seats = dict.fromkeys(scenario.ids, "conceder")
    live = session(tmp_path, scenario=scenario, party=None, seats=seats)

    async def act(at: Seated) -> None:
        await at.ended()
        reads, kept = (at.heard.kinds.count(name) for name in ("RecordRead", "EventKept"))
        assert at.screen.total > 150
        assert reads <= kept
        assert reads < at.screen.total / 3
        assert at.screen.moves == at.screen.total

    at_table(live, act, MIDDLE)


def test_the_newest_of_many_events_stands_for_all() -> None:
    first = EventKept(1, "USA", 0.0, 0)
    assert first.can_replace(EventKept(2, "COD", 0.0, 0))


def with_a_capital(folder: Path) -> Scenario:
    path = folder / "eventful.yaml"
    path.write_text(TEXT.replace("KIND", KINDS[0]), encoding="utf-8")
    return load_scenario(path)


def test_the_capital_is_asked_by_a_form_and_its_answer_is_news(tmp_path: Path) -> None:
    live = session(tmp_path, scenario=with_a_capital(tmp_path), party="A", seats={"B": "firm"})

    async def act(at: Seated) -> None:
        await at.asked()
        await at.press("o", "ctrl+s")
        if at.app.screen is not at.screen:
            await at.press("y")
        await at.until(lambda: at.screen.total > 0)
        await at.asked()
        await at.press("c")
        assert "Ask your capital" in at.seen()
        await at.press("tab", "tab")
        await at.write("x")
        await at.press("ctrl+s")
        assert "nobody hears; say nothing with it" in at.seen()
        await at.press("backspace", "ctrl+s")
        await at.until(lambda: at.screen.phase != "waiting")
        await at.press("b")
        await at.click("Mandate")
        assert "Your mandate, for your eyes alone" in at.seen()

    at_table(live, act)
    acts = [one.act for one in events_of(tmp_path / "session.jsonl") if isinstance(one, MoveMade)]
    assert "ask-capital" in acts
