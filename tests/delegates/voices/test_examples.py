"""Examples name no real country where the parties play under invented names."""

import re

import pytest

from delegates.contract import View
from delegates.voices.examples import ALL, EXAMPLES, INVENTED, Act, invented
from delegates.voices.llm import brief_messages, voice_messages
from games.aliases import NAMES, aliased, are_aliases
from games.moves import Offer
from games.scenario import load_scenario
from tests.delegates.sessions import mini, view_at

REAL = re.compile(rf"\b(?:{'|'.join(INVENTED)})\b")


@pytest.mark.parametrize("act", EXAMPLES)
def test_an_example_under_invented_names_holds_no_real_one(act: Act) -> None:
    for example in EXAMPLES[act]:
        other = invented(example)

        assert (
            REAL.search(" ".join([other.speaker, other.other, *other.terms, other.words])) is None
        )
        assert other.terms == example.terms
        assert (other.other == ALL) is (example.other == ALL)


def test_every_speaker_has_an_invented_name_that_no_party_is_given() -> None:
    assert len(set(INVENTED.values())) == len(INVENTED)
    assert not set(INVENTED.values()) & set(NAMES)


def shown(view: View) -> str:
    move = Offer(view.own.ranking[0][-1])
    messages = (*brief_messages(view, move), *voice_messages(view, move))
    return "\n".join(message.content for message in messages)


def test_a_voice_is_shown_real_names_unless_the_parties_have_aliases() -> None:
    plain = view_at(mini())
    neutral = view_at(aliased(mini())[0])

    assert REAL.search(shown(plain))
    assert REAL.search(shown(neutral)) is None


def test_names_are_aliases_if_all_of_them_are() -> None:
    neutral, _ = aliased(load_scenario("ministerial"))
    names = [party.name for party in neutral.parties.values()]

    assert are_aliases(names)
    assert are_aliases(["North Zorvane", "Kelmarra"])
    assert not are_aliases([*names, "Japan"])
