"""A damaged transcript: verify names the first bad event, replay shows what is sound, resume waits
for the user's word."""

import re
from collections import Counter
from pathlib import Path
from random import Random

import pytest

from delegates import negotiate
from delegates.debriefing.recorded import read
from games.errors import TranscriptError
from games.scenario import Scenario, parse_scenario
from tests.delegates.sessions import MINI, bare, events_of, mini, tiny
from tests.tui.cli.conftest import Cli
from tests.tui.damages import damages, first_damaged, write
from transcripts import verify
from transcripts.exports.rows import read_session
from transcripts.rescue import cut_back
from transcripts.store import TranscriptFile
from tui.library.sessions import session_card
from tui.replay import Recording, read_history

SEATS = {"USA": "boulware", "COD": "linear"}


def whole(path: Path, scenario: Scenario | None = None) -> Path:
    """Return a transcript of a finished session."""
    negotiate(scenario or mini(), SEATS, seed=1, transcript=path)
    return path


def refused(reader: object, path: Path) -> str:
    """Return in which line a reader refuses a file."""
    assert callable(reader)
    with pytest.raises(TranscriptError) as caught:
        reader(path)
    told = str(caught.value)
    assert "\n" not in told
    return told


def require_named(path: Path, event: int | None) -> None:
    """Check that every reader says the same of a damaged file."""
    found = verify(path)
    if event is None:
        assert found.problems == []
        assert not found.complete
        return
    assert found.problems[0].startswith(f"event {event}: ")
    assert found.sound == event
    is_torn = event == found.events
    assert f"event {event}: " in refused(read_session, path)
    if not is_torn:
        assert f"event {event}: " in refused(lambda one: read(one, None), path)
    if event:
        *_, history = read_history(Recording(path))
        assert history.events == event
        torn = "the last line is torn; everything before it is shown"
        sound = f"sound up to event {event - 1}; event {event}: "
        assert history.problem is not None
        assert history.problem.startswith(torn if is_torn else sound)
    else:
        assert f"event {event}: " in refused(Recording, path)
        assert not session_card(path).is_sound
    session_card(path)


def require_carried_on(cli: Cli, path: Path, event: int | None, told: list[object]) -> None:
    """Check that a damaged session is carried on from its last sound event to the same end."""
    damaged = path.read_bytes()
    is_torn = event is not None and event == damaged.count(b"\n")
    if event is not None and not is_torn:
        shown = cli("resume", str(path), "--json")
        assert shown.code == 1
        assert shown.line.startswith(f"minilateral: {path}: event {event}: ")
        assert ("`resume --from-last-sound` carries on" in shown.line) == (event > 0)
        assert path.read_bytes() == damaged
    shown = cli("resume", str(path), "--from-last-sound", "--json")
    aside = path.with_name(f"{path.name}.damaged")
    if event == 0:
        assert (shown.code, path.read_bytes()) == (1, damaged)
        assert not aside.exists()
        return
    assert shown.code == 0, shown.err
    found = verify(path)
    assert (found.ok, found.complete, found.notes) == (True, True, [])
    assert bare(events_of(path)) == told
    cuts = [one for one in events_of(path) if one.type == "failed"]
    if event is None or is_torn:
        assert (cuts, aside.exists()) == ([], False)
        return
    assert aside.read_bytes() == damaged
    assert [one.n for one in cuts] == [event]
    assert cuts[0].reason.startswith(f"the record was not sound: event {event}: ")
    assert aside.name in cuts[0].reason


def bare_of(path: Path) -> list[object]:
    return [*bare(events_of(path))]


def test_a_short_transcript_cut_at_any_byte_is_named_by_its_first_torn_event(
    tmp_path: Path,
) -> None:
    path = tmp_path / "t.jsonl"
    negotiate(tiny(), {"A": "boulware", "B": "linear"}, seed=1, transcript=path)
    sound = path.read_bytes()
    for cut in range(1, len(sound)):
        path.write_bytes(sound[:cut])
        event = first_damaged(sound, sound[:cut])
        if cut <= sound.index(b"\n"):
            assert event == 0
            assert "no transcript: it holds no whole line" in refused(verify, path)
            continue
        found = verify(path)
        told = [] if event is None else [f"event {event}: the last line is torn"]
        assert [one.partition(";")[0] for one in found.problems] == told, f"cut at byte {cut}"
        assert found.sound == found.events == sound.count(b"\n", 0, cut)


def test_damage_of_any_kind_is_named_by_its_first_event_everywhere(
    cli: Cli, tmp_path: Path
) -> None:
    sound = whole(tmp_path / "sound.jsonl")
    told = bare_of(sound)
    content = sound.read_bytes()
    for number, damage in enumerate(damages(content, Random(3), 24)):
        path = write(damage, tmp_path / f"{number}-{damage.kind}.jsonl")
        event = first_damaged(content, damage.content)
        if b"\n" not in damage.content:
            assert "no transcript" in refused(verify, path)
            continue
        require_named(path, event)
        require_carried_on(cli, path, event, told)


@pytest.mark.campaign
@pytest.mark.timeout(0)
@pytest.mark.parametrize(("rounds", "count"), [(200, 400), (1000, 100)])
def test_hundreds_of_damages_of_long_transcripts_are_named_and_survived(
    cli: Cli, tmp_path: Path, capsys: pytest.CaptureFixture[str], rounds: int, count: int
) -> None:
    game = parse_scenario(MINI.replace("rounds: 12", f"rounds: {rounds}"), "long")
    sound = tmp_path / "sound.jsonl"
    seats = {"USA": "stonewaller", "COD": "stonewaller"}
    negotiate(game, seats, seed=1, transcript=sound)
    told, content = bare_of(sound), sound.read_bytes()
    named: Counter[str] = Counter()
    for number, damage in enumerate(damages(content, Random(rounds), count)):
        path = write(damage, tmp_path / f"{number}.jsonl")
        event = first_damaged(content, damage.content)
        require_named(path, event)
        require_carried_on(cli, path, event, told)
        named[damage.kind] += event is not None
        for left in tmp_path.glob(f"{number}.*"):
            left.unlink()
    events = content.count(b"\n")
    with capsys.disabled():
        print(f"\n{events} events, {count} damages, {named.total()} can be told: {dict(named)}")


def test_replay_says_what_is_sound_and_then_where_that_ends(cli: Cli, tmp_path: Path) -> None:
    path = whole(tmp_path / "t.jsonl")
    moves = re.findall(r"(?m)^Round \d+", cli("replay", str(path), "--plain").out)
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([*lines[:6], *lines[7:]]))  # two moves of one party follow each other

    shown = cli("replay", str(path), "--plain")

    assert shown.code == 1
    assert shown.line == (
        f"minilateral: {path}: sound up to event 5; event 6: "
        "it is numbered 7: an event is missing, doubled or moved"
    )
    assert len(moves) > len(re.findall(r"(?m)^Round \d+", shown.out)) > 1


def test_replay_of_a_torn_record_says_so(cli: Cli, tmp_path: Path) -> None:
    path = whole(tmp_path / "t.jsonl")
    path.write_bytes(path.read_bytes()[:-30])
    shown = cli("replay", str(path), "--plain")
    assert shown.code == 0
    assert shown.line.endswith("t.jsonl: the last line is torn; everything before it is shown")


def test_one_move_is_replayed_whatever_follows_it(cli: Cli, tmp_path: Path) -> None:
    path = whole(tmp_path / "t.jsonl")
    sound = cli("replay", str(path), "--move", "3")
    path.write_bytes(path.read_bytes().replace(b'"closed"', b'"clos\\u0065d"'))
    assert cli("replay", str(path), "--move", "3") == sound


def test_nothing_is_given_up_of_a_sound_session(cli: Cli, tmp_path: Path) -> None:
    path = whole(tmp_path / "t.jsonl")
    before = path.read_bytes()
    shown = cli("resume", str(path), "--from-last-sound", "--plain")
    assert shown.code == 0
    assert shown.line.endswith("nothing before its end is damaged; carried on as it is")
    assert path.read_bytes() == before
    assert [one.name for one in tmp_path.glob("t.jsonl*")] == ["t.jsonl"]


def test_nothing_is_given_up_where_an_option_is_at_fault(cli: Cli, tmp_path: Path) -> None:
    path = whole(tmp_path / "t.jsonl")
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([*lines[:6], b"\n", *lines[7:]]))
    before = path.read_bytes()
    shown = cli("resume", str(path), "--from-last-sound", "--port", "1")
    assert (shown.code, shown.line.startswith("minilateral: --port 1: no seat")) == (1, True)
    assert path.read_bytes() == before
    assert [one.name for one in tmp_path.glob("t.jsonl*")] == ["t.jsonl"]


def test_what_is_given_up_is_told(cli: Cli, tmp_path: Path) -> None:
    path = whole(tmp_path / "t.jsonl")
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([*lines[:6], b"\n", *lines[7:]]))
    shown = cli("resume", str(path), "--from-last-sound", "--plain")
    assert shown.code == 0
    assert shown.line == (
        f"minilateral: {path}: cut back to event 5; given up: {len(lines) - 6} lines; "
        f"the file as it was is kept in {path}.damaged"
    )
    assert (
        "(stopped here: the record was not sound: event 6: "
        in cli("replay", str(path), "--plain").out
    )


def test_a_second_damage_is_kept_beside_the_first(tmp_path: Path) -> None:
    path = whole(tmp_path / "t.jsonl")
    sound = path.read_bytes()
    for _ in range(2):
        path.write_bytes(sound.replace(b'"turn":3', b'"turn":4'))
        cut_back(path)
    names = sorted(one.name for one in tmp_path.glob("t.jsonl*"))
    assert names == ["t.jsonl", "t.jsonl.damaged", "t.jsonl.damaged-2"]


def test_a_cut_that_was_broken_off_is_made_again_and_keeps_one_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    path = whole(tmp_path / "t.jsonl")
    damaged = path.read_bytes().replace(b'"turn":3', b'"turn":4')
    path.write_bytes(damaged)
    with monkeypatch.context() as broken:
        broken.setattr(Path, "replace", killed)
        with pytest.raises(KeyboardInterrupt):
            cut_back(path)
    assert path.read_bytes() == damaged
    cut = cut_back(path)
    assert cut is not None
    assert cut.kept.read_bytes() == damaged
    assert len([*tmp_path.iterdir()]) == 4  # with the home folder and a scenario


def test_a_damaged_session_that_someone_plays_is_not_cut(cli: Cli, tmp_path: Path) -> None:
    path = whole(tmp_path / "t.jsonl")
    file, _ = TranscriptFile.reopen(path)
    with file:
        before = path.read_bytes()
        shown = cli("resume", str(path), "--from-last-sound")
    assert shown.code == 1
    assert "is writing to it" in shown.line
    assert path.read_bytes() == before


@pytest.mark.parametrize("verb", [("convert",), ("review", "--plain"), ("fork", "--at=9")])
def test_who_reads_a_damaged_session_whole_is_told_where_it_is_damaged(
    cli: Cli, tmp_path: Path, verb: tuple[str, ...]
) -> None:
    path = whole(tmp_path / "t.jsonl")
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([*lines[:6], *lines[7:]]))
    out = ["moves.csv"] if verb == ("convert",) else []
    shown = cli(*verb, str(path), *out)
    assert shown.code == 1
    assert shown.line.startswith(f"minilateral: {path}: event 6: ")
    assert not (tmp_path / "moves.csv").exists()


def test_converted_line_ends_are_told_for_what_they_are(tmp_path: Path) -> None:
    path = whole(tmp_path / "t.jsonl")
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert verify(path).problems == [
        "event 0: the line ends in CR LF: the file was converted; expected LF alone"
    ]


def test_a_damage_is_found_by_the_first_byte_that_differs() -> None:
    sound = b"one\ntwo\nthree\n"
    assert first_damaged(sound, b"one\ntwo\n") is None
    assert first_damaged(sound, b"one\ntw") == 1
    assert first_damaged(sound, b"one\nthree\n") == 1
    assert first_damaged(sound, b"one two\nthree\n") == 0
    assert first_damaged(sound, sound + b"more") == 3
