"""Who signs a text, and how: binding, declaratory, or not at all.

The binding signers B bring the text into force iff their weight reaches the threshold. Then each of
them gets u_i(ω). Who merely declares, or signed binding a text that is not in force, gets
r_i + κ(u_i(ω; no dispute) − r_i) + β − γ; who stays out r_i + Σ_{j∈B} spill_j − τ|B|/n. Everything
is taken in shares of what each party can gain, rounded to millionths before anything is decided.

Where an outside supplier replies (`games.participation.outside`), each binding signer of a text in
force loses its squeeze, and r_i in the other two is r_i(m), the reservation value after the price
cut: who merely declares is not bound, so the cut reaches it too, and counts as far as the text does
not, 1 − κ. On a text that is not in force nobody replies.

A binding signature that a capital must ratify counts with the chance P that it does; else whoever
gave it has what it would have outside, less its audience cost.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, get_args

import numpy as np
from numpy.typing import NDArray

from games.compliance.game import attainable_gain
from games.errors import ScenarioError
from games.matrices.matrix import MICRO
from games.outcomes import BoolArray, FloatArray, IndexArray
from games.participation.outside import Reply, outside_reply
from games.participation.search import Searched
from games.parts.aftermath import Participation, Signature
from games.parts.base import of_party
from games.ratification import audience_cost, chance_of, ratifying
from games.utility import dispute_cost

if TYPE_CHECKING:
    from games.scenario import Scenario

SIGNATURES: tuple[Signature, ...] = get_args(Signature)
"""The ways to sign, in the order in which the indecisive take them."""

BINDING, DECLARATORY, OUT = range(3)

EXHAUSTIVE = 10
"""Most parties for which every profile of signatures is looked at."""

STARTS = 256
"""Random profiles from which best replies set out."""

_SWEEPS = 200

Choices = NDArray[np.int8]
"""Positions in `SIGNATURES`, one a party along the last axis."""


def signature_weights(scenario: Scenario) -> tuple[FloatArray, float]:
    """Return the weights towards entry into force, shape (parties,), and the share that must sign.

    As `participation` states them, else as the protocol's agreement rule has them.
    """
    behind = scenario.participation or Participation()
    rule = scenario.protocol.agreement
    if rule == "unanimity":
        weights, threshold = behind.weights, 1.0
    else:
        weights, threshold = behind.weights or rule.weights, rule.quorum
    stated = threshold if behind.threshold is None else behind.threshold
    return np.array([weights.get(party, 1.0) for party in scenario.ids]), stated


MOST = 1e12
"""Greatest payoff told apart, in what a party can gain: beyond, millionths leave 64 bits."""


@dataclass(frozen=True, kw_only=True)
class SignatureGame:
    """What signing a text in each way is worth to each party; shares of its attainable gain."""

    binding: FloatArray
    """If it signed binding, its capital ratified and the text is in force, the squeeze taken off,
    shape (parties,)."""
    idle: FloatArray
    """If it signed binding and the text is not in force, likewise."""
    declared: FloatArray
    """If it signed declarations and nobody outside replies, shape (parties,)."""
    undeclared: FloatArray
    """1 − κ, what a signatory of declarations has of a better alternative, shape (parties,)."""
    spill: FloatArray
    """What each party's binding signature brings an outsider, shape (parties,)."""
    penalty: FloatArray
    """What each outsider would lose if all had signed binding, shape (parties,)."""
    weights: FloatArray
    threshold: float
    may_sign: BoolArray
    """Who has no red line against the text, shape (parties,)."""
    reply: Reply | None = None
    """What the outside supplier does once the text is in force."""
    passes: FloatArray | float = 1.0
    """The chance that a party's capital ratifies its binding signature, shape (parties,)."""
    in_vain: FloatArray | float = 0.0
    """What it costs a party if it does not, likewise; it then has what it would have outside."""

    def force(self, choices: Choices) -> BoolArray:
        """Return whether the text is in force, for profiles of shape (…, parties)."""
        return self.reaches((choices == BINDING) @ self.weights)

    def reaches(self, weight: FloatArray) -> BoolArray:
        """Return whether a weight of binding signatures is enough; none at all never is."""
        enough = weight >= self.threshold * self.weights.sum() - 1e-12
        return np.asarray(enough & (weight > 0))

    def worths(self, choices: Choices, who: IndexArray | None = None) -> FloatArray:
        """Return what each way of signing is worth to parties, the others' choices given.

        As shares of what they can gain; shape (3, …, parties asked).

        Args:
            choices: Profiles of signatures, shape (…, parties).
            who: Positions of the parties asked; all if not given.
        """
        asked = np.arange(len(self.weights)) if who is None else who
        bound = (choices == BINDING).astype(np.float64)
        # Of each sum over the binding signatures, what the others contribute to it.
        weight, spill, count = (
            (bound @ each)[..., None] - bound[..., asked] * each[asked]
            for each in (self.weights, self.spill, np.ones_like(self.weights))
        )
        force = self.reaches(weight + self.weights[asked])
        share = count / len(self.weights)
        binding = np.where(force, self.binding[asked], self.idle[asked])
        rise = self._rise(weight, asked)
        declared = self.declared[asked] + self.undeclared[asked] * rise
        out = spill - self.penalty[asked] * share + rise
        passes, in_vain = (
            np.broadcast_to(one, self.weights.shape)[asked] for one in (self.passes, self.in_vain)
        )
        return np.stack([passes * binding + (1 - passes) * (out - in_vain), declared, out])

    def alternatives(self, choices: Choices, who: IndexArray | None = None) -> NDArray[np.int64]:
        """Return the same in millionths; what a red line forbids is worth less than anything."""
        asked = np.arange(len(self.weights)) if who is None else who
        worth = np.clip(self.worths(choices, asked), -MOST, MOST)
        micro = np.rint(np.round(worth * MICRO, 3)).astype(np.int64)
        micro[:OUT] = np.where(self.may_sign[asked], micro[:OUT], np.iinfo(np.int64).min)
        return micro

    def _rise(self, bound: FloatArray, asked: IndexArray) -> FloatArray:
        """Return by how much a price cut betters the alternatives of parties that are not bound.

        Args:
            bound: Weight of the others' binding signatures, shape (…, parties asked).
            asked: Positions of these parties.
        """
        if self.reply is None:
            return np.zeros(bound.shape)
        rises = self.reply.rises(bound / self.weights.sum(), asked)
        return np.where(self.reaches(bound), rises, 0.0)

    def payoffs(self, choices: Choices) -> FloatArray:
        """Return each party's payoff, as a share of its attainable gain, shape (…, parties)."""
        worth = self.alternatives(choices)
        return _chosen(worth, choices) / MICRO

    def allowed(self, choices: Choices) -> Choices:
        """Return the choices with those staying out whose red lines forbid the text."""
        return np.where(self.may_sign, choices, OUT).astype(np.int8)


def _chosen(worth: NDArray[np.int64], choices: Choices) -> NDArray[np.int64]:
    return np.take_along_axis(worth, choices[None].astype(np.intp), axis=0)[0]


def signature_game(scenario: Scenario, outcome: int, *, is_ratified: bool = False) -> SignatureGame:
    """Return what signing an outcome's text is worth to each party.

    Args:
        scenario: States what signing leads to.
        outcome: The text.
        is_ratified: Whether the capitals have spoken, so that a binding signature stands; else it
            counts as it does beforehand, with the chance that it passes at home.

    Raises:
        ScenarioError: If the scenario says nothing of participation.
    """
    behind = scenario.participation
    if behind is None:
        raise ScenarioError(f"{scenario.id}: participation: expected; it is not stated")
    ids = scenario.ids
    gain = np.array([attainable_gain(scenario, position) for position in range(len(ids))])
    surplus = np.array(
        [own.utility_in_force(outcome) - own.reservation for own in scenario.preferences]
    )
    quarrel = np.array([dispute_cost(scenario, outcome, party) for party in ids])
    kappa = np.array([of_party(behind.kappa, party) for party in ids])
    side = np.array([of_party(behind.access, one) - of_party(behind.reply, one) for one in ids])
    weights, threshold = signature_weights(scenario)
    reply = outside_reply(scenario, outcome)
    kept = surplus - (0.0 if reply is None else reply.squeeze)
    declared = kappa * (surplus + quarrel) + side
    asked: tuple[int, ...] = () if is_ratified else ratifying(scenario)
    passes, in_vain = np.ones(len(ids)), np.zeros(len(ids))
    for position in asked:
        passes[position] = chance_of(scenario, position, outcome)
        in_vain[position] = audience_cost(scenario, position) / gain[position]
    return SignatureGame(
        binding=kept / gain,
        idle=declared / gain,
        declared=declared / gain,
        undeclared=1.0 - kappa,
        spill=np.array([of_party(behind.spill, party) for party in ids]),
        penalty=np.array([of_party(behind.penalty, party) for party in ids]) / gain,
        weights=weights,
        threshold=threshold,
        may_sign=np.array([own.may_sign(outcome) for own in scenario.preferences]),
        reply=None if reply is None else reply.in_shares(gain),
        passes=passes,
        in_vain=in_vain,
    )


def signature_payoffs(scenario: Scenario, outcome: int, choices: Choices) -> FloatArray:
    """Return what each party has by signing a text in a given way, in its points, unrounded.

    Args:
        scenario: States what signing leads to.
        outcome: The text.
        choices: How they sign, shape (parties,) or (…, parties), as positions in `SIGNATURES`;
            binding signatures are taken to be ratified.

    Raises:
        ScenarioError: If the scenario says nothing of participation.
    """
    game = signature_game(scenario, outcome, is_ratified=True)
    gain = np.array([attainable_gain(scenario, one) for one in range(len(scenario.ids))])
    reservations = np.array([own.reservation for own in scenario.preferences])
    worths = game.worths(choices)
    shares = np.take_along_axis(worths, choices[None].astype(np.intp), axis=0)[0]
    return np.asarray(np.round(reservations + shares * gain, 9), dtype=np.float64)


@dataclass(frozen=True, kw_only=True)
class SignatureProfile:
    """A way for all to sign that no party would depart from alone."""

    signatures: dict[str, Signature]
    in_force: bool
    strict: bool
    """Whether every party would lose by any other signature."""


@dataclass(frozen=True, kw_only=True)
class StableSignatures(Searched):
    """Stable profiles of signatures: in force before not, strict before not, many before few."""

    looked_at: ClassVar[str] = "profiles of signatures"
    found: tuple[SignatureProfile, ...]


def stable_signatures(scenario: Scenario, outcome: int, seed: int = 0) -> StableSignatures:
    """Return the profiles of signatures under a text that are Nash equilibria in pure strategies.

    All of them up to ten parties. Beyond, parties give best replies one after the other, in random
    order, from 256 random profiles; the indifferent stay where they are. What comes out is checked
    party by party.

    Raises:
        ScenarioError: If the scenario says nothing of participation.
    """
    game = signature_game(scenario, outcome)
    parties = len(scenario.ids)
    complete = parties <= EXHAUSTIVE
    if complete:
        profiles = np.indices((len(SIGNATURES),) * parties, dtype=np.int8).reshape(parties, -1).T
        candidates, unsettled = np.unique(game.allowed(profiles), axis=0), 0
        starts = len(candidates)
    else:
        ends, unsettled = _best_replies(game, np.random.default_rng(seed), parties)
        candidates, starts = np.unique(ends, axis=0), STARTS
    worth = game.alternatives(candidates)
    current = _chosen(worth, candidates)
    stable = (current >= worth.max(axis=0)).all(axis=1)
    strict = ((worth >= current).sum(axis=0) == 1).all(axis=1)
    force = game.force(candidates)
    found = [
        SignatureProfile(
            signatures={
                party: SIGNATURES[choice]
                for party, choice in zip(scenario.ids, candidates[row].tolist(), strict=True)
            },
            in_force=bool(force[row]),
            strict=bool(strict[row]),
        )
        for row in np.flatnonzero(stable)
    ]
    return StableSignatures(
        found=tuple(sorted(found, key=_prominence)),
        complete=complete,
        starts=starts,
        unsettled=unsettled,
    )


def _prominence(profile: SignatureProfile) -> tuple[bool, bool, int]:
    binding = list(profile.signatures.values()).count("binding")
    return not profile.in_force, not profile.strict, -binding


def _best_replies(
    game: SignatureGame, rng: np.random.Generator, parties: int
) -> tuple[Choices, int]:
    """Return where best replies came to rest, and from how many starts they never did."""
    # Each start leans its own way: uniform draws alone would hardly ever reach a threshold.
    leaning = rng.dirichlet((0.5, 0.5, 0.5), size=STARTS).cumsum(axis=1)
    draws = rng.random((STARTS, parties))
    choices = (draws[:, :, None] > leaning[:, None, :2]).sum(axis=2).astype(np.int8)
    choices = game.allowed(choices)
    moved = np.ones(STARTS, dtype=bool)
    for _ in range(_SWEEPS):
        before = choices.copy()
        for position in rng.permutation(parties):
            worth = game.alternatives(choices, np.array([position]))[:, :, 0]
            now = _chosen(worth, choices[:, position])
            better = worth.max(axis=0) > now
            choices[better, position] = worth.argmax(axis=0)[better]
        moved = (choices != before).any(axis=1)
        if not moved.any():
            break
    return choices[~moved], int(moved.sum())
