"""Stored analyses: the only writer of AnalysisRun and ResultRow.

An equal question about equal data is computed once. Its hash is over the parameters,
the data versions, the version of the method and the month (which decides what counts as
verified and how old the people's counts are).
"""

import hashlib
import json
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.db import OperationalError, connection, transaction
from django.utils import timezone

from layers.analysis.group_questions import check_group_question
from layers.analysis.parameters import METHOD, CoverageParameters
from layers.analysis.run_identity import rows_hash, software
from layers.analysis.shown_runs import prune, show
from layers.analysis.small_counts import rule_of
from layers.errors import InvalidParameter, NotFound, Unavailable
from layers.models import AnalysisRun, Municipality
from layers.models.run import RunKind
from layers.selectors.results import data_versions

if TYPE_CHECKING:
    from layers.analysis.coverage import CoverageResult

LOCK_KEY = 7_261_094
"""Advisory lock under which runs are computed, one at a time."""

LOCK_TIMEOUT = "SET LOCAL lock_timeout = '20s'"
"""How long a question waits for those before it."""

ATTEMPTS = 3
"""How often a run is begun anew because data changed meanwhile."""

TOUCH_AFTER = timedelta(hours=1)


def get_or_run(
    parameters: CoverageParameters,
    *,
    as_default: bool = False,
    restricted: bool = False,
    today: date | None = None,
) -> AnalysisRun:
    """Return the finished run for the parameters, computing it where there is none.

    Parameters
    ----------
    parameters : CoverageParameters
        The question.
    as_default : bool
        Make it the run that pages and layers show for its level from now on; those
        before it stay as history (`shown_runs.py`).
    restricted : bool
        Allow a question whose answer must not be shown to the public.
    today : date, optional
        For tests; otherwise the current day.

    Raises
    ------
    NotFound
        No such municipality.
    InvalidParameter
        An unknown code, group or engine; protected supply without `restricted`;
        `as_default` for a question that is not the default one.
    Unavailable
        When other analyses take too long, or the data keep changing meanwhile.

    Notes
    -----
    A stored answer costs three small queries. Two equal requests compute once: the
    second waits for the first and finds its rows.
    """
    _check_allowed(parameters, as_default=as_default, restricted=restricted)
    municipality = Municipality.objects.filter(slug=parameters.municipality).first()
    if municipality is None:
        raise NotFound("municipality", parameters.municipality)
    as_of = _month_of(today)
    run = _found(parameters, municipality, as_of) or _computed(
        parameters, municipality, as_of
    )
    if as_default:
        show([run])
    return run


def _check_allowed(
    parameters: CoverageParameters, *, as_default: bool, restricted: bool
) -> None:
    if parameters.is_restricted and not restricted:
        raise InvalidParameter("supply", parameters.supply, "public")
    check_group_question(parameters)
    if as_default and not parameters.is_default:
        raise InvalidParameter(
            "as_default", parameters.as_json(), "only the default question of a level"
        )


def run_hash(parameters: CoverageParameters, versions: dict[str, Any]) -> str:
    """Return the hash of a question about some state of the data, 64 hex digits."""
    text = json.dumps(
        [
            RunKind.COVERAGE.value,
            METHOD,
            parameters.as_dict(),
            versions,
            *rule_of(parameters),
        ],
        sort_keys=True,
        separators=(",", ":"),
    )
    return hashlib.sha256(text.encode()).hexdigest()


def current_versions(
    municipality: Municipality, today: date | None = None
) -> dict[str, Any]:
    """Return the `data_versions` that a run computed now has."""
    return _versions(municipality, _month_of(today))


def _month_of(today: date | None) -> date:
    return (today or timezone.localdate()).replace(day=1)


def _versions(municipality: Municipality, as_of: date) -> dict[str, Any]:
    return {**data_versions(municipality.pk), "as_of": as_of.isoformat()}


def _found(
    parameters: CoverageParameters, municipality: Municipality, as_of: date
) -> AnalysisRun | None:
    wanted = run_hash(parameters, _versions(municipality, as_of))
    run = AnalysisRun.objects.filter(hash=wanted, finished_at__isnull=False).first()
    if run is not None:
        _touch(run)
    return run


def _touch(run: AnalysisRun) -> None:
    """Remember that the run is of use; at most once an hour, reads stay cheap."""
    now = timezone.now()
    if run.last_used_at is None or run.last_used_at < now - TOUCH_AFTER:
        AnalysisRun.objects.filter(pk=run.pk).update(last_used_at=now)


def _computed(
    parameters: CoverageParameters, municipality: Municipality, as_of: date
) -> AnalysisRun:
    # Only who computes loads SciPy: 30 MB of a web process that may never need it.
    from layers.analysis.coverage import analyse

    with transaction.atomic():
        wait_for_turn()
        for _ in range(ATTEMPTS):
            run = _found(parameters, municipality, as_of)
            if run is not None:
                return run
            versions = _versions(municipality, as_of)
            result = analyse(parameters, as_of=as_of)
            if _versions(municipality, as_of) == versions:
                return _stored(parameters, municipality, versions, result)
        raise Unavailable("the data are being changed; please ask again in a minute")


def wait_for_turn() -> None:
    """Take the lock, which the end of the transaction gives back.

    One analysis at a time keeps a burst of questions from taking all processors.
    """
    with connection.cursor() as cursor:
        cursor.execute(LOCK_TIMEOUT)
        try:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK_KEY])
        except OperationalError as error:
            raise Unavailable(
                "other analyses are being computed; please ask again in a minute"
            ) from error


def _stored(
    parameters: CoverageParameters,
    municipality: Municipality,
    versions: dict[str, Any],
    result: "CoverageResult",
) -> AnalysisRun:
    from layers.analysis.result_writes import store_rows

    now = timezone.now()
    run = AnalysisRun.objects.create(
        municipality=municipality,
        kind=RunKind.COVERAGE,
        parameters=parameters.as_dict(),
        data_versions=versions,
        code_version=METHOD,
        hash=run_hash(parameters, versions),
        is_restricted=parameters.is_restricted,
        summary={**result.summary, "software": software()},
        finished_at=now,
        last_used_at=now,
        rows_hash=rows_hash(result.rows),
    )
    store_rows(run, parameters, result.rows)
    prune(keep=run)
    return run
