"""What surrounds the table, as text: market, alternatives, outsider, statecraft, deals, fund."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from delegates.text import clean, counted
from games.participation.fund import EXHAUSTIVE, fund_game, fund_size, pledge_equilibria
from games.participation.outside import price_cut, reservation_after, squeeze_cost
from games.parts.base import of_party
from games.parts.surroundings import best_alternative
from games.point_words import tenths
from games.protocols.perceived import is_credible
from tui.text.brackets import some
from tui.text.columns import cut, left
from tui.text.wording import hung, paragraph

if TYPE_CHECKING:
    from games.scenario import Party, Scenario

SHARES = (0.25, 0.5, 0.75, 1.0)
"""Shares of the market at which reservation values are shown beside the one that is."""

LISTED = 12
"""Parties, measures and side deals that are written out; of more those that matter most."""

NAME = 24
"""Columns of a party's name; longer ones are cut."""


def surrounding_lines(scenario: Scenario, outcome: int | None) -> list[str]:
    """Return what a scenario states around the table; nothing where it states nothing.

    Args:
        scenario: The scenario.
        outcome: The text for which the outsider's answer and the fund are shown, if there is one.
    """
    parts = [
        *_alternatives(scenario),
        *_outside(scenario, outcome),
        *_statecraft(scenario),
        *_side_deals(scenario),
        *_fund(scenario, outcome),
    ]
    heading = "Around the table"
    return [heading, "-" * len(heading), *parts, ""] if parts else []


def name_of(scenario: Scenario, party: str) -> str:
    """Return a party's name, cleaned and cut to its column."""
    return cut(clean(scenario.parties[party].name), NAME)


def _alternatives(scenario: Scenario) -> Iterator[str]:
    """Yield which alternative is best for each party, and how its worth moves with the share."""
    known = {name: one for name, one in scenario.parties.items() if one.alternatives}
    if not known:
        return
    share = 0.0 if scenario.market is None else scenario.market.share
    if scenario.market is not None:
        yield paragraph(
            f"{clean(scenario.market.supplier)} holds {share:.0%} of the market. What no agreement "
            "is worth as its share moves (the share now first):"
        )
    else:
        yield paragraph("What no agreement is worth to each, by the best it can do elsewhere:")
    shares = (share, *(SHARES if scenario.market is not None else ()))
    heads = "".join(f"{one:>7.0%}" for one in shares) if len(shares) > 1 else "  worth"
    yield f"  {'':<{NAME}}{heads}   best now"
    ranked = sorted(known, key=lambda party: -_spread(known[party]))
    for party in ranked[:LISTED]:
        listed = known[party].alternatives
        worths = "".join(f"{tenths(best_alternative(listed, one)):>7}" for one in shares)
        best = max(listed, key=lambda one: one.worth(share))
        lead = f"  {left(name_of(scenario, party), NAME)}{worths}   "
        yield hung(lead, clean(best.name))
        if scenario.market is not None:
            yield from _overtaken(scenario, party, share)
    if len(ranked) > LISTED:
        least = tenths(_spread(known[ranked[LISTED]]))
        moves = "" if scenario.market is None else f", that move by {least} or less"
        yield f"  … and {len(ranked) - LISTED} more{moves}"


def _spread(party: Party) -> float:
    worths = [best_alternative(party.alternatives, share) for share in SHARES]
    return max(worths) - min(worths)


def _overtaken(scenario: Scenario, party: str, share: float) -> Iterator[str]:
    """Yield at which share another alternative becomes the best, on either side of the one now."""
    listed = scenario.parties[party].alternatives
    best = max(listed, key=lambda one: one.worth(share))
    for way in (-1, 1):
        at = share
        while 0 <= at <= 1:
            other = max(listed, key=lambda one: one.worth(at))
            if other.worth(at) > best.worth(at) + 1e-9:
                side = "below" if way < 0 else "above"
                yield hung(f"    {side} about {at:.0%}: ", clean(other.name), "      ")
                break
            at = round(at + way * 0.01, 9)


def _outside(scenario: Scenario, outcome: int | None) -> Iterator[str]:
    outside = scenario.outside
    if outside is None:
        return
    yield paragraph(
        f"{clean(outside.name)} answers a text in force: it cuts prices to those not bound, and "
        "withholds licences from those who are."
    )
    if outcome is None:
        return
    cut = price_cut(scenario, outcome, 1.0)
    rises = {
        party: reservation_after(scenario, position, outcome, 1.0)
        - scenario.preferences[position].reservation
        for position, party in enumerate(scenario.ids)
    }
    costs = {
        party: squeeze_cost(scenario, position, outcome)
        for position, party in enumerate(scenario.ids)
    }
    yield paragraph(
        f"For the Nash outcome, if all others are bound: a cut of {cut:.0%} of the furthest; no "
        f"agreement is then worth more to {_most(scenario, rises)}; licences withheld cost "
        f"{_most(scenario, costs)}.",
        "  ",
    )


def _most(scenario: Scenario, figures: dict[str, float]) -> str:
    """Return those with the greatest figures."""
    ranked = sorted((one for one in figures if figures[one] > 1e-9), key=lambda p: -figures[p])
    told = [f"{clean(scenario.parties[party].name)} {figures[party]:+.1f}" for party in ranked]
    return some(told, 4) or "nobody"


def _statecraft(scenario: Scenario) -> Iterator[str]:
    craft = scenario.statecraft
    if not craft.measures:
        return
    yield "What can be threatened and promised outside the text:"
    for name, one in list(craft.measures.items())[:LISTED]:
        effects = some([f"{party} {effect:+g}" for party, effect in one.effect.items()], 6)
        verb = "threaten" if one.is_threat else "promise"
        back = of_party(craft.backing_down, one.by)
        believed = "believed" if is_credible(scenario, name) else "not believed"
        yield paragraph(
            f"{name_of(scenario, one.by)} can {verb} {clean(one.label)}: {effects}; costs it "
            f"{one.cost:g}, backing down {back:g}: {believed}.",
            "  ",
        )
    if len(craft.measures) > LISTED:
        yield f"  … and {len(craft.measures) - LISTED} more"


def _side_deals(scenario: Scenario) -> Iterator[str]:
    deals = scenario.side_deals
    if not deals:
        return
    yield f"Side deals that stand whatever becomes of the text ({len(deals)}):"
    ranked = sorted(deals.values(), key=lambda one: -sum(one.points.values()))
    for one in ranked[:LISTED]:
        worth = ", ".join(f"{party} {value:+g}" for party, value in one.points.items())
        yield paragraph(f"{clean(one.label)}: {worth}.", "  ")
    if len(ranked) > LISTED:
        yield f"  … and {len(ranked) - LISTED} more"


def _fund(scenario: Scenario, outcome: int | None) -> Iterator[str]:
    fund = scenario.fund
    if fund is None:
        return
    needed = "without a threshold" if fund.threshold is None else f"threshold {fund.threshold:.0%}"
    yield paragraph(f"Joint fund, {clean(fund.label)}: {len(fund.members)} members, {needed}.")
    if outcome is None or fund_size(scenario, outcome) == 0:
        if outcome is not None:
            yield "  The Nash outcome provides for none."
        return
    game = fund_game(scenario, outcome)
    best = [name for name, pays in zip(game.members, game.efficient, strict=True) if pays]
    yield paragraph(f"Best for all together, of the Nash outcome's: {some(best, 8)} pay.", "  ")
    if len(game.members) > EXHAUSTIVE:
        yield f"  Stable pledges are listed for at most {EXHAUSTIVE} members."
        return
    stable = pledge_equilibria(game)
    built = [one for one in stable if one.is_built]
    yield paragraph(
        f"{counted(len(stable), 'stable way to pledge', 'stable ways to pledge')}, {len(built)} of "
        f"them {'builds' if len(built) == 1 else 'build'} it"
        + (
            f"; first {some(built[0].payers, 8)}, raising {built[0].raised:.0%}, with "
            f"{built[0].free_riding:.0%} of what would be best missing."
            if built
            else "."
        ),
        "  ",
    )


def stated_lines(scenario: Scenario) -> Iterator[str]:
    """Yield what a scenario states of its hall and its surroundings, a line each."""
    rules, craft = scenario.protocol, scenario.statecraft
    if rules.kind != "alternating-offers":
        chair = rules.chair or scenario.ids[0]
        speak = "all speak aloud" if rules.speakers is None else f"{rules.speakers} speak aloud"
        yield (
            f"{rules.kind}: {rules.rounds} rounds and {rules.extension} by extension, {chair} "
            f"chairs, {speak}; rooms of {rules.rooms.size} for {rules.rooms.turns} moves each, "
            f"caucuses a delegation: {rules.caucuses}; silence {rules.silence}"
        )
    if scenario.market is not None:
        market = scenario.market
        yield f"market: {clean(market.supplier)} holds {market.share:.0%} ({market.basis})"
    stated = [name for name, one in scenario.parties.items() if one.alternatives]
    if stated:
        number = sum(len(scenario.parties[name].alternatives) for name in stated)
        yield f"alternatives: {number} of {some(stated, 6)}; reservation values follow from them"
    if scenario.outside is not None:
        yield f"outside: {clean(scenario.outside.name)} answers a text in force"
    if craft.measures:
        threats = sum(one.is_threat for one in craft.measures.values())
        yield f"statecraft: threats {threats}, promises {len(craft.measures) - threats}"
    if scenario.side_deals:
        yield f"side deals: {len(scenario.side_deals)}"
    if scenario.fund is not None:
        yield f"fund: {clean(scenario.fund.label)}, {len(scenario.fund.members)} members"
    if scenario.participation is not None:
        threshold = scenario.participation.threshold
        told = "as the agreement rule" if threshold is None else f"{threshold:.0%} of the weight"
        yield f"participation: a text is signed; in force by {told}"
