"""Statements that show a small model how delegates speak; none is from the session at hand."""

from __future__ import annotations

from typing import Literal, NamedTuple

Act = Literal[
    "offer",
    "counter",
    "repeat",
    "stand",
    "accept",
    "leave",
    "amend",
    "support",
    "merge",
    "threaten",
    "promise",
]

ACTS: dict[Act, str] = {
    "offer": "opens with a proposal",
    "counter": "cannot accept the last offer and proposes other terms",
    "repeat": "cannot accept the last offer and keeps to its own proposal",
    "stand": "stands by its own proposal",
    "accept": "accepts the offer",
    "leave": "leaves the talks",
}
"""What is done at a table, as a prompt says it."""

HALL_ACTS: dict[Act, str] = {
    "offer": ACTS["offer"],
    "amend": "asks that the chair's text read otherwise",
    "repeat": "keeps to what it has asked of the text",
    "support": "supports the text as it stands",
    "leave": ACTS["leave"],
    "merge": "puts forward, as chair, a text free of brackets",
    "threaten": "announces what it will do unless the text has a term",
    "promise": "promises something for a text that has a term",
}
"""What is done in a hall and worth words, likewise."""


ALL = "all delegations"
"""To whom a delegate speaks in a hall."""


class Example(NamedTuple):
    """What was to be said, and how it was said."""

    speaker: str
    other: str
    terms: tuple[str, ...]
    words: str


INVENTED = {
    "Brazil": "Averell",
    "Canada": "Morvane",
    "Chile": "Tessarine",
    "Finland": "Ondrill",
    "Gabon": "Wyvarra",
    "Ghana": "Dunvaly",
    "Italy": "Porvelle",
    "Japan": "Sorrevane",
    "Korea": "Halvard",
    "Norway": "Larrick",
    "Peru": "Quintara",
    "Zambia": "Irrawan",
}
"""What the speakers of examples are called where real names would stand out."""


def invented(example: Example) -> Example:
    """Return an example in which no country is called by a real name."""
    speaker, other = INVENTED[example.speaker], INVENTED.get(example.other, example.other)
    words = example.words.replace(example.speaker, speaker).replace(example.other, other)
    return Example(speaker, other, example.terms, words)


def task(speaker: str, others: str, act: Act, terms: tuple[str, ...]) -> str:
    """Return what is to be said, as a prompt asks for it."""
    listed = f" Terms: {'; '.join(terms)}." if terms else ""
    does = HALL_ACTS[act] if others == ALL else ACTS[act]
    return f"{addressed(speaker, others)} Act: {does}.{listed}"


def addressed(speaker: str, others: str) -> str:
    """Return who speaks to whom, as a prompt says it."""
    return f"Speaker: {speaker}. To: {others}."


EXAMPLES: dict[Act, tuple[Example, ...]] = {
    "offer": (
        Example(
            "Canada",
            "Peru",
            ("yearly copper 800 t", "contract 4 years"),
            "We open with a clear proposal: yearly copper of 800 t under a contract of 4 years. "
            "We believe Peru will find it a fair place to begin.",
        ),
        Example(
            "Chile",
            "Japan",
            ("lithium price 9 USD/kg", "local plant yes"),
            "We propose a lithium price of 9 USD/kg, with the local plant as part of the deal. "
            "This is what a lasting partnership with Japan asks of both of us.",
        ),
        Example(
            "Norway",
            "Gabon",
            ("manganese 60 kt", "rail loan 200 M USD"),
            "We put forward 60 kt of manganese and a rail loan of 200 M USD. We come to build "
            "something with Gabon that will outlast this meeting.",
        ),
    ),
    "counter": (
        Example(
            "Canada",
            "Peru",
            ("yearly copper 650 t",),
            "We have studied the offer with care and cannot accept it as it stands. We propose "
            "yearly copper of 650 t, and we can defend that at home.",
        ),
        Example(
            "Chile",
            "Japan",
            ("lithium price 8 USD/kg", "contract 6 years"),
            "That text asks too much of us. To move forward we propose a lithium price of 8 "
            "USD/kg and a contract of 6 years, and we look to Japan to move as well.",
        ),
        Example(
            "Norway",
            "Gabon",
            ("rail loan 250 M USD",),
            "We hear what Gabon needs, but we cannot sign these terms. We are ready to set the "
            "rail loan at 250 M USD, and we propose that we close on this.",
        ),
        Example(
            "Brazil",
            "Korea",
            ("niobium 40 kt", "royalty 7 %"),
            "The distance between us is shorter than it was. We now offer niobium of 40 kt at a "
            "royalty of 7 %, and we ask Korea to meet us there.",
        ),
        Example(
            "Ghana",
            "Italy",
            ("export licence yes", "bauxite 90 kt"),
            "Our capital could not agree to what is on the table. With the export licence and "
            "bauxite of 90 kt we would have a deal that holds.",
        ),
        Example(
            "Finland",
            "Zambia",
            ("loan 300 M USD", "term 9 years"),
            "We take note of the offer from Zambia, and we decline it. We propose a loan of 300 M "
            "USD over a term of 9 years.",
        ),
    ),
    "repeat": (
        Example(
            "Canada",
            "Peru",
            (),
            "We cannot accept that offer, and we keep to the proposal that we have tabled. We ask "
            "Peru to look at it again.",
        ),
        Example(
            "Chile",
            "Japan",
            (),
            "The offer from Japan does not meet our needs. Our own proposal remains on the table, "
            "and we hold to it.",
        ),
        Example(
            "Finland",
            "Zambia",
            (),
            "We have heard nothing today that would move us. We maintain our proposal, and we "
            "remain ready to explain it to Zambia.",
        ),
        Example(
            "Ghana",
            "Italy",
            (),
            "It is too early for us to give more. We stand by our proposal and expect Italy to "
            "come closer to it.",
        ),
        Example(
            "Brazil",
            "Korea",
            (),
            "We thank Korea for its candour, but this is not a text we can take home. What we "
            "have proposed still stands.",
        ),
        Example(
            "Norway",
            "Gabon",
            (),
            "We see no movement, and so we do not move either. We hold to our proposal and ask "
            "Gabon what it can give.",
        ),
    ),
    "stand": (
        Example(
            "Canada",
            "Peru",
            (),
            "We stand by the proposal that we have tabled. It is balanced, and Peru has yet to "
            "answer it.",
        ),
        Example(
            "Chile",
            "Japan",
            (),
            "Our proposal remains on the table, and we maintain it. We invite Japan to consider "
            "it once more.",
        ),
    ),
    "accept": (
        Example(
            "Canada",
            "Peru",
            (),
            "We accept the offer on the table. It is an agreement that both Peru and we can "
            "defend at home.",
        ),
        Example(
            "Chile",
            "Japan",
            (),
            "We can agree to this text, and we accept it. We thank Japan for the work that "
            "brought us here.",
        ),
    ),
    "leave": (
        Example(
            "Canada",
            "Peru",
            (),
            "We see no basis for an agreement and leave the talks. Our door remains open to Peru.",
        ),
        Example(
            "Chile",
            "Japan",
            (),
            "We have come to the end of what we can offer, and we withdraw. We thank Japan for "
            "its frankness.",
        ),
    ),
    "amend": (
        Example(
            "Canada",
            ALL,
            ("yearly copper 650 t",),
            "We thank the chair for the text, and we ask that it read yearly copper of 650 t. With "
            "that change we could carry it home.",
        ),
        Example(
            "Gabon",
            ALL,
            ("rail loan 200 M USD", "local plant yes"),
            "The text is close to what we need. We propose that it read a rail loan of 200 M USD, "
            "with the local plant in it.",
        ),
    ),
    "support": (
        Example(
            "Peru",
            ALL,
            (),
            "We support the text as it stands. It is balanced, and we urge others to join us.",
        ),
        Example(
            "Norway",
            ALL,
            (),
            "We can agree to what the chair has put before us, and we support it in full.",
        ),
    ),
    "merge": (
        Example(
            "Chile",
            ALL,
            ("lithium price 9 USD/kg", "contract 6 years"),
            "Having heard the floor, we put forward a text that reads a lithium price of 9 USD/kg "
            "and a contract of 6 years. We ask all delegations to consider it as a whole.",
        ),
        Example(
            "Canada",
            ALL,
            ("yearly copper 700 t",),
            "We present a text free of brackets, with yearly copper of 700 t. Nobody gets all that "
            "was asked for, and everybody gets something.",
        ),
    ),
    "threaten": (
        Example(
            "Canada",
            ALL,
            ("measure: duties on machinery", "unless: yearly copper 650 t"),
            "Unless the text has yearly copper of 650 t, we will be obliged to bring in duties on "
            "machinery. We would rather not.",
        ),
        Example(
            "Japan",
            ALL,
            ("measure: an end of port credits", "unless: contract 6 years"),
            "We say it with regret: without a contract of 6 years in the text there will be an end "
            "of port credits.",
        ),
    ),
    "promise": (
        Example(
            "Norway",
            ALL,
            ("what: its support", "for: local plant yes"),
            "If the text has the local plant, it will have our support. That is a promise.",
        ),
        Example(
            "Chile",
            ALL,
            ("what: training grants", "for: contract 6 years"),
            "We promise training grants once the text has a contract of 6 years, and we keep our "
            "word.",
        ),
    ),
}
"""Examples for every act, at least two each."""
