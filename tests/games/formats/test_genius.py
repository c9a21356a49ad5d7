"""Genius domains are read exactly, what is odd about them is reported, what is broken refused."""

import re
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from games.bargaining.solutions import bargain
from games.errors import UserError
from games.formats.genius import Imported, Scaling, issue_ids, made_id, read_genius
from games.formats.genius_files import is_domain
from games.session import payoff
from tests.games.formats.genius_domains import GeniusDomainText, random_domain

DOMAIN = """<negotiation_template number_of_sessions="1">
<agent class="agents.Some" name="Buyer" utility_space="buyer.xml"/>
<utility_space number_of_issues="2">
<objective index="0" name="Laptop" etype="objective" type="objective" description="">
<issue index="1" name="Make of laptop" etype="discrete" type="discrete" vtype="discrete">
<item index="1" value="cheap" cost="0" description="a cheap one"/>
<item index="2" value="fast" cost="0"/>
</issue>
<issue index="2" name="Disk" type="discrete">
<item index="1" value="60"/>
<item index="2" value="120"/>
<item index="3" value="18:00"/>
</issue>
</objective>
</utility_space>
</negotiation_template>
"""

BUYER = """<utility_space>
<reservation value="0.25"/>
<objective index="0" name="Laptop" etype="objective" type="objective" description="">
<weight index="2" value="0.4"/>
<weight index="1" value="0.6"/>
<issue index="1" name="Make of laptop" etype="discrete" type="discrete" vtype="discrete">
<item index="1" value="cheap" evaluation="12"/>
<item index="2" value="fast" evaluation="30"/>
<similarity_function weight="0.6"><criteria_function weight="1">
<item index="1" value="unspecified" evaluation="1"/>
</criteria_function></similarity_function>
</issue>
<issue index="2" name="Disk" type="discrete">
<item index="1" value="60" evaluation="0"/>
<item index="2" value="120" evaluation="5"/>
<item index="3" value="18:00" evaluation="4"/>
</issue>
</objective>
<discount_factor value="1.0"/>
</utility_space>
"""

SELLER = BUYER.replace('"12"', '"1"').replace('"30"', '"0.5"').replace('"5"', '"1"')
SELLER = SELLER.replace('value="18:00" evaluation="4"', 'value="18:00" evaluation="0"')

DISCOUNTED = (
    "utilities lose all but 0.4 of their worth over a session: read as `discounting: total`, "
    "the reservation value undiscounted"
)
DISCRETE = "expected discrete issues only: list its values as items"
NUMBER = "expected a finite decimal number"
ROOT = "expected <negotiation_template> or <utility_space>, as Genius's files begin"

NAMES = ["laptop_domain.xml", "laptop_buyer.xml", "laptop_seller.xml"]


def read(
    buyer: str = BUYER,
    seller: str = SELLER,
    domain: str = DOMAIN,
    scaling: Scaling = "issue-max",
) -> Imported:
    return read_genius(domain, [buyer, seller], NAMES, scaling=scaling)


def refusal(*texts: str, scaling: Scaling = "issue-max") -> str:
    with pytest.raises(UserError) as caught:
        read(*texts, scaling=scaling)
    assert str(caught.value).isprintable()
    return str(caught.value)


def about_buyer(warnings: Sequence[str]) -> list[str]:
    return [one for one in warnings if one.startswith("laptop_buyer.xml: ")]


def test_a_domain_becomes_the_scenario_that_an_import_promises() -> None:
    found = read()

    scenario = found.scenario
    assert found.warnings == ()
    assert (scenario.id, scenario.title) == ("laptop_domain", "Laptop")
    assert scenario.protocol.model_dump(exclude_defaults=True) == {"rounds": 100, "opens": "fixed"}
    assert {name: issue.label for name, issue in scenario.issues.items()} == {
        "Make_of_laptop": "Make of laptop",
        "Disk": "Disk",
    }
    assert scenario.issues["Disk"].options == ("60", "120", "18:00")
    assert [(name, one.name, one.side) for name, one in scenario.parties.items()] == [
        ("P1", "laptop_buyer", "consumer"),
        ("P2", "laptop_seller", "supplier"),
    ]
    assert scenario.parties["P1"].reservation == 25.0
    assert scenario.parties["P1"].points == {
        "Make_of_laptop": {"cheap": 24.0, "fast": 60.0},
        "Disk": {"60": 0.0, "120": 40.0, "18:00": 32.0},
    }


def test_every_party_after_the_first_is_a_supplier() -> None:
    found = read_genius(DOMAIN, [BUYER, SELLER, SELLER], [*NAMES, "third.xml"])

    assert [one.side for one in found.scenario.parties.values()] == [
        "consumer",
        "supplier",
        "supplier",
    ]


def test_raw_points_are_the_weighted_sum_as_written_and_the_scales_are_told_apart() -> None:
    found = read(scaling="raw")

    assert found.scenario.parties["P1"].points["Make_of_laptop"] == {"cheap": 720.0, "fast": 1800.0}
    assert found.scenario.parties["P1"].reservation == 25.0
    (warning,) = found.warnings
    assert warning == (
        "laptop_buyer.xml: the scales disagree: evaluations of 'Make of laptop', 'Disk' do not run "
        "up to 1, so utilities run up to 20 raw and 1 by issue-max; the reservation value 0.25 is "
        "taken as written"
    )


def test_files_are_told_apart_by_what_they_hold() -> None:
    assert is_domain(DOMAIN, "a.xml")
    assert not is_domain(BUYER, "b.xml")
    assert not is_domain(re.sub(r"<weight.*/>", "", BUYER), "b.xml")
    assert is_domain(DOMAIN.replace("negotiation_template", "utility_space"), "a.xml")


@pytest.mark.parametrize(
    ("old", "new", "warning"),
    [
        ('"0.4"', '"0.4001"', "the weights sum to 1.0001, not 1"),
        ('"0.4"', '"0.5"', "the weights sum to 1.1, not 1"),
        ('<weight index="2" value="0.4"/>', "", "no weight for 'Disk': counted as 1"),
        ('"0.4"', '"-0.4"', "a negative weight for 'Disk': its best item is the worst"),
        (
            ' evaluation="12"',
            "",
            "the issue 'Make of laptop' has no evaluation of 'cheap': counted as 0",
        ),
        ('evaluation="4"', 'evaluation="-4"', "the issue 'Disk' has negative evaluations"),
        (
            re.compile('evaluation="[45]"'),
            'evaluation="0"',
            "all evaluations of the issue 'Disk' are 0: it decides nothing",
        ),
        ('<reservation value="0.25"/>', "", "no reservation value: counted as 0"),
        (
            '"0.25"',
            '"1.2"',
            "no outcome reaches its reservation value: the best is worth 100 points of 120",
        ),
        (
            'discount_factor value="1.0"',
            'discount_factor value="0"',
            "the discount factor is 0: taken as none",
        ),
        (
            'discount_factor value="1.0"',
            'discount_factor value="0.4"',
            DISCOUNTED,
        ),
    ],
)  # fmt: skip
def test_each_trap_is_reported_with_its_file(old, new, warning: str) -> None:
    buyer = re.sub(old if isinstance(old, re.Pattern) else re.escape(old), new, BUYER)

    assert f"laptop_buyer.xml: {warning}" in read(buyer).warnings


def test_weights_rounded_in_the_seventh_place_are_no_trap() -> None:
    assert read(BUYER.replace('"0.4"', '"0.3999999"')).warnings == ()


def test_an_empty_zopa_is_reported() -> None:
    greedy = BUYER.replace('"0.25"', '"0.99"')

    found = read(greedy, SELLER.replace('"0.25"', '"0.99"'))

    assert found.warnings == (
        "laptop_domain.xml: no outcome is acceptable to all: the ZOPA is empty",
    )


def test_tied_nash_outcomes_are_reported() -> None:
    alike = re.sub('evaluation="[^"]*"', 'evaluation="1"', BUYER)

    assert read(alike, alike).warnings == (
        "laptop_domain.xml: 6 outcomes tie for the Nash solution",
    )


def test_a_space_too_large_to_be_searched_is_said_to_be() -> None:
    items = "".join(f'<item index="{k}" value="v{k}" evaluation="1"/>' for k in range(1, 61))
    issues = "".join(f'<issue index="{k}" name="i{k}">{items}</issue>' for k in range(1, 5))
    weights = "".join(f'<weight index="{k}" value="0.25"/>' for k in range(1, 5))
    profile = f'<utility_space><reservation value="0"/>{issues}{weights}</utility_space>'
    domain = f"<utility_space>{issues}</utility_space>".replace(' evaluation="1"', "")

    found = read(profile, profile, domain)

    (warning,) = found.warnings
    assert warning.startswith("laptop_domain.xml: 12960000 outcomes: not examined for an empty")


def test_a_discount_is_that_of_the_whole_session_spread_over_its_rounds() -> None:
    scenario = read(BUYER.replace('"1.0"', '"0.4"')).scenario

    # After half of 100 rounds, two moves each, δ^0.5 of the whole utility is left.
    assert scenario.protocol.discounting == "total"
    assert payoff(scenario, 0, 80.0, 100) == pytest.approx(80 * 0.4**0.5)
    assert payoff(scenario, 1, 80.0, 100) == 80.0


def test_a_weight_goes_to_the_issue_of_its_index_wherever_indices_begin() -> None:
    def shift(text: str) -> str:
        moved = re.sub(r'<(issue|weight) index="2"', r'<\1 index="3"', text)
        return re.sub(r'<(issue|weight) index="1"', r'<\1 index="2"', moved)

    shifted = read(shift(BUYER), shift(SELLER), shift(DOMAIN))

    assert shifted.scenario == read().scenario


def _swapped(text: str) -> str:
    return re.sub(
        r'<(issue|weight) index="([12])"', lambda m: f'<{m[1]} index="{3 - int(m[2])}"', text
    )


def test_issues_stand_in_the_order_of_their_indices() -> None:
    shifted = read(_swapped(BUYER), _swapped(SELLER), _swapped(DOMAIN))

    assert list(shifted.scenario.issues) == ["Disk", "Make_of_laptop"]
    assert shifted.scenario.parties["P1"].points == read().scenario.parties["P1"].points


@pytest.mark.parametrize(
    ("kind", "items", "options"),
    [
        ("integer", ["3000", "-5"], (3000, -5)),
        ("real", ["3000", "0.5"], (3000, 0.5)),
        ("integer", ["010", "5"], ("010", "5")),
        ("integer", ["3", "none"], ("3", "none")),
        ("integer", ["1234567890123456789", "5"], ("1234567890123456789", "5")),
        ("discrete", ["3", "5"], ("3", "5")),
    ],
)
def test_items_are_numbers_only_where_the_domain_says_so_and_they_are(kind, items, options):
    def issue(evaluation: str) -> str:
        listed = "".join(
            f'<item index="{k}" value="{item}"{evaluation}/>' for k, item in enumerate(items, 1)
        )
        return (
            f'<utility_space><issue index="1" name="i" type="discrete" vtype="{kind}">{listed}'
            "</issue></utility_space>"
        )

    profile = issue(' evaluation="1"')

    assert read(profile, profile, issue("")).scenario.issues["i"].options == options


def test_objectives_without_a_name_of_their_own_are_called_by_the_file() -> None:
    assert read(domain=DOMAIN.replace('"Laptop"', '"root"')).scenario.title == "laptop_domain"


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("External Monitor", "External_Monitor"),
        ("Größe (cm)", "Große_cm".replace("ß", "")),
        ("1st", "issue_1st"),
        ("钴", "issue"),
        ("", "issue"),
        ("--a--", "a"),
        ("x" * 60, "x" * 40),
    ],
)
def test_ids_are_made_from_names(name: str, made: str) -> None:
    assert made_id(name, "issue") == made


@given(st.lists(st.text(max_size=60), max_size=12, unique=True))
def test_ids_are_valid_and_different_whatever_the_names(names: list[str]) -> None:
    ids = issue_ids(names)

    assert len(set(ids)) == len(names)
    assert all(re.fullmatch("[A-Za-z][A-Za-z0-9_-]{0,39}", one) for one in ids)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"30"', '"nan"', f"8: found evaluation 'nan'; {NUMBER}"),
        ('"30"', '"inf"', f"8: found evaluation 'inf'; {NUMBER}"),
        ('"30"', '"1e400"', f"8: found evaluation '1e400'; {NUMBER}"),
        ('"30"', '"1,5"', f"8: found evaluation '1,5'; {NUMBER}"),
        ('"30"', '"1_0"', f"8: found evaluation '1_0'; {NUMBER}"),
        ('"30"', '""', f"8: found evaluation ''; {NUMBER}"),
        ('"0.4"', '"x"', f"4: found value 'x'; {NUMBER}"),
        ('"0.25"', '"1e999999999"', f"2: found value '1e999999999'; {NUMBER}"),
        ('<reservation value="0.25"/>', "<reservation/>",
         "2: found <reservation> without 'value'; expected that attribute"),
        ('factor value="1.0"', 'factor value="1.5"',
         "19: found the discount factor 1.5; expected one of 0 to 1"),
        ('factor value="1.0"', 'factor value="-1"',
         "19: found the discount factor -1; expected one of 0 to 1"),
        (' value="cheap"', "", "7: found <item> without 'value'; expected that attribute"),
        (' name="Make of laptop"', "", "6: found <issue> without 'name'; expected that attribute"),
        ('<issue index="2"', "<issue",
         "13: found <issue> without 'index'; expected that attribute"),
        ('<issue index="2"', '<issue index="two"',
         "13: found index 'two'; expected a whole number"),
        ('<issue index="2"', '<issue index="7"',
         "13: found the issue 'Disk' at index 7; expected 2 as in laptop_domain.xml"),
        ('<weight index="2"', '<weight index="3"',
         "4: found a weight of issue 3; expected an index of the domain's"),
        ('<weight index="2"', '<weight index="1"',
         "5: found the weight of issue '1' a second time; expected it once"),
        ('name="Disk"', 'name="Make of laptop"',
         "13: found the issue 'Make of laptop' a second time; expected it once"),
        ('name="Disk"', 'name="Disc"',
         "13: found the issue 'Disc'; expected those of laptop_domain.xml"),
        (re.compile('<issue index="2".*?</issue>', re.DOTALL), "",
         "3: found no issue 'Disk'; expected all of laptop_domain.xml"),
        ('value="cheap"', 'value="fast"',
         "8: found in the issue 'Make of laptop' the item 'fast' a second time; expected it once"),
        ('value="cheap"', 'value="dear"',
         "7: found in the issue 'Make of laptop' the item 'dear'; expected one of the domain's"),
        ('<item index="1" value="cheap" evaluation="12"/>', "",
         "6: found in the issue 'Make of laptop' no item 'cheap'; expected all of the domain's"),
        ("</objective>", '</objective><objective index="9"/>',
         "18: found <objective> a second time; expected it once"),
        ("</objective>", "<objective/></objective>",
         "18: found an objective inside an objective; expected a flat domain"),
        ("</objective>", "<utility_function/></objective>",
         "18: found <utility_function>; expected additive utilities only"),
        ("utility_space", "utility",
         f"1: found <utility>; {ROOT}"),
    ],
)  # fmt: skip
def test_broken_profiles_are_refused_with_their_line(old, new: str, message: str) -> None:
    pattern = old if isinstance(old, re.Pattern) else re.escape(old)
    buyer = re.sub(pattern, new, BUYER)

    assert refusal(buyer) == f"laptop_buyer.xml:{message}"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('index="2" name="Disk" type="discrete"', 'index="2" name="Disk" type="integer"',
         f"9: found the issue 'Disk' of type 'integer'; {DISCRETE}"),
        ('index="2" name="Disk" type="discrete"', 'index="2" name="Disk" vtype="real"',
         f"9: found the issue 'Disk' of type 'real'; {DISCRETE}"),
        ('<issue index="2"', '<issue index="1"',
         "9: found the index '1' a second time; expected it once"),
        ('name="Disk"', 'name="Make of laptop"',
         "9: found the issue 'Make of laptop' a second time; expected it once"),
        ('value="120"', 'value="60"',
         "11: found in the issue 'Disk' the item '60' a second time; expected it once"),
        (re.compile("<issue.*</issue>", re.DOTALL), "",
         "4: found no issue; expected at least one"),
        (re.compile("<item.*?<issue", re.DOTALL), "</issue><issue",
         "5: found the issue 'Make of laptop' without items; expected at least one"),
    ],
)  # fmt: skip
def test_broken_domains_are_refused_with_their_line(old, new: str, message: str) -> None:
    pattern = old if isinstance(old, re.Pattern) else re.escape(old)
    broken = re.sub(pattern, new, DOMAIN, count=1)

    assert refusal(BUYER, SELLER, broken) == f"laptop_domain.xml:{message}"


@pytest.mark.parametrize("evaluations", [("-1", "-2"), ("0", "-2")])
def test_evaluations_without_one_above_zero_cannot_be_divided_by_the_greatest(evaluations) -> None:
    cheap, fast = evaluations
    buyer = BUYER.replace('"12"', f'"{cheap}"').replace('"30"', f'"{fast}"')

    assert refusal(buyer) == (
        f"laptop_buyer.xml: the greatest evaluation of the issue 'Make of laptop' is {cheap}; "
        "expected one above 0 to divide by (raw scaling reads it)"
    )
    assert (
        read(buyer, scaling="raw").scenario.parties["P1"].points["Make_of_laptop"]["fast"] == -120
    )


def test_one_profile_makes_no_negotiation() -> None:
    with pytest.raises(UserError, match=r"^laptop_domain.xml: found 1 profiles; expected at least"):
        read_genius(DOMAIN, [BUYER], NAMES[:2])


def test_an_item_longer_than_an_option_can_be_is_refused() -> None:
    message = refusal(BUYER, SELLER, DOMAIN.replace("18:00", "x" * 201))

    assert message.startswith("laptop_domain.xml:12: found the item 'xxx")
    assert message.endswith("; expected at most 200 characters")


def test_what_no_scenario_can_hold_is_refused() -> None:
    message = refusal(BUYER.replace('"0.6"', '"1e8"'))

    assert message == (
        "laptop_domain.xml: makes no scenario: parties.P1.points.Make_of_laptop.cheap: "
        "expected at most 1000000000"
    )


@given(st.data())
def test_any_damage_is_read_or_refused_in_one_line(data: st.DataObject) -> None:
    text = random_domain(data.draw(st.integers(0, 50)))
    files = [text.domain(), *text.profiles()]
    position = data.draw(st.integers(0, len(files) - 1))
    damaged = files[position]
    start = data.draw(st.integers(0, len(damaged)))
    length = data.draw(st.integers(0, 30))
    files[position] = (
        damaged[:start]
        + data.draw(st.sampled_from(["", "0", '"', "<", "/>", "&", "\0", "9" * 40, "-"]))
        + damaged[start + length :]
    )

    try:
        found = read_genius(files[0], files[1:], text.names)
    except UserError as error:
        assert str(error).isprintable()  # noqa: PT017
        assert str(error).startswith(("domain.xml", "profile"))  # noqa: PT017
    else:
        assert all(warning.isprintable() for warning in found.warnings)


def test_the_scaling_decides_which_outcome_is_nashs():
    # The first party's evaluations reach 10 on one issue and 1 on the other; raw, only one counts.
    text = GeniusDomainText(
        issues={"a": ["x", "y"], "b": ["p", "q"]},
        evaluations=[
            {"a": {"x": "10", "y": "4"}, "b": {"p": "1", "q": "0"}},
            {"a": {"x": "2", "y": "10"}, "b": {"p": "0", "q": "10"}},
        ],
        weights=[{"a": "0.5", "b": "0.5"}] * 2,
        reservations=["0", "0"],
    )
    scalings: tuple[Scaling, ...] = ("issue-max", "raw")

    nash: dict[str, list[object]] = {}
    for scaling in scalings:
        read = read_genius(text.domain(), text.profiles(), text.names, scaling=scaling).scenario
        (only,) = bargain(read).solutions["nash"]
        nash[scaling] = list(read.space.outcome(int(only)).values())

    # Products of gains at (x, p), (x, q), (y, p), (y, q):
    # issue-max 1·.1, .5·.6, .7·.5, .2·1; raw 5.5·1, 5·6, 2.5·5, 2·10.
    assert nash == {"issue-max": ["y", "p"], "raw": ["x", "q"]}
