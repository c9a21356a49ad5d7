"""The verb that turns files of one kind into files of another."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from games.errors import UserError, plain
from tui.cli.output import note, say

if TYPE_CHECKING:
    from games.scenario import Scenario

COMBINATIONS = (
    "expected Genius's XML files → a scenario (.yaml), a scenario → Genius (.xml), "
    "or a scenario → a game (.nfg)"
)

DEFAULT_MATRIX = "stance"

Files = Annotated[
    list[str],
    typer.Argument(
        metavar="IN… OUT",
        help="What is read (files, or a bundled scenario's name), then the file to be written.",
    ),
]
MatrixName = Annotated[
    str, typer.Option("--matrix", help="Which of a scenario's matrices becomes the .nfg.")
]


class Scaling(StrEnum):
    """What Genius's evaluations are divided by."""

    ISSUE_MAX = "issue-max"
    RAW = "raw"


ScalingOption = Annotated[
    Scaling,
    typer.Option(help="Divide Genius's evaluations by their issue's greatest, or take them raw."),
]


def convert(
    files: Files,
    *,
    scaling: ScalingOption = Scaling.ISSUE_MAX,
    matrix: MatrixName = DEFAULT_MATRIX,
) -> None:
    """Convert files; the ending of OUT says into what.

    A Genius domain and one profile a party (.xml, in any order but that of the parties) become a
    scenario (.yaml). A scenario becomes a Genius domain (.xml, profiles beside it) or one of its
    games (.nfg).
    """
    if len(files) < 2:
        raise typer.BadParameter("IN… OUT: found one file; expected what to read and what to write")
    *sources, out = files
    target = Path(out)
    _require_new(target)
    from_xml = all(_suffix(source) == ".xml" for source in sources)
    if _suffix(out) in {".yaml", ".yml"} and from_xml:
        written = _scenario_files(sources, target, scaling)
    elif _suffix(out) == ".xml" and len(sources) == 1 and not from_xml:
        written = _genius_files(sources[0], target)
    elif _suffix(out) == ".nfg" and len(sources) == 1 and not from_xml:
        written = _game_files(sources[0], target, matrix)
    else:
        raise UserError(f"{' '.join(files)!r} cannot be converted; {COMBINATIONS}")
    from games.formats.text_files import write_new

    write_new(written)
    for path in written:
        say(plain(str(path)))


def _require_new(target: Path) -> None:
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
    from games.formats.genius import read_genius
    from games.formats.genius_files import is_domain
    from games.formats.scenario_yaml import scenario_text
    from games.formats.text_files import read_text
    from games.formats.xml_tree import MAX_CHARACTERS

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


def _game_files(source: str, target: Path, matrix: str) -> dict[Path, str]:
    from games.scenario import load_scenario

    return {target: _game_text(load_scenario(source), matrix)}


def _game_text(scenario: Scenario, name: str) -> str:
    from games.analysis import analyze
    from games.formats.nfg import matrix_game, write_nfg

    analysis = analyze(scenario)
    matrices = {one.name: one for one in analysis.matrices}
    if name not in matrices:
        known = f"one of {', '.join(matrices)}" if matrices else "a scenario with matrices"
        why = f" ({analysis.note})" if analysis.note else ""
        raise UserError(f"--matrix: {scenario.id} has no matrix {name!r}{why}; expected {known}")
    return write_nfg(matrix_game(matrices[name]))
