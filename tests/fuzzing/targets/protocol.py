"""What passes between a seat and whoever sits there: agents' moves, clients' keys, pictures."""

import json
from collections.abc import Callable, Sequence
from functools import cache
from random import Random
from unicodedata import category

from delegates.contract import View
from delegates.outside.reading import LONGEST_LINE, answer_meant, json_given, move_given
from delegates.persons.person import packed, unpacked
from games.errors import UnusableReply, UserError
from games.session import step
from tests.delegates.halls import hall_of, moment_at
from tests.delegates.sessions import mini, offer_of, played, view_at
from tests.fuzzing.changes import by_tree, from_json, of_kind, spelt, to_json
from tests.fuzzing.target import Target, refused, require_line, require_same, require_shown
from tui.joining.link import link_in
from tui.joining.picture import _DRAWS, Picture
from tui.wire.incoming import Ping, Resized, Typed, understood

_OPENING = {"volume": 4, "price": 10, "rail": "no rail"}


@cache
def _views() -> tuple[View, ...]:
    game = mini()
    halls = [moment_at(hall_of(), stage).view for stage in ("room", "floor", "vote")]
    return (view_at(game), view_at(game, [offer_of(game, **_OPENING)]), *halls)


def reads_move(read: bytes) -> None:
    """Read what an outside agent sends: a move that is legal, or one printable line."""
    for number, view in enumerate(_views()):
        try:
            answer = answer_meant(view, move_given(json_given(read)))
        except UnusableReply as error:
            require_shown(str(error))
            if len(str(error)) > LONGEST_LINE:
                raise AssertionError("a line that is too long") from None
            continue
        answer.words.encode()
        require_same(unpacked(packed(answer)), answer, "answer")
        if number < 2:
            game = mini()
            step(played(game, [offer_of(game, **_OPENING)][:number])[0], answer.move)


def reads_client(read: bytes) -> None:
    """Read what a joined terminal or page says."""
    try:
        said = understood(read.decode("utf-8", "replace"))
    except ValueError as error:
        require_line(str(error))
        return
    match said:
        case Typed(text):
            text.encode("utf-8", "replace")
        case Resized(width, height):
            if not (1 <= width <= 1000 and 1 <= height <= 1000):
                raise AssertionError(f"a terminal of {width} by {height}")
        case Ping(stamp):
            require_shown(stamp)
        case None:
            pass


def reads_picture(read: bytes) -> None:
    """Read what a host draws, whole and in pieces: nothing but what draws comes through."""
    whole = Picture().drawn(read)
    pieces = Picture()
    size = 1 + len(read) // 7
    parts = [pieces.drawn(read[at : at + size]) for at in range(0, len(read), size)]
    for shown in (whole, b"".join(parts)):
        _require_drawing(shown.decode())
    if b"\x1b" not in read:
        require_same(b"".join(parts), whole, "picture")


def _require_drawing(text: str) -> None:
    at = 0
    while (at := text.find("\x1b", at)) >= 0:
        if _DRAWS.match(text, at) is None:
            raise AssertionError(f"it does more than draw: {text[at : at + 40]!r}")
        at += 1
    left = _DRAWS.sub("", text)
    strange = [c for c in left if category(c) == "Cc" and c not in "\n\r"]
    if strange:
        raise AssertionError(f"a terminal would act on {strange[0]!r}")


def reads_link(read: bytes) -> None:
    """Read the link of a seat, as it is typed."""
    with refused(UserError):
        link = link_in(read.decode("utf-8", "surrogateescape"))
        require_same(link_in(f"{link.scheme}://{link.at}{link.path}"), link, "link")


_KINDS: Sequence[Callable[[bytes], None]] = (reads_move, reads_client, reads_picture, reads_link)


def reads_protocol(read: bytes) -> None:
    """Read one of the above; the first byte says which."""
    _KINDS[(read[:1] or b"\0")[0] % len(_KINDS)](read[1:])


@cache
def protocol_seeds() -> Sequence[bytes]:
    """Return moves, keys, pictures and links."""
    moves = (
        {"turn": 0, "act": "offer", "outcome": _OPENING, "words": "We ask."},
        {"turn": 1, "act": "accept", "words": "Yes."},
        {"turn": 3, "act": "vote", "on": {"ballot": "no"}},
        {"turn": 3, "act": "promise", "on": {"to": ["COD"], "issue": "rail", "option": "rail"}},
        {"turn": 1, "act": "walk-away", "outcome": None},
    )
    said = (["stdin", "a\x1b[A"], ["resize", {"width": 80, "height": 24}], ["ping", "17"], ["blur"])
    drawn = (
        "\x1b[?2026h\x1b[2J\x1b[1;1H\x1b[38;2;1;2;3mplain\x1b[0m\n\x1b[?2026l",
        "\x1b]0;title\x07x\x1b]52;c;aGk=\x1b\\y\x1b[6n\x1bPq\x1b\\é\x9b6n\x07",
    )
    links = ("http://127.0.0.1:8000/seat/abc/", "https://[::1]/seat/x_-9/")
    return [
        *(b"\0" + json.dumps(one).encode() for one in moves),
        *(b"\1" + json.dumps(one).encode() for one in said),
        *(b"\2" + one.encode() for one in drawn),
        *(b"\3" + one.encode() for one in links),
    ]


_WORDS = (
    "turn", "act", "offer", "accept", "walk-away", "vote", "promise", "threaten", "outcome", "on",
    "words", "volume", "price", "rail", "ballot", "to", "issue", "option", "COD", "USA", "stdin",
    "resize", "width", "height", "ping", "focus", "\x1b[", "\x1b]", "\x1bP", "\x1b\\", "\x07",
    "\x1b", "\x9b", "0;1m", "?25h", "http://", "/seat/", "[::1]", ":99999",
)  # fmt: skip
_JSONS = by_tree(
    from_json, to_json, lambda: [one[1:] for one in protocol_seeds() if one[0] < 2], _WORDS
)
_SPELT = spelt(lambda: [one[1:] for one in protocol_seeds() if one[0] >= 2], _WORDS)


def _half(read: bytes, chance: Random) -> bytes:
    return _SPELT(read, chance)


PROTOCOL = Target(
    name="protocol",
    reads=reads_protocol,
    seeds=protocol_seeds,
    change=of_kind([_JSONS, _JSONS, _half, _half]),
    words=_WORDS,
)
