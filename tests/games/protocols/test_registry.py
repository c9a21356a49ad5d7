"""What every protocol must do, whichever it is."""

import pytest

from games.protocols.registry import PROTOCOLS
from games.session import start
from tests.support.domains import listed


@pytest.mark.parametrize("kind", PROTOCOLS)
def test_a_scenario_may_name_every_registered_protocol(kind):
    behind = {"kappa": 0.5} if kind == "forum" else None
    rules = {"kind": kind, "rounds": 2}
    game = listed({"A": [0, 1], "B": [1, 0]}, protocol=rules, participation=behind)
    state = start(game)

    assert state.is_open
    assert state.party == "A"
