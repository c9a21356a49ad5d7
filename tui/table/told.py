"""What the table tells in words: where the session stands, what can be done, how it ended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ceil

from textual.content import Content

from delegates.acts_open import OpenAct, moves_allowed
from delegates.contract import View
from delegates.persons.person import Turn
from delegates.text import clean, counted, one_line
from games.errors import CapReached, MinilateralError, NotKept, Paused, ProviderError
from games.point_words import tenths
from games.session import utilities
from transcripts.events import Act
from transcripts.record import SessionRecord
from tui.replay import History
from tui.table.acts import WORDS
from tui.table.dock import Chip
from tui.text.home import mandate_lines, news_lines
from tui.text.labels import party_labels
from tui.text.result import own_result_text, result_text
from tui.text.seat import (
    briefing,
    hindrance,
    points_table,
    ratification_told,
    situation,
    talk_lines,
)
from tui.text.wording import paragraph
from tui.widgets.ending import ended_in_full

OWN_KEYS: dict[Act, str] = {
    "offer": "o",
    "merge": "o",
    "accept": "a",
    "walk-away": "w",
    "pass": "p",
    "ask-capital": "c",
}
"""Acts that have a key of their own; the menu leads to all."""

_ACT_OF: Mapping[str, Act] = {key: act for act, key in reversed(OWN_KEYS.items())}
"""The act of each key; of two, the one named first."""

HAND_OVERS: Mapping[str, Content] = {
    "1": Content("this move alone"),
    "3": Content("three of your moves"),
    "": Content("until you take it back (d), at a pace you can follow"),
}
"""For how many of the seat's moves it may be handed over → how that is told."""

SOON_S = 15
"""Seconds left from which on the clock is set off."""


def time_left(left_s: float | None) -> Content:
    """Return how much time is left for a move; empty where there is no limit."""
    if left_s is None:
        return Content("")
    minutes, seconds = divmod(int(left_s), 60)
    told = f"{minutes}:{seconds:02} left"
    return Content.styled(f" · {told}", "bold $error" if left_s <= SOON_S else "bold $warning")


def round_told(history: History | None) -> str:
    """Return in which round the session is."""
    if history is None:
        return "round 1"
    state = history.last
    return f"round {min(state.round + 1, state.rounds)} of {state.rounds}"


def moves_told(history: History | None, see: str | None) -> str:
    """Return how many moves there were, or how many a party has heard where others were private.

    Args:
        history: The session as far as it was read.
        see: The party; None for whoever sees all.
    """
    total = 0 if history is None else len(history)
    heard = 0 if history is None else int(history.hears(see).sum())
    told = counted(heard, "move")
    return told if heard == total else f"{told} heard"


def spent_told(cost_usd: float | None, tokens: int) -> str:
    """Return what models came to so far: a sum that is None is not known."""
    cost = (
        "cost not known" if cost_usd is None else f"{cost_usd:.4f} USD" if cost_usd else "no cost"
    )
    return f"{cost} · {tokens:,} tokens" if tokens or cost_usd != 0 else cost


def chips_of(turn: Turn) -> tuple[Chip, ...]:
    """Return what can be done in a turn."""
    acts = moves_allowed(turn.view)
    own = [one for one in acts if one.act in OWN_KEYS]
    others = [one for one in acts if one.act not in OWN_KEYS]
    chips = [Chip(OWN_KEYS[one.act], WORDS[one.act].chip, f"act('{one.act}')") for one in own]
    chips += [Chip("", WORDS[one.act].chip, f"act('{one.act}')") for one in others]
    if others:
        chips.append(Chip("m", "menu", "menu"))
    chips.append(Chip("s", "say", "say"))
    if turn.may_ask_advice and turn.advice is None:
        chips.append(Chip("i", "ask adviser", "advice"))
    if turn.guesses_due:
        chips.append(Chip("g", "guess again", "guess"))
    if turn.shocks:
        chips.append(Chip("t", "have a shock strike", "shock"))
    chips.append(Chip("d", "hand over", "delegate"))
    if any(seen.party == turn.view.party for seen in turn.view.history):
        chips.append(Chip("u", "take back", "undo"))
    return tuple(chips)


def chips_after(*, is_branch: bool) -> tuple[Chip, ...]:
    """Return what can be done once the session is over, or has stopped."""
    return (
        Chip("v", "review", "review"),
        Chip("r", "replay", "replay"),
        Chip("A", "analysis", "analyse"),
        Chip("T", "try again from a move", "try_again"),
        *((Chip("C", "both futures", "compare"),) if is_branch else ()),
        Chip("H", "home", "home"),
    )


def shocks_of(turn: Turn) -> dict[str, Content]:
    """Return the shocks that whoever sits alone can have strike, each with what it changes."""
    return {
        one.name: Content.assemble(
            (one_line(one.label), "bold"),
            (f"  {one_line('; '.join(one.changes))}" if one.changes else "", "$muted"),
        )
        for one in turn.shocks
    }


def menu_of(view: View) -> dict[str, Content]:
    """Return every act that is legal now, as a menu: by key and name as below the talks, then what
    it is."""
    acts = moves_allowed(view)
    width = max((len(WORDS[one.act].chip) for one in acts), default=0)
    return {one.act: _menu_row(one.act, width) for one in acts}


def closed_rows(view: View) -> tuple[Content, ...]:
    """Return what a menu tells of accepting an offer that is there and cannot be accepted."""
    why = why_not_accept(view)
    if view.offer is None or why is None:
        return ()
    row = f"{OWN_KEYS['accept']:<2}{WORDS['accept'].chip}  not open: {why}"
    return (Content.styled(row, "$muted"),)


def why_not_accept(view: View) -> str | None:
    """Return why an offer at a table cannot be accepted now; None where it can, and in a hall."""
    if view.hall is not None or act_open(view, "accept") is not None:
        return None
    return "nothing is on the table" if view.offer is None else hindrance(view, view.offer)


def _menu_row(act: Act, width: int) -> Content:
    words = WORDS[act]
    return Content.assemble(
        (f"{OWN_KEYS.get(act, ''):<2}", "bold $primary"),
        (f"{words.chip:<{width}}  ", "bold"),
        words.title,
        (f"  {words.about}" if words.about else "", "$muted"),
    )


def why_silent(view: View, key: str) -> str:
    """Return why a key does nothing in the seat's turn, and what is open; nothing where it does."""
    act = _ACT_OF.get(key)
    if act is not None and act_open(view, act) is None:
        why = why_not_accept(view) if act == "accept" else None
        if why is not None:
            return f"“{WORDS[act].chip}” is not open to you now: {why}. m lists what is."
        open_now = ", ".join(WORDS[one.act].chip for one in moves_allowed(view))
        return f"“{WORDS[act].chip}” is not open to you now; open: {open_now}. m lists them."
    if key == "v":
        return "The review comes once the session is over."
    return ""


def act_open(view: View, act: str) -> OpenAct | None:
    """Return an act if it is legal now; making an offer is merging for who holds the pen."""
    acts = {one.act: one for one in moves_allowed(view)}
    found = next((one for name, one in acts.items() if name == act), None)
    return acts.get("merge") if found is None and act == "offer" else found


def papers_of(view: View, turn: Turn | None) -> dict[str, list[str]]:
    """Return what a seat may read, title by title.

    Args:
        view: What the seat knows, as of when it was last asked.
        turn: What it is asked now; None while others move.
    """
    papers = {"Brief": briefing(view), "Points": points_table(view)}
    if turn is not None:
        papers["Table"] = situation(view)
        if turn.advice is not None:
            papers["Adviser"] = [paragraph(clean(part)) for part in turn.advice.words.split("\n")]
    papers["Talks"] = talk_lines(view)
    papers["News"] = news_lines(view)
    if view.mandate is not None:
        papers["Mandate"] = [*mandate_lines(view), *ratification_told(view)]
    return papers


def ending_told(
    record: SessionRecord, party: str | None, *, alone: bool = False, is_own: bool = True
) -> tuple[Content, ...]:
    """Return how a session ended, what it brought a party, and what the others.

    Args:
        record: The session.
        party: The person's, or the one as which one looks on; None for all alike.
        alone: Whether nothing is told of the others.
        is_own: Whether who looks on sits for the party.
    """
    rounds = f" in round {record.state.rounds_begun} of {record.state.rounds}"
    when = rounds if record.status == "agreement" else ""
    lines = [Content.assemble(ended_in_full(record.status), when, ".")]
    scenario = record.state.scenario
    got = utilities(record.state)
    if party is not None:
        own = scenario.preferences[scenario.ids.index(party)]
        gain = got[party] - own.reservation
        lines.append(
            Content.assemble(
                f"{'You have' if is_own else 'They have'} ",
                (f"{tenths(got[party])} points", "bold"),
                f", {gain:+.1f} over the {tenths(own.reservation)} without agreement.",
            )
        )
    labels = party_labels(scenario)
    others = [label for label in labels if label.id != party]
    if len(others) <= 6 and not alone:
        told = [
            Content.assemble(
                (label.signed_id, label.style),
                f" {tenths(got[label.id])} ({tenths(own.reservation)})",
            )
            for label, own in zip(labels, scenario.preferences, strict=True)
            if label.id != party
        ]
        whose = "The others, now unsealed" if party is not None else "Points"
        lead = f"{whose} (in brackets those without agreement): "
        lines.append(Content.assemble((lead, "$muted"), Content("   ").join(told)))
    return tuple(lines)


def soon(seconds: float) -> str:
    """Return in what time something begins at the latest: in whole minutes, then in tens of
    seconds, so that it reads the same for a while."""
    if seconds > 60:
        return f"{ceil(seconds / 60)} min"
    return f"{max(ceil(seconds / 10), 1) * 10} s"


def gathering_told(parties: Sequence[str], left_s: float | None) -> tuple[Content, ...]:
    """Return for whose people the table waits before the session begins, and how long.

    Args:
        parties: Who has not come.
        left_s: Seconds until it begins without them; None while nobody has come.
    """
    if not parties:
        return (Content("Everybody is here; the session begins…"),)
    waits = Content.assemble(
        ("Waiting for those who have not come yet: ", "$muted"), (", ".join(parties), "bold")
    )
    if left_s is None:
        return (waits,)
    without = "with a stand-in for them" if len(parties) == 1 else "with stand-ins for them"
    return (
        waits,
        Content(f"It begins in {soon(left_s)} at the latest, {without} until they come."),
    )


def seat_kept_told(title: str, name: str) -> Content:
    """Return at which table and for whom one sits, before the session begins."""
    return Content("\n").join(
        [
            Content.styled(one_line(title), "bold"),
            Content.assemble("You sit for ", (one_line(name), "bold"), "."),
            Content(""),
            Content("Read your brief meanwhile: b opens it."),
        ]
    )


def ending_lines(record: SessionRecord, see: str | None = None) -> list[str]:
    """Return the whole result, or what a party may know; the referee takes its time.

    Args:
        record: The session.
        see: The only party whose side is told; None for all.
    """
    return (result_text(record) if see is None else own_result_text(record, see)).split("\n")


def stop_told(error: MinilateralError, kept: str | None) -> tuple[Content, ...]:
    """Return why a session stopped, and what is said where it is kept; None where it is not."""
    kinds = {
        Paused: ("Left for now", "bold $warning"),
        CapReached: ("A cap was reached", "bold $warning"),
        NotKept: ("The disk takes no more", "bold $error"),
        ProviderError: ("A model could not be reached", "bold $error"),
    }
    head = next(
        (told for kind, told in kinds.items() if isinstance(error, kind)),
        ("It could not go on", "bold $error"),
    )
    return (
        Content.assemble(head, ": ", one_line(str(error), 400)),
        Content.styled(kept or "Nothing was kept.", "$muted"),
    )
