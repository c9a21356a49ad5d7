"""A recording tells events apart by one letter each; no two that it treats otherwise share one."""

from pathlib import Path
from typing import get_args

import pytest

from tests.delegates.sessions import events_of
from tests.transcripts.test_golden import GOLDEN
from transcripts.events import Event
from tui.replay import Recording

LETTERS = {
    "opened": "o",
    "asked": "a",
    "replied": "r",
    "retried": "R",
    "resumed": "R",
    "unusable": "u",
    "failed": "F",
    "decided": "d",
    "moved": "m",
    "handed-over": "h",
    "happened": "h",
    "prepared": "p",
    "suggested": "s",
    "closed": "c",
    "found": "f",
}


def test_every_type_of_event_has_its_letter() -> None:
    union, _ = get_args(Event)
    assert {kind.model_fields["type"].default for kind in get_args(union)} == set(LETTERS)


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_golden_files_of_every_format_are_told_apart(path: Path) -> None:
    expected = [ord(LETTERS[event.type]) for event in events_of(path)]
    assert Recording(path).kinds.tolist() == expected
