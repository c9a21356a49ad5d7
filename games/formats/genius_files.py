"""What Genius's XML files hold, as they hold it: a domain, and one profile a party.

A domain lists issues and their items; a profile gives every item an evaluation, every issue a
weight, and the party a reservation value and a discount factor (Hindriks et al. 2009, "Genius: an
integrated environment for supporting the design of generic automated negotiators"). Read here are
flat domains of discrete issues with additive profiles; what is not of that kind is refused.
Elements that say nothing about the game (agents, similarity functions) are passed over.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import isinf
from typing import TypeVar

from games.errors import UserError, plain, shown
from games.formats.numbers import decimal_number
from games.formats.xml_tree import Element, parse_xml

T = TypeVar("T")

MAX_ITEM = 200
"""Longest item, in characters, that a scenario can hold as an option."""

_INDEX = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True, kw_only=True)
class GeniusIssue:
    """A discrete issue of a domain."""

    index: int
    """The number by which weights name it."""
    name: str
    id: str | None
    """What our own files call it; others have none."""
    items: tuple[str, ...]
    numeric: bool
    """Whether its items are declared to be numbers."""


@dataclass(frozen=True, kw_only=True)
class GeniusDomain:
    """The issues of a domain, by rising index."""

    file: str
    title: str
    issues: tuple[GeniusIssue, ...]


@dataclass(frozen=True, kw_only=True)
class GeniusProfile:
    """One party's preferences, exactly as written; None stands for what the file leaves out."""

    file: str
    evaluations: tuple[tuple[Fraction | None, ...], ...]
    """One tuple an issue, one entry an item, both in the domain's order."""
    weights: tuple[Fraction | None, ...]
    """One an issue."""
    reservation: Fraction | None
    discount: Fraction | None


def is_domain(text: str, name: str) -> bool:
    """Return whether an XML text is a domain and no profile: it neither weighs nor evaluates.

    Raises:
        UserError: If it is no XML, or neither of the two.
    """
    objective = _objective(_space(parse_xml(text, name), plain(name)), plain(name))
    return not objective.all("weight") and not any(
        "evaluation" in item.attributes
        for issue in objective.all("issue")
        for item in issue.children
    )


def read_domain(text: str, name: str) -> GeniusDomain:
    """Return the domain that an XML text describes.

    Raises:
        UserError: If it describes none that can be read; the message gives the line.
    """
    name = plain(name)
    objective = _objective(_space(parse_xml(text, name), name), name)
    issues = [_issue(element, name) for element in objective.all("issue")]
    _once(objective.all("issue"), [issue.name for issue in issues], "the issue", name)
    _once(objective.all("issue"), [issue.index for issue in issues], "the index", name)
    if not issues:
        raise _refusal(name, objective, "no issue", "at least one")
    return GeniusDomain(
        file=name,
        title=objective.attributes.get("name", ""),
        issues=tuple(sorted(issues, key=lambda issue: issue.index)),
    )


def read_profile(text: str, name: str, domain: GeniusDomain) -> GeniusProfile:
    """Return the profile that an XML text describes over a domain.

    Raises:
        UserError: If it describes none that can be read, or one of another domain.
    """
    name = plain(name)
    space = _space(parse_xml(text, name), name)
    objective = _objective(space, name)
    elements = _matched(objective, domain, name)
    return GeniusProfile(
        file=name,
        evaluations=tuple(
            _evaluations(element, issue, name)
            for element, issue in zip(elements, domain.issues, strict=True)
        ),
        weights=_weights(objective, domain, name),
        reservation=_setting(space, "reservation", name),
        discount=_discount(space, name),
    )


def _refusal(name: str, element: Element, found: str, expected: str) -> UserError:
    return UserError(f"{name}:{element.line}: found {found}; expected {expected}")


def _required(element: Element, key: str, name: str) -> str:
    value = element.attributes.get(key)
    if value is None:
        raise _refusal(name, element, f"<{plain(element.tag)}> without {key!r}", "that attribute")
    return value


def _number(element: Element, key: str, name: str) -> Fraction:
    text = _required(element, key, name).strip()
    value = decimal_number(text)
    # Beyond the range of floats it would be infinite to every other reader of the file.
    if value is None or isinf(float(text)):
        raise _refusal(name, element, f"{key} {shown(text)}", "a finite decimal number")
    return value


def _index(element: Element, name: str) -> int:
    text = _required(element, "index", name).strip()
    if not _INDEX.fullmatch(text):
        raise _refusal(name, element, f"index {shown(text)}", "a whole number")
    return int(text)


def _once(elements: Sequence[Element], keys: Sequence[object], what: str, name: str) -> None:
    """Refuse keys that stand twice, at the line of the second."""
    seen: set[object] = set()
    for element, key in zip(elements, keys, strict=True):
        if key in seen:
            raise _refusal(name, element, f"{what} {shown(str(key))} a second time", "it once")
        seen.add(key)


def _space(root: Element, name: str) -> Element:
    """Return the element that holds the objective and, in profiles, reservation and discount."""
    if root.tag not in {"negotiation_template", "utility_space"}:
        raise _refusal(
            name,
            root,
            f"<{plain(root.tag)}>",
            "<negotiation_template> or <utility_space>, as Genius's files begin",
        )
    return _only(root, "utility_space", name) or root


def _only(parent: Element, tag: str, name: str) -> Element | None:
    found = parent.all(tag)
    if len(found) > 1:
        raise _refusal(name, found[1], f"<{tag}> a second time", "it once")
    return found[0] if found else None


def _objective(space: Element, name: str) -> Element:
    objective = _only(space, "objective", name) or space
    for child in (*space.children, *objective.children):
        if child.tag in {"utility_function", "utility"}:
            raise _refusal(name, child, f"<{child.tag}>", "additive utilities only")
    nested = objective.all("objective")
    if nested and objective is not space:
        raise _refusal(name, nested[0], "an objective inside an objective", "a flat domain")
    return objective


def _issue(element: Element, name: str) -> GeniusIssue:
    title = _required(element, "name", name)
    kinds = [element.attributes.get(key) for key in ("type", "etype", "vtype")]
    kind = next((kind for kind in kinds if kind is not None), "discrete")
    if kind != "discrete":
        raise _refusal(
            name,
            element,
            f"the issue {shown(title)} of type {shown(kind)}",
            "discrete issues only: list its values as items",
        )
    items = element.all("item")
    values = [_required(item, "value", name) for item in items]
    _once(items, values, f"in the issue {shown(title)} the item", name)
    for item, value in zip(items, values, strict=True):
        if len(value) > MAX_ITEM:
            raise _refusal(name, item, f"the item {shown(value)}", f"at most {MAX_ITEM} characters")
    if not values:
        raise _refusal(name, element, f"the issue {shown(title)} without items", "at least one")
    return GeniusIssue(
        index=_index(element, name),
        name=title,
        id=element.attributes.get("id"),
        items=tuple(values),
        numeric=element.attributes.get("vtype") in {"integer", "real"},
    )


def _matched(objective: Element, domain: GeniusDomain, name: str) -> list[Element]:
    """Return a profile's issues in the domain's order.

    Weights go by index and evaluations by name, so both must agree with the domain.
    """
    found = _by(objective.all("issue"), lambda element: _required(element, "name", name))
    _once(
        objective.all("issue"),
        [element.attributes.get("name") for element in objective.all("issue")],
        "the issue",
        name,
    )
    known = {issue.name: issue for issue in domain.issues}
    for title, element in found.items():
        if title not in known:
            raise _refusal(name, element, f"the issue {shown(title)}", f"those of {domain.file}")
        index = known[title].index
        if _index(element, name) != index:
            raise _refusal(
                name,
                element,
                f"the issue {shown(title)} at index {_index(element, name)}",
                f"{index} as in {domain.file}",
            )
    for title in known:
        if title not in found:
            raise _refusal(name, objective, f"no issue {shown(title)}", f"all of {domain.file}")
    return [found[issue.name] for issue in domain.issues]


def _by(elements: Sequence[Element], key: Callable[[Element], T]) -> Mapping[T, Element]:
    return {key(element): element for element in elements}


def _evaluations(element: Element, issue: GeniusIssue, name: str) -> tuple[Fraction | None, ...]:
    where = f"in the issue {shown(issue.name)}"
    items = element.all("item")
    values = [_required(item, "value", name) for item in items]
    _once(items, values, f"{where} the item", name)
    found = dict(zip(values, items, strict=True))
    known = frozenset(issue.items)
    for value, item in found.items():
        if value not in known:
            raise _refusal(name, item, f"{where} the item {shown(value)}", "one of the domain's")
    for value in issue.items:
        if value not in found:
            raise _refusal(name, element, f"{where} no item {shown(value)}", "all of the domain's")
    return tuple(
        _number(found[value], "evaluation", name)
        if "evaluation" in found[value].attributes
        else None
        for value in issue.items
    )


def _weights(objective: Element, domain: GeniusDomain, name: str) -> tuple[Fraction | None, ...]:
    elements = objective.all("weight")
    indices = [_index(element, name) for element in elements]
    _once(elements, indices, "the weight of issue", name)
    known = dict.fromkeys(issue.index for issue in domain.issues)
    for element, index in zip(elements, indices, strict=True):
        if index not in known:
            raise _refusal(name, element, f"a weight of issue {index}", "an index of the domain's")
    weights = dict(zip(indices, (_number(one, "value", name) for one in elements), strict=True))
    return tuple(weights.get(index) for index in known)


def _setting(space: Element, tag: str, name: str) -> Fraction | None:
    element = _only(space, tag, name)
    return None if element is None else _number(element, "value", name)


def _discount(space: Element, name: str) -> Fraction | None:
    value = _setting(space, "discount_factor", name)
    if value is not None and not 0 <= value <= 1:
        element = space.all("discount_factor")[0]
        raise _refusal(name, element, f"the discount factor {float(value):g}", "one of 0 to 1")
    return value
