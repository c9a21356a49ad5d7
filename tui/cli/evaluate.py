"""The verb that plays a plan: what it will cost, how far it has come, and what was found."""

from __future__ import annotations

import signal
import sys
from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Annotated

import typer

from games.errors import CapReached, ProviderError, UserError
from tui.cli.given import caps_of, settings_of
from tui.cli.options import AsJson, MaxCost, Model, Plain, Verbose
from tui.cli.output import is_plain, note, say, say_json

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from delegates import Caps
    from delegates.evaluation.evaluate import Evaluation
    from delegates.evaluation.planning.design import Design
    from delegates.evaluation.planning.dry_run import DryRun
    from delegates.evaluation.planning.plan import Ended
    from delegates.evaluation.playing.folder import Folder
    from delegates.evaluation.playing.progress import Progress, Watch
    from delegates.settings import Settings
    from tui.cli.batch_progress import Shown


def _folder(text: str) -> Path:
    """Return the folder that a text names.

    Raises:
        UserError: If it names none.
    """
    if not text.strip():
        raise UserError(f"--out {text!r}: names no folder; expected one")
    return Path(text)


PlanName = Annotated[
    str,
    typer.Argument(
        metavar="PLAN.yaml|NAME",
        help="A bundled plan's name, else a plan's file or an evaluation's folder.",
    ),
]
OutFolder = Annotated[
    Path | None,
    typer.Option(
        "--out",
        metavar="DIR",
        parser=_folder,
        help="The folder of the results; it can be carried on.",
    ),
]
Workers = Annotated[
    int | None,
    typer.Option("--workers", min=1, help="Processes for scripted sessions; one a processor."),
]
Ray = Annotated[
    str | None,
    typer.Option(
        "--ray",
        metavar="ADDRESS",
        help="Have a Ray cluster play: auto, HOST:PORT, ray://HOST:PORT, or local.",
    ),
]
Extend = Annotated[
    bool,
    typer.Option(
        "--extend", help="Let DIR hold another plan's results; what both plan counts as played."
    ),
]


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What was asked for on the command line."""

    plan: str
    out: Path | None
    workers: int | None
    ray: str | None = None
    max_cost: float | None
    model: str | None
    extend: bool

    @property
    def command(self) -> str:
        """The very command that carries on."""
        options = (
            ("--out", self.out),
            ("--workers", self.workers),
            ("--ray", self.ray),
            ("--max-cost", self.max_cost),
            ("--model", self.model),
        )
        told = [f"{name} {quote(f'{value}')}" for name, value in options if value is not None]
        flags = ["--extend"] if self.extend else []
        return " ".join(("minilateral evaluate", quote(self.plan), *told, *flags))


def evaluate(
    plan: PlanName,
    *,
    out: OutFolder = None,
    workers: Workers = None,
    ray: Ray = None,
    max_cost: MaxCost = None,
    model: Model = None,
    extend: Extend = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what it takes and may cost, and play nothing.")
    ] = False,
    plain: Plain = False,
    as_json: AsJson = False,
    verbose: Verbose = False,
) -> None:
    """Play a plan of strategies and scenarios, and compare them with intervals.

    Every session is kept as it ends: the same command carries on where an earlier one stopped.
    """
    wanted = Wanted(
        plan=plan,
        out=out,
        workers=workers,
        ray=ray,
        max_cost=max_cost,
        model=model,
        extend=extend,
    )
    _require_one_kind(workers, ray)
    settings = settings_of(model, None, verbose=verbose)
    caps = caps_of(max_cost, None, None, None)
    design, folder = _planned(wanted, settings)
    if dry_run:
        _tell(design, _expected(design, folder, settings, caps, workers), as_json=as_json)
        return
    evaluation = _played(wanted, design, folder, settings, caps, plain=plain, as_json=as_json)
    _report(evaluation, as_json=as_json)
    _leave_by(evaluation, wanted)


def _require_one_kind(workers: int | None, ray: str | None) -> None:
    """Check that not both processes of this machine and a cluster are asked for.

    Raises:
        UserError: If they are.
    """
    if workers is not None and ray is not None:
        raise UserError(
            f"--workers {workers} --ray {ray}: expected one of them; a cluster has as many workers "
            "as processors"
        )


def _planned(wanted: Wanted, settings: Settings) -> tuple[Design, Folder]:
    """Return what is to be played and where its results go; nothing is written yet.

    Raises:
        UserError: If there is no such plan, or it cannot be played.
    """
    from delegates.evaluation.planning.design import read_design
    from delegates.evaluation.planning.plan_files import evaluation_meant
    from delegates.evaluation.planning.played import played_plan
    from delegates.evaluation.playing.folder import Folder
    from delegates.evaluation.playing.held import planless
    from delegates.home import evaluation_folder

    if not wanted.plan.strip():
        raise UserError(f"{wanted.plan!r}: names no plan; expected a file, a name or a folder")
    given = evaluation_meant(wanted.plan)
    if given is None:
        design = read_design(wanted.plan, settings)
        _tell_namesake(wanted)
        home = evaluation_folder(settings.home.value)
        return design, Folder(wanted.out or home / design.plan.id)
    folder = Folder(given)
    if not folder.plan.is_file():
        if folder.journal.is_file():
            raise UserError(planless(folder))
        raise UserError(
            f"{given}: holds no {folder.plan.name}; expected an evaluation's folder, or a plan"
        )
    if wanted.out is not None and wanted.out.resolve() != given.resolve():
        raise UserError(
            f"--out {wanted.out}: {given} is an evaluation's folder and carried on in its place; "
            "expected a plan, or no --out"
        )
    return played_plan(folder.plan, folder.scenarios), folder


def _tell_namesake(wanted: Wanted) -> None:
    """Say that an evaluation is not carried on which lies in a folder called as the plan is."""
    from delegates.evaluation.playing.folder import Folder

    beside = Path(wanted.plan)
    is_meant = wanted.out is not None and wanted.out.resolve() == beside.resolve()
    if beside.is_dir() and Folder(beside).plan.is_file() and not is_meant:
        note(
            f"{wanted.plan}: the bundled plan; the evaluation in the folder {wanted.plan} is "
            f"carried on by: minilateral evaluate ./{wanted.plan}"
        )


def _expected(
    design: Design, folder: Folder, settings: Settings, caps: Caps, workers: int | None
) -> DryRun:
    from delegates.evaluation.planning.dry_run import dry_run

    return dry_run(design, settings, caps, done=_done(design, folder), workers=workers)


def _done(design: Design, folder: Folder) -> AbstractSet[str]:
    """Return the keys of sessions that earlier runs finished for good."""
    from delegates.evaluation.planning.plan import PLAYED_AGAIN

    return {key for key, how in _known(design, folder).items() if how not in PLAYED_AGAIN}


def _known(design: Design, folder: Folder) -> dict[str, Ended]:
    """Return key → how it ended, of the sessions of a design that are in its folder's journal."""
    if not folder.journal.is_file():
        return {}
    from delegates.evaluation.playing.journal import Journal

    with Journal(folder.journal) as journal:
        return journal.endings(row.key for row in design.rows())


def _tell(design: Design, expected: DryRun, *, as_json: bool, is_aside: bool = False) -> None:
    """Say what will be played and what it may cost.

    Args:
        design: What is planned.
        expected: What it takes.
        as_json: Whether it is told as JSON.
        is_aside: Whether stdout is kept free.
    """
    if as_json:
        say_json(expected.as_json())
        return
    from delegates.text import one_line
    from tui.text.wording import paragraph

    tell = note if is_aside else say
    tell(paragraph(one_line(design.plan.title)))
    for line in expected.lines():
        for part in paragraph(line, "  " if line.startswith("  ") else "").splitlines():
            tell(part)


def _played(
    wanted: Wanted,
    design: Design,
    folder: Folder,
    settings: Settings,
    caps: Caps,
    *,
    plain: bool,
    as_json: bool,
) -> Evaluation:
    """Return the batch, played to its end; say first what it takes, and meanwhile how far it is."""
    from delegates.evaluation.evaluate import evaluate as play
    from delegates.evaluation.playing.held import require_usable
    from tui.cli.batch_progress import shown

    def playing(watch: Watch | None) -> Evaluation:
        return play(
            design,
            out=folder.path,
            workers=wanted.workers,
            ray=wanted.ray,
            max_cost_usd=wanted.max_cost,
            settings=settings,
            extend=wanted.extend,
            watch=watch,
        )

    require_usable(folder, design, extend=wanted.extend)
    if len(_done(design, folder)) == len(design):
        return playing(None)
    expected = _expected(design, folder, settings, caps, wanted.workers)
    _tell(design, expected, as_json=False, is_aside=as_json)
    with (
        _kept(wanted, design, folder, as_json=as_json) as told,
        shown(plain=is_plain(plain=plain)) as watch,
    ):
        told.append(watch)
        evaluation = playing(watch)
    if not as_json:
        say()
    return evaluation


@contextmanager
def _kept(
    wanted: Wanted, design: Design, folder: Folder, *, as_json: bool
) -> Generator[list[Shown]]:
    """Say of a batch that does not reach its end how much is kept, and how it is carried on."""
    told: list[Shown] = []
    try:
        yield told
    except (KeyboardInterrupt, CapReached, ProviderError) as error:
        if isinstance(error, KeyboardInterrupt):
            # It ends now; who is impatient shall be told all the same.
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            if sys.stderr.isatty() and not (told and told[0].leaves_no_line):
                note("")  # the terminal's cursor stands behind what was typed
        last = told[0].last if told else None
        _stopped(design, folder, last, as_json=as_json)
        _hint(wanted, design, folder, is_capped=isinstance(error, CapReached))
        raise


def _hint(wanted: Wanted, design: Design, folder: Folder, *, is_capped: bool) -> None:
    """Say how much of a batch is kept, and the command that carries it on."""
    from delegates.text import counted
    from tui.text.wording import paragraph

    done = _done(design, folder)
    kept = f"minilateral: {len(done):,} of {counted(len(design), 'session')} kept in {folder.path}"
    begun = sum(path.stem not in done for path in folder.open_sessions.glob("[!.]*.jsonl"))
    if begun:
        kept += f", and {begun:,} begun, whose replies will not be bought again"
    first = "raise the cap (--max-cost, or the plan's budget) and " if is_capped else ""
    kept += f"; {first}carry on with:"
    if not sys.stderr.isatty():
        note(f"{kept} {wanted.command}")
        return
    for line in paragraph(kept).splitlines():
        note(line)
    note(f"  {wanted.command}")


def _stopped(design: Design, folder: Folder, last: Progress | None, *, as_json: bool) -> None:
    """Tell what there is of a batch that stopped, as of one that did not; where it had no time to
    write its tables, as JSON alone."""
    from delegates.evaluation.evaluate import Evaluation
    from delegates.evaluation.playing.held import has_tables

    ended = Counter(_known(design, folder).values())
    evaluation = Evaluation(
        folder=folder,
        design=design,
        ended=ended,
        resumed=0 if last is None else last.earlier,
        cost_usd=0.0 if last is None else last.cost_usd,
    )
    if evaluation.sessions and has_tables(folder):
        _report(evaluation, as_json=as_json)
    elif as_json:
        say_json(evaluation.as_json(is_judged=False))


def _report(evaluation: Evaluation, *, as_json: bool) -> None:
    """Write the report beside the tables, and tell it."""
    from tui.report.evaluation import write_report

    page, text = write_report(evaluation.found, evaluation.folder)
    if as_json:
        say_json(evaluation.as_json())
        return
    from tui.text.evaluation import evaluation_lines
    from tui.text.evaluation_words import in_short
    from tui.text.wording import paragraph

    for line in evaluation_lines(evaluation.found):
        say(line)
    say()
    # The answer has long been out of sight.
    say(paragraph(f"In short: {in_short(evaluation.found)}"))
    say()
    say(f"All of it lies in {evaluation.folder.path}:")
    say(f"  {page.name} and {text.name}, the report with its figures")
    say("  sessions.parquet, seats.parquet and timings.parquet, the tables")
    say("  figures/, the data of each figure as CSV")


def _leave_by(evaluation: Evaluation, wanted: Wanted) -> None:
    """Exit as a batch does in which sessions failed that another run may mend.

    By a fault of this program alone it is no failure, as long as any other session ended.

    Raises:
        Exit: If there are any.
    """
    from delegates.evaluation.planning.plan import PLAYED_AGAIN
    from tui.cli.main import EXIT_AT_FAULT, EXIT_PROVIDER

    failed = {name: evaluation.ended.get(name, 0) for name in PLAYED_AGAIN}
    if not any(failed.values()):
        return
    told = " and ".join(f"{count:,} of class {name}" for name, count in failed.items() if count)
    kept = evaluation.sessions - sum(failed.values())
    note(
        f"minilateral: sessions failed: {told}{_why(evaluation)}; {kept:,} of "
        f"{evaluation.planned:,} are kept in {evaluation.folder.path}; play those again with: "
        f"{wanted.command}"
    )
    if failed.get("provider"):
        raise typer.Exit(EXIT_PROVIDER)
    if not kept:
        raise typer.Exit(EXIT_AT_FAULT)


def _why(evaluation: Evaluation) -> str:
    """Return what happened in the first session that failed so."""
    import polars as pl

    from delegates.evaluation.planning.plan import PLAYED_AGAIN

    sessions = pl.scan_parquet(evaluation.folder.table("sessions")).select("row", "ended")
    timings = pl.scan_parquet(evaluation.folder.table("timings")).select("row", "problem")
    failed = (
        sessions.filter(pl.col("ended").is_in(PLAYED_AGAIN))
        .join(timings, on="row")
        .filter(pl.col("problem") != "")
        .sort("row")
        .head(1)
        .collect()
    )
    return f" ({failed['problem'][0]})" if failed.height else ""
