"""A batch's progress: what one line says, when a line is written, and a bar that stays in place."""

import io
import re
import sys
from threading import Thread

import pytest

from delegates.evaluation.playing.progress import Progress
from tests.tui.evaluations import progress
from tui.cli.batch_progress import Bar, Lines, details, progress_words, sessions_words, shown, span


def test_one_line_says_sessions_rate_failures_money_and_time_left() -> None:
    assert progress_words(progress()) == (
        "487 of 960 sessions (50 %); 5/s; 1 failed; 0.4312 of 2 USD; 94 s left"
    )


def test_at_the_end_it_says_how_long_it_took() -> None:
    over = progress(done=960, is_over=True, failed=0, cost_usd=0.0, cap_usd=None)

    assert progress_words(over) == "960 of 960 sessions (100 %); 73 s"


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"cost_usd": None}, "cost not known"),
        ({"cost_usd": 0.0, "cap_usd": 1.5}, "0.0000 of 1.5 USD"),
        ({"cost_usd": 0.25, "cap_usd": None}, "0.2500 USD"),
        ({"rate": 0.0421}, "0.042/s"),
        ({"rate": 1234.5}, "1,234/s"),
        ({"failed": 1200}, "1,200 failed"),
    ],
)
def test_what_is_known_is_told(more: dict[str, float | None], said: str) -> None:
    assert said in details(progress(**more))


def test_what_is_not_known_or_nothing_is_not_told() -> None:
    told = details(progress(rate=None, eta_s=None, failed=0, cost_usd=0.0, cap_usd=None))

    assert told == []


def test_no_sessions_are_all_of_them() -> None:
    assert sessions_words(progress(planned=0, done=0)) == "0 of 0 sessions (100 %)"


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0.2, "0 s"), (119, "119 s"), (200, "3 min 20 s"), (7500, "2 h 5 min"), (-1, "0 s")],
)
def test_a_time_is_told_in_words(seconds: float, said: str) -> None:
    assert span(seconds) == said


def told_over_time(*steps: tuple[float, Progress]) -> list[int]:
    """Return at which steps a line was written, one a second of a clock made by hand."""
    clock = [0.0]
    written: list[str] = []
    lines = Lines(written.append, lambda: clock[0])
    found: list[int] = []
    for number, (at, one) in enumerate(steps):
        clock[0] = at
        before = len(written)
        lines(one)
        assert lines.last is one
        if len(written) > before:
            found.append(number)
    return found


def test_a_line_is_written_first_each_tenth_and_last() -> None:
    steps = [(float(k) * 2, progress(planned=100, done=4 * k)) for k in range(10)]
    last = progress(planned=100, done=100, is_over=True)

    assert told_over_time(*steps, (18.1, last), (18.2, last)) == [0, 3, 6, 9, 10]


def test_where_little_is_played_a_line_is_written_now_and_then() -> None:
    steps = [(float(k) * 4, progress(planned=10_000, done=k)) for k in range(8)]

    assert told_over_time(*steps) == [0, 3, 6]


def test_a_batch_that_rushes_writes_no_line_each_moment() -> None:
    steps = [(k / 10, progress(planned=100, done=k * 5)) for k in range(20)]

    assert told_over_time(*steps) == [0, 10]


def test_lines_are_written_from_any_thread_and_none_is_torn() -> None:
    written: list[str] = []
    lines = Lines(written.append, iter(range(10**6)).__next__)

    threads = [
        Thread(target=lambda: [lines(progress(planned=50, done=k)) for k in range(50)])
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert all(re.match(r"\d+ of 50 sessions \(\d+ %\)", line) for line in written)
    assert written


def console(width: int = 80):
    from rich.console import Console

    written = io.StringIO()
    return Console(file=written, force_terminal=True, width=width, color_system=None), written


def test_a_bar_is_one_line_that_is_drawn_over_itself_and_goes() -> None:
    on, written = console()
    bar = Bar(on)

    bar(progress(done=10))
    bar(progress(done=487))
    bar(progress(done=960, is_over=True))
    bar.close()
    bar.close()

    text = written.getvalue()
    assert "960/960" in text
    lines = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", text).replace("\r", "\n").splitlines()
    assert max(len(line.rstrip()) for line in lines) <= 80
    # Of the bar nothing is left: its line is erased, and told in words.
    assert text.split("\x1b[1A\x1b[2K")[-1] == f"{lines[-1]}\n"
    assert lines[-1] == "960 of 960 sessions (100 %); 1 failed; 0.4312 of 2 USD; 73 s"


def test_that_calls_fail_is_told_at_once_and_then_now_and_then() -> None:
    failing = progress(planned=100, done=5, trouble="HTTP 503: \x1b[31mbusy " + "x" * 500)
    calm = progress(planned=100, done=5)

    words = progress_words(failing)

    assert "calls fail and are tried again: HTTP 503" in words
    assert words.isprintable()
    assert len(words) < 250
    steps = [(0.0, calm), (2.0, failing), (3.0, failing), (11.0, failing), (13.0, failing)]
    assert told_over_time(*steps) == [0, 1, 4]


def test_of_a_bar_that_stops_midway_nothing_is_left() -> None:
    on, written = console()
    bar = Bar(on)

    bar(progress(done=10))
    bar.close()

    assert written.getvalue().endswith("\x1b[1A\x1b[2K")


def test_a_bar_shows_why_calls_fail() -> None:
    on, written = console()
    bar = Bar(on)

    bar(progress(done=10, trouble="HTTP 503"))
    bar.close()

    assert "calls fail and are tried again: HTTP 503" in written.getvalue()


def test_a_bar_that_was_told_nothing_leaves_no_trace() -> None:
    on, written = console()

    Bar(on).close()

    assert written.getvalue() == ""


@pytest.mark.parametrize("plain", [True, False])
def test_off_a_terminal_lines_go_to_stderr(capsys: pytest.CaptureFixture[str], plain: bool) -> None:
    with shown(plain=plain) as watch:
        watch(progress())

    told = capsys.readouterr()
    assert told.out == ""
    assert told.err == f"{progress_words(progress())}\n"


def test_in_a_terminal_that_knows_nothing_lines_are_written(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setenv("TERM", "dumb")

    with shown(plain=False) as watch:
        watch(progress())

    assert "\x1b" not in capsys.readouterr().err


def test_in_a_terminal_a_bar_is_drawn(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")

    with shown(plain=False) as watch:
        watch(progress())

    assert isinstance(watch, Bar)
    assert "487/960" in capsys.readouterr().err
