"""What happened between moves, in plain words, as those who learn of it hear it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from games.happenings.happening import Answered, Cause, Instructed, Struck
from games.option_words import settled_words, with_units

if TYPE_CHECKING:
    from games.parts.mandates import Instruction
    from games.scenario import Scenario


def happening_words(scenario: Scenario, cause: Cause) -> str:
    """Return what happened as a sentence or two.

    Figures of a party's own are left out: who needs them has them on its papers.
    """
    match cause:
        case Struck(shock=name):
            shock = scenario.shocks[name]
            return _joined(shock.label, shock.words)
        case Instructed(party=party, number=number):
            instruction = scenario.mandates[party].instructions[number]
            return _joined(_ordered(scenario, instruction), instruction.words)
        case Answered(issue=issue, option=option, is_granted=granted):
            answer = "The capital agrees" if granted else "The capital refuses"
            return f"{answer}: {settled_words(scenario.issues, {issue: option})}."


def _joined(first: str, second: str) -> str:
    first = first.strip()
    closed = first if first.endswith((".", "!", "?")) else f"{first}."
    return f"{closed} {second.strip()}".strip()


def _ordered(scenario: Scenario, instruction: Instruction) -> str:
    match instruction.kind:
        case "tighten":
            return f"The capital narrows what may be signed: {_limits(scenario, instruction)}"
        case "widen":
            return f"The capital widens what may be signed: {_limits(scenario, instruction)}"
        case "red-line":
            return (
                f"A new red line: {settled_words(scenario.issues, instruction.red_line)} "
                "may not be signed"
            )
        case "no-deal":
            return "The capital lets nothing be signed in this round"


def _limits(scenario: Scenario, instruction: Instruction) -> str:
    return "; ".join(
        f"{scenario.issues[issue].label or issue} {with_units(scenario.issues[issue], options)}"
        for issue, options in instruction.limits.items()
    )
