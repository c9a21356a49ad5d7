"""Neutral names for countries: the same game, without what anyone thinks to know of the players.

Language models and people bring opinions of states to the table. Under aliases every party has an
invented name and id, wherever it was called by its own, by its id or by a word it is also called
by (`also`). So do the dominant supplier of the market and the supplier outside. Points and rules
stay as they are, so that whatever theory says of the game stays the same.

Places and laws that are named in the texts stay unless they are listed under `also`: who knows them
may still guess.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any, Literal, cast, get_args, get_origin, get_type_hints

from pydantic import ValidationError

from games.errors import ScenarioError
from games.faults import fault_text
from games.parts.base import Name, Part, Sources
from games.scenario import Scenario

NAMES = (
    *("Zorvane", "Kelmarra", "Tavorin", "Quilora", "Dravene", "Sumaril", "Fenwara", "Jostria"),
    *("Ulvana", "Warrimor", "Yantara", "Lorvik", "Pelandra", "Havosta", "Cerinth", "Gostrell"),
    *("Mirelda", "Ostrenna", "Ivorell", "Rundavar", "Bestria", "Calvora", "Dolmere", "Elandis"),
    *("Farrowen", "Galdria", "Hestoval", "Ilmarra", "Jadrun", "Kundrel", "Lumavia", "Merrowin"),
    *("Nalvest", "Orsendia", "Padrune", "Quessary", "Rivolen", "Sarquin", "Tolmenna", "Umbrel"),
    *("Velistra", "Wendarry", "Xandovar", "Yelmira", "Zandrel", "Astorune", "Brevane", "Corvaly"),
    *("Delmarin", "Evandry", "Folgrane", "Grestol", "Holvanna", "Istralen", "Jurvane", "Kastrell"),
    *("Lindovar", "Mondrie", "Nestoria", "Olvery", "Pirrane", "Rostavel", "Seldara", "Trevanna"),
    *("Urvessa", "Vandore", "Wolmere", "Xerrin", "Ythria", "Zephrane", "Amvary", "Bundrel"),
)
"""Invented names, in the order in which they are given out; ids are their first letters."""

QUARTERS = ("", "North ", "South ", "East ")
"""What stands before a name once all are given out."""

_ID_LETTERS = 3

_SUFFIX = "-aliased"
_LONGEST_ID = 40


@dataclass(frozen=True, kw_only=True)
class Alias:
    """What one party, or a supplier that does not sit at the table, is called instead."""

    id: str
    """Its real id; empty for a supplier outside."""
    name: str
    """Its real name."""
    alias_id: str
    alias: str


@dataclass(frozen=True, kw_only=True)
class Aliases:
    """Who is who: for whoever leads the session, never for delegates."""

    known: tuple[Alias, ...]

    def id_of(self, party: str) -> str:
        """Return the id under which a party plays, given as its real id or its alias."""
        return next((one.alias_id for one in self.known if one.id and one.id == party), party)

    def line(self) -> str:
        """Return the aliases in one line."""
        told = ", ".join(f"{one.alias_id} {one.alias} is {_real(one)}" for one in self.known)
        return f"Aliases, told to you and to no delegate: {told}."


def _real(one: Alias) -> str:
    return f"{one.name} ({one.id})" if one.id else f"{one.name}, outside"


def aliased(scenario: Scenario, seed: int | None = None) -> tuple[Scenario, Aliases]:
    """Return a scenario whose parties have neutral names, and who is who.

    Args:
        scenario: The scenario.
        seed: Draws which name each gets; in the fixed order of the names if not given.

    Raises:
        ScenarioError: If two things in it could not be told apart any more.
    """
    known = _given_out(scenario, seed)
    words = _Words.of(scenario, known)
    try:
        values = words.of_part(scenario)
        values["id"] = f"{values['id'][: _LONGEST_ID - len(_SUFFIX)]}{_SUFFIX}"
        return Scenario.model_validate(values), known
    except ValidationError as error:
        problem = fault_text(error.errors(include_url=False)[0])
    except _Collapsed as error:
        problem = str(error)
    raise ScenarioError(f"{scenario.id}: under aliases: {problem}")


class _Collapsed(Exception):  # noqa: N818 - says what happened to two keys
    """Raised when two keys of a mapping would become one."""


def are_aliases(names: Iterable[str]) -> bool:
    """Return whether all of some parties' names are invented ones."""
    return all(_stem(name) in NAMES for name in names)


def _given_out(scenario: Scenario, seed: int | None) -> Aliases:
    """Return the aliases: first those of the parties, then those of who does not sit there."""
    text = scenario.canonical().casefold()
    free = [name for name in _names() if _stem(name).casefold() not in text]
    if seed is not None:
        Random(f"{seed}/aliases").shuffle(free)
    free = [name for name in free if _id(name) not in scenario.parties]
    callers = [(party, details.name) for party, details in scenario.parties.items()]
    callers += [("", name) for name in _outsiders(scenario)]
    known = [
        Alias(id=party, name=name, alias_id=_id(alias), alias=alias)
        for (party, name), alias in zip(callers, free, strict=False)
    ]
    return Aliases(known=tuple(known))


def _names() -> Iterator[str]:
    for quarter in QUARTERS:
        yield from (f"{quarter}{name}" for name in NAMES)


def _stem(name: str) -> str:
    return name.rpartition(" ")[2]


def _id(name: str) -> str:
    quarter, _, stem = name.rpartition(" ")
    return f"{quarter[:1]}{stem[:_ID_LETTERS]}".upper()


def _outsiders(scenario: Scenario) -> list[str]:
    """Return the suppliers that are named but do not sit at the table, each once."""
    seated = {details.name for details in scenario.parties.values()}
    named = [] if scenario.market is None else [scenario.market.supplier]
    named += [] if scenario.outside is None else [scenario.outside.name]
    return [name for name in dict.fromkeys(named) if name.strip() and name not in seated]


@dataclass(frozen=True)
class _Words:
    """How every word of a scenario is rewritten."""

    ids: Mapping[str, str]
    """Real party id → alias id."""
    instead: Mapping[str, str]
    """What is called by name, id or other words → what it is called instead."""
    pattern: re.Pattern[str]
    parts: Mapping[str, str]
    """Parts of identifiers, in lower case → what stands there instead."""

    @classmethod
    def of(cls, scenario: Scenario, known: Aliases) -> _Words:
        """Return the rewriting that some aliases amount to."""
        ids = {one.id: one.alias_id for one in known.known if one.id}
        instead: dict[str, str] = {party: ids[party] for party in ids if len(party) > 1}
        for one in known.known:
            for word in (one.name, *_also(scenario, one)):
                for spelled in _spellings(word, is_name=word == one.name):
                    instead.setdefault(spelled, one.alias)
        longest_first = sorted(instead, key=len, reverse=True)
        called = "|".join(map(re.escape, longest_first))
        pattern = re.compile(rf"(?<!\w)(?:(?P<article>[Aa]n?) )?(?P<word>{called})(?!\w)")
        parts = {word.casefold(): _id_part(alias) for word, alias in instead.items()}
        return cls(ids=ids, instead=instead, pattern=pattern, parts=parts)

    def of_text(self, text: str) -> str:
        """Return a text, or the text of an option, rewritten."""
        return self.pattern.sub(self._instead_of, text)

    def _instead_of(self, found: re.Match[str]) -> str:
        """Return an alias, after the article that goes with its first letter if there was one."""
        alias = self.instead[found["word"]]
        if found["article"] is None:
            return alias
        ending = "n" if alias[0] in "AEIOU" else ""
        return f"{found['article'][0]}{ending} {alias}"

    def of_identifier(self, name: str) -> str:
        """Return an id of any kind rewritten: a party's, or another with such words in it."""
        if name in self.ids:
            return self.ids[name]
        parts = re.split(r"([-_])", name)
        rewritten = "".join(self._part(part) for part in parts)
        return rewritten[:_LONGEST_ID]

    def _part(self, part: str) -> str:
        instead = self.parts.get(part.casefold())
        if instead is None:
            return part
        return instead.lower() if part.islower() else instead

    def of_part(self, part: Part) -> dict[str, Any]:
        """Return a part of a scenario as a file would spell it, rewritten."""
        hints = get_type_hints(type(part), include_extras=True)
        found: dict[str, Any] = {}
        for name, field in type(part).model_fields.items():
            value: object = getattr(part, name)
            if name == "also" or value == field.get_default(call_default_factory=True):
                continue
            keep = isinstance(part, Scenario) and name == "seats"
            key = field.alias or name
            found[key] = self.of_seats(value) if keep else self.of_value(value, hints[name])
        return found

    def of_seats(self, seats: object) -> dict[str, object]:
        """Return seats by party; who sits there is no word of the scenario."""
        given = cast("Mapping[str, object]", seats)
        return {self.of_identifier(party): seat for party, seat in given.items()}

    def of_value(self, value: object, hint: object) -> object:
        """Return a value rewritten, given what it is."""
        if isinstance(value, Part):
            return self.of_part(value)
        if isinstance(value, str):
            return self._rewriter(value, hint)(value)
        if isinstance(value, Mapping):
            return self._of_mapping(cast("Mapping[str, object]", value), hint)
        if isinstance(value, tuple):
            items = cast("Sequence[object]", value)
            hints = [*_item_hints(hint, len(items))]
            return [self.of_value(item, one) for item, one in zip(items, hints, strict=True)]
        return value

    def _of_mapping(self, value: Mapping[str, object], hint: object) -> dict[str, object]:
        key_hint, inner_hint = _mapping_hints(hint)
        found: dict[str, object] = {}
        for key, inner in value.items():
            renamed = self._rewriter(key, key_hint)(key)
            if renamed in found:
                raise _Collapsed(f"{key!r} and another key would both be {renamed!r}")
            found[renamed] = self.of_value(inner, inner_hint)
        return found

    def _rewriter(self, text: str, hint: object) -> Callable[[str], str]:
        if _is_identifier(hint):
            return self.of_identifier
        return _as_it_is if text in _literals(hint) else self.of_text


def _spellings(word: str, *, is_name: bool) -> Iterator[str]:
    """Yield a word as it stands in a sentence, at its beginning, and in a heading.

    Invented names take no article, so that it goes with a name, or with words that are one; an
    adjective keeps it.
    """
    for spelled in (word, f"the {word}") if is_name or " " in word else (word,):
        yield spelled
        yield f"{spelled[:1].upper()}{spelled[1:]}"
    if len(word) > _ID_LETTERS:
        yield word.upper()


def _as_it_is(text: str) -> str:
    return text


def _id_part(alias: str) -> str:
    return alias.replace(" ", "-")


def _also(scenario: Scenario, one: Alias) -> Iterator[str]:
    """Yield the other words by which somebody is called, at the table or outside."""
    if one.id:
        yield from scenario.parties[one.id].also
    if scenario.market is not None and scenario.market.supplier == one.name:
        yield from scenario.market.also
    if scenario.outside is not None and scenario.outside.name == one.name:
        yield from scenario.outside.also


def _choices(hint: object) -> Iterator[object]:
    """Yield a hint, and those of its alternatives."""
    yield hint
    if hint not in (Name, Sources):
        for one in get_args(hint):
            yield from _choices(one)


def _is_identifier(hint: object) -> bool:
    return any(one == Name for one in _union(hint))


def _union(hint: object) -> tuple[object, ...]:
    """Return the alternatives of a hint, itself if there are none."""
    return get_args(hint) if type(None) in get_args(hint) else (hint,)


def _literals(hint: object) -> set[object]:
    return {word for one in _choices(hint) if get_origin(one) is Literal for word in get_args(one)}


def _mapping_hints(hint: object) -> tuple[object, object]:
    """Return what the keys and the values of a mapping are."""
    for one in _choices(hint):
        if get_origin(one) is dict:
            key, inner = get_args(one)
            return key, inner
    return str, str


def _item_hints(hint: object, count: int) -> Iterator[object]:
    """Yield what each item of a list is."""
    if hint == Sources:
        yield from [Name] * count
        return
    for one in _choices(hint):
        if get_origin(one) is tuple:
            items = get_args(one)
            yield from [items[0]] * count if items[-1] is ... else items
            return
    yield from [str] * count
