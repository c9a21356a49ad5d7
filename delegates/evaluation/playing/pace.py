"""How many sessions of models go on at a time: as many as servers and this machine keep up with.

More sessions than a server answers at once only wait in each other's way. So a batch begins with a
few; once the first reply is there, more begin in quick succession, until a server lets requests
wait, or this machine no longer keeps up with what it is told.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping

from delegates.models.flow import FlowState, flow_states

MOST = 1000
"""Sessions at a time where nothing else says how many."""

AT_FIRST = 16
"""Sessions that begin before any server has answered."""

PAUSE_S = 0.005
"""How long between two looks at whether more may begin: a server on this machine refuses one
request too many sooner."""

MOST_LAG_S = 0.5
"""How late the event loop may be before no further session begins."""

_STEP = 4
"""Sessions that begin together at least; else a third of those that go on."""

_FADING = 0.7
"""Share of a look's lag that the next one still remembers."""


class Pace:
    """Says how many more sessions may begin now."""

    def __init__(
        self,
        most: int | None = None,
        *,
        at_first: int = AT_FIRST,
        states: Callable[[], Mapping[str, FlowState]] = flow_states,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        clock: Callable[[], float] | None = None,
    ) -> None:
        """Begin to look.

        Args:
            most: Sessions at a time, whatever else there is room for.
            at_first: Sessions that begin before any server has answered.
            states: Says how the servers' flows stand.
            sleep: Waits between two looks.
            clock: Measures the lag; by default the running loop's.
        """
        self.most = min(MOST, most or MOST)
        self._at_first = at_first
        self._states, self._sleep = states, sleep
        self._clock = clock or asyncio.get_running_loop().time
        self._before = {place: _asked(state) for place, state in states().items()}
        self._lag_s = 0.0

    def room(self, going_on: int) -> int:
        """Return how many sessions may begin beside those that go on."""
        left = self.most - going_on
        if going_on == 0:
            return min(left, self._at_first)
        states = [
            state
            for place, state in self._states().items()
            if state.in_flight or _asked(state) > self._before.get(place, 0)
        ]
        if any(state.waiting or state.held_s for state in states) or self._lag_s > MOST_LAG_S:
            return 0
        if not any(state.served for state in states):
            return max(0, min(left, self._at_first - going_on))
        # A server that has refused requests is not given more sessions than it takes requests.
        left = min(left, sum(state.limit for state in states) - going_on)
        return max(0, min(left, max(_STEP, going_on // 3)))

    async def look_on(self) -> None:
        """Let a moment pass, and see how late it is."""
        began = self._clock()
        await self._sleep(PAUSE_S)
        late = self._clock() - began - PAUSE_S
        self._lag_s = max(late, _FADING * self._lag_s)


def _asked(state: FlowState) -> int:
    return state.served + state.refused
