"""What is known of each delegation at the ministerial: the figures that the formulas start from.

Shares of supply are those of the USGS edition of 2025 (output of 2024) or of the IEA's of 2025
where `known` is "estimate"; minerals that were not looked up there (bauxite, niobium, fluorspar,
phosphate and the like) are put on the same scale by judgement. All other figures are judgements,
but for what a delegation had signed and where it belongs, which is fact.
"""

from typing import Literal, NamedTuple

Role = Literal["supplier", "processor", "mixed", "consumer", "financier", "host"]


class Figures(NamedTuple):
    """One delegation."""

    name: str
    role: Role
    supply: float
    """Largest share of one mineral's world output, in %."""
    known: Literal["estimate", "judgement"]
    use: float
    """Share of these delegations' use of the minerals, in %."""
    reliance: float
    """Share of its own use that is imported."""
    china: float
    """How good its Chinese alternative is, and how much it would lose with it, from 0 to 1."""
    floor: float
    """What it thinks of price floors, from −1 to 1."""
    sensitivity: float
    """How much the quarrel over Greenland matters to its public, from 0 to 1, by the rule."""
    patience: float
    """What a year's gain is worth a year earlier."""
    groups: str = ""
    """P: Minerals Security Partnership; X: Pax Silica; F: its forum; E: European Union; T: named in
    the tariff threat of 17 January; C: Canada, whose public minds as those of the Union do; N: an
    ally whose public minds a little."""
    instrument: Literal["", "earlier", "that day"] = ""
    """A bilateral instrument with the host."""


DELEGATIONS: dict[str, Figures] = {
    "USA": Figures("United States", "host", 11.5, "estimate", 25, 0.75, 0.2, 0.8, 0.0, 0.93, "PX"),
    "AGO": Figures("Angola", "supplier", 0.5, "judgement", 0.1, 0.1, 0.6, 0.3, 0.1, 0.88),
    "ARG": Figures(
        "Argentina", "supplier", 7.5, "estimate", 0.4, 0.1, 0.5, 0.4, 0.1, 0.87, "F", "that day"
    ),
    "ARM": Figures("Armenia", "supplier", 1, "judgement", 0.1, 0.1, 0.3, 0.2, 0.1, 0.87),
    "AUS": Figures(
        "Australia", "supplier", 36.7, "estimate", 1, 0.1, 0.4, 0.9, 0.2, 0.95, "PXN", "earlier"
    ),
    "BHR": Figures("Bahrain", "processor", 2, "judgement", 0.3, 0.5, 0.5, 0.1, 0.1, 0.93),
    "BEL": Figures("Belgium", "processor", 0.9, "estimate", 1, 0.8, 0.3, 0.3, 0.5, 0.95, "E"),
    "BOL": Figures("Bolivia", "supplier", 3.7, "estimate", 0.1, 0.1, 0.6, 0.4, 0.1, 0.84),
    "BRA": Figures("Brazil", "mixed", 10, "judgement", 2, 0.2, 0.6, 0.3, 0.1, 0.9),
    "CAN": Figures("Canada", "mixed", 5.1, "estimate", 2, 0.2, 0.2, 0.7, 0.5, 0.95, "PC"),
    "COK": Figures(
        "Cook Islands", "supplier", 0, "judgement", 0.1, 0.1, 0.5, 0.2, 0.1, 0.88, "", "that day"
    ),
    "CZE": Figures(
        "Czech Republic", "consumer", 0, "judgement", 0.5, 0.9, 0.2, 0.1, 0.5, 0.94, "E"
    ),
    "COD": Figures(
        "DR Congo", "supplier", 75.9, "estimate", 0.1, 0.1, 0.8, 0.7, 0.1, 0.82, "F", "earlier"
    ),
    "DOM": Figures(
        "Dominican Republic", "supplier", 0.5, "judgement", 0.1, 0.1, 0.2, 0.2, 0.1, 0.88, "F"
    ),
    "ECU": Figures(
        "Ecuador", "supplier", 1, "judgement", 0.1, 0.1, 0.5, 0.2, 0.1, 0.86, "F", "that day"
    ),
    "EST": Figures("Estonia", "processor", 1, "judgement", 0.1, 0.7, 0.2, 0.5, 0.5, 0.94, "PE"),
    "FIN": Figures("Finland", "processor", 8, "estimate", 0.5, 0.5, 0.2, 0.4, 0.8, 0.95, "PET"),
    "FRA": Figures("France", "mixed", 1.9, "estimate", 1.5, 0.85, 0.2, 0.4, 0.8, 0.95, "PET"),
    "DEU": Figures("Germany", "consumer", 2.3, "estimate", 2, 0.9, 0.3, -0.2, 0.8, 0.95, "PET"),
    "GRC": Figures("Greece", "processor", 1, "judgement", 0.2, 0.5, 0.2, 0.5, 0.5, 0.92, "E"),
    "GIN": Figures(
        "Guinea", "supplier", 10, "judgement", 0.1, 0.1, 0.9, 0.2, 0.1, 0.84, "", "that day"
    ),
    "IND": Figures("India", "mixed", 4, "estimate", 7, 0.7, 0.2, -0.1, 0.1, 0.91, "P"),
    "ISR": Figures("Israel", "mixed", 2, "judgement", 0.5, 0.8, 0.2, 0.1, 0.1, 0.93, "X"),
    "ITA": Figures("Italy", "consumer", 0, "judgement", 1.5, 0.9, 0.3, 0.1, 0.5, 0.94, "PE"),
    "JPN": Figures(
        "Japan", "consumer", 5.9, "estimate", 12, 0.95, 0.3, 0.3, 0.2, 0.97, "PXN", "earlier"
    ),
    "JOR": Figures("Jordan", "supplier", 2, "judgement", 0.1, 0.1, 0.3, 0.1, 0.1, 0.88),
    "KAZ": Figures(
        "Kazakhstan", "supplier", 5, "judgement", 0.4, 0.1, 0.7, 0.3, 0.1, 0.9, "F", "earlier"
    ),
    "KEN": Figures("Kenya", "supplier", 0.5, "judgement", 0.1, 0.1, 0.5, 0.2, 0.1, 0.87),
    "LTU": Figures("Lithuania", "consumer", 0, "judgement", 0.1, 0.9, 0.1, 0.2, 0.5, 0.94, "E"),
    "MYS": Figures(
        "Malaysia", "processor", 4.5, "estimate", 1, 0.4, 0.7, 0.3, 0.1, 0.91, "", "earlier"
    ),
    "MEX": Figures(
        "Mexico", "supplier", 5, "judgement", 2, 0.3, 0.3, 0.5, 0.1, 0.9, "F", "that day"
    ),
    "MNG": Figures("Mongolia", "supplier", 5, "judgement", 0.1, 0.1, 0.9, 0.2, 0.1, 0.88),
    "MAR": Figures(
        "Morocco", "mixed", 5, "judgement", 0.5, 0.2, 0.6, 0.2, 0.1, 0.9, "", "that day"
    ),
    "NZL": Figures("New Zealand", "supplier", 0.5, "judgement", 0.2, 0.2, 0.3, 0.1, 0.2, 0.95, "N"),
    "NOR": Figures("Norway", "processor", 3, "judgement", 0.5, 0.3, 0.2, 0.3, 0.8, 0.97, "PT"),
    "OMN": Figures("Oman", "processor", 1, "judgement", 0.2, 0.4, 0.5, 0.2, 0.1, 0.92),
    "PAK": Figures("Pakistan", "supplier", 1, "judgement", 0.3, 0.1, 0.9, 0.2, 0.1, 0.83),
    "PRY": Figures(
        "Paraguay", "supplier", 0, "judgement", 0.1, 0.1, 0.1, 0.1, 0.1, 0.88, "", "that day"
    ),
    "PER": Figures(
        "Peru", "supplier", 11.3, "estimate", 0.2, 0.1, 0.8, 0.2, 0.1, 0.88, "F", "that day"
    ),
    "PHL": Figures(
        "Philippines", "supplier", 8.9, "estimate", 0.4, 0.1, 0.7, 0.3, 0.1, 0.88, "F", "that day"
    ),
    "POL": Figures("Poland", "mixed", 2.2, "estimate", 1, 0.5, 0.2, 0.2, 0.5, 0.93, "E"),
    "QAT": Figures("Qatar", "financier", 1, "judgement", 0.2, 0.3, 0.5, 0.0, 0.1, 0.95),
    "KOR": Figures(
        "Republic of Korea", "consumer", 16.7, "estimate", 9, 0.95, 0.5, 0.0, 0.2, 0.96, "PXN"
    ),
    "ROU": Figures("Romania", "mixed", 0, "judgement", 0.5, 0.6, 0.2, 0.2, 0.5, 0.91, "E"),
    "SAU": Figures("Saudi Arabia", "financier", 2, "judgement", 0.5, 0.3, 0.6, 0.1, 0.1, 0.94),
    "SLE": Figures("Sierra Leone", "supplier", 1.5, "judgement", 0.1, 0.1, 0.6, 0.1, 0.1, 0.83),
    "SGP": Figures("Singapore", "financier", 0, "judgement", 1, 0.9, 0.4, -0.3, 0.1, 0.97, "X"),
    "SWE": Figures("Sweden", "mixed", 2, "judgement", 0.5, 0.5, 0.1, 0.3, 0.8, 0.96, "PET"),
    "THA": Figures(
        "Thailand", "processor", 3.3, "estimate", 1.5, 0.6, 0.7, 0.0, 0.1, 0.9, "", "earlier"
    ),
    "UKR": Figures("Ukraine", "supplier", 2, "judgement", 0.1, 0.1, 0.0, 0.2, 0.1, 0.8, "F"),
    "NLD": Figures("Netherlands", "consumer", 0, "judgement", 1, 0.9, 0.3, -0.1, 0.8, 0.96, "XET"),
    "ARE": Figures(
        "United Arab Emirates",
        "financier",
        2,
        "judgement",
        1,
        0.4,
        0.6,
        0.1,
        0.1,
        0.94,
        "X",
        "that day",
    ),
    "GBR": Figures(
        "United Kingdom",
        "consumer",
        0.5,
        "judgement",
        3,
        0.9,
        0.2,
        0.2,
        0.8,
        0.95,
        "PXT",
        "that day",
    ),
    "UZB": Figures(
        "Uzbekistan", "supplier", 3, "judgement", 0.2, 0.1, 0.6, 0.2, 0.1, 0.88, "F", "that day"
    ),
    "ZMB": Figures("Zambia", "supplier", 3, "estimate", 0.1, 0.1, 0.8, 0.3, 0.1, 0.85, "F"),
    "EUE": Figures(
        "European Commission", "consumer", 0, "judgement", 22, 0.9, 0.3, 0.2, 0.8, 0.96, "P"
    ),
}

EMPHASES: dict[str, tuple[str, str]] = {
    "AGO": ("fund", "processing"),
    "ARG": ("processing", "floor"),
    "ARM": ("form", "fund"),
    "AUS": ("floor", "processing"),
    "BHR": ("processing", "fund"),
    "BEL": ("processing", "response"),
    "BOL": ("processing", "fund"),
    "BRA": ("processing", "form"),
    "CAN": ("floor", "greenland"),
    "COK": ("fund", "form"),
    "CZE": ("response", "transparency"),
    "COD": ("floor", "fund"),
    "DOM": ("fund", "response"),
    "ECU": ("fund", "transparency"),
    "EST": ("floor", "form"),
    "FIN": ("processing", "greenland"),
    "FRA": ("greenland", "transparency"),
    "DEU": ("floor", "response"),
    "GRC": ("floor", "fund"),
    "GIN": ("processing", "fund"),
    "IND": ("fund", "floor"),
    "ISR": ("response", "transparency"),
    "ITA": ("fund", "response"),
    "JPN": ("response", "form"),
    "JOR": ("fund", "transparency"),
    "KAZ": ("processing", "form"),
    "KEN": ("processing", "transparency"),
    "LTU": ("form", "response"),
    "MYS": ("processing", "transparency"),
    "MEX": ("floor", "transparency"),
    "MNG": ("form", "fund"),
    "MAR": ("transparency", "processing"),
    "NZL": ("form", "transparency"),
    "NOR": ("processing", "greenland"),
    "OMN": ("floor", "processing"),
    "PAK": ("fund", "floor"),
    "PRY": ("fund", "processing"),
    "PER": ("processing", "transparency"),
    "PHL": ("processing", "greenland"),
    "POL": ("transparency", "processing"),
    "QAT": ("fund", "floor"),
    "KOR": ("response", "form"),
    "ROU": ("fund", "greenland"),
    "SAU": ("processing", "fund"),
    "SLE": ("fund", "processing"),
    "SGP": ("floor", "transparency"),
    "SWE": ("greenland", "floor"),
    "THA": ("processing", "response"),
    "UKR": ("fund", "greenland"),
    "NLD": ("response", "greenland"),
    "ARE": ("transparency", "fund"),
    "GBR": ("transparency", "floor"),
    "UZB": ("form", "processing"),
    "ZMB": ("fund", "form"),
    "EUE": ("transparency", "greenland"),
    "USA": ("floor", "form"),
}
"""The two issues that each delegation's stated interests and red lines are about, by judgement."""


def sensitivity_by_rule(party: str) -> float:
    """Return how much the quarrel matters to a delegation, by what it is.

    .8 for those named in the tariff threat and the Commission, .5 for the other members of the
    Union and Canada, .2 for four allies farther away, 0 for the host, .1 for all others.
    """
    groups = DELEGATIONS[party].groups
    if party == "USA":
        return 0.0
    if "T" in groups or party == "EUE":
        return 0.8
    if "E" in groups or "C" in groups:
        return 0.5
    return 0.2 if "N" in groups else 0.1


PRIORITIES: dict[str, tuple[float, ...]] = {
    "USA": (1, 1, 1, 1, 1, 1, 1),
    "AGO": (0.6, 5, 0.8, 1.25, 1, 0.6, 0.4),
    "ARG": (1, 0.4, 0.8, 1, 1, 5, 1),
    "ARM": (4, 0.8, 0.8, 0.6, 1, 1, 5),
    "AUS": (1, 1, 2, 1, 1, 0.8, 1),
    "BHR": (0.6, 1.5, 1, 1, 0.8, 1, 3),
    "BEL": (1, 1, 1.25, 1, 1.25, 1, 0.25),
    "BOL": (1, 1.25, 1.25, 0.4, 0.3, 3, 1.25),
    "BRA": (2, 0.6, 2, 1, 1, 0.8, 1),
    "CAN": (1, 1, 0.8, 1, 2.5, 1.25, 1),
    "COK": (2, 0.8, 0.2, 5, 0.2, 0.3, 0.3),
    "CZE": (0.6, 2.5, 2, 2, 0.8, 0.8, 0.6),
    "COD": (1, 0.8, 1, 1, 1, 1.25, 1),
    "DOM": (1, 0.8, 0.6, 3, 5, 0.8, 5),
    "ECU": (0.3, 0.8, 0.4, 2.5, 0.25, 0.3, 5),
    "EST": (2.5, 1, 0.6, 1, 1, 1.5, 0.8),
    "FIN": (0.8, 0.6, 2, 1, 0.5, 4, 0.6),
    "FRA": (1, 2, 3, 0.8, 0.4, 1, 0.6),
    "DEU": (1, 0.8, 1, 1, 1, 2.5, 0.6),
    "GRC": (0.6, 2.5, 2.5, 1, 1, 0.8, 0.6),
    "GIN": (1, 0.8, 5, 1.5, 1, 0.6, 1),
    "IND": (1, 0.8, 2, 1, 1, 1, 1),
    "ISR": (2, 1, 0.8, 0.8, 1, 1, 1),
    "ITA": (1, 2, 1, 0.5, 1, 1, 0.8),
    "JPN": (0.8, 1.5, 1, 1, 2, 1, 1),
    "JOR": (0.8, 0.8, 0.3, 5, 2.5, 1, 0.6),
    "KAZ": (1, 0.3, 1.25, 0.5, 5, 0.6, 3),
    "KEN": (0.4, 0.4, 1, 5, 1, 0.6, 1),
    "LTU": (3, 1, 1, 0.6, 0.8, 0.5, 2),
    "MYS": (0.6, 0.4, 1, 3, 0.6, 1, 3),
    "MEX": (0.8, 0.8, 1, 2.5, 1.25, 0.8, 1),
    "MNG": (1, 0.8, 0.2, 5, 5, 1, 0.5),
    "MAR": (1, 0.8, 0.8, 1, 4, 1, 1),
    "NZL": (1, 0.8, 1, 1, 1.5, 1, 2),
    "NOR": (1, 1.5, 0.8, 1, 4, 1, 0.8),
    "OMN": (1, 0.8, 0.8, 0.6, 3, 2, 0.8),
    "PAK": (0.6, 0.8, 0.5, 2.5, 1, 5, 0.2),
    "PRY": (4, 1, 2.5, 5, 1, 1, 0.4),
    "PER": (0.5, 0.5, 0.8, 3, 1, 0.6, 5),
    "PHL": (0.5, 0.5, 1, 0.6, 0.8, 5, 5),
    "POL": (1, 0.6, 1.5, 2, 0.8, 0.6, 1),
    "QAT": (0.8, 0.8, 0.8, 1, 2, 1, 5),
    "KOR": (3, 1.5, 1, 1, 0.8, 2.5, 0.8),
    "ROU": (0.8, 1.25, 1, 0.8, 0.25, 1, 1.5),
    "SAU": (0.8, 2.5, 1.5, 1, 0.6, 0.8, 0.8),
    "SLE": (0.2, 0.8, 1.5, 4, 5, 0.3, 0.3),
    "SGP": (1, 1, 0.8, 2.5, 0.6, 1.5, 1),
    "SWE": (1, 1, 1, 4, 1, 3, 0.8),
    "THA": (0.8, 0.5, 2.5, 1, 3, 0.6, 1),
    "UKR": (5, 0.8, 0.2, 1, 1, 1, 5),
    "NLD": (0.8, 0.6, 0.8, 0.6, 2.5, 0.8, 2.5),
    "ARE": (0.6, 0.8, 1, 2.5, 3, 1, 1),
    "GBR": (4, 2, 1, 2.5, 0.6, 0.8, 0.2),
    "UZB": (3, 0.3, 0.8, 0.4, 2.5, 5, 1),
    "ZMB": (1.5, 0.8, 0.5, 0.25, 2, 0.5, 5),
    "EUE": (0.6, 1.5, 5, 0.6, 0.2, 1, 0.8),
}
"""How much more or less each issue weighs with a delegation than its figures alone would have it,
in the order form, fund, processing, transparency, response, floor, greenland; by judgement. Every
capital has its own agenda, and who has said to care for an issue is not taken to care much less. So
chosen that no two delegations want the same (no correlation above .70), and otherwise as near to 1
as could be found."""
