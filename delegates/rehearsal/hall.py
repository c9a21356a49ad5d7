"""A hall played by stand-ins, to see what its models would be asked in it.

All delegations concede evenly and the chair follows its rule, so that the session is about as long
as such sessions are; a bound from the rules alone stands in `bounds`. Of each seat and stage a turn
in the middle stands for the others, since to build the prompts of 56 seats takes its time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from delegates.contract import PublicMove, View
from delegates.hearing import Hearing, is_worded
from delegates.minds.time_based import TimeBased
from delegates.rehearsal.turns import Question, likely_words, longest, questions_of
from delegates.seats import SeatSpec
from delegates.views import view_of
from delegates.voices.template import phrase
from games.moves import Move
from games.protocols.by_rule import act_by_rule
from games.protocols.hall import HallState
from games.scenario import Scenario
from games.session import step
from transcripts.acts import act_of, terms_of
from transcripts.events import MoveMade
from transcripts.places import heard_by

PACE = 1.0
"""How stand-ins concede: evenly."""


@dataclass(frozen=True)
class Scene:
    """A turn of the rehearsed session."""

    state: HallState
    heard: Sequence[PublicMove]
    """What the mover hears, its beginning up to `length`."""
    length: int
    apart: Sequence[PublicMove]
    move: Move
    is_spoken: bool

    def view(self) -> View:
        """Return what the mover knows."""
        return view_of(self.state, self.heard[: self.length], 0, self.apart)


def rehearse_hall(
    scenario: Scenario, specs: Mapping[str, SeatSpec]
) -> tuple[list[Question], list[Question]]:
    """Return what the models of some seats would be asked in a plenary or forum.

    First if every reply can be used, then if none can and all are asked for again.

    Args:
        scenario: What is negotiated.
        specs: Every party's seat; in a person's place moves the stand-in.
    """
    scenes = played_by_stand_ins(scenario, specs)
    smooth = _questions(scenes, specs, is_smooth=True)
    return smooth, _questions(scenes, specs, is_smooth=False)


def _questions(
    scenes: Sequence[Scene], specs: Mapping[str, SeatSpec], *, is_smooth: bool
) -> list[Question]:
    questions: list[Question] = []
    for party, spec in specs.items():
        if not spec.models:
            continue
        own = [scene for scene in scenes if scene.state.party == party]
        if (spec.stand_in or spec).model is None:
            own = [scene for scene in own if scene.is_spoken]
        for scene, before, turns in _sampled(own):
            sent: list[tuple[str, ...]] = []
            if is_smooth and before is not None:
                sent = [parts for _, parts in _asked(before, spec, 0, [], is_smooth=True)]
            asked = _asked(scene, spec, turns, sent, is_smooth=is_smooth)
            questions += [question for question, _ in asked]
    return questions


def _asked(
    scene: Scene, spec: SeatSpec, turns: int, sent: list[tuple[str, ...]], *, is_smooth: bool
) -> list[tuple[Question, tuple[str, ...]]]:
    return questions_of(scene.view(), spec, scene.move, turns, sent, is_smooth=is_smooth)


def _sampled(own: Sequence[Scene]) -> list[tuple[Scene, Scene | None, int]]:
    """Return a scene for each kind of question, the one before it, and how many it stands for."""
    kinds: dict[tuple[str, bool], list[int]] = {}
    for number, scene in enumerate(own):
        kinds.setdefault((scene.state.stage, scene.is_spoken), []).append(number)
    found: list[tuple[Scene, Scene | None, int]] = []
    for numbers in kinds.values():
        middle = numbers[(len(numbers) - 1) // 2]
        found.append((own[middle], own[middle - 1] if middle else None, len(numbers)))
    return found


def played_by_stand_ins(scenario: Scenario, specs: Mapping[str, SeatSpec]) -> list[Scene]:
    """Return the turns of a session in which every delegation concedes evenly."""
    state = longest(scenario)
    if not isinstance(state, HallState):
        raise TypeError("a hall is rehearsed where there is none")
    hearing, scenes, mind = Hearing(), list[Scene](), TimeBased(PACE)
    while state.is_open:
        room = None if state.room is None else state.room.number
        heard = hearing.in_room(room)
        spec = specs[state.party]
        apart = hearing.apart(state.party, room) if spec.models else ()
        view = view_of(state, heard, 0, apart)
        move = act_by_rule(state, lambda view=view: mind.choose(view))
        is_spoken = is_worded(view, move)
        if spec.models:
            scenes.append(Scene(state, heard, len(heard), apart, move, is_spoken))
        words = likely_words(view, move) if spec.models and is_spoken else phrase(view, move)
        hearing.add(_event(scenario, view, move, words), move)
        after, _ = step(state, move)
        if not isinstance(after, HallState):
            raise TypeError("a hall ended in something else")
        state = after
    return scenes


def _event(scenario: Scenario, view: View, move: Move, words: str) -> MoveMade:
    hall = view.hall
    if hall is None:
        raise AssertionError("a move in a hall without one")
    return MoveMade(
        turn=view.turn,
        round=view.round,
        party=view.party,
        act=act_of(move),
        outcome=None,
        words=words,
        decided_by="",
        worded_by="",
        stage=hall.stage,
        room=None if hall.room is None else hall.room.number,
        on=terms_of(move),
        heard_by=heard_by(scenario, view.party, hall.room, move),
    )
