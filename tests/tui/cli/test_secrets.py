"""What stays secret at the command line: keys from all files and screens, briefs from others."""

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from tests.delegates.sessions import WORDS, haggle, said
from tests.delegates.test_separation import GAME, figures_told, leaks
from tests.support.openai_stub import Fault, OpenAIStub, Said, completion, error, unauthorized
from tests.tui.cli.conftest import Cli, Shown

KEY = "CanaryKey/7+Zq=0123456789abcdef"
BASE64 = base64.b64encode(f"Bearer {KEY}".encode()).decode()
ECHOES = (KEY, quote(KEY, safe=""), base64.b64encode(KEY.encode()).decode(), BASE64)
LOUD = " and ".join(ECHOES)

PIECES = (KEY[6:22], quote(KEY, safe="")[6:22], ECHOES[2][4:20], BASE64[16:32])
"""Parts of the key, in each form, that nothing else holds."""


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)


@pytest.fixture
def parrot(monkeypatch: pytest.MonkeyPatch) -> Iterator[OpenAIStub]:
    """A server that echoes the key wherever an answer has room for it."""
    troubles = [
        error(429, f"Rate limit of {LOUD}", code=KEY),
        error(500, f"Lost {LOUD}", param=KEY),
        error(400, f"Unsupported parameter: 'seed', {LOUD}", param="seed"),
        Fault(body=LOUD, content_type=f"text/{KEY}"),
        Fault(status=200, body=json.dumps({"error": {"message": LOUD, "code": 503}})),
    ]

    def answer(request: Any) -> Fault:
        if stub.count % 2 and troubles:
            return troubles.pop(0)
        return echoed(request)

    with OpenAIStub(answer) as stub:
        monkeypatch.setenv("OPENAI_BASE_URL", stub.url)
        yield stub


def echoed(request: Any) -> Fault:
    """Return a good answer that holds the key in every field."""
    text = haggle(request)
    if text.startswith("{"):
        decision = json.loads(text)
        decision |= {"message": f"{WORDS} {LOUD}", "reasoning": LOUD}
        text = json.dumps(decision)
    elif text == WORDS:
        text = f"{WORDS} {KEY}"
    told = Said(text=text, finish=KEY, logprobs=((text[:1], -0.1), (KEY, -1.0), (BASE64, -2.0)))
    body = completion(request, told) | {"id": LOUD, "model": LOUD, "system_fingerprint": KEY}
    return Fault(body=json.dumps(body), headers={"x-request-id": LOUD[:200], "x-key": KEY})


def holds_key(text: str) -> list[str]:
    return [piece for piece in PIECES if piece in text]


def written(home: Path) -> dict[Path, str]:
    """Return what stands in every file of the home folder, its name included."""
    return {
        path: f"{path} {path.read_bytes().decode('utf-8', 'replace')}"
        for path in home.rglob("*")
        if path.is_file()
    }


def no_key(shown: Shown) -> Shown:
    assert holds_key(shown.out) == []
    assert holds_key(shown.err) == []
    return shown


def test_no_key_reaches_a_file_or_the_screen(cli: Cli, home: Path, parrot: OpenAIStub) -> None:
    out = home / "transcripts" / "s.jsonl"
    seats = ("--seat", "USA=llm:m", "--seat", "COD=menu:m+llm:m")
    shown = no_key(cli("run", "mini.yaml", *seats, "-v", "--cache", "--out", str(out)))
    assert shown.code == 0
    assert set(parrot.keys) == {f"Bearer {KEY}"}
    assert parrot.count > 12
    assert "[key]" in out.read_text(encoding="utf-8")
    for arguments in (
        ("replay", str(out), "--plain", "--prompts"),
        ("resume", str(out), "--json"),
        ("verify", str(out), "--json"),
        ("doctor", "--model", "m"),
    ):
        assert no_key(cli(*arguments)).code == 0
    files = written(home)
    assert {"s.jsonl", "minilateral.log", "replies.sqlite"} <= {path.name for path in files}
    open_to_others = [path for path in files if path.stat().st_mode & 0o077]
    assert {path.suffix for path in open_to_others} <= {".lock"}
    assert {path: holds_key(text) for path, text in files.items() if holds_key(text)} == {}


@pytest.mark.parametrize(
    "refusal",
    [
        unauthorized(LOUD),
        error(403, LOUD, code=KEY),
        Fault(status=302, headers={"location": f"http://127.0.0.1:9/{KEY}"}),
        Fault(body=LOUD, content_type=f"text/{KEY}"),
        Fault(body=json.dumps({"detail": LOUD})),
    ],
)
def test_no_refusal_tells_a_key(
    cli: Cli, home: Path, monkeypatch: pytest.MonkeyPatch, refusal: Fault
) -> None:
    with OpenAIStub(lambda _: refusal) as stub:
        monkeypatch.setenv("OPENAI_BASE_URL", stub.url)
        shown = no_key(cli("run", "mini.yaml", "--model", "m", "-v", "--retry-budget", "0"))
        assert shown.code == 3
        assert stub.host in shown.err
        no_key(cli("run", "mini.yaml", "--model", "m", "--json"))
    assert {path: holds_key(text) for path, text in written(home).items() if holds_key(text)} == {}


@pytest.mark.parametrize("place", ["http://{key}@host/v1", "http://host/v1?key={key}"])
def test_a_key_in_an_address_is_refused_and_not_told(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", place.format(key=quote(KEY, safe="")))
    shown = no_key(cli("run", "mini.yaml", "--model", "m"))
    assert shown.code == 1


@pytest.fixture
def planted(tmp_path: Path) -> str:
    path = tmp_path / "planted.yaml"
    path.write_text(GAME.canonical(), encoding="utf-8")
    return str(path)


def betrayed(shown: Shown) -> list[str]:
    """Return what a command tells of DR Congo's secrets."""
    text = f"{shown.out}\n{shown.err}"
    return [*leaks(text), *figures_told(text)]


def test_what_one_seat_is_shown_tells_nothing_of_another(
    cli: Cli, home: Path, planted: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    slips = [said("offer", {"volume": "4", "price": "20", "rail": "no rail"}), "nothing"]

    def answer(request: Any) -> str:
        asks_congo = "CANARY-BRIEF" in json.dumps(request["messages"])
        return slips.pop() if asks_congo and slips else haggle(request)

    out = str(home / "s.jsonl")
    seats = ("--seat", "USA=llm:m", "--seat", "COD=llm:m+llm:m", "--seed", "1")
    with OpenAIStub(answer) as stub:
        monkeypatch.setenv("OPENAI_BASE_URL", stub.url)
        dry = cli("run", planted, *seats, "--dry-run")
        dry_json = cli("run", planted, *seats, "--dry-run", "--json")
        ran = cli("run", planted, *seats, "--plain", "-v", "--as", "USA", "--out", out)
    assert slips == []
    assert ran.code == 0
    shown = (
        dry,
        dry_json,
        ran,
        cli("replay", out, "--plain", "--as", "USA"),
        cli("replay", out, "--plain", "--prompts", "--as", "USA"),
        cli("replay", out, "--plain", "--move", "2", "--prompts", "--as", "USA"),
        cli("verify", out),
        cli("doctor"),
    )
    assert [betrayed(one) for one in shown] == [[]] * len(shown)
    assert betrayed(cli("replay", out, "--plain"))
    assert leaks(cli("replay", out, "--plain", "--prompts").out)
    log = (home / "minilateral.log").read_text(encoding="utf-8")
    assert log
    assert leaks(log) == []


def test_a_failure_shows_one_seat_nothing_of_another(
    cli: Cli, home: Path, planted: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def answer(request: Any) -> str | Fault:
        text = json.dumps(request["messages"])
        return error(422, f"Bad input: {text}") if "CANARY-BRIEF" in text else haggle(request)

    out = str(home / "s.jsonl")
    with OpenAIStub(answer) as stub:
        monkeypatch.setenv("OPENAI_BASE_URL", stub.url)
        failed = cli("run", planted, "--model", "m", "--plain", "-v", "--as", "USA", "--out", out)
        again = cli("resume", out, "--plain", "-v")
    assert (failed.code, again.code) == (3, 3)
    assert betrayed(failed) == []
    assert leaks(again.err) == []
