"""How a plenary or forum ended, as text: what was adopted, who signed how, what each has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import median

from delegates.text import clean, counted
from games.point_words import tenths
from games.protocols.face import face_lost
from games.protocols.hall import HallState
from games.protocols.stages import is_signed
from games.referee import Findings
from transcripts.proceedings import Proceedings
from transcripts.record import ResultStatus
from tui.text.brackets import Called, called_in
from tui.text.hall import (
    in_force_words,
    pledge_lines,
    signature_lines,
    signature_tally,
    vow_lines,
)
from tui.text.wording import paragraph

MOST_YIELDING = 6
"""Parties that are named of those that yielded, those first that lost most by it."""

_ADOPTED = {
    "vote": "ADOPTED by vote",
    "silence": "ADOPTED by silence",
    "signature": "SIGNED",
    None: "SIGNED",
}
_ROLES = {
    "consumer": "consumers",
    "supplier": "suppliers",
    "processor": "processors",
    "mixed": "others",
}


def status_words(status: ResultStatus, found: Proceedings) -> str:
    """Return how a hall ended, in a line."""
    state = found.state
    if not state.is_open and state.agreement is not None:
        when = f"in round {state.rounds_begun} of {state.rounds}"
        lead = f"{_ADOPTED[found.adopted_by]} {when}"
        if not is_signed(state.scenario):
            return lead
        return f"{lead}: {signature_tally(state)}; {in_force_words(state)}"
    match status:
        case "no-agreement" if any(one is not None for one in state.signatures):
            return "No agreement: nobody signed the text."
        case "no-agreement":
            return "No agreement: no text was adopted."
        case "walked-away":
            return "No agreement: too many left for any text to be adopted."
        case _:
            return "The session was interrupted and can be resumed."


def closing_lines(found: Proceedings, seat: str | None = None) -> list[str]:
    """Return what the close brought: signatures, fund, side deals, threats and promises.

    Args:
        found: The session looked back on.
        seat: The party that it is told to; what it has not heard of is left out.
    """
    state, called = found.state, called_in(found.state)
    lines: list[str] = []
    if is_signed(state.scenario) and any(one is not None for one in state.signatures):
        lines += signature_lines(state, called)
    lines += _roll_calls(found, called)
    lines += pledge_lines(state, called)
    lines += _deal_lines(state, called, seat)
    lines += _yielded_lines(state, called, seat)
    vows = [] if state.is_open else vow_lines(state, called, seat)
    if vows:
        lines += ["  Threats and promises", *vows]
    return [*lines, ""] if lines else []


def _roll_calls(found: Proceedings, called: Called) -> list[str]:
    return [
        paragraph(f"Vote in round {round_ + 1}: {one.words(called.parties)}.", "  ")
        for round_, one in found.roll_calls
    ]


def _deal_lines(state: HallState, called: Called, seat: str | None) -> list[str]:
    scenario = state.scenario
    names = dict(zip(scenario.ids, called.parties, strict=True))
    pairs = [
        " and ".join(names[party] for party in scenario.side_deals[name].parties)
        for name in state.deals
        if seat is None or seat in scenario.side_deals[name].parties
    ]
    return [paragraph(f"Side deals that stand: {'; '.join(pairs)}.", "  ")] if pairs else []


def _yielded_lines(state: HallState, called: Called, seat: str | None) -> list[str]:
    """Return what parties have yielded before the hall, at what cost, and in rooms.

    Nothing where no delegation has a face to lose; to a seat its own alone.
    """
    ids, lost = state.scenario.ids, face_lost(state)
    if not any(mandate.face for mandate in state.scenario.mandates.values()):
        return []
    moved = [
        k
        for k, party in enumerate(ids)
        if seat in (None, party) and state.yielded[k] + state.yielded_in_rooms[k] > 0
    ]
    most = sorted(moved, key=lambda k: (-lost[k], -state.yielded[k], k))[:MOST_YIELDING]
    told = [
        f"{called.parties[k]} {tenths(state.yielded[k])} before the hall"
        f"{f' ({tenths(lost[k])} lost at home)' if lost[k] else ''}, "
        f"{tenths(state.yielded_in_rooms[k])} in rooms"
        for k in most
    ]
    rest = len(moved) - len(most)
    others = [f"and {counted(rest, 'other')}"] if rest else []
    what = "; ".join([*told, *others]) or "nothing"
    return [paragraph(f"Yielded, in each one's points: {what}.", "  ")]


def together_lines(
    findings: Findings, worth: Mapping[str, float], in_time: Mapping[str, float]
) -> list[str]:
    """Return what many parties have in the end: by role, then the best off and the worst.

    Args:
        findings: Of the session.
        worth: What each has.
        in_time: The same, discounted for the time it took.
    """
    scenario = findings.scenario
    reservations = {own.party: own.reservation for own in scenario.preferences}
    gains = {party: worth[party] - reservations[party] for party in scenario.ids}
    lines = [f"{'':<22}{'gain: median':>13}{'least':>8}{'most':>8}{'in time':>9}   lost by"]
    roles: dict[str, list[str]] = {side: [] for side in _ROLES}
    for party, details in scenario.parties.items():
        roles[details.side].append(party)
    for side, members in roles.items():
        if members:
            lines.append(_role(f"{_ROLES[side]} ({len(members)})", members, gains, in_time, worth))
    lines.append(_role(f"all ({len(scenario.ids)})", list(scenario.ids), gains, in_time, worth))
    ranked = sorted(scenario.ids, key=lambda party: -gains[party])
    named = [
        ("Best off", ranked[:3]),
        ("Worst off", ranked[:-4:-1]),
    ]
    for lead, parties in named:
        told = ", ".join(
            f"{clean(scenario.parties[party].name)} {tenths(worth[party])} ({gains[party]:+.1f})"
            for party in parties
        )
        lines.append(paragraph(f"{lead}: {told}."))
    return lines


def _role(
    lead: str,
    members: Sequence[str],
    gains: Mapping[str, float],
    in_time: Mapping[str, float],
    worth: Mapping[str, float],
) -> str:
    own = [gains[party] for party in members]
    cost = median(in_time[party] - worth[party] for party in members)
    losers = sum(gain < 0 for gain in own)
    return (
        f"{lead:<22}{median(own):>+13.1f}{min(own):>+8.1f}{max(own):>+8.1f}{cost:>+9.1f}"
        f"   {losers} of {len(own)}"
    )
