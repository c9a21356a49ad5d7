"""What parties are called in sentences."""

import pytest

from games.naming import called
from games.scenario import load_scenario


@pytest.mark.parametrize(
    ("name", "within", "begins"),
    [
        ("United States", "the United States", "The United States"),
        ("European Union", "the European Union", "The European Union"),
        ("Philippines", "the Philippines", "The Philippines"),
        ("United Arab Emirates", "the United Arab Emirates", "The United Arab Emirates"),
        ("consumer bloc", "the consumer bloc", "The consumer bloc"),
        ("Japan", "Japan", "Japan"),
        ("DR Congo", "DR Congo", "DR Congo"),
        ("aland", "aland", "Aland"),
        ("", "", ""),
    ],
)
def test_some_names_take_an_article_and_sentences_begin_large(
    name: str, within: str, begins: str
) -> None:
    assert called(name) == within
    assert called(name, begins=True) == begins


def test_no_name_of_the_ministerial_gets_an_article_it_should_not_have() -> None:
    parties = load_scenario("ministerial").parties.values()
    assert {one.name for one in parties if called(one.name) != one.name} == {
        "Cook Islands",
        "Czech Republic",
        "Dominican Republic",
        "European Commission",
        "Netherlands",
        "Philippines",
        "Republic of Korea",
        "United Arab Emirates",
        "United Kingdom",
        "United States",
    }
