"""What may be asked of coverage and gaps."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings

from layers.analysis.city_defaults import detour_of, walk_kmh_of
from layers.analysis.parameters import ENGINES, STRAIGHT_LINE, CoverageParameters
from layers.errors import InvalidParameter
from layers.measures.walking import DETOUR, SLOW_KMH, WALK_KMH
from layers.models.district import DistrictLevel
from layers.models.run import TermKind
from layers.params.kinds import Choice, Code, Flag, Number, Whole
from layers.params.languages import LANG
from layers.params.moments import WeekTime
from layers.params.reading import Parameter, Parameters
from layers.published.districts import GEOMETRIES
from layers.published.vocabulary import check_codes
from layers.selectors.eligibility import GENDERS, Eligibility

FORMATS = {
    "json": "application/json",
    "geojson": "application/geo+json",
    "csv": "text/csv",
}
"""`f` -> media type."""

MOST_DRAWN = 10
"""Categories or committees of one answer with boundaries: each repeats every boundary."""

ELIGIBILITY = (
    Parameter(
        "language",
        Code(),
        "Only services where one of these languages is spoken by staff or an interpreter.",
        many=True,
    ),
    Parameter("gender", Choice(GENDERS), "Only services that admit them."),
    Parameter(
        "age", Number(0, 120), "Only services that admit somebody of so many years."
    ),
    Parameter(
        "step_free", Flag(), "Only places whose way in has no step.", default=False
    ),
    Parameter(
        "no_referral", Flag(), "Only services without a referral.", default=False
    ),
    Parameter("at", WeekTime(), "Only places open then in an ordinary week."),
    Parameter(
        "verified_within_months", Whole(1, 120), "Only services verified since then."
    ),
)
"""What people need of a service. Where that is not known of one, it does not count, and
the interval says what would be if it did."""

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
        Choice(ENGINES),
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
    *ELIGIBILITY,
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
        eligibility=eligibility_of(values),
    )
    return CoverageQuestion(parameters, terms)


def eligibility_of(values: dict[str, Any]) -> Eligibility:
    """Return what the values of `ELIGIBILITY` ask.

    Raises
    ------
    InvalidParameter
        A language that is none.
    """
    return Eligibility(
        languages=values["language"],
        gender=values["gender"],
        age=values["age"],
        step_free=values["step_free"],
        no_referral=values["no_referral"],
        at=values["at"],
        verified_months=values["verified_within_months"],
    )


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
