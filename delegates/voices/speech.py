"""Whether what a delegate wants to say may be said: in role, on the matter, not the same again.

Every rule is made to err on the side of letting words pass: they are asked for again only where it
is certain enough that nobody at a table would have said them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from functools import lru_cache

from delegates.contract import View
from delegates.lasting import Lasting
from delegates.text import MAX_WORDS_CHARACTERS
from delegates.voices.hall_speech import contradiction
from games.errors import UnusableReply
from games.moves import Accept, Merge, Move, Offer
from transcripts.events import Flag
from transcripts.leakage import Heard, Secrets, figures_at_home, secrets_of

LONGEST_WORDS = 2 * MAX_WORDS_CHARACTERS
"""Longest statement of a mind, in characters, that is spoken: twice what is asked for."""

SIMILAR = 0.9
"""Share of words in common, in their order, from which two statements are the same."""

LATELY = 3
"""How many of its last statements a new one is compared with."""

MOST_READ = 4096
"""Statements whose words are remembered: a seat's are looked at again whenever it speaks."""

LEAST_TO_REPEAT = 6
"""Words below which a statement may be made as often as one likes."""

LEAST_TO_STRAY = 20
"""Words below which a statement cannot be off the matter."""

OUT_OF_ROLE = re.compile(
    r"\bas an? (?:ai|artificial intelligence|(?:large )?language model)\b"
    r"|\bi(?:'m| am) (?:just |only )?an? (?:ai|artificial intelligence|(?:large )?language model)\b"
    r"|\blanguage model\b|\b(?:system|user) prompt\b|\bi (?:cannot|can't) assist\b"
    r"|\bjson (?:object|schema)\b",
    re.IGNORECASE,
)
"""What only a model would say of itself."""


def _words_in(text: str) -> frozenset[str]:
    return frozenset(text.split())


_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_TOKEN = re.compile(r"[^\W_]+")
_FIGURE = re.compile(r"\d+(?:[.,]\d+)*")
_STEM = 6
"""Letters by which two words are taken for forms of one."""

_SHORTEST = 3
_LONG = 7

_CODE = re.compile(
    r"```|</?(?:html|head|body|div|span|script|style|table|svg|xml)\b[^>]*>|\{\s*\"|"
    r"^\s*(?:def \w+\(|import \w+$|#include\b)",
    re.IGNORECASE | re.MULTILINE,
)
"""What is written for a machine."""

_COMMON_ENGLISH = _words_in(
    """
    the of and to a in is that it we you our your for with on this be are as not have will at by
    from or an i my he she they their was but if can all so what which there when them than into
    has had its were been would could should do does did who how about out up more
    """
)
"""Words by which English is known; other languages are not judged."""

_ENGLISH_SHARE = 0.25
_FOR_A_PARTY = _words_in("we us our ours ourselves")

_OF_TALKS = _words_in(
    """
    accept agree alternative ambassador arrangement ask balance bargain benefit bind bloc border
    build capital clause close colleague commit common compromise concede concern condition
    consensus consider contract cooperation counter country credible deal decline defend delegate
    delegation deliver demand detail difficult dispute domestic economy engage equal export fair
    final finance firm flexible forward framework gap give goal government guarantee honour import
    industry insist interest invest issue join leave legal meet mine mineral minister mutual
    nation need negotiate objective offer option package partner party path peace people policy
    position present pressure price principle priority process progress project promise proposal
    propose prosper provide public quality quantity quota reach ready reasonable refine refuse
    region reject require resolve resource respect respond risk round satisfy secure security
    settle share sign solution stand statement step strategic supply support sustain table talks
    term terms text threshold together trade transparent treaty trust understand undertake value
    view volume walk willing withdraw
    """
)
"""Words of any negotiation."""

_TABLED = (
    r"(?:the|your|this|that) (?:current |latest |last )?(?:offer|proposal|text|package)"
    r"(?: on the table)?(?: as (?:it stands|tabled|proposed))?"
)
_ACCEPTS = (
    r"(?:hereby |gladly |formally |are (?:pleased|happy|glad) to )?(?:accepts?|agrees? to)"
    rf" {_TABLED}"
)
_REFUSES = (
    r"(?:(?:cannot|can not|can't|do not|don't|does not|will not|won't) (?:accept|agree to)"
    rf"|(?:hereby |must |have to )?(?:rejects?|declines?|refuses?)) {_TABLED}"
)
_SENTENCE = re.compile(r"[.!?;\n]+")


def require_speakable(view: View, move: Move, words: str) -> None:
    """Check that words may be said with a move.

    Raises:
        UnusableReply: If they are too long, out of role, the same again, or off the matter.
    """
    if len(words) > LONGEST_WORDS:
        raise UnusableReply(
            f"the message has {len(words):,} characters; say at most {MAX_WORDS_CHARACTERS}",
            "over-long",
        )
    if OUT_OF_ROLE.search(words.replace("’", "'")):
        raise UnusableReply("the message steps out of the delegate's role", "out-of-role")
    if repeats_itself(view, move, words):
        raise UnusableReply(
            "the message says again what you said before; say what is new", "repeating"
        )
    if strays(view, words):
        raise UnusableReply("the message has nothing to do with these talks", "off-topic")


def require_consistent(view: View, move: Move, words: str) -> None:
    """Check that words do not say the opposite of the move.

    Only whole sentences that can mean nothing else count, and only English ones.

    Raises:
        UnusableReply: If they accept the offer on the table while the move is another offer, or
            refuse it while the move accepts it; in a hall, if they claim another act than is made.
    """
    name = re.escape(view.public.parties[view.party].name.casefold())
    speaker = rf"(?:we|i|our (?:delegation|government|country)|(?:the )?{name})"
    sentences = [one.strip().casefold().replace("’", "'") for one in _SENTENCE.split(words)]
    if view.hall is not None:
        wrong = contradiction(speaker, move, view.offer, sentences)
        if wrong is not None:
            raise UnusableReply(wrong, "contradictory")
    counters = isinstance(move, Offer) and view.offer is not None and move.outcome != view.offer
    if counters and _says(sentences, f"{speaker} {_ACCEPTS}"):
        raise UnusableReply(
            'the message accepts the offer on the table but the action is "offer", of other terms',
            "contradictory",
        )
    if isinstance(move, Accept) and _says(sentences, f"{speaker} {_REFUSES}"):
        raise UnusableReply(
            'the message refuses the offer on the table but the action is "accept"', "contradictory"
        )


def _says(sentences: Iterable[str], pattern: str) -> bool:
    return any(re.fullmatch(pattern, one) for one in sentences)


def repeats_itself(view: View, move: Move, words: str) -> bool:
    """Return whether a statement is one the seat made before.

    It is where it comes with another move than then and is like one of its last statements, figures
    included, or where the seat has said the very same twice already.
    """
    said = _tokens_of(words)
    if len(said) < LEAST_TO_REPEAT:
        return False
    own = [seen for seen in view.history if seen.party == view.party and seen.words]
    before = [_tokens_of(seen.words) for seen in own]
    if before.count(said) >= 2:
        return True
    figures = _FIGURE.findall(words)
    return any(
        seen.move != move and _FIGURE.findall(seen.words) == figures and _is_like(said, heard)
        for seen, heard in list(zip(own, before, strict=True))[-LATELY:]
    )


@lru_cache(maxsize=MOST_READ)
def _tokens_of(words: str) -> tuple[str, ...]:
    return tuple(_TOKEN.findall(words.casefold()))


def _is_like(one: Sequence[str], other: Sequence[str]) -> bool:
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    # Each is an upper bound of the next, and quicker.
    ratios = (matcher.real_quick_ratio, matcher.quick_ratio, matcher.ratio)
    return all(ratio() >= SIMILAR for ratio in ratios)


def strays(view: View, words: str) -> bool:
    """Return whether a statement has nothing to do with the talks.

    It has not where it holds code or markup; or where it is English, long enough, speaks for nobody
    ("we", "our"), and holds no word of the scenario or of any negotiation and no figure of an
    option. Of setting and brief only long words count: the short ones are anybody's.
    """
    if _CODE.search(words):
        return True
    spoken = [word.casefold() for word in _WORD.findall(words.replace("’", "'"))]
    if len(spoken) < LEAST_TO_STRAY:
        return False
    common = sum(word in _COMMON_ENGLISH for word in spoken)
    if common < _ENGLISH_SHARE * len(spoken) or not _FOR_A_PARTY.isdisjoint(spoken):
        return False
    if set(_FIGURE.findall(words)) & _figures_of(view):
        return False
    return _stems(spoken, 1).isdisjoint(_stems_of(view))


def _stems_of(view: View) -> frozenset[str]:
    public = view.public
    named = [public.title, *(party.name for party in public.parties.values())]
    for name, issue in public.issues.items():
        named += [name, issue.label, *issue.texts]
    told = [public.setting, view.private.brief, view.private.reservation_basis]
    told += [party.interests for party in public.parties.values()]
    words = _stems(_words_of(named), _SHORTEST) | _stems(_words_of(told), _LONG)
    return _stems(_OF_TALKS, 1) | words


def _words_of(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        yield from _WORD.findall(text.casefold())


def _stems(words: Iterable[str], shortest: int) -> frozenset[str]:
    return frozenset(
        word[:_STEM] for word in words if len(word) >= shortest and word not in _COMMON_ENGLISH
    )


def _figures_of(view: View) -> frozenset[str]:
    numbers = (
        option
        for issue in view.public.issues.values()
        for option in issue.options
        if not isinstance(option, str)
    )
    return frozenset(text for one in numbers for text in (repr(one), f"{one:,}"))


def secrets_of_seat(view: View) -> Secrets:
    """Return what a seat has to keep to itself."""
    return _SECRETS(view)


def _secrets(view: View) -> Secrets:
    heard = Heard(
        public=tuple(one.words for one in view.news if not one.is_private),
        private=tuple(one.words for one in view.news if one.is_private),
        figures=figures_at_home(None if view.mandate is None else view.mandate.ratify),
    )
    return secrets_of(view.public, view.rounds, view.private, view.own, heard)


_SECRETS = Lasting(_secrets)


def flags_of_words(view: View, move: Move, words: str) -> tuple[Flag, ...]:
    """Return what is remarkable about words that are spoken: a private figure told."""
    settled = move.outcome if isinstance(move, Offer | Merge) else None
    outcomes = [one for one in (settled, view.offer) if one is not None]
    told = secrets_of_seat(view).told(words, outcomes)
    return ("own-figure-told",) if told.figures else ()
