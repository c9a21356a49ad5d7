"""The options that several verbs take, and how each is told in the help."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

TranscriptPath = Annotated[Path, typer.Argument(metavar="TRANSCRIPT", help="A session's file.")]
Seed = Annotated[int | None, typer.Option(help="Same seed, same moves; drawn by lot if not given.")]
Out = Annotated[Path | None, typer.Option(help="Where to write the transcript.")]
Model = Annotated[
    str | None,
    typer.Option(help="The model for seats that name none: MODEL[@ENDPOINT], local, or none."),
]
Gguf = Annotated[Path | None, typer.Option(help="A GGUF file for the embedded model.")]
MaxCost = Annotated[
    float | None,
    typer.Option(help="Spend at most so many USD, answers that are lost on the way included."),
]
MaxTokens = Annotated[int | None, typer.Option(help="Use at most so many tokens, likewise.")]
MaxTime = Annotated[
    float | None,
    typer.Option(help="Stop after so many seconds, in the middle of a call if need be."),
]
Cache = Annotated[
    bool | None,
    typer.Option(
        "--cache/--no-cache",
        help="Use replies of earlier sessions again, at no cost, for the very same questions.",
        show_default=False,
    ),
]
RetryBudget = Annotated[
    float | None, typer.Option(help="Retry a failing call for at most so many seconds.")
]
ShockGiven = Annotated[
    list[str] | None,
    typer.Option(
        "--shock",
        metavar="NAME[@ROUND]",
        help="Have a shock of the scenario strike as a round begins; before the first move if no "
        "round is given.",
    ),
]
Plain = Annotated[bool, typer.Option("--plain", help="Line by line, without colour.")]
NoScreens = Annotated[
    bool, typer.Option("--plain", help="Line by line, without colour or screens.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")]
Verbose = Annotated[
    bool, typer.Option("-v", "--verbose", help="Show every model call, and every move in a hall.")
]
PortNumber = Annotated[int, typer.Option("--port", metavar="N", help="0 for any that is free.")]
Address = Annotated[
    str, typer.Option("--host", metavar="ADDRESS", help="An address of this machine.")
]
