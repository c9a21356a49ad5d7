"""Keys that others can get at are told of, with what mends it, and without the key."""

from pathlib import Path

import pytest

from delegates.exposure import exposures
from delegates.settings import Flags, load_settings

KEY = "sk-canary-0123456789abcdef"
CONFIG = f'[endpoints.work]\nbase_url = "https://models.example.org/v1"\napi_key = "{KEY}"\n'


def told(home: Path, config: str = "", mode: int = 0o600, **environ: str) -> list[str]:
    (home / "config.toml").write_text(config)
    (home / "config.toml").chmod(mode)
    environ["MINILATERAL_HOME"] = str(home)
    return [*exposures(load_settings(environ, Flags()))]


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o602])
def test_a_config_file_with_a_key_that_others_may_read_is_told_of(
    tmp_path: Path, mode: int
) -> None:
    (line,) = told(tmp_path, CONFIG, mode)

    assert line.endswith(f"others on this machine may read it; chmod 600 {tmp_path}/config.toml")
    assert KEY not in line


def test_a_file_without_a_key_and_one_for_its_user_alone_are_no_matter(tmp_path: Path) -> None:
    by_name = CONFIG.replace(f'api_key = "{KEY}"', 'api_key_env = "WORK"')

    assert told(tmp_path, CONFIG) == []
    assert told(tmp_path, by_name, 0o644, WORK=KEY) == []


def test_a_home_in_which_others_may_write_is_told_of(tmp_path: Path) -> None:
    tmp_path.chmod(0o777)

    assert told(tmp_path) == [
        f"{tmp_path}: others on this machine may write there; chmod go-w {tmp_path}"
    ]


@pytest.mark.parametrize(
    ("url", "is_told"),
    [
        ("http://models.example.org/v1", True),
        ("https://models.example.org/v1", False),
        ("http://127.0.0.1:8080/v1", False),
        ("http://localhost:8080/v1", False),
    ],
)
def test_a_key_that_is_sent_in_the_clear_is_told_of(
    tmp_path: Path, url: str, is_told: bool
) -> None:
    lines = told(tmp_path, OPENAI_BASE_URL=url, OPENAI_API_KEY=KEY)
    lines += told(tmp_path, CONFIG.replace("https://models.example.org/v1", url))

    assert [url in line and "expected https://" in line for line in lines] == [True] * 2 * is_told
    assert KEY not in "".join(lines)
