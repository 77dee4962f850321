"""What may be asked of coverage and gaps."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings

from layers.analysis.city_defaults import detour_of, walk_kmh_of
from layers.analysis.parameters import STRAIGHT_LINE, CoverageParameters
from layers.analysis.travel_cost import engine_codes
from layers.errors import InvalidParameter
from layers.measures.walking import DETOUR, SLOW_KMH, WALK_KMH
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
    Parameter(
        "engine",
        Choice(tuple(engine_codes())),
        "How walks are found: `straight_line` times a detour, or along the streets, "
        "where those of the municipality are loaded.",
        default=STRAIGHT_LINE,
    ),
    Parameter(
        "walk_kmh",
        Number(1, 10),
        f"Walking speed; without it that of the group: {SLOW_KMH} for older people, "
        f"people with disabilities and small children, else {WALK_KMH}.",
    ),
    Parameter(
        "detour",
        Number(1, 3),
        "Walking metres for a metre of straight line; without it what was measured in "
        f"the municipality, else {DETOUR}. Only for `straight_line`.",
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
        walk_kmh=walk_kmh_of(group, values["walk_kmh"]),
        detour=detour_of(municipality, values["engine"], values["detour"]),
        engine=values["engine"],
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
