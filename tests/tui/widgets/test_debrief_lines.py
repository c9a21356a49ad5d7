"""What a review says of a party's play, at any width."""

from pathlib import Path

import pytest

from tests.tui.debriefs import buyers
from tests.tui.recordings import pair
from tui.text.labels import party_labels
from tui.widgets.debrief_lines import play_lines


@pytest.mark.parametrize("width", range(40, 90, 3))
def test_what_a_party_has_is_told_whole_where_columns_are_few(width: int) -> None:
    found = buyers(Path("t.jsonl"))
    labels = {label.id: label for label in party_labels(pair())}

    told = [line.plain for line in play_lines(found, labels, width)]

    standing = next(line for line in told if line.startswith(labels["BUY"].glyph))
    worth, least = found.utilities["BUY"], found.reservations["BUY"]
    assert standing.endswith(f"{worth - least:+.1f} ({found.payoffs['BUY']:.1f} with time)")
    assert ("against" in standing) == (width >= 54)
    assert max(map(len, told)) <= width
