"""Genius domains written as XML for tests, without the code under test."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from random import Random
from xml.sax.saxutils import quoteattr

from hypothesis import strategies as st

from games.scenario_files.strict_yaml import ACTED_ON

ODD_ITEMS = ["18:00", "yes", "10", "3.5", "60 Gb", "19'' LCD", 'a "b"', "<none>", "R&D",
             "größer", "钴", "010", "null", " padded ", "a, b", "{x}", "#1", "-", "1e5",
             "no: never"]  # fmt: skip
ODD_ISSUES = ["External Monitor", "1st issue", "Größe", "price (USD)", "yes", "R&D <1>",
              "a-b_c", "!", "External monitor", "price [USD]", "钴",
              "\"both\" 'quotes'", "x" * 60]  # fmt: skip


@dataclass(frozen=True)
class GeniusDomainText:
    """A domain with its profiles, as numbers and as XML."""

    issues: dict[str, list[str]]
    evaluations: list[dict[str, dict[str, str]]]
    weights: list[dict[str, str]]
    reservations: list[str | None]

    @property
    def names(self) -> list[str]:
        """Names of the files, the domain's first."""
        return ["domain.xml", *(f"profile{k}.xml" for k in range(1, len(self.weights) + 1))]

    def outcomes(self) -> list[dict[str, str]]:
        """Return every outcome, the last issue varying fastest."""
        return [
            dict(zip(self.issues, chosen, strict=True)) for chosen in product(*self.issues.values())
        ]

    def domain(self) -> str:
        """Return the domain's XML."""
        issues = "".join(
            f'<issue index="{index}" name={quoteattr(name)} etype="discrete" type="discrete" '
            f'vtype="discrete">{"".join(_item(k, item) for k, item in enumerate(items, 1))}</issue>'
            for index, (name, items) in enumerate(self.issues.items(), 1)
        )
        return (
            '<?xml version="1.0"?>\n<negotiation_template><utility_space number_of_issues="'
            f'{len(self.issues)}"><objective index="0" etype="objective" type="objective" '
            f'description="" name="Some domain">{issues}</objective></utility_space>'
            "</negotiation_template>"
        )

    def profile(self, party: int) -> str:
        """Return a party's XML."""
        issues = "".join(
            f'<issue index="{index}" etype="discrete" name={quoteattr(name)} type="discrete">'
            + "".join(
                _item(k, item, self.evaluations[party][name][item])
                for k, item in enumerate(items, 1)
            )
            + "</issue>\n"
            for index, (name, items) in enumerate(self.issues.items(), 1)
        )
        weights = "".join(
            f'<weight index="{index}" value="{self.weights[party][name]}"> </weight>\n'
            for index, name in enumerate(self.issues, 1)
        )
        reservation = self.reservations[party]
        kept = "" if reservation is None else f'<reservation value="{reservation}" />'
        return (
            f'<utility_space>{kept}<objective index="0" etype="objective" type="objective" '
            f'description="" name="Some domain">{issues}{weights}</objective>'
            '<discount_factor value="1.0" /></utility_space>'
        )

    def profiles(self) -> list[str]:
        """Return every party's XML."""
        return [self.profile(party) for party in range(len(self.weights))]


def _item(index: int, value: str, evaluation: str | None = None) -> str:
    more = "" if evaluation is None else f' evaluation="{evaluation}"'
    return f'<item index="{index}" value={quoteattr(value)} cost="0"{more}></item>'


def random_domain(seed: int) -> GeniusDomainText:
    """Return a random domain with traps: sums of weights, reach, names that are numbers or odd."""
    rng = Random(f"genius/{seed}")
    names = rng.sample(ODD_ISSUES, rng.randint(1, 4))
    issues = {name: _random_items(rng) for name in names}
    parties = rng.randint(2, 5)
    return GeniusDomainText(
        issues=issues,
        evaluations=[
            {name: _random_evaluations(rng, items) for name, items in issues.items()}
            for _ in range(parties)
        ],
        weights=[_random_weights(rng, names) for _ in range(parties)],
        reservations=[
            rng.choice([None, "0", "0.5", f"{rng.random()}", "1.2", "40", "-0.25", "9e-1"])
            for _ in range(parties)
        ],
    )


def _random_items(rng: Random) -> list[str]:
    if rng.random() < 0.3:
        return [str(number) for number in rng.sample(range(-5, 40), rng.randint(1, 5))]
    return rng.sample(ODD_ITEMS, rng.randint(1, 5))


def _random_evaluations(rng: Random, items: Sequence[str]) -> dict[str, str]:
    """Return evaluations of which at least one is above 0."""
    kind = rng.randrange(4)
    values = {
        item: (
            str(rng.randint(0, 30)),
            repr(rng.random()),
            repr(rng.uniform(-3, 100)),
            f"{rng.random():.2E}",
        )[kind]
        for item in items
    }
    values[rng.choice(items)] = ("7", "1.0", "0.3333333333333333", "1E1")[kind]
    return values


def _random_weights(rng: Random, names: Sequence[str]) -> dict[str, str]:
    raw = [rng.random() for _ in names]
    total = sum(raw) * rng.choice([1, 1, 1.0001, 1 / 1.1, 0.2])
    return {name: repr(weight / total) for name, weight in zip(names, raw, strict=True)}


PLAIN = st.characters(min_codepoint=32, max_codepoint=0xD7FF).filter(
    lambda character: not ACTED_ON.search(character)
)
"""Characters that no terminal acts on."""
