"""The verb `serve`, from the first line to Ctrl+C."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tui.cli import main


def exits(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    with pytest.raises(SystemExit) as caught:
        main(["serve", *arguments])
    assert isinstance(caught.value.code, int)
    return caught.value.code, capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--port", "70000"], "--port 70000: expected 1 to 65535"),
        (["--host", "0.0.0.0"], "expected --anyone"),
        (["--host", "192.0.2.1", "--anyone"], "not an address of this machine"),
    ],
)
def test_what_cannot_be_served_exits_with_one_line(
    capsys: pytest.CaptureFixture[str], arguments: list[str], told: str
) -> None:
    code, line = exits(capsys, *arguments)
    assert code == 1
    assert told in line
    assert line.count("\n") == 1


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_the_address_is_told_and_a_signal_ends_it(tmp_path: Path, sign: signal.Signals) -> None:
    environ = {**os.environ, "MINILATERAL_HOME": str(tmp_path), "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-c", "from tui.cli import main; main()", "serve", "--port", "0"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environ
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        first = process.stdout.readline()
        process.send_signal(sign)
        assert process.wait() == 0
        assert process.stderr.read() == ""
    assert re.match(r"http://127\.0\.0\.1:\d+/app/[\w-]{32}/  ", first)
