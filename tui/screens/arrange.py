"""The table arranged: who decides and who words each seat, and under what limits it is played."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen

from delegates.leading.trainer import planned_shocks
from delegates.peers.presence import require_here
from delegates.seats import parse_seat
from delegates.settings import NO_MODEL
from delegates.text import one_line
from games.errors import MinilateralError
from tui.nodes import app_of
from tui.session_plan import SessionPlan
from tui.text.labels import party_labels
from tui.text.wording import MOST_DIGITS
from tui.widgets.choice import ChoiceScreen
from tui.widgets.listing import Listing, Row, heading

SPECS = {
    "boulware": "code decides: holds out and concedes late",
    "linear": "code decides: concedes evenly",
    "conceder": "code decides: concedes early",
    "firm": "code decides: yields down to a share of its gain",
    "tit-for-tat": "code decides: yields as the other side yields",
    "boulware+llm:local": "code decides, a small model on this machine words it",
    "menu:local-large": "a model on this machine picks among code's moves",
    "menu:local": "the same by a tiny model, which decides at random",
}
"""Seats that make sense, with what they are."""

AS_SET = "default"
"""The answer that leaves a seat as the scenario or the settings have it."""

EVERYONE = "all other seats"

Asked = Callable[[], tuple[ChoiceScreen, Callable[[str], SessionPlan]]]
"""Returns a question, and what becomes of the plan by its answer."""


class ArrangeScreen(ModalScreen[SessionPlan]):
    """Lists all that can be set of a session; each is changed by Enter or a click."""

    CSS_PATH = "arrange.tcss"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,ctrl+s,q", "done", "Close"),
    ]

    def __init__(self, plan: SessionPlan) -> None:
        super().__init__()
        self.plan = plan

    def compose(self) -> ComposeResult:
        """Hold a list of what can be set."""
        with Vertical(id="arrange") as box:
            box.border_title = "The table"
            box.border_subtitle = "Enter changes · Esc is done"
            yield Listing(self._rows(), id="arrange-list")

    def on_mount(self) -> None:
        """Let the list have the keys."""
        self.query_one(Listing).focus()

    def action_done(self) -> None:
        """Return the plan as it is now."""
        self.dismiss(self.plan)

    def _rows(self) -> list[Row]:
        plan = self.plan
        rows = [heading("Who sits where")]
        others = [one for one in party_labels(plan.scenario) if one.id != plan.party]
        if len(others) > 1:
            rows.append(_row("everyone", Content(EVERYONE), "set them all at once"))
        for label in others:
            spec = plan.seats.get(label.id) or plan.scenario.seats.get(label.id, AS_SET)
            name = Content.styled(f"{label.signed_id} {label.name}", label.style)
            rows.append(_row(f"seat:{label.id}", name, one_line(spec)))
        rows.append(heading("Limits"))
        cap = plan.caps.max_cost_usd
        rows.append(_row("cap", "cap on money", "none given" if cap is None else f"{cap:g} USD"))
        if plan.party is not None:
            limit = time_limit(plan)
            told = f"{limit:g} s a move" if limit else "as long as it takes"
            rows.append(_row("limit", "your time", told))
            rows.append(_row("hints", "hints", "allowed" if plan.hints else "off"))
        rows.append(_row("seed", "seed", f"{plan.seed}  (draws every lot)"))
        if plan.scenario.shocks:
            rows.append(heading("Shocks that you have strike"))
            struck = {name: at for name, _, at in (one.partition("@") for one in plan.shocks)}
            for name, shock in plan.scenario.shocks.items():
                told = f"in round {struck[name] or 1}" if name in struck else "no"
                rows.append(_row(f"shock:{name}", one_line(shock.label, 44) or name, told))
        return rows

    @on(Listing.Chosen)
    def _change(self, message: Listing.Chosen) -> None:
        kind, _, name = message.key.partition(":")
        if kind == "hints":
            plan = replace(self.plan, hints=not self.plan.hints)
            self._keep(own_seat(plan, time_limit(plan)))
            return
        asked: dict[str, Asked] = {
            "everyone": self._ask_everyone,
            "seat": partial(self._ask_seat, name),
            "cap": self._ask_cap,
            "limit": self._ask_limit,
            "seed": self._ask_seed,
            "shock": partial(self._ask_shock, name),
        }
        question, become = asked[kind]()

        def answered(answer: str | None) -> None:
            if answer is not None:
                self._keep(become(answer))

        app_of(self).push_screen(question, answered)

    def _keep(self, plan: SessionPlan) -> None:
        self.plan = plan
        self.query_one(Listing).show(self._rows())

    def _ask_seat(self, party: str) -> tuple[ChoiceScreen, Callable[[str], SessionPlan]]:
        name = one_line(self.plan.scenario.parties[party].name)
        current = self.plan.seats.get(party, AS_SET)
        question = ChoiceScreen(
            f"Who decides and who words for {name}?",
            self._specs(),
            current=current,
            free="choose, or type a seat: mind(key=value):model+voice:model",
            check=self._seat_problem,
        )
        return question, lambda answer: with_seats(self.plan, {party: answer})

    def _ask_everyone(self) -> tuple[ChoiceScreen, Callable[[str], SessionPlan]]:
        question = ChoiceScreen(
            "Who decides and who words for all others?",
            self._specs(),
            free="choose, or type a seat: mind(key=value):model+voice:model",
            check=self._seat_problem,
        )
        others = [party for party in self.plan.scenario.ids if party != self.plan.party]
        return question, lambda answer: with_seats(self.plan, dict.fromkeys(others, answer))

    def _specs(self) -> dict[str, str]:
        model = self.plan.settings.model.value
        asked = model if model not in (None, NO_MODEL) else None
        free = {f"llm:{asked}": "this model decides and words freely"} if asked else {}
        menu = {f"menu:{asked}": "this model picks among code's moves"} if asked else {}
        return {AS_SET: "as the scenario or your settings have it", **SPECS, **free, **menu}

    def _seat_problem(self, answer: str) -> str | None:
        if answer == AS_SET:
            return None
        try:
            spec = parse_seat(answer, self.plan.settings.model.value)
            require_here(spec)
        except MinilateralError as error:
            return one_line(str(error))
        if spec.is_outside:
            how = f"minilateral run --seat ID={spec.mind}"
            return f"an outside agent comes in on the command line: {how}"
        return (
            "one person sits at a screen; choose who plays the others" if spec.is_person else None
        )

    def _ask_cap(self) -> tuple[ChoiceScreen, Callable[[str], SessionPlan]]:
        def become(answer: str) -> SessionPlan:
            cap = None if answer == "none" else float(answer)
            return replace(self.plan, caps=replace(self.plan.caps, max_cost_usd=cap))

        question = ChoiceScreen(
            "How much may the session cost, in USD?",
            {"none": "no cap of your own: 1 USD where prices are known"},
            free="an amount, e.g. 0.50; or none",
            check=partial(_number_problem, least=0.0, most=1e9, beside="none"),
        )
        return question, become

    def _ask_limit(self) -> tuple[ChoiceScreen, Callable[[str], SessionPlan]]:
        question = ChoiceScreen(
            "How many seconds have you for a move?",
            {"none": "as long as it takes"},
            free="seconds, e.g. 90; or none",
            check=partial(_number_problem, least=1.0, most=86_400.0, beside="none"),
        )
        return question, lambda answer: own_seat(
            self.plan, None if answer == "none" else float(answer)
        )

    def _ask_seed(self) -> tuple[ChoiceScreen, Callable[[str], SessionPlan]]:
        question = ChoiceScreen(
            "Which seed draws the lots?",
            {},
            free=f"a whole number; now {self.plan.seed}",
            check=seed_problem,
        )
        return question, lambda answer: replace(self.plan, seed=int(answer))

    def _ask_shock(self, name: str) -> tuple[ChoiceScreen, Callable[[str], SessionPlan]]:
        others = tuple(one for one in self.plan.shocks if one.partition("@")[0] != name)

        def planned(answer: str) -> tuple[str, ...]:
            return others if answer == "never" else (*others, f"{name}@{answer}")

        def problem(answer: str) -> str | None:
            try:
                planned_shocks(self.plan.scenario, planned(answer))
            except MinilateralError as error:
                return one_line(str(error).removeprefix("--shock "))
            return None

        question = ChoiceScreen(
            f"In which round does it strike? {one_line(self.plan.scenario.shocks[name].label)}",
            {"never": "unless the scenario has it strike"},
            free="a round, from 1; or never",
            check=problem,
        )
        return question, lambda answer: replace(self.plan, shocks=planned(answer))


def _row(key: str, name: str | Content, value: str) -> Row:
    def draw(width: int) -> Content:
        label = name if isinstance(name, Content) else Content(name)
        left = label.truncate(max(width // 2, 1), ellipsis=True, pad=True)
        return Content.assemble(left, " ", (value, "bold"))

    return Row(key, draw)


def seed_problem(answer: str) -> str | None:
    """Return what is wrong with a seed that was typed, in a line; None if nothing is."""
    if answer.isdecimal() and len(answer) <= MOST_DIGITS:
        return None
    return f"expected a whole number from 0, of at most {MOST_DIGITS} digits"


def _number_problem(answer: str, *, least: float, most: float, beside: str = "") -> str | None:
    if answer == beside:
        return None
    try:
        fits = least <= float(answer) <= most
    except ValueError:
        fits = False
    if fits:
        return None
    told = one_line(repr(answer), 40)
    return f"{told}: expected a number from {least:g} to {most:,.0f}, or {beside}"


def with_seats(plan: SessionPlan, given: dict[str, str]) -> SessionPlan:
    """Return a plan with other seats; `default` leaves one as scenario or settings have it."""
    seats = {**plan.seats, **given}
    return replace(plan, seats={name: one for name, one in seats.items() if one != AS_SET})


def time_limit(plan: SessionPlan) -> float | None:
    """Return how many seconds the person has for a move; None for as long as it takes."""
    own = None if plan.party is None else plan.seats.get(plan.party)
    return None if own is None else parse_seat(own, plan.settings.model.value).limit_s


def own_seat(plan: SessionPlan, limit_s: float | None) -> SessionPlan:
    """Return a plan in which the person's seat says what it may: time for a move, and hints."""
    if plan.party is None:
        return plan
    seats = {name: text for name, text in plan.seats.items() if name != plan.party}
    if limit_s is not None:
        hints = ",hints=yes" if plan.hints else ""
        seats[plan.party] = f"human(limit={limit_s:g}{hints})"
    return replace(plan, seats=seats)
