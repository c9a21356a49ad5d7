import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from delegates.text import clean, counted


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("We propose 3 t.", "We propose 3 t."),
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b]0;title\x07text", "text"),
        ("\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x1bPdevice\x1b\\text", "text"),
        ("\x9b31mred", "red"),
        ("a\x00b\x07c\x08d\x7fe", "abcde"),
        ("left\u202eright\u2066\u200b\ufeff", "leftright"),
        ("one\r\ntwo\rthree\nfour", "one\ntwo\nthree\nfour"),
        ("a\tb", "a\tb"),
        ("\x1b]0;never closed", ""),
        ("  space  ", "space"),
        ("Kinshasa – “cobalt” €", "Kinshasa – “cobalt” €"),
        ("\ud800lone", "lone"),
    ],
)
def test_hostile_text_becomes_plain(text: str, plain: str) -> None:
    assert clean(text) == plain


@given(st.text(alphabet=st.characters() | st.sampled_from("\x1b[]\x07\x9b;m\\\u202e")))
def test_no_control_survives_and_clean_text_stays_as_it_is(text: str) -> None:
    cleaned = clean(text)
    assert {c for c in cleaned if unicodedata.category(c).startswith("C")} <= {"\n", "\t"}
    assert clean(cleaned) == cleaned


@pytest.mark.parametrize(
    ("number", "told"), [(0, "0 moves"), (1, "1 move"), (2, "2 moves"), (18817, "18,817 moves")]
)
def test_moves_are_counted_in_words(number: int, told: str) -> None:
    assert counted(number, "move") == told
