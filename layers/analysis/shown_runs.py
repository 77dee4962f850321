"""Which runs readers are shown: the default ones now, those of earlier days, and no more.

What is shown is kept: every one of the last `NIGHTS_KEPT` days, and the first of each
month before. Other runs are kept while they are of use.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from layers.analysis.parameters import CoverageParameters
from layers.analysis.standing import is_standing
from layers.errors import InvalidParameter
from layers.models import AnalysisRun, AnalysisStep, Municipality, RunInForce
from layers.models.job import UNDER_WAY
from layers.models.run import RunKind

NIGHTS_KEPT = 14
"""Days of which every last run of a standing question is kept."""

MAX_KEPT_RUNS = 100
"""Runs kept besides those that are or were shown, so that questions cannot fill the disk.

A run of all categories has about 3,500 rows, so these are some 100 MB at most."""


@transaction.atomic
def show(runs: Sequence[AnalysisRun]) -> None:
    """Make runs the answers to their standing questions, all at one moment.

    Parameters
    ----------
    runs : sequence of AnalysisRun
        Finished runs of one municipality, computed from the data as they are now.

    Raises
    ------
    InvalidParameter
        A run of a question that is not a standing one, or two municipalities.

    Notes
    -----
    A run that is in force already stays so: days without a change add nothing.
    """
    if not runs:
        return
    (municipality_id, *others) = {run.municipality_id for run in runs}
    if others:
        raise InvalidParameter("runs", len(others) + 1, "of one municipality")
    # Two at once would each believe to be the later one.
    municipality = Municipality.objects.select_for_update().get(pk=municipality_id)
    moment = timezone.now()
    for run in runs:
        question = CoverageParameters.from_dict(run.parameters)
        if not is_standing(question):
            raise InvalidParameter(
                "runs", question.as_json(), "only answers to standing questions"
            )
        _put_in_force(run, question, moment)
        if question.is_default:
            _make_default(run)
    _keep_list(municipality, moment)
    _thin(municipality, moment)


def _put_in_force(
    run: AnalysisRun, question: CoverageParameters, moment: datetime
) -> None:
    same = {
        "municipality_id": run.municipality_id,
        "term_kind": question.by,
        "level": question.level,
        "group": question.group or "",
        "threshold_min": question.threshold_min,
    }
    latest = RunInForce.objects.filter(**same).order_by("-since").first()
    if latest is None or latest.run_id != run.pk:
        RunInForce.objects.create(**same, run=run, since=moment)


def _make_default(run: AnalysisRun) -> None:
    """Show this run for its level and kind of term, and no other."""
    AnalysisRun.objects.filter(
        municipality=run.municipality_id,
        kind=run.kind,
        is_default=True,
        parameters__by=run.parameters["by"],
        parameters__level=run.parameters["level"],
    ).exclude(pk=run.pk).update(is_default=False)
    if not run.is_default:
        run.is_default = True
        run.save(update_fields=["is_default"])


# What `selectors/supply_sql.py` counts for everybody. Neither name nor position is kept.
_LISTED = """
SELECT id, service_id,
       ARRAY(SELECT unnest(categories) ORDER BY 1) AS categories,
       ARRAY(SELECT unnest(committees) ORDER BY 1) AS committees,
       jsonb_strip_nulls(jsonb_build_object(
           'municipality', municipality_code,
           'municipal_community', municipal_community_code,
           'neighbourhood', neighbourhood_code)) AS districts
FROM layers_servicepoint
WHERE municipality_id = %(municipality)s AND status = 'active'
  AND audience <> 'professionals'
"""

_GONE = """
WITH listed AS MATERIALIZED ({listed})
UPDATE layers_listedplace l SET listed_until = %(moment)s
WHERE l.municipality_id = %(municipality)s AND l.listed_until IS NULL
  AND NOT EXISTS (SELECT FROM listed n WHERE n.id = l.service_point_id
                  AND (n.categories, n.committees, n.districts)
                    = (l.categories, l.committees, l.districts))
""".replace("{listed}", _LISTED)

_NEW = """
INSERT INTO layers_listedplace (municipality_id, service_point_id, service_id, categories,
                                committees, districts, listed_from)
SELECT %(municipality)s, n.*, %(moment)s FROM ({listed}) n
WHERE NOT EXISTS (SELECT FROM layers_listedplace l
                  WHERE l.service_point_id = n.id AND l.listed_until IS NULL)
""".replace("{listed}", _LISTED)


def _keep_list(municipality: Municipality, moment: datetime) -> None:
    """Note which public places these runs counted."""
    values: dict[str, Any] = {"municipality": municipality.pk, "moment": moment}
    with connection.cursor() as cursor:
        cursor.execute(_GONE, values)
        cursor.execute(_NEW, values)


# A day shows its last run, so what was replaced on the same day was in force on none.
_REPLACED_THE_SAME_DAY = """
DELETE FROM layers_runinforce f USING layers_runinforce later
WHERE f.municipality_id = %(municipality)s
  AND later.municipality_id = f.municipality_id AND later.term_kind = f.term_kind
  AND later.level = f.level AND later."group" = f."group"
  AND later.threshold_min = f.threshold_min AND later.since > f.since
  AND (later.since AT TIME ZONE %(zone)s)::date = (f.since AT TIME ZONE %(zone)s)::date
"""

_OLD = """
DELETE FROM layers_runinforce f USING (
    SELECT id, since, lead(since) OVER question AS until, row_number() OVER (
               PARTITION BY term_kind, level, "group", threshold_min,
                            date_trunc('month', since AT TIME ZONE %(zone)s)
               ORDER BY since) AS nth_of_month
    FROM layers_runinforce WHERE municipality_id = %(municipality)s
    WINDOW question AS (PARTITION BY term_kind, level, "group", threshold_min
                        ORDER BY since)
) k
WHERE f.id = k.id AND k.until < %(before)s AND k.nth_of_month > 1
"""


def _thin(municipality: Municipality, moment: datetime) -> None:
    """Forget which runs were in force, as far as the rule at the top says."""
    values: dict[str, Any] = {
        "municipality": municipality.pk,
        "zone": municipality.timezone,
        "before": moment - timedelta(days=NIGHTS_KEPT),
    }
    with connection.cursor() as cursor:
        cursor.execute(_REPLACED_THE_SAME_DAY, values)
        cursor.execute(_OLD, values)


def prune(keep: AnalysisRun) -> None:
    """Delete the runs that nobody is shown and that were of no use for longest."""
    others = _dispensable().exclude(pk=keep.pk).order_by("-last_used_at", "pk")
    surplus = list(others.values_list("pk", flat=True)[MAX_KEPT_RUNS - 1 :])
    AnalysisRun.objects.filter(pk__in=surplus).delete()


def _dispensable() -> "QuerySet[AnalysisRun]":
    this = OuterRef("pk")
    return AnalysisRun.objects.filter(
        ~Exists(RunInForce.objects.filter(run=this)),
        ~Exists(AnalysisStep.objects.filter(run=this, job__state__in=UNDER_WAY)),
        kind=RunKind.COVERAGE,
        is_default=False,
        scenario__isnull=True,
    )
