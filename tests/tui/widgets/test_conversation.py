import asyncio
from itertools import pairwise
from pathlib import Path

from textual.pilot import Pilot

from tests.tui.recordings import TALKS, long_recording, moved, offers, pair, recorded
from tests.tui.replaying import SMALL, WIDE, Alone, replayed, seen
from tui.replay import Recording
from tui.screens.replay import ReplayScreen
from tui.widgets.conversation import Conversation

MANY = 100_000


def test_a_hundred_thousand_moves_open_by_decoding_a_page(tmp_path: Path) -> None:
    recording = Recording(long_recording(tmp_path / "t.jsonl", MANY))
    conversation = Conversation(recording)

    async def main() -> list[int]:
        counts = [recording.decoded]
        async with Alone(recording, conversation).run_test(size=SMALL) as pilot:
            for moves in (1, MANY, MANY // 2, MANY // 2 + 1, 1):
                conversation.moves = moves
                await pilot.pause()
                assert f"▌{moves:>4}  " in seen(pilot)
                counts.append(recording.decoded)
        return counts

    counts = asyncio.run(main())

    assert len(recording) == MANY
    assert counts[0] == 1
    assert counts[1] < 40
    assert max(after - before for before, after in pairwise(counts)) < 60


def test_a_click_on_a_move_jumps_to_it() -> None:
    async def act(screen: ReplayScreen, pilot: Pilot[None]) -> None:
        lines = seen(pilot).splitlines()
        row = next(y for y, line in enumerate(lines) if line.startswith("    2  ▲ DR Congo"))

        await pilot.click(offset=(20, row))

        assert screen.moves == 2

    replayed(TALKS, act)


def test_a_page_is_as_many_moves_as_are_seen() -> None:
    async def act(screen: ReplayScreen, pilot: Pilot[None]) -> None:
        await pilot.press("pagedown")
        on = screen.moves
        await pilot.press("pageup")

        assert 2 < on < 7
        assert screen.moves < on

    replayed(TALKS, act)


def test_the_current_move_is_marked_by_a_sign_and_not_by_colour_alone() -> None:
    async def act(screen: ReplayScreen, pilot: Pilot[None]) -> None:
        await pilot.press("f")
        await pilot.pause()
        marked = [line for line in seen(pilot).splitlines() if line.startswith("▌")]

        assert marked[0].startswith("▌   5  ● United States  stands by the text")
        assert marked[1].strip("▌ ").startswith("“United States maintains")
        assert "! reply not usable: it names points, which are private" in marked[2]
        assert "! template worded: the model named its points twice" in marked[3]

    replayed(TALKS, act)


def test_an_offer_shows_what_its_party_changed() -> None:
    async def act(screen: ReplayScreen, pilot: Pilot[None]) -> None:
        await pilot.press("f")
        await pilot.pause()
        text = seen(pilot)

        assert "price floor 25,000 USD/t Co · 4 as before" in text

    replayed(TALKS, act)


def test_scrolling_with_the_wheel_leaves_the_place_and_decodes_what_comes_into_sight(
    tmp_path: Path,
) -> None:
    recording = Recording(long_recording(tmp_path / "t.jsonl", 2000))
    conversation = Conversation(recording)

    async def main() -> None:
        async with Alone(recording, conversation).run_test(size=SMALL) as pilot:
            conversation.moves = 1000
            await pilot.pause()
            for height in (3, 50, -400, 900, -5):
                conversation.scroll_relative(y=height, animate=False)
                await pilot.pause()
                tops = [line for line in seen(pilot).splitlines() if "offers" in line]
                assert len(tops) > 3
            assert conversation.moves == 1000

    asyncio.run(main())
    assert recording.decoded < 400


def test_scrolling_line_by_line_never_skips_or_repeats_a_move(tmp_path: Path) -> None:
    recording = Recording(long_recording(tmp_path / "t.jsonl", 300))
    conversation = Conversation(recording)

    async def main() -> list[int]:
        passed: list[int] = []
        async with Alone(recording, conversation).run_test(size=SMALL) as pilot:
            conversation.moves = 150
            await pilot.pause()
            for _ in range(120):
                conversation.scroll_relative(y=-1, animate=False)
                await pilot.pause()
                first = seen(pilot).splitlines()[0]
                passed += [int(first.split()[0])] if "offers" in first else []
        return passed

    passed = asyncio.run(main())

    assert len(passed) > 15
    assert passed == list(range(passed[0], passed[0] - len(passed), -1))


def test_a_megabyte_of_words_is_cut_and_opens(tmp_path: Path) -> None:
    of = pair()
    path = recorded(tmp_path / "t.jsonl", of, [moved(of, 0, 3, words="word " * 200_000)])

    async def act(screen: ReplayScreen, pilot: Pilot[None]) -> None:
        await pilot.press("G")
        conversation = screen.query_one(Conversation)
        conversation.scroll_end(animate=False)
        await pilot.pause()

        assert "(1,000,000 characters in all)" in seen(pilot)

    replayed(path, act)


def test_wide_characters_keep_the_lines_in_place(tmp_path: Path) -> None:
    of = pair()
    words = "我们提议这一文本。" * 30
    path = recorded(tmp_path / "t.jsonl", of, offers(of, [3, 1], words=words))

    async def act(screen: ReplayScreen, pilot: Pilot[None]) -> None:
        region = screen.query_one(Conversation).scrollable_content_region
        strips = pilot.app.screen._compositor.render_strips()
        assert {strip.cell_length for strip in strips[region.y : region.bottom]} == {WIDE[0]}

    replayed(path, act, WIDE)
