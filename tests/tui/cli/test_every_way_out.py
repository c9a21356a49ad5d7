"""No way out of the program holds a key, and none tells one seat what is another's.

Canaries stand in every private field of DR Congo, and in the key of the endpoint.
"""

import inspect
import logging
import subprocess
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from delegates import negotiate
from delegates.settings import Flags, load_settings
from tests.delegates.sessions import haggle
from tests.delegates.test_happening_separation import leaks as event_leaks
from tests.delegates.test_happening_separation import planted as planted_events
from tests.delegates.test_separation import GAME, figures_told, leaks
from tests.support.openai_stub import OpenAIStub
from tests.test_house import ROOT
from tests.tui.cli.conftest import Cli
from tests.tui.cli.ways_out import ELSEWHERE, FILES_OF_KEYS, INERT, WAYS, Way, shaping
from tui.cli.verbs import VERBS

KEY = "CanaryKey/7+Zq=0123456789abcdef"
PAPERS = ("CANARY", "731.25", "612.75", "577.375", "433.125", "418.625")
"""What stands in DR Congo's papers, and follows from no result."""

PLAN = """
minilateral-plan: 1
id: small
title: Two tactics at one table
strategies: [boulware, "llm:m"]
scenarios: [planted.yaml]
transcripts: all
"""
NFG = 'NFG 1 R "g" { "A" "B" } { 2 2 }\n1 2 3 1 0 0 2 2'


@pytest.fixture(autouse=True)
def endpoint(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[OpenAIStub]:
    """A model's endpoint, its key, and the files that verbs read."""
    (tmp_path / "planted.yaml").write_text(GAME.canonical(), encoding="utf-8")
    (tmp_path / "plan.yaml").write_text(PLAN, encoding="utf-8")
    (tmp_path / "game.nfg").write_text(NFG, encoding="utf-8")
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    with OpenAIStub(haggle) as stub:
        monkeypatch.setenv("OPENAI_BASE_URL", stub.url)
        yield stub


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A finished session's transcript."""
    home = tmp_path_factory.mktemp("whole")
    with OpenAIStub(haggle) as stub:
        told = {"MINILATERAL_HOME": str(home), "OPENAI_BASE_URL": stub.url, "OPENAI_API_KEY": KEY}
        settings = load_settings(told, Flags(model="m"))
        seats = {"USA": "llm:m", "COD": "llm:m+llm:m"}
        negotiate(GAME, seats, seed=1, transcript=home / "s.jsonl", settings=settings)
    return (home / "s.jsonl").read_bytes()


def told_by(cli: Cli, way: Way) -> str:
    """Return all that a way lets out, files it names included; they are for their user alone."""
    reads = {"session": ["s.jsonl"], "scenario": ["planted.yaml"], "plan": ["plan.yaml"]}
    before = set(Path().rglob("*"))
    last = [way.writes] if way.writes else []
    shown = cli(way.verb, *reads.get(way.reads, []), *way.options, *last)
    expected = 1 if way.verb == "check" or way.writes.endswith("xml") else 0
    assert shown.code <= expected, shown.err
    told = [shown.out, shown.err]
    for path in sorted(set(Path().rglob("*")) - before):
        if path.is_dir() or "home" in path.parts:
            continue
        folder = path.parts[0]
        mode = (path if folder == path.name else Path(folder)).stat().st_mode
        assert mode & 0o077 == 0 or folder == "tables", f"{path}: others may read it"
        told.append(str(path))
        # Transcripts and copies of scenarios hold everything, and are told apart from exports.
        is_whole = path.suffix == ".jsonl" and path.name != "journal.jsonl"
        if not is_whole and "scenarios" not in path.parts:
            told.append(path.read_bytes().decode("utf-8", "replace"))
    return "\n".join(told)


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.name)
def test_no_way_out_tells_more_than_it_may(
    cli: Cli, home: Path, whole: bytes, way: Way, caplog: pytest.LogCaptureFixture
) -> None:
    Path("s.jsonl").write_bytes(whole)
    names = ("minilateral", "aiohttp", "asyncio", "langgraph", "textual", "httpx2")
    caplog.set_level(logging.DEBUG)
    for name in names:
        caplog.set_level(logging.DEBUG, logger=name)

    told = told_by(cli, way)

    log = "\n".join(f"{one.name}: {one.getMessage()}" for one in caplog.records)
    kept = [path for path in home.rglob("*") if path.is_file()]
    for text in (told, log, *(path.read_bytes().decode("utf-8", "replace") for path in kept)):
        assert KEY not in text
    quiet = "\n".join(line for line in log.splitlines() if not line.startswith("openai"))
    assert leaks(quiet) == []
    assert [path for path in kept if path.suffix == ".log" and leaks(path.read_text())] == []
    if way.holds == "public":
        assert leaks(told) == []
        assert figures_told(told) == set()
    elif way.holds == "results":
        assert [trace for trace in PAPERS if trace in told] == []


@pytest.mark.parametrize("verb", VERBS)
def test_no_verb_and_no_option_that_shapes_what_comes_out_is_forgotten(verb: str) -> None:
    if verb in ELSEWHERE:
        assert (ROOT / ELSEWHERE[verb]).is_file()
        return
    ways = [way for way in WAYS if way.verb == verb]
    assert ways

    tried = [(*way.options, None) for way in ways]
    missing = [
        (flag, value)
        for flag, value in shaping(verb)
        if not any(
            one == flag and (value is None or after == value)
            for options in tried
            for one, after in pairwise(options)
        )
    ]

    assert missing == []


def test_the_options_that_shape_nothing_are_those_of_some_verb() -> None:
    known = {name for verb in VERBS.values() for name in inspect.signature(verb.load()).parameters}

    assert known >= INERT | FILES_OF_KEYS


def test_no_key_stands_in_the_list_of_processes(cli: Cli, whole: bytes) -> None:
    """Workers of a batch are told on their standard input what they play."""
    seen: list[str] = []

    class Watched(subprocess.Popen):  # type: ignore[type-arg]
        def __init__(self, args: list[str], **more: object) -> None:
            seen.append(" ".join(map(str, args)))
            super().__init__(args, **more)  # type: ignore[call-overload]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(subprocess, "Popen", Watched)
        assert cli("evaluate", "plan.yaml", "--workers", "2", "--out", "batch").code == 0
    assert not any(KEY in one or leaks(one) for one in seen)


@pytest.fixture(scope="module", params=["alternating-offers", "plenary", "forum"])
def eventful(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A session at a table or in a hall, where Aland's capital and some shocks are a secret."""
    path = tmp_path_factory.mktemp("eventful") / "s.jsonl"
    of = planted_events(request.param)
    negotiate(of, dict.fromkeys(of.ids, "boulware"), seed=3, transcript=path)
    return path.read_bytes()


@pytest.mark.parametrize(
    "options",
    [
        ("replay", "--plain", "--as", "B"),
        ("replay", "--plain", "--as", "B", "--prompts", "--verbose"),
        ("replay", "--plain", "--as", "B", "--move", "3"),
        ("verify", "--json"),
        *(("convert", "--table", table) for table in ("sessions", "seats", "moves")),
    ],
    ids=" ".join,
)
def test_what_capitals_say_comes_out_nowhere(
    cli: Cli, eventful: bytes, options: tuple[str, ...]
) -> None:
    Path("s.jsonl").write_bytes(eventful)
    verb, *more = options
    last = ["out.csv"] if verb == "convert" else []

    shown = cli(verb, "s.jsonl", *more, *last)

    assert shown.code == 0
    told = [shown.out, shown.err, *(Path(name).read_text(encoding="utf-8") for name in last)]
    assert event_leaks("\n".join(told)) == []


NAMES = ("\x1b[2J\x1b]0;t\x07", "<script>alert(1)</script>", "[@click=app.quit]x[/]", "=1+1", "..")
"""What the file of a table may be called."""


@pytest.mark.parametrize("form", ["text", "md", "html", "json"])
def test_a_class_is_compared_whatever_its_files_are_called(
    cli: Cli, whole: bytes, form: str
) -> None:
    folder = Path("class")
    folder.mkdir()
    for name in NAMES:
        (folder / f"{name.replace('/', '∕')}.jsonl").write_bytes(whole)

    shown = cli("debrief", "class", "--format", form)

    assert shown.out
    assert "\x1b" not in shown.out + shown.err
    assert form != "html" or "<script" not in shown.out
    assert KEY not in shown.out + shown.err
