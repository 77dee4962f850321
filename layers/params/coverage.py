"""What may be asked of coverage and gaps."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings

from layers.analysis.city_defaults import detour_of, walk_kmh_of
from layers.analysis.parameters import (
    ACCESS_MEASURES,
    ENGINES,
    STEPPED,
    STRAIGHT_LINE,
    THRESHOLDS,
    CoverageParameters,
)
from layers.errors import InvalidParameter
from layers.measures.walking import DETOUR, SLOW_KMH, WALK_KMH
from layers.measures.week_slots import PARTS
from layers.models.district import DistrictLevel
from layers.models.run import TermKind
from layers.params.decays import DecayText
from layers.params.kinds import Choice, Code, Flag, Number, Uuid, Whole
from layers.params.languages import LANG
from layers.params.moments import WeekTime
from layers.params.reading import Parameter, Parameters
from layers.params.spans import Day
from layers.published.districts import GEOMETRIES
from layers.published.vocabulary import check_codes
from layers.selectors.eligibility import GENDERS, LANGUAGE_MODES, Eligibility

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
    Parameter(
        "language_mode",
        Choice(LANGUAGE_MODES),
        "Who speaks the language; without it staff or an interpreter.",
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
        "open_slots",
        Choice(tuple(PARTS)),
        "Only places open at some time in these parts of the week: 8-12, 12-17 and "
        "17-21 o'clock, and 21-8 of every day. `open_share` then speaks of them.",
        many=True,
    ),
    Parameter(
        "min_open_share",
        Number(0.001, 1),
        "Only places open in at least this share of the hours of `open_slots`, of all "
        "168 of the week without them.",
    ),
    Parameter(
        "verified_within_months", Whole(1, 120), "Only services verified since then."
    ),
)
"""What people need of a service. Where that is not known of one, it does not count, and
the interval says what would be if it did."""

SUPPLY_AND_DEMAND = (
    Parameter(
        "threshold",
        Choice(THRESHOLDS),
        "`standard`: the longest walk of the committee's standard of each category, "
        "where it set one; else `threshold_min`.",
        default=THRESHOLDS[0],
    ),
    Parameter(
        "access",
        Choice(ACCESS_MEASURES),
        f"Measure behind `access_per_1000`; with `group` {ACCESS_MEASURES[0]}.",
        default=ACCESS_MEASURES[0],
    ),
    Parameter(
        "decay",
        DecayText(),
        "How much less a farther place counts, by minutes on foot; `stepped` alone is 1, "
        "0.68 and 0.22 in the thirds of the threshold. Not with `group`.",
        default=STEPPED,
    ),
    Parameter(
        "places_per_1000",
        Number(0.001, 1000),
        "Places per 1,000 residents in place of the committee's standard. Not with "
        "`group`.",
    ),
)
"""What is asked of places beside the way to them; scenarios and siting do not ask it."""

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
    *SUPPLY_AND_DEMAND,
    Parameter(
        "as_of",
        Day(),
        "The answer that was shown at the end of this day, of the questions that are "
        "answered every night; days long ago are answered by the first run of their month.",
    ),
    Parameter(
        "run",
        Uuid(),
        "The rows of this stored run; what it was asked is its own, so nothing but "
        "`category`, `committee` and the format goes with it.",
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

    A run holds all terms, so that readers of different terms share one. `as_of` and `run`
    say that a stored one is meant; at most one of them is given.
    """

    parameters: CoverageParameters
    terms: tuple[str, ...]
    as_of: date | None = None
    run: UUID | None = None


def coverage_question(values: dict[str, Any]) -> CoverageQuestion:
    """Return what a request's values ask.

    Raises
    ------
    InvalidParameter
        A code that does not exist; `category` beside `committee`, or beside a `by` that
        does not fit; with `run` or `as_of` what such a run cannot be asked.
    """
    _check_stored(values)
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
        **{
            asked.name: values[asked.name]
            for asked in SUPPLY_AND_DEMAND
            if asked.name in values
        },
    )
    return CoverageQuestion(parameters, terms, values.get("as_of"), values.get("run"))


def _check_stored(values: dict[str, Any]) -> None:
    """Refuse what a stored run cannot be asked beside `run` or `as_of`."""
    if values.get("run") is not None:
        name, kept = "run", {"category", "committee", "by", "f", "geometry", "lang"}
    elif values.get("as_of") is not None:
        name, kept = "as_of", {*COVERAGE.by_name} - {"engine", "detour"}
    else:
        return
    for other, default in COVERAGE.defaults.items():
        if other not in {*kept, name} and values[other] != default:
            raise InvalidParameter(
                other, values[other], f"left out beside `{name}`, which decides it"
            )


def eligibility_of(values: dict[str, Any]) -> Eligibility:
    """Return what the values of `ELIGIBILITY` ask.

    Raises
    ------
    InvalidParameter
        A language that is none.
    """
    return Eligibility(
        languages=values["language"],
        language_modes=values["language_mode"],
        gender=values["gender"],
        age=values["age"],
        step_free=values["step_free"],
        no_referral=values["no_referral"],
        at=values["at"],
        open_slots=values["open_slots"],
        min_open_share=values["min_open_share"],
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
