from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.delegates.sessions import MINI
from tui.cli import main


@dataclass(frozen=True)
class Shown:
    """What a command showed, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def line(self) -> str:
        """The one line on stderr."""
        (line,) = self.err.splitlines()
        return line


Cli = Callable[..., Shown]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's own folder, empty; the working folder holds one small scenario."""
    folder = tmp_path / "home"
    folder.mkdir()
    monkeypatch.setenv("MINILATERAL_HOME", str(folder))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mini.yaml").write_text(MINI, encoding="utf-8")
    return folder


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str]) -> Cli:
    def run(*arguments: str) -> Shown:
        capsys.readouterr()
        with pytest.raises(SystemExit) as exit_:
            main(arguments)
        shown = capsys.readouterr()
        assert "Traceback" not in shown.out + shown.err
        code = exit_.value.code
        assert isinstance(code, int)
        return Shown(code, shown.out, shown.err)

    return run
