"""What a question is asked with where nobody said otherwise: as city and group are."""

from dataclasses import replace

from layers.analysis.parameters import STRAIGHT_LINE, CoverageParameters
from layers.errors import InvalidParameter
from layers.measures.walking import DETOUR, group_walk_kmh
from layers.selectors.groups import group_path
from layers.selectors.results import latest_default_run
from layers.selectors.streets import city_detour


def detour_of(municipality: str, engine: str, given: float | None = None) -> float:
    """Return the detour to count with: the one given, the city's own, or the usual one.

    Raises
    ------
    InvalidParameter
        One is given for an engine that measures walks.

    Notes
    -----
    At most one query.
    """
    if engine != STRAIGHT_LINE:
        if given is not None:
            raise InvalidParameter(
                "detour", given, f"left out with engine {engine}, which measures walks"
            )
        return 1.0
    if given is not None:
        return given
    return city_detour(municipality) or DETOUR


def walk_kmh_of(group: str | None, given: float | None = None) -> float:
    """Return the walking speed to count with: the one given, or that of the group."""
    return group_walk_kmh(group_path(group)) if given is None else given


def as_the_city_walks(question: CoverageParameters) -> CoverageParameters:
    """Return the question with the engine and the detour of the city's default runs.

    So a page that changes the threshold still measures as the figures beside it do.

    Notes
    -----
    Two queries.
    """
    shown = latest_default_run(
        question.municipality, by=question.by, level=question.level
    )
    engine = shown.parameters["engine"] if shown is not None else STRAIGHT_LINE
    detour = detour_of(question.municipality, engine)
    return replace(question, engine=engine, detour=detour)
