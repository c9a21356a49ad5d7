"""What every protocol must do, whichever it is."""

import pytest

from games.protocols.registry import PROTOCOLS
from games.session import start
from tests.support.domains import listed


@pytest.mark.parametrize("kind", PROTOCOLS)
def test_a_scenario_may_name_every_registered_protocol(kind):
    state = start(listed({"A": [0, 1], "B": [1, 0]}, protocol={"kind": kind, "rounds": 2}))

    assert state.is_open
    assert state.party == "A"
