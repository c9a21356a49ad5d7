"""What a key of a scenario file may hold is told in plain words, wherever it stands."""

from collections.abc import Iterator

import pytest

from games.errors import UserError
from games.parts.aftermath import Implementation
from games.scenario_files.schema import field_sentences, scenario_schema
from games.scenario_files.schema_words import Keys, keys_of, kind_words


def by_heading(name: str) -> dict[str, Keys]:
    return {one.heading: one for one in keys_of(name)}


def known_keys() -> Iterator[str]:
    schema = scenario_schema()
    for part in (schema["else"], *schema["$defs"].values()):
        yield from part.get("properties", {})


def test_a_list_of_parts_is_told_with_its_keys_and_those_within() -> None:
    found = by_heading("projects")

    assert list(found) == [
        "implementation.projects",
        "keys of implementation.projects",
        "keys of implementation.projects.lead (kind: components)",
        "keys of implementation.projects.lead (kind: total)",
        "keys of implementation.projects.capped_until",
    ]
    keys = {key.name: key for key in found["keys of implementation.projects"].keys}
    assert (keys["share"].kind, keys["share"].default) == ("number from 0 up to 1", None)
    assert (keys["life"].kind, keys["life"].default) == ("whole number from 1 up to 100", "20")
    assert keys["capex"].meaning == "Money it takes to build, in the unit of price times volume."


def test_a_key_is_told_at_every_place_where_it_stands() -> None:
    assert {"parties.X.points", "mandates.X.ratify.points", "shocks.X.points"} <= set(
        by_heading("points")
    )


def test_dots_say_which_of_several_is_meant() -> None:
    assert list(by_heading("ratify.points")) == ["mandates.X.ratify.points"]
    assert next(iter(by_heading("implementation.price"))) == "implementation.price"


@pytest.mark.parametrize("name", sorted(set(known_keys())))
def test_every_key_of_the_schema_can_be_asked_for(name: str) -> None:
    told = keys_of(name)

    assert told[0].heading.endswith(name)
    assert all(key.kind for one in told for key in one.keys)


def test_a_key_that_is_not_known_is_refused_with_what_may_be_meant() -> None:
    with pytest.raises(UserError, match=r"so called; is it projects"):
        keys_of("projcts")
    with pytest.raises(UserError, match=r"^--schema price\.projects: no key"):
        keys_of("price.projects")


def test_kinds_are_words() -> None:
    assert kind_words({"anyOf": [{"type": "string"}, {"type": "null"}]}) == "text"
    assert (
        kind_words({"exclusiveMinimum": 0, "maximum": 1e12, "type": "number"}) == "number above 0"
    )
    assert kind_words({"enum": ["a", "b"]}) == "a or b"


def test_every_key_of_the_years_after_signature_has_its_sentence() -> None:
    told = keys_of("implementation")

    assert set(field_sentences(Implementation)) >= {"years", "price", "projects", "swing"}
    assert [(one.heading, key.name) for one in told for key in one.keys if not key.meaning] == []
