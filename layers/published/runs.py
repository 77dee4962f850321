"""Stored analyses and the jobs that make them: lists, one of each, how far they are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from layers.errors import NotFound
from layers.published.connection import read, read_one


@dataclass(frozen=True, slots=True)
class RunRow:
    """A public run; `in_force_since` is when it last became the answer shown, or None."""

    id: UUID
    municipality: str
    kind: str
    parameters: dict[str, Any]
    code_version: str
    hash: str
    rows_hash: str
    is_default: bool
    finished_at: datetime
    in_force_since: datetime | None


@dataclass(frozen=True, slots=True)
class RunFilter:
    """Which runs; None is any. `day` are those in force at the end of it."""

    municipality: str | None = None
    level: str | None = None
    by: str | None = None
    group: str | None = None
    threshold_min: float | None = None
    kind: str | None = None
    day: date | None = None


_RUN = """r.id, r.municipality_slug, r.kind, r.parameters, r.code_version, r.hash,
 r.rows_hash, r.is_default, r.finished_at,
 (SELECT max(f.since) FROM published.run_in_force f WHERE f.run_id = r.id)"""

_CONDITIONS = {
    "municipality": "r.municipality_slug = %(municipality)s",
    "level": "r.parameters ->> 'level' = %(level)s",
    "by": "r.parameters ->> 'by' = %(by)s",
    "group": "r.parameters ->> 'group' = %(group)s",
    "threshold_min": "(r.parameters ->> 'threshold_min')::float8 = %(threshold_min)s",
    "kind": "r.kind = %(kind)s",
    "day": """r.id IN (
  SELECT DISTINCT ON (f.municipality_slug, f.term_kind, f.level, f."group",
                      f.threshold_min) f.run_id
  FROM published.run_in_force f
  JOIN published.municipality m ON m.slug = f.municipality_slug
  WHERE f.since < (%(day)s::date + 1)::timestamp AT TIME ZONE m.timezone
  ORDER BY f.municipality_slug, f.term_kind, f.level, f."group", f.threshold_min,
           f.since DESC)""",
}


def runs(
    which: RunFilter, *, limit: int, after: tuple[datetime, UUID] | None = None
) -> list[RunRow]:
    """Return public runs, the latest first; one statement.

    Parameters
    ----------
    which : RunFilter
        Those that fit.
    limit : int
        At most so many.
    after : (datetime, UUID), optional
        When the last one of the page before was finished, and its id.
    """
    values = {name: getattr(which, name) for name in _CONDITIONS}
    conditions = [
        text for name, text in _CONDITIONS.items() if values[name] is not None
    ]
    if after is not None:
        conditions.append("(r.finished_at, r.id) < (%(at)s, %(id)s)")
        values |= {"at": after[0], "id": after[1]}
    where = f"WHERE {' AND '.join(conditions)}" if conditions else ""
    rows = read(
        f"SELECT {_RUN} FROM published.run r {where} "
        "ORDER BY r.finished_at DESC, r.id DESC LIMIT %(limit)s",
        {**values, "limit": limit},
    )
    return [RunRow(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class RunRecord:
    """A public run with all that it stands on, and how many rows it has."""

    run: RunRow
    data_versions: dict[str, Any]
    summary: dict[str, Any]
    n_rows: int


def run_record(run_id: UUID) -> RunRecord:
    """Return one public run; one statement.

    Raises
    ------
    NotFound
        None of that id, or none that anybody may see.
    """
    row = read_one(
        f"""SELECT {_RUN}, r.data_versions, r.summary,
 (SELECT count(*) FROM published.result_row w WHERE w.run_id = r.id)
 FROM published.run r WHERE r.id = %(id)s""",
        {"id": run_id},
    )
    if row is None:
        raise NotFound("run", run_id)
    return RunRecord(RunRow(*row[:10]), *row[10:])


@dataclass(frozen=True, slots=True)
class JobStep:
    """A question of a job; `run_id` answers it, None before and after it was pruned."""

    parameters: dict[str, Any]
    run_id: UUID | None
    seconds: float | None


@dataclass(frozen=True, slots=True)
class JobProgress:
    """A job and how far it is.

    Attributes
    ----------
    state : str
        `queued`, `running`, `finished`, `failed` or `cancelled`.
    steps : list of JobStep
        In the order in which they are answered.
    n_done : int
        Of them answered.
    seconds_left : float or None
        For the rest, as those took that were answered; None where nobody can tell.
    """

    id: UUID
    municipality: str
    kind: str
    state: str
    night: date | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    is_cancelling: bool
    doing: str
    error: str
    steps: Sequence[JobStep]

    @property
    def is_under_way(self) -> bool:
        """Whether there is more to come."""
        return self.state in ("queued", "running")

    @property
    def n_done(self) -> int:
        """Questions that were answered."""
        return sum(step.seconds is not None for step in self.steps)

    @property
    def seconds_left(self) -> float | None:
        """Return the time for the rest; questions answered before took none."""
        took = [step.seconds for step in self.steps if step.seconds is not None]
        if not took or not self.is_under_way:
            return None
        return sum(took) / len(took) * (len(self.steps) - len(took))


def job_progress(job_id: UUID) -> JobProgress:
    """Return how far a job is; two statements.

    Raises
    ------
    NotFound
        None of that id; jobs are forgotten a month after they ended.
    """
    row = read_one(
        """SELECT id, municipality_slug, kind, state, night, created_at, started_at,
                  finished_at, cancel_asked_at IS NOT NULL, doing, error
           FROM published.analysis_job WHERE id = %(id)s""",
        {"id": job_id},
    )
    if row is None:
        raise NotFound("job", job_id)
    steps = read(
        """SELECT parameters, run_id, seconds FROM published.analysis_step
           WHERE job_id = %(id)s ORDER BY position""",
        {"id": job_id},
    )
    values: list[Any] = [*row, [JobStep(*step) for step in steps]]
    return JobProgress(*values)


@dataclass(frozen=True, slots=True)
class NightRow:
    """A nightly job in a list: `n_done` of `n` questions are answered."""

    id: UUID
    municipality: str
    state: str
    night: date | None
    created_at: datetime
    finished_at: datetime | None
    error: str
    n: int
    n_done: int


def nights(municipality: str | None, *, limit: int) -> list[NightRow]:
    """Return nightly jobs, the latest first; one statement.

    What somebody else asked is not listed: only who asked knows its id.
    """
    rows = read(
        """SELECT j.id, j.municipality_slug, j.state, j.night, j.created_at, j.finished_at,
                  j.error, s.n, s.n_done
           FROM published.analysis_job j
           CROSS JOIN LATERAL (SELECT count(*) AS n, count(seconds) AS n_done
                               FROM published.analysis_step s WHERE s.job_id = j.id) s
           WHERE j.kind = 'nightly'
             AND (%(municipality)s::text IS NULL OR j.municipality_slug = %(municipality)s)
           ORDER BY j.created_at DESC, j.id LIMIT %(limit)s""",
        {"municipality": municipality, "limit": limit},
    )
    return [NightRow(*row) for row in rows]
