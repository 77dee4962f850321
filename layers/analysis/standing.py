"""The questions that are answered every night, so that nobody has to wait for them."""

from dataclasses import replace

from layers.analysis.city_defaults import as_the_city_walks, walk_kmh_of
from layers.analysis.parameters import CoverageParameters
from layers.errors import InvalidParameter, NotFound
from layers.models import District, Municipality, TaxonomyTerm
from layers.models.district import DistrictLevel
from layers.models.run import TermKind
from layers.models.taxonomy import TaxonomyKind

THRESHOLDS_MIN = (10.0, 15.0, 20.0)
"""Longest walks of the standing questions, minutes."""


def standing_questions(municipality: str) -> list[CoverageParameters]:
    """Return every standing question of a municipality, the default ones first.

    All levels that have districts, categories and committees, everybody and each group
    at the top of the tree, each of `THRESHOLDS_MIN`; walked as the city's default runs
    are, at the speed of the group.

    Raises
    ------
    NotFound
        No such municipality.
    InvalidParameter
        It has no districts.
    """
    if not Municipality.objects.filter(slug=municipality).exists():
        raise NotFound("municipality", municipality)
    there = set(
        District.objects.filter(
            municipality__slug=municipality, valid_to__isnull=True
        ).values_list("level", flat=True)
    )
    if not there:
        raise InvalidParameter(
            "municipality", municipality, "one with districts; see import_districts"
        )
    plain = [
        as_the_city_walks(CoverageParameters(municipality, level=level, by=by))
        for level in DistrictLevel.values
        if level in there
        for by in TermKind.values
    ]
    speeds = {group: walk_kmh_of(group) for group in (None, *_top_groups())}
    varied = [
        replace(one, group=group, walk_kmh=speed, threshold_min=minutes)
        for group, speed in speeds.items()
        for minutes in THRESHOLDS_MIN
        for one in plain
    ]
    return [*plain, *(one for one in varied if not one.is_default)]


def is_standing(question: CoverageParameters) -> bool:
    """Tell whether a question is one of those, however the city walked at the time.

    Notes
    -----
    At most one query.
    """
    usual = CoverageParameters(
        question.municipality,
        level=question.level,
        by=question.by,
        group=question.group,
        threshold_min=question.threshold_min,
        walk_kmh=question.walk_kmh,
        detour=question.detour,
        engine=question.engine,
    )
    return (
        question == usual
        and question.threshold_min in THRESHOLDS_MIN
        and question.walk_kmh == walk_kmh_of(question.group)
    )


def _top_groups() -> list[str]:
    groups = TaxonomyTerm.objects.filter(
        taxonomy__slug=TaxonomyKind.POPULATION_GROUP, parent__isnull=True
    )
    return list(groups.order_by("position", "slug").values_list("slug", flat=True))
