"""The verb that says what theory says of a scenario."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tui.cli.options import AsJson
from tui.cli.output import note, say, say_json
from tui.cli.scenarios import ScenarioName
from tui.cli.surveying import surveyed

if TYPE_CHECKING:
    from delegates.trials.robustness import Survey
    from games.analysis import Analysis
    from tui.report import Edition

Sample = Annotated[
    int | None,
    typer.Option(
        "--sample", metavar="N", help="Draw N outcomes where there are too many for tables."
    ),
]
Seed = Annotated[
    int, typer.Option("--seed", help="Draws the sample; the first seed of --sensitivity.")
]
Powers = Annotated[
    list[str] | None,
    typer.Option(
        "--power",
        metavar="ID=ALPHA",
        help="Bargaining power of a party in a second Nash solution (1 if not given).",
    ),
]

Draws = Annotated[
    int | None,
    typer.Option(
        "--sensitivity",
        metavar="DRAWS",
        help="Draw every judged number anew so often, and say which findings survive.",
    ),
]
Spread = Annotated[
    float, typer.Option("--spread", help="Factors are drawn from 1 - SPREAD to 1 + SPREAD.")
]
SPREAD = 0.5
"""How far judgements are moved if nothing else is said."""

Workers = Annotated[
    int | None,
    typer.Option("--workers", min=1, help="Processes that draw; one a processor by default."),
]


class Format(StrEnum):
    """How what is found is written."""

    TEXT = "text"
    MARKDOWN = "md"
    HTML = "html"


FormatOption = Annotated[
    Format, typer.Option("--format", help="Text, or a report to hand out: md or html.")
]
Out = Annotated[
    Path | None, typer.Option("--out", metavar="FILE", help="A new file for the report.")
]
WithPrivate = Annotated[
    bool,
    typer.Option("--with-private", help="The facilitator's edition: briefs and points as well."),
]
PublicOnly = Annotated[
    bool,
    typer.Option("--public-only", help="The participants' edition: only what all may know."),
]


def analyze(
    scenario: ScenarioName,
    *,
    sample: Sample = None,
    seed: Seed = 0,
    power: Powers = None,
    basins: Annotated[
        bool, typer.Option("--basins", help="Also say where learning leads in each game.")
    ] = False,
    form: FormatOption = Format.TEXT,
    out: Out = None,
    with_private: WithPrivate = False,
    public_only: PublicOnly = False,
    sensitivity: Draws = None,
    spread: Spread = SPREAD,
    workers: Workers = None,
    as_json: AsJson = False,
) -> None:
    """Show what theory says of a scenario: solutions, equilibria, whether a deal would hold.

    With --sensitivity instead: which of its findings survive if its judgements are others. With
    --format md or html: a report to hand out, which tells both.
    """
    is_report = form is not Format.TEXT
    _require_sense(as_json, is_report, out, with_private, public_only)
    of_survey = {"--spread": spread != SPREAD, "--workers": workers is not None}
    of_analysis = {"--power": bool(power), "--sample": sample is not None, "--basins": basins}
    _require_use(of_survey, of_analysis, is_report=is_report, is_survey=sensitivity is not None)
    from games.analysis import analyze as analyse
    from games.scenario import load_scenario

    loaded = load_scenario(scenario)
    if out is not None:
        from tui.cli.convert import require_new

        require_new(out)
    found = None if sensitivity is None else surveyed(loaded, sensitivity, spread, seed, workers)
    if found is not None and not is_report:
        _tell_survey(found, as_json)
        return
    analysis = analyse(loaded, sample=sample, seed=seed, powers=_powers(power or []))
    if sample is not None and analysis.sample is None:
        note(f"--sample was not needed: all {analysis.outcomes:,} outcomes are examined")
    if is_report:
        _hand_out(analysis, found, form, _edition(with_private, public_only), out)
    else:
        _tell(analysis, basins, as_json)


def _require_sense(
    as_json: bool, is_report: bool, out: Path | None, with_private: bool, public_only: bool
) -> None:
    """Refuse options that do not go together.

    Raises:
        BadParameter: If some do not.
    """
    if as_json and is_report:
        raise typer.BadParameter("--json and --format: expected one of them")
    if with_private and public_only:
        raise typer.BadParameter("--with-private and --public-only: expected one of them")
    if not is_report and (out is not None or with_private or public_only):
        raise typer.BadParameter(
            "--out, --with-private and --public-only are for reports; expected --format md or html"
        )


def _require_use(
    of_survey: dict[str, bool], of_analysis: dict[str, bool], *, is_report: bool, is_survey: bool
) -> None:
    """Refuse options that would not be heeded.

    Raises:
        BadParameter: If there are some.
    """
    for name, is_given in of_survey.items():
        if is_given and not is_survey:
            raise typer.BadParameter(f"{name} is for --sensitivity; expected that as well")
    for name, is_given in of_analysis.items():
        if is_given and is_survey and not is_report:
            raise typer.BadParameter(f"{name} is not for --sensitivity alone; expected one of them")
    if is_report and of_analysis["--basins"]:
        raise typer.BadParameter("--basins is not for reports; expected it without --format")


def _edition(with_private: bool, public_only: bool) -> Edition:
    from tui.report import Edition

    if with_private:
        return Edition.FACILITATOR
    return Edition.PARTICIPANTS if public_only else Edition.DEBRIEF


def _hand_out(
    analysis: Analysis, found: Survey | None, form: Format, edition: Edition, out: Path | None
) -> None:
    """Write a report to a new file, or say it."""
    from tui.report import html_text, markdown_text, report

    document = report(analysis, edition, found)
    text = html_text(document) if form is Format.HTML else markdown_text(document)
    if out is None:
        say(text.removesuffix("\n"))
        return
    from games.errors import plain
    from games.files.writing import write_new

    write_new({out: text})
    say(plain(f"{out}: {edition.heading}"))


def _tell(analysis: Analysis, basins: bool, as_json: bool) -> None:
    """Say what was found, as a page of text or as JSON."""
    shares = analysis.basins() if basins else {}
    if as_json:
        told = {"basins": {name: one.as_json() for name, one in shares.items()}} if basins else {}
        say_json({**analysis.as_json(), **told})
        return
    from tui.text.analysis import analysis_text

    say(analysis_text(analysis, shares))


def _tell_survey(found: Survey, as_json: bool) -> None:
    from tui.text.sensitivity import survey_text

    if as_json:
        say_json(found.as_json())
    else:
        say(survey_text(found))


def _powers(given: list[str]) -> dict[str, float]:
    """Return bargaining powers by party.

    Raises:
        UserError: If one is not written ID=NUMBER.
    """
    from games.errors import UserError

    powers: dict[str, float] = {}
    for one in given:
        party, _, number = one.partition("=")
        try:
            powers[party] = float(number)
        except ValueError:
            raise UserError(f"--power {one!r}: expected ID=NUMBER, as in USA=2") from None
    return powers
