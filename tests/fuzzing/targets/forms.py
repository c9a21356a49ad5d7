"""Files of other tools: Gambit's games in strategic form, Genius's domains and profiles."""

from collections.abc import Sequence
from functools import cache

from games.errors import ScenarioError, UserError
from games.formats.genius import read_genius
from games.formats.genius_files import is_domain
from games.formats.genius_writer import left_behind, write_genius
from games.formats.nfg import read_nfg, write_nfg
from tests.delegates.sessions import mini
from tests.fuzzing.changes import spelt
from tests.fuzzing.target import Target, refused, require_line, require_same

BETWEEN = b"\x00"
"""What stands between the files of a domain."""

_NAMED = (
    'NFG 1 R "A game" { "Row" "Column" }\n\n{ { "up" "down" } { "left" "right" } }\n"comment"\n\n'
    "1 2 3/4 -0.5 5e2 6 7 8\n"
)
_NFGS = (
    _NAMED,
    'NFG 1 D "" { "a" "a" "" } { 2 2 1 }\n1 2 3 4 5 6 7 8 9 10 11 12',
    'NFG 1 R "t\\"x" {"p" "q"} { {"a" "b"} {"c"} } "" { {"o" 1, 2} {"" 3 4} } 1 2',
)


@cache
def nfg_seeds() -> Sequence[bytes]:
    """Return games in both forms."""
    return [text.encode() for text in _NFGS]


def reads_nfg(read: bytes) -> None:
    """Read a game; one that is accepted is written in both forms and read again."""
    text = read.decode("utf-8", "replace")
    with refused(UserError):
        game = read_nfg(text, "game.nfg")
        for form in ("payoffs", "outcomes"):
            require_same(read_nfg(write_nfg(game, form=form), "again"), game, form)


_NFG_WORDS = (
    "NFG",
    "1",
    "R",
    "D",
    "{",
    "}",
    '""',
    ",",
    "1/2",
    "0",
    "1000000",
    "999999999",
    "1e999",
)

NFG = Target(
    name="nfg",
    reads=reads_nfg,
    seeds=nfg_seeds,
    change=spelt(nfg_seeds, _NFG_WORDS),
    words=_NFG_WORDS,
)


@cache
def genius_seeds() -> Sequence[bytes]:
    """Return domains with their profiles."""
    domain, profiles = write_genius(mini(breakdown=0.0))
    small_domain = (
        '<negotiation_template><utility_space><objective name="d"><issue index="1" name="x">'
        '<item value="a"/><item value="b"/></issue></objective></utility_space>'
        "</negotiation_template>"
    )
    small = (
        '<utility_space><objective><issue index="1" name="x"><item value="a" evaluation="1"/>'
        '<item value="b" evaluation="2.5"/></issue><weight index="1" value="1.0"/></objective>'
        '<reservation value="0.2"/><discount_factor value="0.9"/></utility_space>'
    )
    both = [small_domain, small, small.replace("2.5", "-3")]
    return [
        BETWEEN.join(text.encode() for text in (domain, *profiles.values())),
        BETWEEN.join(text.encode() for text in both),
    ]


def reads_genius(read: bytes) -> None:
    """Read a domain and profiles; a scenario that is made is written and read again."""
    texts = [part.decode("utf-8", "replace") for part in read.split(BETWEEN)]
    names = [f"f{number}.xml" for number in range(len(texts))]
    with refused(UserError):
        is_domain(texts[0], names[0])
    for scaling in ("issue-max", "raw"):
        with refused(UserError):
            found = read_genius(texts[0], texts[1:], names, scaling=scaling)
            for warning in found.warnings:
                require_line(warning)
            left_behind(found.scenario)
            with refused(ScenarioError):
                domain, profiles = write_genius(found.scenario)
                again = read_genius(domain, [*profiles.values()], names)
                require_same(again.scenario.space.size, found.scenario.space.size, "outcomes")


_GENIUS_WORDS = (
    "negotiation_template", "utility_space", "objective", "issue", "item", "weight", "index",
    "name", "value", "evaluation", "reservation", "discount_factor", "type", "vtype", "integer",
    "real", "discrete", "<item value='a'/>", "<weight index='1' value='1e308'/>", "1e-308", "1e300",
)  # fmt: skip

GENIUS = Target(
    name="genius",
    reads=reads_genius,
    seeds=genius_seeds,
    change=spelt(genius_seeds, _GENIUS_WORDS),
    words=_GENIUS_WORDS,
)
