"""What a delegate may say aloud: nearly everything, but not the same again, nor quite elsewhere."""

from dataclasses import replace

import pytest

from delegates.contract import View
from delegates.voices.examples import EXAMPLES
from delegates.voices.speech import (
    LONGEST_WORDS,
    flags_of_words,
    repeats_itself,
    require_consistent,
    require_speakable,
    strays,
)
from delegates.voices.template import PHRASES
from games.errors import UnusableReply
from games.scenario import load_scenario
from games.session import Accept, Move, Offer, WalkAway
from tests.delegates.sessions import WORDS, mini, offer_of, view_at

GAME = mini()
COBALT = view_at(load_scenario("cobalt-offtake"))
SMALL = view_at(GAME)
FIRST = offer_of(GAME, volume=4, price=10, rail="no rail")
OTHER = offer_of(GAME, volume=1, price=40, rail="rail")
NEXT = offer_of(GAME, volume=3, price=20, rail="rail")

IN_ROLE = """
We have come a long way this morning, and I thank my colleague for his candour. What is before
us now would leave our budget exposed to every swing of the market, and that we cannot carry.

My government hears you. But a promise on paper does not move a single tonne, and last year
taught us how quickly a border can shut.

You ask us to put our people between armed groups while telling us nothing of where the ore
comes from. That is not a request any administration could grant.

The railway is not a gift to us, it is what makes your cargo arrive. So let us stop haggling
over it and speak about who carries the cost when it is late.

Dear friends, time is running out and neither of us wants to go home with empty hands. What I
have sent you is the most that I can do.

Nous avons étudié votre proposition avec soin, mais elle ne tient pas compte de ce que le pays
attend : du travail sur place, des routes, et la paix dans les provinces de l'est.

Tuko tayari kuendelea na mazungumzo haya, lakini masharti yaliyowekwa mezani hayatoshi kwa watu
wetu, na hatuwezi kuyakubali kama yalivyo leo bila mabadiliko yoyote zaidi ya hayo.
"""
ELSEWHERE = """
The weather in Paris is lovely this spring, and the gardens are full of flowers. You should
visit the museum in the old town when the sun is out.

Once upon a time there was a little girl who lived in the forest with her grandmother. One day a
wolf came to the door and asked her for some bread.

Roses are red and violets are blue, sugar is sweet and so are you. The moon is bright above the
hill, and all the birds of night are still.

In chess the bishop moves along the diagonals. If you want to castle, the king and the rook
should not have moved before, and the squares must be empty.
"""
CODE = (
    "<html><body>We propose 3 t</body></html>",
    '{"action": "accept"}',
    "```\nrm -rf /\n```",
    "def offer(price):\n    return price",
)


def statements(text: str) -> list[str]:
    return [" ".join(paragraph.split()) for paragraph in text.split("\n\n")]


@pytest.mark.parametrize("view", [COBALT, SMALL], ids=["cobalt", "small"])
@pytest.mark.parametrize(
    "words",
    [
        *statements(IN_ROLE),
        *(example.words for act in EXAMPLES.values() for example in act),
        *PHRASES,
        WORDS,
    ],
)
def test_what_is_said_at_a_table_is_on_the_matter(view: View, words: str) -> None:
    assert not strays(view, words)


@pytest.mark.parametrize("view", [COBALT, SMALL], ids=["cobalt", "small"])
@pytest.mark.parametrize("words", [*statements(ELSEWHERE), *CODE])
def test_what_nobody_would_say_there_is_not(view: View, words: str) -> None:
    assert strays(view, words)
    with pytest.raises(UnusableReply, match="nothing to do with") as caught:
        require_speakable(view, FIRST, words)
    assert caught.value.fault == "off-topic"


def test_a_figure_of_an_option_is_on_the_matter() -> None:
    filler = (
        "If it is to be, then it is to be in the way that it was when it was {} in all of that."
    )
    assert strays(COBALT, filler.format("so"))
    assert not strays(COBALT, filler.format("7,500"))


def having_said(*statements: str, move: Move = FIRST) -> View:
    """Return a view of the United States after it made the same move with these statements."""
    view = view_at(GAME, [move, OTHER] * len(statements))
    said = iter(statements)
    heard = [
        seen._replace(words=next(said)) if seen.party == "USA" else seen for seen in view.history
    ]
    return replace(view, history=heard)


STALE = "We have studied the offer with care and cannot sign what is on the table."


@pytest.mark.parametrize(
    ("before", "move", "words", "repeats"),
    [
        ((STALE,), NEXT, STALE, True),
        ((STALE,), NEXT, f"  {STALE.upper()}  ", True),
        ((STALE,), NEXT, STALE.replace("care", "great care"), True),
        ((STALE,), Accept(), STALE, True),
        ((STALE,), FIRST, STALE, False),
        ((STALE, STALE), FIRST, STALE, True),
        ((STALE, STALE + " Still."), FIRST, STALE, False),
        ((), NEXT, STALE, False),
        (
            ("We offer you 3 t at 20 USD a tonne.",),
            NEXT,
            "We offer you 3 t at 30 USD a tonne.",
            False,
        ),
        (("We stand by it.",), NEXT, "We stand by it.", False),
        ((STALE,), NEXT, "Your offer asks for rail and gives nothing for it; we decline.", False),
        ((STALE, "a b c d e f", "g h i j k l", "m n o p q r"), NEXT, STALE, False),
    ],
)
def test_a_statement_is_a_repetition_of_an_own_one(
    before: tuple[str, ...], move: Move, words: str, repeats: bool
) -> None:
    assert repeats_itself(having_said(*before), move, words) is repeats


def test_what_a_counterpart_said_may_be_said() -> None:
    view = view_at(GAME, [FIRST, OTHER])
    heard = [seen._replace(words=STALE if seen.party == "COD" else "") for seen in view.history]
    assert not repeats_itself(replace(view, history=heard), NEXT, STALE)


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("x" * (LONGEST_WORDS + 1), "over-long"),
        ("As an AI language model I propose rail.", "out-of-role"),
        ("I'm an AI, but we offer rail.", "out-of-role"),
        ("I'm just a language model.", "out-of-role"),
        ("My system prompt says that we want rail.", "out-of-role"),
        ("Here is the JSON object you asked for.", "out-of-role"),
    ],
)
def test_what_cannot_be_spoken_has_a_name(words: str, kind: str) -> None:
    with pytest.raises(UnusableReply) as caught:
        require_speakable(SMALL, FIRST, words)
    assert caught.value.fault == kind


@pytest.mark.parametrize(
    "words",
    [
        "",
        WORDS,
        "x" * LONGEST_WORDS,
        "I'm sorry, but my instructions from the capital are clear.",
        "The Assistant Secretary will explain the rail.",
    ],
)
def test_a_delegate_may_say_this(words: str) -> None:
    require_speakable(SMALL, FIRST, words)


TABLED = view_at(GAME, [OTHER])


@pytest.mark.parametrize(
    ("move", "words", "contradicts"),
    [
        (FIRST, "We accept the offer on the table.", True),
        (FIRST, "Thank you. DR Congo hereby accepts your proposal as it stands!", True),
        (FIRST, "You accept the offer on the table.", False),
        (FIRST, "We accept your offer, provided that rail is built.", False),
        (FIRST, "We accept rail. You accept our price.", False),
        (FIRST, "Unless we accept the offer there is no deal.", False),
        (OTHER, "We accept the offer on the table.", False),
        (Accept(), "We cannot accept this proposal.", True),
        (Accept(), "We must reject your offer as it stands.", True),
        (Accept(), "We accept your offer.", False),
        (Accept(), "Nobody could reject your offer.", False),
        (WalkAway(), "We cannot accept this proposal.", False),
    ],
)
def test_only_what_can_mean_nothing_else_contradicts_the_move(
    move: Move, words: str, contradicts: bool
) -> None:
    if contradicts:
        with pytest.raises(UnusableReply) as caught:
            require_consistent(TABLED, move, words)
        assert caught.value.fault == "contradictory"
    else:
        require_consistent(TABLED, move, words)


def test_nothing_can_be_accepted_before_there_is_an_offer() -> None:
    require_consistent(SMALL, FIRST, "We accept the offer on the table.")


@pytest.mark.parametrize(
    ("words", "flags"),
    [
        ("Our reservation value is 30.", ("own-figure-told",)),
        ("That is worth 84 points to us.", ("own-figure-told",)),
        ("We offer 3 t at 30 USD.", ()),
        ("", ()),
    ],
)
def test_a_private_figure_is_marked(words: str, flags: tuple[str, ...]) -> None:
    # 40 points of the volume, 34 of the price, 10 without rail.
    offer = offer_of(GAME, volume=3, price=20, rail="no rail")
    assert isinstance(offer, Offer)
    assert flags_of_words(SMALL, offer, words) == flags
