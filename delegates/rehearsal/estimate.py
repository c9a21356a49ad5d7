"""What a session may cost, before a model is asked anything."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import reduce

from delegates.connections import Caps, money_cap, prices
from delegates.models.chat import Usage
from delegates.models.dialect import Dialect
from delegates.models.prices import cost_usd
from delegates.models.remembered import ModelAt, dialects_at
from delegates.rehearsal.bounds import CallBound, call_bound
from delegates.rehearsal.hall import rehearse_hall
from delegates.rehearsal.turns import Question, rehearse
from delegates.seats import ModelName, SeatSpec, parse_seat
from delegates.settings import Price, Settings, resolve_endpoint
from games.protocols.hall import is_hall
from games.scenario import Scenario

LEAST_CACHED = 1024
CACHED_IN_STEPS_OF = 128
"""From how many tokens on, and in what steps, providers commonly keep the start of a prompt
(OpenAI, "Prompt caching"); what falls short of it is read anew."""

EMBEDDED_SPEED: Mapping[str, tuple[float, float]] = {"local": (133, 22), "local-large": (65, 14)}
"""Tokens a second that the embedded models read and write on two cores, as measured."""


THOUGHT_TOKENS = 800
"""What a model that is known to reason commonly writes to itself before it answers: a guess, since
it differs by the model, the effort it is asked for and the question."""


_ONLY_FOR = "asked only for what {sitter} leaves to it"
"""When the model is asked of a seat in which somebody sits: for a stand-in, or for words."""

_UNASKED = "not asked, as stand-ins play it"
"""Of a seat without a person: in a hall few speak aloud."""


@dataclass(frozen=True, kw_only=True)
class Use:
    """What some calls use."""

    calls: int = 0
    input: int = 0
    output: int = 0
    cached: int = 0
    """Of the input, what the provider has likely read before."""
    cost_usd: float | None = 0.0
    """None where a price is not known."""

    @property
    def tokens(self) -> int:
        """Tokens in and out."""
        return self.input + self.output

    def plus(self, other: Use) -> Use:
        """Return the sum of both."""
        unknown = self.cost_usd is None or other.cost_usd is None
        return Use(
            calls=self.calls + other.calls,
            input=self.input + other.input,
            output=self.output + other.output,
            cached=self.cached + other.cached,
            cost_usd=None if unknown else (self.cost_usd or 0.0) + (other.cost_usd or 0.0),
        )

    def times(self, count: int) -> Use:
        """Return what so many of it come to."""
        return Use(
            calls=count * self.calls,
            input=count * self.input,
            output=count * self.output,
            cached=count * self.cached,
            cost_usd=None if self.cost_usd is None else count * self.cost_usd,
        )

    @staticmethod
    def sum(uses: Iterable[Use]) -> Use:
        """Return what all come to."""
        return reduce(Use.plus, uses, Use())

    def as_json(self) -> dict[str, object]:
        """Return the use as plain JSON values."""
        return {
            "calls": self.calls,
            "tokens": {"input": self.input, "output": self.output, "cached": self.cached},
            "cost_usd": self.cost_usd,
        }


@dataclass(frozen=True, kw_only=True)
class SeatEstimate:
    """Use of one seat's models."""

    party: str
    seat: str
    expected: Use
    """If every reply can be used; of a person's seat, that the stand-in never moves."""
    worst: Use
    """If no reply can be used and each is as long as allowed: all are asked for again."""


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """Use of a session that runs to its last round; most agree before that.

    Of a plenary or forum, use of a session as stand-ins that concede evenly play it.
    """

    seats: tuple[SeatEstimate, ...]
    """Of the seats that ask models."""
    models: tuple[str, ...]
    cap_usd: float | None
    seconds: float | None
    """How long the embedded model will take; None where others' servers are asked."""
    bound: CallBound | None = None
    """Of a plenary or forum: the most calls that its rules allow."""

    @property
    def expected(self) -> Use:
        """The use of all seats."""
        return Use.sum(seat.expected for seat in self.seats)

    @property
    def worst(self) -> Use:
        """The use of all seats if all goes wrong that delegates can mend."""
        return Use.sum(seat.worst for seat in self.seats)

    @property
    def calls(self) -> int:
        """Calls of all seats."""
        return self.expected.calls

    @property
    def tokens(self) -> int:
        """Tokens of all seats, in and out."""
        return self.expected.tokens

    @property
    def cost_usd(self) -> float | None:
        """Cost of all seats; None where a price is not known."""
        return self.expected.cost_usd

    def as_json(self) -> dict[str, object]:
        """Return the estimate as plain JSON values."""
        used = self.expected
        return {
            "planned": 1,
            "calls": used.calls,
            "tokens": used.tokens,
            "cost_usd": used.cost_usd,
            "cap_usd": self.cap_usd,
            "tokens_in": used.input,
            "tokens_out": used.output,
            "cached_share": round(used.cached / used.input, 3) if used.input else 0.0,
            "seconds": self.seconds,
            "worst": self.worst.as_json(),
            **({} if self.bound is None else {"most_calls": self.bound.as_json()}),
            "seats": {
                seat.party: {
                    "seat": seat.seat,
                    "expected": seat.expected.as_json(),
                    "worst": seat.worst.as_json(),
                }
                for seat in self.seats
            },
        }

    def line(self) -> str:
        """Return the estimate in one line."""
        if not self.models:
            return "No model will be asked; this costs nothing."
        names, worst = ", ".join(self.models), self.worst
        when = "If it runs to its last round"
        most = ""
        if self.bound is not None:
            when, most = "If it goes as stand-ins play it", f" ({self.bound.words()})"
        use = f"{when}: {_use_words(self.expected)} of {names}{most}"
        where = f", {self._where()}"
        if self.calls == 0:
            use, where = f"{names}: {_left_to_models(self.seats)}", ""
        if self.cost_usd == 0 and worst.cost_usd == 0:
            return f"{use}{where}: no cost."
        if self.cost_usd is None or worst.cost_usd is None:
            return f"{use}; a price is not known, so that no cap on money holds for all of it."
        cap = "" if self.cap_usd is None else f"; never more than {_cap_words(self.cap_usd)} USD"
        return f"{use}: {_cost_words(self.expected, worst)}{cap}."

    def seat_lines(self) -> list[str]:
        """Return a line for each seat that asks a model."""
        return [
            f"  {seat.party}, {seat.seat}: {_seat_words(seat)}"
            + ("" if seat.worst.cost_usd == 0 else f": {_cost_words(seat.expected, seat.worst)}")
            for seat in self.seats
        ]

    def _where(self) -> str:
        if self.seconds is None:
            return "given away"
        return f"on this machine, roughly {_time_words(self.seconds)}"


def estimate(
    scenario: Scenario, specs: Mapping[str, SeatSpec], settings: Settings, caps: Caps
) -> Estimate:
    """Return what a session may use if it runs to its last round.

    Raises:
        SettingError: If a cap on money is given but a price is not known.
    """
    known = prices(specs.values(), settings)
    cap = money_cap(settings, known, caps)
    if not known:
        return Estimate(seats=(), models=(), cap_usd=cap, seconds=0.0)
    models = {name: _Asked(price, _dialect(name, settings)) for name, price in known.items()}
    if is_hall(scenario):
        smooth, rough = rehearse_hall(scenario, specs)
    else:
        smooth = rehearse(scenario, specs, is_smooth=True)
        rough = rehearse(scenario, specs, is_smooth=False)
    seats: list[SeatEstimate] = []
    likely: list[Question] = []
    for party, spec in specs.items():
        if not spec.models:
            continue
        asked = [q for q in smooth if q.party == party and not (q.is_again or spec.is_awaited)]
        again = [q for q in rough if q.party == party]
        likely += [q for q in smooth if q.party == party and not spec.is_awaited]
        seats.append(
            SeatEstimate(
                party=party,
                seat=spec.text,
                expected=Use.sum(models[q.model].expected(q) for q in asked),
                worst=Use.sum(models[q.model].worst(q) for q in again),
            )
        )
    return Estimate(
        seats=tuple(seats),
        models=tuple(name.model for name in known),
        cap_usd=cap,
        seconds=_seconds(known, likely),
        bound=call_bound(scenario, specs),
    )


@dataclass(frozen=True)
class _Asked:
    """A model: what it costs, and how it is known to want to be asked."""

    price: Price | None
    dialect: Dialect

    def expected(self, question: Question) -> Use:
        """Return what a question uses if its reply is as usual."""
        cached = 0 if question.model.is_embedded else _kept(question.seen)
        return self._use(question, question.output + self.dialect.reasons * THOUGHT_TOKENS, cached)

    def worst(self, question: Question) -> Use:
        """Return what a question uses if its reply is as long as it may be."""
        room = self.dialect.room if self.dialect.reasons else 0
        return self._use(question, question.most_output + room, 0)

    def _use(self, question: Question, output: int, cached: int) -> Use:
        usage = Usage(input=question.input, output=output, cached=cached)
        one = Use(
            calls=1,
            input=usage.input,
            output=usage.output,
            cached=usage.cached,
            cost_usd=None if self.price is None else cost_usd(self.price, usage),
        )
        return one.times(question.turns)


def _dialect(name: ModelName, settings: Settings) -> Dialect:
    endpoint = resolve_endpoint(settings, name.model, name.endpoint)
    if endpoint.embedded:
        return Dialect()
    return dialects_at(settings.home.value).of(ModelAt(endpoint.host, name.model))


def _kept(seen: int) -> int:
    """Return what a provider has likely kept of the start of a prompt."""
    return 0 if seen < LEAST_CACHED else seen // CACHED_IN_STEPS_OF * CACHED_IN_STEPS_OF


def _seconds(known: Iterable[ModelName], asked: Iterable[Question]) -> float | None:
    if not all(name.is_embedded for name in known):
        return None
    return round(sum(_taken_s(question) for question in asked), 1)


def _taken_s(question: Question) -> float:
    reads, writes = EMBEDDED_SPEED[question.model.model]
    return question.turns * (question.input / reads + question.output / writes)


def _seat_words(seat: SeatEstimate) -> str:
    if seat.expected.calls == 0 and not parse_seat(seat.seat).is_awaited:
        return _UNASKED
    return _use_words(seat.expected) if seat.expected.calls else _left_to_models([seat])


def _left_to_models(seats: Iterable[SeatEstimate]) -> str:
    return _ONLY_FOR.format(
        sitter=" or ".join(dict.fromkeys(parse_seat(seat.seat).sitter for seat in seats))
    )


def _use_words(use: Use) -> str:
    cached = f" ({use.cached / use.input:.0%} read before)" if use.cached else ""
    calls = f"{use.calls} call{'' if use.calls == 1 else 's'}"
    return f"about {calls}, {use.input:,} tokens in{cached}, {use.output:,} out"


def _cost_words(expected: Use, worst: Use) -> str:
    if expected.cost_usd is None or worst.cost_usd is None:
        return "price not known"
    about = f"about {_usd(expected.cost_usd)}, " if expected.calls else ""
    return f"{about}at worst {_usd(worst.cost_usd)} USD"


def _cap_words(cap_usd: float) -> str:
    """Return a cap as it was given: rounded, a small one would read as nothing."""
    return f"{cap_usd:.2f}" if round(cap_usd, 2) == cap_usd else f"{cap_usd:g}"


def _usd(cost: float) -> str:
    return f"{cost:.2f}" if cost >= 0.1 or cost == 0 else f"{cost:.4f}"


def _time_words(seconds: float) -> str:
    minute = 60
    return f"{seconds:.0f} s" if seconds < 2 * minute else f"{seconds / minute:.0f} min"
