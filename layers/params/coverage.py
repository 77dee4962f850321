"""What may be asked of coverage and gaps."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings

from layers.analysis.parameters import CoverageParameters
from layers.errors import InvalidParameter
from layers.measures.walking import DETOUR, WALK_KMH
from layers.models.district import DistrictLevel
from layers.models.run import TermKind
from layers.params.kinds import Choice, Code, Number
from layers.params.languages import LANG
from layers.params.reading import Parameter, Parameters
from layers.published.districts import GEOMETRIES
from layers.published.vocabulary import check_codes

FORMATS = {
    "json": "application/json",
    "geojson": "application/geo+json",
    "csv": "text/csv",
}
"""`f` -> media type."""

MOST_DRAWN = 10
"""Categories or committees of one answer with boundaries: each repeats every boundary."""

COVERAGE = Parameters(
    Parameter(
        "municipality",
        Code(),
        "Slug of the municipality; without it the one this deployment is for.",
    ),
    Parameter(
        "level",
        Choice(DistrictLevel.values),
        "District level in which people are summed.",
        default=DistrictLevel.NEIGHBOURHOOD.value,
    ),
    Parameter(
        "by",
        Choice(TermKind.values),
        "What the rows speak of; without it committees where `committee` is given, else "
        "categories.",
    ),
    Parameter("category", Code(), "Only these categories.", many=True),
    Parameter("committee", Code(), "Only these committees.", many=True),
    Parameter(
        "group",
        Code(),
        "Population group: its people, and services for it or for everybody.",
    ),
    Parameter(
        "threshold_min",
        Number(1, 120),
        "The longest walk in minutes that counts as reached; exactly so long counts.",
        default=15.0,
    ),
    Parameter("walk_kmh", Number(1, 10), "Walking speed.", default=WALK_KMH),
    Parameter(
        "detour",
        Number(1, 3),
        "Walking metres for a metre of straight line.",
        default=DETOUR,
    ),
    Parameter(
        "f",
        Choice(tuple(FORMATS)),
        "Format; before the Accept header. `json` and `csv` are tables, `geojson` draws "
        "each row.",
    ),
    Parameter(
        "geometry",
        Choice(GEOMETRIES),
        f"What GeoJSON draws; with boundaries at most {MOST_DRAWN} categories or "
        "committees at a time.",
        default="boundary",
    ),
    LANG,
)


@dataclass(frozen=True, slots=True)
class CoverageQuestion:
    """A question of coverage: the run that answers it, and the terms to show of it.

    A run holds all terms, so that readers of different terms share one.
    """

    parameters: CoverageParameters
    terms: tuple[str, ...]


def coverage_question(values: dict[str, Any]) -> CoverageQuestion:
    """Return what a request's values ask.

    Raises
    ------
    InvalidParameter
        A code that does not exist; `category` beside `committee`, or beside a `by` that
        does not fit.
    """
    municipality = values["municipality"] or settings.DEFAULT_MUNICIPALITY
    group = values["group"]
    by, terms = _terms(values)
    check_codes(
        {
            "municipality": (municipality,),
            "group": (group,) if group else (),
            by: terms,
        }
    )
    parameters = CoverageParameters(
        municipality=municipality,
        level=values["level"],
        by=by,
        group=group,
        threshold_min=values["threshold_min"],
        walk_kmh=values["walk_kmh"],
        detour=values["detour"],
    )
    return CoverageQuestion(parameters, terms)


def _terms(values: dict[str, Any]) -> tuple[str, tuple[str, ...]]:
    given = [kind for kind in TermKind.values if values[kind]]
    if len(given) > 1:
        raise InvalidParameter(
            given[1], values[given[1]], f"either {given[0]} or {given[1]}"
        )
    by: str = values["by"] or (given[0] if given else TermKind.CATEGORY.value)
    if given and given[0] != by:
        raise InvalidParameter("by", by, f"{given[0]}, as {given[0]} is given")
    return by, values[by]
