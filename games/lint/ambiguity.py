"""Words that each reads in its own way: what is contradictory, and what is odd about them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from games.lint.misnamed import unknown_names

if TYPE_CHECKING:
    from games.lint.finding import Remark
    from games.scenario import Scenario


def ambiguity_contradictions(scenario: Scenario) -> Iterator[str]:
    """Yield what makes ambiguous options refer to nothing, or to one another."""
    for name, issue in scenario.issues.items():
        where = f"issues.{name}.ambiguous"
        yield from unknown_names(where, issue.ambiguous, issue.texts)
        plain = [text for text in issue.texts if text not in issue.ambiguous]
        for option, words in issue.ambiguous.items():
            place = f"{where}.{option}"
            yield from unknown_names(f"{place}.readings", words.readings, scenario.ids)
            for party, reading in words.readings.items():
                yield from unknown_names(f"{place}.readings.{party}", [reading], plain)
            yield from unknown_names(f"{place}.arbitration", words.arbitration, plain)
            if sum(words.arbitration.values()) <= 0:
                yield f"{place}.arbitration: all weights are 0; expected one above it"
        if issue.unmet in issue.ambiguous:
            yield (
                f"issues.{name}.unmet: {issue.unmet!r} is ambiguous, and words cannot be "
                f"delivered; expected one of {', '.join(plain)}"
            )


def ambiguity_findings(scenario: Scenario) -> Iterator[Remark]:
    """Yield what is odd about ambiguous options."""
    for name, issue in scenario.issues.items():
        for option, words in issue.ambiguous.items():
            where = f"issues.{name}.ambiguous.{option}"
            if len({tuple(words.meaning(party)) for party in scenario.ids}) < 2:
                yield f"{where}.readings", "all read it alike: it is not ambiguous to anyone"
            for party, reading in words.readings.items():
                if {name: reading} in scenario.parties[party].red_lines:
                    what = f"it reads them as {reading!r}, which a red line of its own rules out"
                    yield f"{where}.readings.{party}", what
