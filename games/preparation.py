"""The preparation sheet: what a negotiator takes the game to be before the first move.

It is sealed into the transcript before anything is offered, so that the debrief can set it against
what was true and against what was done (Fisher, Ury and Patton, *Getting to Yes*, on BATNA and
targets; Raiffa, *The Art and Science of Negotiation*, on reservation values and the ranking of
issues).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, ConfigDict, Field

from games.outcomes import Option

if TYPE_CHECKING:
    from games.scenario import Scenario

Points = Annotated[float, Field(ge=-1e6, le=1e6, allow_inf_nan=False)]
"""Utility points on a party's own scale."""


class Trade(BaseModel):
    """An exchange across issues: yield on one to gain on another."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    gives: str
    """The issue on which the negotiator would yield."""
    wants: str
    """The issue on which it wants something for that."""


class Guess(BaseModel):
    """What a negotiator takes a counterpart to want."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    reservation: Points | None = None
    """The counterpart's reservation value, in the counterpart's own points."""
    ranking: tuple[str, ...] = ()
    """Issues by what they weigh for the counterpart, the weightiest first."""


class Sheet(BaseModel):
    """A preparation sheet; whatever is left out was left open."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    reservation: Points | None = None
    """What no agreement is worth to the own party (the value of its BATNA), in own points."""
    target: Points | None = None
    """What the negotiator means to reach, in own points."""
    ranking: tuple[str, ...] = ()
    """Issues by what they weigh for the own party, the weightiest first."""
    guesses: dict[str, Guess] = {}
    """Counterpart → what it is taken to want."""
    opening: dict[str, Option] | None = None
    """The first offer that the negotiator means to make."""
    trade: Trade | None = None
    """The first exchange it means to propose."""
    walk_away: Points | None = None
    """Below how many own points it means to leave rather than sign."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing was filled in."""
        return self == Sheet()


def problem_with_sheet(scenario: Scenario, party: str, sheet: Sheet) -> str | None:
    """Return what in a sheet does not fit the scenario, in one line; None if all of it does.

    Args:
        scenario: What is negotiated.
        party: Whose sheet it is.
        sheet: The sheet.
    """
    rankings = {"ranking": sheet.ranking}
    for other, guess in sheet.guesses.items():
        if other not in scenario.parties or other == party:
            others = ", ".join(one for one in scenario.ids if one != party)
            return f"guesses: no counterpart {other!r}; expected {others}"
        rankings[f"guesses.{other}.ranking"] = guess.ranking
    if sheet.trade is not None:
        rankings["trade"] = (sheet.trade.gives, sheet.trade.wants)
    for where, issues in rankings.items():
        unknown = [issue for issue in issues if issue not in scenario.issues]
        if unknown:
            known = ", ".join(scenario.issues)
            return f"{where}: no issue {unknown[0]!r}; expected {known}"
        if len(set(issues)) < len(issues):
            return f"{where}: an issue is named twice"
    return None if sheet.opening is None else _problem_with_opening(scenario, sheet.opening)


def _problem_with_opening(scenario: Scenario, opening: dict[str, Option]) -> str | None:
    try:
        scenario.space.index(opening)
    except ValueError as error:
        return f"opening: {error}"
    return None
