"""The verb that turns files of one kind into files of another."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from games.errors import UserError, plain
from tui.cli.output import note, say

if TYPE_CHECKING:
    from games.matrices.normal_forms import Forms
    from transcripts.exports import Table

COMBINATIONS = (
    "expected Genius's XML files → a scenario (.yaml), a scenario → Genius (.xml), a scenario or "
    "a transcript (.jsonl) → a game (.nfg), or transcripts → a table (.parquet, .csv) or a folder"
)

DEFAULT_MATRIX = "stance"

Files = Annotated[
    list[str],
    typer.Argument(
        metavar="IN… OUT",
        help="What is read (files, or a bundled scenario's name), then what is to be written.",
    ),
]
MatrixName = Annotated[
    str,
    typer.Option(
        "--matrix", help="Which game becomes the .nfg; an unknown name lists those there are."
    ),
]


class Scaling(StrEnum):
    """What Genius's evaluations are divided by."""

    ISSUE_MAX = "issue-max"
    RAW = "raw"


ScalingOption = Annotated[
    Scaling,
    typer.Option(help="Divide Genius's evaluations by their issue's greatest, or take them raw."),
]


class TableName(StrEnum):
    """Which rows of sessions are wanted."""

    SESSIONS = "sessions"
    SEATS = "seats"
    MOVES = "moves"


class TableForm(StrEnum):
    """The form of the tables in a folder."""

    PARQUET = "parquet"
    CSV = "csv"


TableOption = Annotated[
    TableName, typer.Option("--table", help="Of transcripts: a row a session, a seat or a move.")
]
FormOption = Annotated[
    TableForm, typer.Option("--format", help="Of all tables, where OUT is a folder.")
]


def convert(
    files: Files,
    *,
    scaling: ScalingOption = Scaling.ISSUE_MAX,
    matrix: MatrixName = DEFAULT_MATRIX,
    table: TableOption = TableName.SESSIONS,
    form: FormOption = TableForm.PARQUET,
) -> None:
    """Convert files; the ending of OUT says into what.

    A Genius domain and one profile a party (.xml, in any order but that of the parties) become a
    scenario (.yaml). A scenario becomes a Genius domain (.xml, profiles beside it) or one of its
    games (.nfg), as does a transcript (.jsonl). Transcripts become a table (.parquet, .csv) or, if
    OUT is a folder, all three.
    """
    if len(files) < 2:
        raise typer.BadParameter("IN… OUT: found one file; expected what to read and what to write")
    *sources, out = files
    target = Path(out)
    kinds = {_suffix(source) for source in sources}
    if kinds == {".jsonl"} and _suffix(out) != ".nfg":
        _tables(sources, out, table, form)
        return
    require_new(target)
    if _suffix(out) in {".yaml", ".yml"} and kinds == {".xml"}:
        written = _scenario_files(sources, target, scaling)
    elif _suffix(out) == ".xml" and len(sources) == 1 and not kinds & {".xml", ".jsonl"}:
        written = _genius_files(sources[0], target)
    elif _suffix(out) == ".nfg" and len(sources) == 1 and kinds != {".xml"}:
        written = {target: _game_text(sources[0], matrix)}
    else:
        raise _impossible(files)
    from games.files.writing import write_new

    write_new(written)
    for path in written:
        say(plain(str(path)))


def _impossible(files: list[str]) -> UserError:
    return UserError(f"{' '.join(files)!r} cannot be converted; {COMBINATIONS}")


def require_new(target: Path) -> None:
    """Refuse a place that cannot be written to, before anything is read.

    Raises:
        UserError: If there is something already, or no folder to put it in.
    """
    if target.is_dir():
        raise UserError(f"{target}: is a folder; expected the name of a new file")
    if target.exists():
        raise UserError(f"{target}: exists already; expected the name of a new file")
    if not target.parent.is_dir():
        raise UserError(f"{target}: its folder does not exist")


def _suffix(name: str) -> str:
    return Path(name).suffix.lower()


def _scenario_files(sources: list[str], target: Path, scaling: Scaling) -> dict[Path, str]:
    from games.files.reading import read_text
    from games.formats.genius import read_genius
    from games.formats.genius_files import is_domain
    from games.formats.xml_tree import MAX_CHARACTERS
    from games.scenario_files.writing import scenario_text

    read = [(source, read_text(Path(source), MAX_CHARACTERS)) for source in sources]
    domains = [(source, text) for source, text in read if is_domain(text, source)]
    if len(domains) != 1:
        raise UserError(
            f"{len(read)} files: found {len(domains)} domains; "
            "expected one domain and a profile for each party"
        )
    profiles = [one for one in read if one not in domains]
    imported = read_genius(
        domains[0][1],
        [text for _, text in profiles],
        [Path(source).name for source, _ in (*domains, *profiles)],
        scaling=scaling.value,
    )
    for warning in imported.warnings:
        note(f"warning: {warning}")
    return {target: scenario_text(imported.scenario)}


def _genius_files(source: str, target: Path) -> dict[Path, str]:
    from games.formats.genius_writer import left_behind, write_genius
    from games.scenario import load_scenario

    scenario = load_scenario(source)
    domain, profiles = write_genius(scenario)
    lost = left_behind(scenario)
    if lost:
        note(f"warning: {scenario.id}: not in Genius's files: {', '.join(lost)}")
    return {target: domain} | {
        target.with_name(f"{target.stem}_{party}{target.suffix}"): profile
        for party, profile in profiles.items()
    }


def _game_text(source: str, name: str) -> str:
    from games.formats.nfg import write_nfg

    what, forms, why = _games_of(source)
    if name not in forms:
        known = f"one of {', '.join(forms)}" if forms else "a scenario with matrices"
        raise UserError(f"--matrix: {what} has no matrix {name!r}{why}; expected {known}")
    return write_nfg(forms[name]())


def _games_of(source: str) -> tuple[str, Forms, str]:
    """Return what a file's scenario or session is called, its games, and why there are none."""
    from games.matrices.normal_forms import normal_forms

    if _suffix(source) == ".jsonl":
        from transcripts.exports.rows import read_session

        found = read_session(Path(source)).record.referee
        what, note_ = plain(source), found.analysis.note
        forms = normal_forms(found.matrices, found.agreement)
    else:
        from games.analysis import analyze
        from games.scenario import load_scenario

        analysis = analyze(load_scenario(source))
        what, note_ = analysis.scenario.id, analysis.note
        forms = normal_forms(analysis.matrices, analysis.agreement)
    return what, forms, f" ({note_})" if note_ else ""


def _tables(sources: list[str], out: str, table: TableName, form: TableForm) -> None:
    """Write one table of sessions, or all of them into a folder."""
    from transcripts.exports import TABLES, write_tables

    target = Path(out)
    suffix = _suffix(out)
    if suffix in {".parquet", ".csv"} and not target.is_dir():
        require_new(target)
        targets: dict[Path, Table] = {target: table.value}
        form = TableForm(suffix.removeprefix("."))
    elif target.is_dir() or out.endswith("/") or not suffix:
        targets = {target / f"{name}.{form.value}": name for name in TABLES}
    else:
        raise _impossible([*sources, out])
    sessions = write_tables([Path(source) for source in sources], targets, form.value)
    for session in sessions:
        if not session.is_complete:
            note(f"{session.path}: unfinished: its results are left empty")
    for path in targets:
        say(plain(str(path)))
