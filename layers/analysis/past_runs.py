"""Stored public runs by their id, and by the day on which they were the answer."""

from datetime import date
from uuid import UUID

from layers.analysis.parameters import CoverageParameters
from layers.analysis.standing import THRESHOLDS_MIN, is_standing
from layers.errors import InvalidParameter, NotFound
from layers.models import AnalysisRun
from layers.models.run import RunKind
from layers.selectors.run_history import InForce, run_in_force


def public_run(run_id: UUID) -> AnalysisRun:
    """Return a finished public run of coverage.

    Raises
    ------
    NotFound
        None of that id, whether it never was, was pruned or must not be shown.
    """
    run = AnalysisRun.objects.filter(
        pk=run_id,
        kind=RunKind.COVERAGE,
        is_restricted=False,
        finished_at__isnull=False,
    ).first()
    if run is None:
        raise NotFound("run", run_id)
    return run


def run_of_day(question: CoverageParameters, day: date) -> InForce:
    """Return the run that answered a standing question at the end of a day.

    Parameters
    ----------
    question : CoverageParameters
        How the city walked on that day is as it was then, whatever the question says.
    day : date
        In the municipality's timezone.

    Raises
    ------
    InvalidParameter
        Named `as_of`: the question is none that is answered every night.
    NotFound
        No run of it was in force on that day.
    """
    if not is_standing(question):
        listed = ", ".join(f"{minutes:g}" for minutes in THRESHOLDS_MIN)
        raise InvalidParameter(
            "as_of",
            day.isoformat(),
            f"only with threshold_min {listed}, at the speed of the group and without "
            "anything needed of a service: what is answered every night",
        )
    found = run_in_force(
        question.municipality,
        day,
        by=question.by,
        level=question.level,
        group=question.group,
        threshold_min=question.threshold_min,
    )
    if found is None:
        raise NotFound("run in force on", day.isoformat())
    return found
