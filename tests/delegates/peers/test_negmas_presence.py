"""Without NegMAS all that was recorded can be read, and another release is not mixed in."""

import json
import pickle
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import pytest

from delegates.debriefing.minds import replies_of_seats
from delegates.evaluation.evaluate import evaluate
from delegates.evaluation.planning.design import (
    Design,
    hash_of,
    read_design,
    releases_here,
    require_releases,
)
from delegates.evaluation.planning.played import kept_texts, plan_text, played_plan
from delegates.evaluation.playing.folder import Folder
from delegates.evaluation.playing.journal import Journal
from delegates.negotiate import negotiate, resume
from delegates.peers import negmas_names
from delegates.peers.presence import require_as_before
from delegates.seating import scripted_mind
from delegates.seats import parse_seat
from delegates.settings import load_settings
from games.errors import PlanError, SeatError, UserError
from tests.delegates.evaluation.made import made_design
from tests.delegates.sessions import mini, settings_at
from tests.tui.cli.conftest import Cli, cli, home
from transcripts.events import Opened
from transcripts.store import Transcript

__all__ = ["cli", "home"]

LINEAR = "negmas(agent=LinearTBNegotiator)"
MISSING = (
    f"seat '{LINEAR}': NegMAS is not installed; pip install 'minilateral[negmas]' (it is under "
    "the AGPL, version 3 or later)"
)


@pytest.fixture(autouse=True)
def release_forgotten() -> Iterator[None]:
    """What is installed is looked up anew before and after each test."""
    negmas_names.release.cache_clear()
    yield
    negmas_names.release.cache_clear()


def take_away(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have NegMAS not be installed from here on."""

    def version(name: str) -> str:
        raise PackageNotFoundError(name)

    for module in [name for name in sys.modules if name.partition(".")[0] == "negmas"]:
        monkeypatch.delitem(sys.modules, module)
    monkeypatch.setitem(sys.modules, "negmas", None)
    monkeypatch.delitem(sys.modules, "delegates.peers.negmas_adapter", raising=False)
    monkeypatch.setattr(negmas_names, "version", version)
    negmas_names.release.cache_clear()


def upgrade(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have another release of NegMAS be installed from here on."""
    monkeypatch.setattr(negmas_names, "version", lambda _: "0.99.1")
    negmas_names.release.cache_clear()


def transcript(path: Path, *, kept: int | None = None) -> Path:
    """Write a session with a negotiator of NegMAS in one seat, or its first lines alone."""
    negotiate(mini(), {"USA": LINEAR, "COD": "closer"}, seed=3, transcript=path)
    if kept is not None:
        path.write_text("".join(path.read_text().splitlines(keepends=True)[:kept]))
    return path


def test_a_session_on_record_is_read_without_negmas(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cli: Cli
) -> None:
    path = str(transcript(tmp_path / "s.jsonl"))
    shown = ["replay", path, "--plain"], ["verify", path], ["resume", path, "--plain"]
    with_it = [cli(*given) for given in shown]
    take_away(monkeypatch)

    assert [cli(*given) for given in shown] == with_it
    assert {one.code for one in with_it} == {0}
    for given in (
        ["review", path, "--as", "USA", "--plain"],
        ["review", path, "--as", "COD", "--plain"],
        ["convert", path, str(tmp_path / "moves.csv"), "--table", "moves"],
        ["convert", path, str(tmp_path / "game.nfg")],
        ["fork", path, "--at", "4", "--seat", "USA=firm", "--out", str(tmp_path / "b.jsonl")],
        ["resume", str(tmp_path / "b.jsonl"), "--plain"],
    ):
        told = cli(*given)
        assert told.code == 0, told.err
    assert "LinearTBNegotiator" in (tmp_path / "moves.csv").read_text()


def test_a_review_says_that_who_sat_there_cannot_be_asked_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cli: Cli
) -> None:
    path = str(transcript(tmp_path / "s.jsonl"))
    note = "who sat there cannot be asked again"

    assert note not in flat(cli("review", path, "--as", "COD", "--plain").out)
    take_away(monkeypatch)
    assert note in flat(cli("review", path, "--as", "COD", "--plain").out)


def flat(text: str) -> str:
    return " ".join(text.split())


def test_a_session_that_is_not_over_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cli: Cli
) -> None:
    path = transcript(tmp_path / "s.jsonl", kept=6)
    before = path.read_bytes()
    take_away(monkeypatch)

    told = cli("resume", str(path))

    assert (told.code, told.out, told.err) == (1, "", f"minilateral: {MISSING}\n")
    assert path.read_bytes() == before
    for shown in (["verify", str(path)], ["replay", str(path), "--plain"]):
        assert cli(*shown).code == 0


def test_no_mind_is_made_where_negmas_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    take_away(monkeypatch)

    with pytest.raises(SeatError, match="NegMAS is not installed"):
        scripted_mind(parse_seat(LINEAR))
    assert parse_seat(LINEAR).decides == "code (NegMAS, not installed: LinearTBNegotiator)"


def test_another_release_carries_no_session_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = transcript(tmp_path / "s.jsonl", kept=6)
    now = negmas_names.release()
    upgrade(monkeypatch)

    with pytest.raises(SeatError) as raised:
        resume(path, settings=settings_at(home=tmp_path))

    assert str(raised.value) == (
        f"seat USA: code ({now}: LinearTBNegotiator) sat there, and code (NegMAS 0.99.1: "
        "LinearTBNegotiator) is here; expected that release, or a branch (minilateral fork) in "
        "which the seat is given anew"
    )


def test_a_review_asks_no_mind_of_another_release(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    header = Transcript(transcript(tmp_path / "s.jsonl")).event(0)
    assert isinstance(header, Opened)

    assert set(replies_of_seats(mini(), header.seats, 3)) == {"USA", "COD"}
    upgrade(monkeypatch)
    assert set(replies_of_seats(mini(), header.seats, 3)) == {"COD"}


def test_minds_of_this_program_are_of_no_release() -> None:
    require_as_before({"USA": parse_seat("firm")}, {"USA": "whatever an older version said"})


# A batch is of one release.

STRATEGIES = {"firm": "firm", "closer": "closer", "Linear": LINEAR}


def mixed() -> Design:
    return made_design(mini(), strategies=STRATEGIES)


def test_the_release_counts_where_such_a_mind_is_seated_and_nowhere_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before, ours = mixed(), made_design(mini(), strategies={"firm": "firm", "closer": "closer"})
    upgrade(monkeypatch)
    after = mixed()

    shas = [mini().sha256()]
    assert ours.releases == {}
    assert ours.hash == hash_of(ours.plan, shas, ours.specs)
    assert "releases" not in plan_text(ours)
    assert (before.releases, after.releases) == (
        {"negmas": before.releases["negmas"]},
        {"negmas": "NegMAS 0.99.1"},
    )
    assert before.hash != after.hash
    for one, other in zip(before.rows(), after.rows(), strict=True):
        assert (one.key == other.key) == ("Linear" not in one.seats)
    known = {row.key for row in before.rows()}
    assert {row.key for row in ours.rows()} <= known


def test_a_batch_is_not_carried_on_with_another_release(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = mixed()
    evaluate(before, out=tmp_path / "out", workers=1)
    journal = (tmp_path / "out" / "journal.jsonl").read_bytes()
    upgrade(monkeypatch)

    with pytest.raises(UserError) as raised:
        evaluate(mixed(), out=tmp_path / "out", workers=1)

    assert str(raised.value) == (
        f"{tmp_path / 'out'}: holds results of a plan that differs in the release of negmas "
        f"({before.releases['negmas']}, now NegMAS 0.99.1); expected the same plan, another folder "
        "(--out), or leave to extend it (--extend)"
    )
    assert (tmp_path / "out" / "journal.jsonl").read_bytes() == journal


def test_extended_to_another_release_only_what_is_ours_alone_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    evaluate(mixed(), out=tmp_path / "out", workers=1)
    upgrade(monkeypatch)

    found = evaluate(mixed(), out=tmp_path / "out", workers=1, extend=True)

    assert (found.sessions, found.resumed) == (9, 4)
    with Journal(tmp_path / "out" / "journal.jsonl") as journal:
        played = {tuple(row.seats): one.program for row, one in journal.in_order(mixed())}
    for seats, program in played.items():
        assert program.endswith("NegMAS 0.99.1") == ("Linear" in seats)


def kept(tmp_path: Path, *, lines: int | None = None) -> Folder:
    """Return the folder of a batch, or of one that was stopped after some sessions."""
    folder = Folder(tmp_path / "kept")
    evaluate(mixed(), out=folder.path, workers=1)
    if lines is not None:
        whole = folder.journal.read_text().splitlines(keepends=True)
        folder.journal.write_text("".join(whole[:lines]))
    return folder


def test_a_kept_plan_is_of_the_release_that_played_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, design = kept(tmp_path, lines=3), mixed()
    upgrade(monkeypatch)

    found = played_plan(folder.plan, folder.scenarios)

    assert (found.hash, found.releases) == (design.hash, design.releases)
    assert list(found.rows()) == list(design.rows())
    with pytest.raises(PlanError) as raised:
        evaluate(found, out=folder.path, workers=1)
    assert str(raised.value) == (
        f"plan made: is of {design.releases['negmas']}, and NegMAS 0.99.1 is here; expected that "
        "release, or another folder (--out) for the plan that it was made from"
    )
    assert len(Journal(folder.journal)) == 3


def test_a_finished_batch_is_read_without_negmas_and_an_unfinished_one_says_what_lacks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cli: Cli
) -> None:
    folder = kept(tmp_path)
    told = cli("evaluate", str(folder.path), "--plain")
    take_away(monkeypatch)

    assert cli("evaluate", str(folder.path), "--plain") == told
    assert told.code == 0
    lines = folder.journal.read_text().splitlines(keepends=True)
    folder.journal.write_text("".join(lines[:3]))
    for more in ([], ["--dry-run"]):
        less = cli("evaluate", str(folder.path), *more)
        assert (less.code, less.out, less.err) == (1, "", f"minilateral: {MISSING}\n")


def test_a_plan_says_at_its_line_that_negmas_is_not_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = tmp_path / "plan.yaml"
    plan.write_text(
        "minilateral-plan: 1\nid: p\ntitle: P\nstrategies:\n  firm: firm\n"
        f"  b: {LINEAR}\nscenarios: [first-table]\n"
    )
    take_away(monkeypatch)

    with pytest.raises(PlanError) as raised:
        read_design(plan, load_settings({"MINILATERAL_HOME": str(tmp_path)}))
    assert str(raised.value) == f"{plan}:6: strategies.b: {MISSING}"


def test_a_kept_plan_that_lacks_the_release_was_changed(tmp_path: Path) -> None:
    folder = kept(tmp_path)
    text = folder.plan.read_text()
    here = f"  releases:\n    negmas: {negmas_names.release()}\n"
    assert here in text

    for other in ("", here.replace("0.", "9.")):
        folder.plan.write_text(text.replace(here, other))
        with pytest.raises(PlanError, match=r"played\.hash: found .* it was changed"):
            played_plan(folder.plan, folder.scenarios)


def test_a_design_travels_with_its_releases(tmp_path: Path) -> None:
    design = mixed()
    sent = pickle.loads(pickle.dumps(design))

    assert sent.releases == design.releases == releases_here(STRATEGIES)
    assert [row.key for row in sent.rows()] == [row.key for row in design.rows()]
    require_releases(sent)
    assert json.loads(json.dumps(kept_texts(sent))) == kept_texts(design)
