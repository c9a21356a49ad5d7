import asyncio
import threading

import pytest

from delegates.background import in_background


async def where() -> tuple[str, asyncio.AbstractEventLoop]:
    return threading.current_thread().name, asyncio.get_running_loop()


async def failing() -> None:
    raise LookupError("as it was")


def test_all_work_shares_one_loop_in_one_thread() -> None:
    assert in_background(where()) == in_background(where())
    assert in_background(where())[0] == "minilateral"


def test_it_works_within_a_running_loop() -> None:
    async def caller() -> bool:
        return in_background(where())[1] is not asyncio.get_running_loop()

    assert asyncio.run(caller())


def test_what_goes_wrong_there_is_raised_here() -> None:
    with pytest.raises(LookupError, match="as it was"):
        in_background(failing())
