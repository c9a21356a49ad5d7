"""Whether what was agreed will hold: capitals, compliance, signatures and the years, in sentences.

The facts and the words for a single verdict are those of `games.agreement`; what stands here only
puts them in order.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import prod
from typing import TYPE_CHECKING

from delegates.debriefing.wording import name, percent
from delegates.text import counted, one_line
from games.naming import series
from games.utility import TIE

if TYPE_CHECKING:
    from games.agreement import Agreement
    from games.compliance.verdicts import Verdict

MANY = 12
"""Parties beyond which those that owe nothing are counted, and few of the others named."""

NAMED = 6
"""Of many parties, those that are named."""


def holding(found: Agreement | None) -> tuple[str, ...]:
    """Return whether an agreement will hold, in sentences; nothing where nothing was agreed."""
    if found is None:
        return ()
    return tuple(one_line(sentence) for sentence in _sentences(found))


def _sentences(found: Agreement) -> Iterator[str]:
    yield from _ratified(found)
    if not found.binds:
        yield "The text is not in force: it binds nobody, and there is nothing to keep or break."
    elif found.verdict is None:
        yield "No issue names who must deliver it, so that nothing can be said of who keeps it."
    else:
        yield from _kept(found.verdict)
    if found.ruling_words is not None:
        yield found.ruling_words
    yield from _quarrel(found)
    yield from _signed(found)
    if found.outlook_words is not None:
        yield found.outlook_words


def _ratified(found: Agreement) -> Iterator[str]:
    chances = sorted(found.ratification.items(), key=lambda pair: pair[1])
    if not chances:
        return
    told = [f"{name(found.scenario, party)} {percent(one)}" for party, one in chances[:NAMED]]
    more = f" and {len(chances) - NAMED} more" if len(chances) > NAMED else ""
    jointly = prod(one for _, one in chances)
    all_of_them = f"; in all of them {percent(jointly)}" if len(chances) > 1 else ""
    yield f"Chance that it passes at home: {', '.join(told)}{more}{all_of_them}."


def _kept(found: Verdict) -> Iterator[str]:
    yield found.headline
    pairs = list(zip(found.parties, found.lines, strict=True))
    if len(pairs) <= MANY:
        yield from (line for _, line in pairs)
        return
    owing = [line for one, line in pairs if one.game is not None]
    yield from owing[:NAMED]
    rest = len(owing) - NAMED
    if rest > 0:
        yield f"Of {counted(rest, 'more party', 'more parties')} the analysis tells."
    free = len(pairs) - len(owing)
    if free:
        yield f"The other {free} owe nothing."


def _quarrel(found: Agreement) -> Iterator[str]:
    unsteady = [one for one in found.dispute if not (one.signs and one.level >= 1)]
    for one in unsteady[:NAMED]:
        who = name(found.scenario, one.party, begins=True)
        if one.signs:
            yield f"{who} would sign it up to a quarrel of {one.level:.2f}, on a scale to 1."
        elif one.depth <= TIE:
            yield f"{who} would sign no text of this substance, however shallow."
        else:
            yield f"{who} would not sign it; a text of legal depth {one.depth:.2f} it would."


def _signed(found: Agreement) -> Iterator[str]:
    if found.signatures is None:
        return
    stable = found.signatures.found
    if not stable:
        yield f"No way to sign it is stable ({found.signatures.note})."
        return
    signs = [party for party, how in stable[0].signatures.items() if how != "out"]
    who = (
        series([name(found.scenario, party) for party in signs])
        if len(signs) <= NAMED
        else f"{len(signs)} of {len(stable[0].signatures)} parties"
    )
    verb = "signs" if len(signs) <= 1 else "sign"
    force = "it is in force" if stable[0].in_force else "it is not in force"
    yield (
        f"{counted(len(stable), 'way')} to sign it {'is' if len(stable) == 1 else 'are'} stable; "
        f"in the first {who or 'nobody'} {verb} and {force}."
    )
