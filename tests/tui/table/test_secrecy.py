"""Nothing on the screen of a person at the table tells another seat's secrets."""

from pathlib import Path

import pytest

from delegates.listening import Partial
from games.point_words import tenths
from tests.delegates.test_separation import GAME, leaks
from tests.tui.table.driving import LARGE, MIDDLE, SMALL, Seated, at_table, session
from tui.live import WordsCame


@pytest.mark.parametrize("size", [SMALL, MIDDLE, LARGE], ids=["small", "middle", "large"])
def test_no_panel_paper_or_form_tells_another_seats_secrets(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    live = session(tmp_path, scenario=GAME, hints=True)
    shown: list[str] = []

    async def act(at: Seated) -> None:
        await at.asked()
        await at.press("o", "ctrl+s")
        await at.asked(2)
        for keys in ("1", "2", "3"):
            await at.press(keys)
            shown.append(at.seen())
        await at.press("b")
        for paper in ("1", "2", "3", "4", "5"):
            await at.press(paper)
            shown.append(at.seen())
            await at.press("pagedown")
            shown.append(at.seen())
        await at.press("escape", "i")
        await at.until(lambda: at.screen.turn and at.screen.turn.advice)
        shown.append(at.seen())
        await at.press("escape", "o")
        shown.append(at.seen())
        await at.press("escape", "question_mark")
        shown.append(at.seen())

    at_table(live, act, size)
    text = "\n".join(shown)
    assert "Your move" in text
    assert leaks(text) == []


def test_after_the_close_all_is_unsealed(tmp_path: Path) -> None:
    live = session(tmp_path, scenario=GAME)

    async def act(at: Seated) -> None:
        await at.asked()
        assert at.screen.see == "USA"
        await at.press("d", "end", "enter")
        await at.ended()
        assert at.screen.see is None
        record = at.screen.record
        assert record is not None
        assert f"({tenths(391.625)})" in at.seen()

    at_table(live, act)


def test_what_others_think_is_not_shown_as_it_comes(tmp_path: Path) -> None:
    async def act(at: Seated) -> None:
        await at.asked()
        for purpose in ("decide", "word"):
            words = Partial(turn=0, party="COD", purpose=purpose, text=f"I {purpose} aloud")
            at.screen.post_message(WordsCame(words))
            await at.pilot.pause()
            assert "I decide" not in at.seen()
        assert "speaking, not final yet" in at.seen()
        assert "“I word" in at.seen()

    at_table(session(tmp_path, scenario=GAME), act)


def test_who_watches_as_one_party_sees_no_other_side(tmp_path: Path) -> None:
    live = session(tmp_path, scenario=GAME, party=None, seats={"USA": "linear", "COD": "linear"})
    shown: list[str] = []

    async def act(at: Seated) -> None:
        await at.ended()
        for keys in ("1", "2", "3", "4"):
            await at.press(keys)
            shown.append(at.seen())
        await at.until(lambda: "points" in at.seen())
        shown.append(at.seen())

    at_table(live, act, see="USA")
    text = "\n".join(shown)
    assert leaks(text) == []


def test_words_of_a_room_that_the_person_is_not_in_are_not_shown(tmp_path: Path) -> None:
    live = session(tmp_path, scenario=GAME)

    async def act(at: Seated) -> None:
        await at.asked()
        for heard, text in ((("COD",), "Secretly"), (("COD", "USA"), "Frankly")):
            words = Partial(turn=0, party="COD", purpose="word", text=text, heard_by=heard)
            at.screen.post_message(WordsCame(words))
            await at.pilot.pause()
            await at.pilot.pause()
            assert "Secretly" not in at.seen()
        assert "Frankly" in at.seen()

    at_table(live, act)
