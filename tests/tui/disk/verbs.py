"""Verbs that write: what each begins with, how it is carried on, and what must be there then."""

import re
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from delegates import negotiate
from delegates.evaluation.playing.folder import Folder
from delegates.evaluation.playing.journal import Journal
from games.formats.genius_writer import write_genius
from games.scenario import parse_scenario
from tests.delegates.sessions import bare, events_of
from transcripts import verify
from transcripts.events import Event, MoveMade

GAME = """
minilateral: 1
id: mini
title: A small game
protocol: {kind: alternating-offers, rounds: 4, opens: fixed}
issues:
  volume: {label: volume, unit: t, options: [1, 2, 3]}
  price: {label: price, unit: USD, options: [10, 20]}
parties:
  USA:
    name: United States
    side: consumer
    reservation: 20
    points: {volume: {1: 0, 2: 30, 3: 60}, price: {10: 40, 20: 0}}
  COD:
    name: DR Congo
    side: supplier
    reservation: 20
    points: {volume: {1: 60, 2: 30, 3: 0}, price: {10: 0, 20: 40}}
"""

SEATS = ("--seat=USA=boulware", "--seat=COD=linear")
MODELS = ("--seat=USA=llm:m", "--seat=COD=menu:m+llm:v")

TYPED = "offer volume=3, price=10\noffer volume=2, price=10\n"
HANDED_OVER = "ai\nai\nai\nai\nai\nai\n"

PLAN = """
minilateral-plan: 1
id: struck
title: Struck
strategies: STRATEGIES
scenarios: [mini.yaml]
repetitions: REPETITIONS
"""

SHEET = "reservation: 30\n"

SAID = re.compile("(?m)^  “([^”]*)”")


@dataclass(frozen=True)
class Verb:
    """A command in a folder, and what may befall it there."""

    name: str
    arguments: Callable[[Path], Sequence[str]]
    """Given the folder."""
    check: Callable[[Path], None]
    """Checks that all that it writes is there, whole."""
    prepare: Callable[[Path, Path], None] = lambda folder, given: None
    """Puts there what it begins with, out of a folder with what is given."""
    again: Callable[[Path], Sequence[str]] | None = None
    """The command that carries it on, where that is another one."""
    kept: Callable[[Path, str, str], None] = lambda folder, out, err: None
    """Checks that what it said on stdout and stderr was kept is there, though it was struck."""
    tidy: Callable[[Path], None] = lambda folder: None
    """Removes what a user has to remove before beginning anew: the command says what."""
    typed: str = ""


def give(folder: Path) -> Path:
    """Write what verbs begin with: games, sessions whole, half, torn and damaged, plans."""
    folder.mkdir()
    (folder / "mini.yaml").write_text(GAME, encoding="utf-8")
    game = parse_scenario(GAME, "mini")
    whole = folder / "whole.jsonl"
    seats = {"USA": "boulware", "COD": "linear"}
    negotiate(game, seats, seed=3, transcript=whole, session="whole")
    lines = whole.read_bytes().splitlines(keepends=True)
    (folder / "half.jsonl").write_bytes(b"".join(lines[:4]))
    (folder / "torn.jsonl").write_bytes(b"".join(lines[:4]) + lines[4][:90])
    (folder / "damaged.jsonl").write_bytes(b"".join([*lines[:4], b"\n", *lines[5:]]))
    domain, profiles = write_genius(game)
    (folder / "domain.xml").write_text(domain, encoding="utf-8")
    for party, profile in profiles.items():
        (folder / f"{party}.xml").write_text(profile, encoding="utf-8")
    plan = PLAN.replace("REPETITIONS", "2").replace("STRATEGIES", "[linear, boulware, firm]")
    (folder / "plan.yaml").write_text(plan, encoding="utf-8")
    asking = PLAN.replace("REPETITIONS", "1").replace("STRATEGIES", '{a: "llm:m", b: boulware}')
    (folder / "asking.yaml").write_text(asking, encoding="utf-8")
    (folder / "sheet.yaml").write_text(SHEET, encoding="utf-8")
    return folder


def require_session(path: Path) -> None:
    """Check that a session is there, sound and over."""
    found = verify(path)
    assert (found.ok, found.complete, found.notes) == (True, True, []), found


def require_said(path: Path, said: str) -> None:
    """Check that all moves that were shown are in the transcript, one after the other."""
    shown = [" ".join(words.split()) for words in SAID.findall(said)]
    if not shown:
        return
    kept = [" ".join(event.words.split()) for event in _sound(path) if isinstance(event, MoveMade)]
    runs = (kept[at : at + len(shown)] for at in range(len(kept)))
    assert shown in runs, (kept, shown)


def _sound(path: Path) -> Sequence[Event]:
    """Return what stands in whole lines."""
    assert path.exists(), f"{path}: said, and not there"
    content = path.read_bytes()
    # Elsewhere: the disk may be full.
    with TemporaryDirectory() as folder:
        copy = Path(folder) / "whole-lines.jsonl"
        copy.write_bytes(content[: content.rfind(b"\n") + 1])
        return events_of(copy)


def copied(name: str) -> Callable[[Path, Path], None]:
    """Return what puts a given file there as the session that is played."""

    def put(folder: Path, given: Path) -> None:
        shutil.copy(given / name, folder / "t.jsonl")

    return put


def _session(folder: Path) -> None:
    require_session(folder / "t.jsonl")


def _moves(folder: Path, out: str, _: str) -> None:
    require_said(folder / "t.jsonl", out)


def _resumed(folder: Path) -> Sequence[str]:
    return ("resume", f"{folder}/t.jsonl", "--plain")


def _begun(given: Path, *options: str) -> Callable[[Path], Sequence[str]]:
    return lambda folder: (
        *("run", f"{given}/mini.yaml", "--seed=3", "--plain"),
        f"--out={folder}/t.jsonl",
        *options,
    )


def sessions(given: Path) -> list[Verb]:
    """Return verbs that play."""

    def played(*options: str) -> Callable[[Path], Sequence[str]]:
        return lambda folder: (
            *("play", f"{given}/mini.yaml", "--as=USA", "--seat=COD=linear", "--seed=3"),
            *("--plain", f"--out={folder}/t.jsonl", *options),
        )

    def like_whole(folder: Path) -> None:
        _session(folder)
        assert bare(events_of(folder / "t.jsonl")) == bare(events_of(given / "whole.jsonl"))

    def cut_and_told(folder: Path) -> None:
        like_whole(folder)
        aside = [one.read_bytes() for one in folder.glob("t.jsonl.damaged*")]
        assert aside == [(given / "damaged.jsonl").read_bytes()]

    run, asked = _begun(given, *SEATS), _begun(given, *MODELS, "--cache")
    resumed = _resumed
    return [
        Verb("run", run, _session, again=resumed, kept=_moves),
        Verb("run, models", asked, _session, again=resumed, kept=_moves),
        Verb("resume", resumed, like_whole, copied("half.jsonl"), kept=_moves),
        Verb("resume, torn", resumed, like_whole, copied("torn.jsonl"), kept=_moves),
        Verb(
            "resume, damaged",
            lambda folder: (*_resumed(folder), "--from-last-sound"),
            cut_and_told,
            copied("damaged.jsonl"),
            kept=lambda folder, *_: require_damaged_kept(folder, given),
        ),
        Verb("play", played(), _session, again=resumed, kept=_moves, typed=TYPED + HANDED_OVER),
        Verb(
            "play, prepared",
            played(f"--sheet={given}/sheet.yaml"),
            _session,
            again=resumed,
            kept=_moves,
            typed=TYPED + HANDED_OVER,
        ),
        Verb(
            "fork",
            lambda folder: (
                *("fork", f"{given}/whole.jsonl", "--at=3", "--seat=COD=firm"),
                f"--out={folder}/t.jsonl",
            ),
            lambda folder: _require_branch(folder / "t.jsonl"),
            # It died when the branch was there: whole, but not said.
            again=lambda folder: ("verify", f"{folder}/t.jsonl"),
            kept=_require_named,
        ),
    ]


def require_damaged_kept(folder: Path, given: Path) -> None:
    """Check that a damaged file is still there, under its name or beside it."""
    damaged = (given / "damaged.jsonl").read_bytes()
    found = [one.read_bytes() for one in folder.glob("t.jsonl*")]
    assert damaged in found


def _require_branch(path: Path) -> None:
    found = verify(path)
    assert (found.ok, found.complete) == (True, False), found
    assert sum(event.type == "moved" for event in events_of(path)) == 3


def _require_named(folder: Path, out: str, _: str) -> None:
    """Check that every file that was named is there, and holds something."""
    for name in re.findall(rf"{re.escape(str(folder))}/\S+", out):
        assert Path(name.rstrip(".,:;")).stat().st_size, name


def files(given: Path) -> list[Verb]:
    """Return verbs that write files once: there whole, or not at all."""

    def writes(name: str, arguments: Sequence[str], *names: str, option: str = "") -> Verb:
        first = names[0].partition("/")[0]
        sizes: dict[str, int] = {}

        def command(folder: Path) -> Sequence[str]:
            return (*arguments, f"{option}{folder / first}")

        def kept(folder: Path, out: str, err: str) -> None:
            _require_named(folder, out, err)
            for one in names:
                # There whole, or not at all.
                if (folder / one).exists():
                    size = (folder / one).stat().st_size
                    assert sizes.setdefault(one, size) == size, one

        def whole(folder: Path) -> None:
            for one in names:
                size = (folder / one).stat().st_size
                assert sizes.setdefault(one, size) == size > 100, one
            assert sorted(names) == sorted(
                str(one.relative_to(folder))
                for one in folder.rglob("*")
                if one.is_file() and not one.name.endswith(".new") and "home" not in one.parts
            )

        def tidy(folder: Path) -> None:
            # Files that are there are never overwritten; a process may have died between two.
            for one in names:
                (folder / one).unlink(missing_ok=True)

        return Verb(name, command, whole, kept=kept, tidy=tidy)

    session, game = f"{given}/whole.jsonl", f"{given}/mini.yaml"
    tables = [f"tables/{name}.csv" for name in ("sessions", "seats", "moves")]
    import_ = ("convert", *(f"{given}/{name}.xml" for name in ("domain", "USA", "COD")))
    out = "--out="
    return [
        writes("convert to CSV", ("convert", session), "moves.csv"),
        writes("convert to Parquet", ("convert", session), "moves.parquet"),
        writes("convert to a folder", ("convert", "--format=csv", session), *tables),
        writes("convert to a game", ("convert", game), "stance.nfg"),
        writes("convert from Genius", import_, "mini.yaml"),
        writes(
            "convert to Genius",
            ("convert", f"{given}/mini.yaml"),
            "mini.xml",
            "mini_USA.xml",
            "mini_COD.xml",
        ),
        writes("debrief as HTML", ("debrief", session), "d.html", option=out),
        writes("debrief as Markdown", ("debrief", session), "d.md", option=out),
        writes("debrief as JSON", ("debrief", session, "--format=json"), "d.json", option=out),
        writes("analyze as HTML", ("analyze", game, "--format=html"), "a.html", option=out),
        writes("analyze as Markdown", ("analyze", game, "--format=md"), "a.md", option=out),
    ]


def batches(given: Path) -> list[Verb]:
    """Return evaluations."""

    def evaluated(plan: str, *options: str) -> Callable[[Path], Sequence[str]]:
        return lambda folder: (
            *("evaluate", f"{given}/{plan}", f"--out={folder}/ev", "--plain", *options),
        )

    def whole(count: int) -> Callable[[Path], None]:
        def check(folder: Path) -> None:
            found = Folder(folder / "ev")
            with Journal(found.journal) as journal:
                assert len(journal) == count
            assert all(table.stat().st_size for table in found.tables)
            assert (folder / "ev" / "report.html").read_text(encoding="utf-8").count("</html>") == 1
            left = [*found.path.rglob("*.new"), *found.path.rglob("*.parts")]
            assert left == []
            assert not [*found.open_sessions.glob("*")]

        return check

    def counted(folder: Path, _: str, err: str) -> None:
        told = [int(number) for number in re.findall(r"(\d+) of \d+ sess", err)]
        journal = folder / "ev" / "journal.jsonl"
        lines = journal.read_bytes().count(b"\n") if journal.exists() else 0
        assert lines >= max(told, default=0)

    return [
        Verb("evaluate", evaluated("plan.yaml", "--workers=1"), whole(18), kept=counted),
        Verb(
            "evaluate, two workers", evaluated("plan.yaml", "--workers=2"), whole(18), kept=counted
        ),
        Verb("evaluate, models", evaluated("asking.yaml"), whole(4), kept=counted),
    ]


def verbs(given: Path) -> Mapping[str, Verb]:
    """Return every verb that writes."""
    return {verb.name: verb for verb in (*sessions(given), *files(given), *batches(given))}
