"""A session of alternating offers advanced in place, for play of which only the moves are kept.

`games.session.step` is the rule. A board takes the two commonest moves, an offer and an acceptance
that the protocol allows, without making a state for each; everything else goes through `step`
itself. That both arrive at the same state is a property test.
"""

from __future__ import annotations

from games.session import Accept, Move, Offer, State, Status, step


class Board:
    """Where a session stands, changed by every move; `state` is the same as a value."""

    __slots__ = (
        "_everyone",
        "_is_plain",
        "_left",
        "_may_sign",
        "_opening",
        "_size",
        "_standing",
        "offer",
        "offer_turn",
        "parties",
        "status",
        "turn",
        "turns",
    )

    def __init__(self, state: State) -> None:
        scenario = state.scenario
        self._opening = state
        self.turns = state.turns
        self.parties = len(scenario.ids)
        self._everyone = (1 << self.parties) - 1
        self._size = scenario.space.size
        self._may_sign = [own.signable for own in scenario.preferences]
        protocol = scenario.protocol
        self._is_plain = protocol.kind == "alternating-offers" and protocol.agreement == "unanimity"
        """Whether all must agree, so that the session is over when one leaves."""
        self._take(state)

    def _take(self, state: State) -> None:
        self.turn = state.turn
        self.offer = state.offer
        self.offer_turn = state.offer_turn
        self.status: Status = state.status
        self._left = state.left
        self._standing = sum(1 << position for position in state.accepted)

    @property
    def state(self) -> State:
        """The state at which `step` would have arrived."""
        opening = self._opening
        standing = self._standing
        return State(
            scenario=opening.scenario,
            seed=opening.seed,
            turns=opening.turns,
            began=opening.began,
            turn=self.turn,
            offer=self.offer,
            offer_turn=self.offer_turn,
            accepted=frozenset(k for k in range(self.parties) if standing >> k & 1),
            left=self._left,
            status=self.status,
        )

    def stands_by(self, position: int) -> bool:
        """Return whether a party has accepted the offer on the table, or made it."""
        return bool(self._standing >> position & 1)

    def make(self, move: Move) -> None:
        """Make the awaited move.

        Raises:
            IllegalMove: If the protocol does not allow it now; nothing is changed then.
        """
        kind = type(move)
        if not self._is_plain or self.status != "open":
            self._step(move)
        elif isinstance(move, Offer) and self._signable(move.outcome):
            self.offer, self.offer_turn = move.outcome, self.turn
            self._standing = 1 << self.turns[self.turn]
            self._pass_on()
        elif kind is Accept and self.offer is not None and self._signable(self.offer):
            self._standing |= 1 << self.turns[self.turn]
            self._pass_on()
        else:
            self._step(move)

    def _signable(self, outcome: int) -> bool:
        mask = self._may_sign[self.turns[self.turn]]
        return 0 <= outcome < self._size and (mask is None or bool(mask[outcome]))

    def _pass_on(self) -> None:
        self.turn += 1
        if self._standing == self._everyone:
            self.status = "agreement"
        elif self.turn >= len(self.turns):
            self.status = "no-agreement"

    def _step(self, move: Move) -> None:
        after, _ = step(self.state, move)
        self._take(after)
