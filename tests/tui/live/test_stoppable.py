"""What is played in a thread of its own is stopped from another one, whenever that comes."""

import asyncio
import threading

import pytest

from tui.live.stoppable import Stoppable


async def seven() -> int:
    await asyncio.sleep(0)
    return 7


async def for_ever(begun: threading.Event) -> int:
    begun.set()
    await asyncio.Event().wait()
    raise AssertionError("it went on")


def test_what_it_comes_to_is_returned() -> None:
    assert Stoppable[int]().play(seven()) == 7


def test_it_is_stopped_while_it_waits() -> None:
    begun, playing = threading.Event(), Stoppable[int]()

    def stop() -> None:
        begun.wait(10)
        playing.stop()

    thread = threading.Thread(target=stop)
    thread.start()
    with pytest.raises(asyncio.CancelledError):
        playing.play(for_ever(begun))
    thread.join(10)
    assert playing.is_stopped


def test_what_is_stopped_before_it_begins_does_nothing() -> None:
    begun, playing = threading.Event(), Stoppable[int]()
    playing.stop()
    with pytest.raises(asyncio.CancelledError):
        playing.play(for_ever(begun))
    assert not begun.is_set()


def test_to_stop_what_has_ended_is_no_fault() -> None:
    playing = Stoppable[int]()
    playing.play(seven())
    playing.stop()
    assert playing.is_stopped
