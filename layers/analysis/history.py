"""What changed since the last meeting: two runs of one question side by side."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from itertools import groupby
from uuid import UUID

from layers.analysis.history_disclosure import withheld_changes
from layers.analysis.parameters import STRAIGHT_LINE, CoverageParameters
from layers.analysis.run_changes import BREAKS, Cause, Change, ChangeSince, Verdict
from layers.analysis.small_counts import small_count
from layers.errors import InvalidParameter, NotFound
from layers.measures.walking import DETOUR, WALK_KMH
from layers.models import AnalysisRun
from layers.selectors.groups import group_path
from layers.selectors.run_history import (
    CellPair,
    Listing,
    cell_pairs,
    in_force_since,
    listings_changed,
    run_in_force,
)

_WALKS = ("walk_kmh", "detour", "engine")

__all__ = ["BREAKS", "Cause", "Change", "ChangeSince", "Verdict", "change_since"]


def change_since(
    run: AnalysisRun, since: date | AnalysisRun, *, terms: tuple[str, ...] = ()
) -> ChangeSince:
    """Return what is different in a run from an earlier one.

    Parameters
    ----------
    run : AnalysisRun
        A finished public run; `get_or_run` and `latest_default_run` give one.
    since : date or AnalysisRun
        The day of the last meeting: the run in force at the end of it is compared. Or
        the earlier run itself.
    terms : tuple of str
        Only these categories or committees; all of the run without any.

    Raises
    ------
    NotFound
        No run of the question was in force on that day.
    InvalidParameter
        Named `since`: a run of another question, or one that was finished later. Named
        `run`: one that must not be shown to the public.

    Notes
    -----
    At most eight queries. The same run on both dates is an answer, too: every verdict
    is then `same` or `withheld`.
    """
    earlier = since if isinstance(since, AnalysisRun) else _in_force(run, since)
    _check(run, earlier)
    causes = tuple(_causes(earlier, run))
    is_comparable = not BREAKS.intersection(causes)
    before, after = in_force_since(earlier), in_force_since(run)
    listed = _listed(earlier, run, before, after)
    opened, closed = _counted(listed or [], run.parameters["level"])
    changes: list[Change] = []
    k = small_count(group_path(run.parameters["group"]))
    pairs = cell_pairs(earlier, run, terms=terms)
    for _, cells in groupby(pairs, key=lambda cell: cell.term):
        of_term = list(cells)
        withheld = withheld_changes(of_term, k=k)
        for cell, is_withheld in zip(of_term, withheld, strict=True):
            counts = _counts(cell, opened, closed, is_known=listed is not None)
            changes.append(
                _change(
                    cell, counts, is_withheld=is_withheld, is_comparable=is_comparable
                )
            )
    return ChangeSince(
        run=run,
        earlier=earlier,
        since=before,
        changes=tuple(changes),
        causes=causes,
        is_comparable=is_comparable,
        opened=_points(listed, is_now=True),
        closed=_points(listed, is_now=False),
    )


def _in_force(run: AnalysisRun, day: date) -> AnalysisRun:
    asked = run.parameters
    found = run_in_force(
        asked["municipality"],
        day,
        by=asked["by"],
        level=asked["level"],
        group=asked["group"],
        threshold_min=asked["threshold_min"],
    )
    if found is None:
        raise NotFound("run in force on", day.isoformat())
    return found.run


def _check(run: AnalysisRun, earlier: AnalysisRun) -> None:
    for one in (run, earlier):
        if one.is_restricted or one.finished_at is None:
            raise InvalidParameter("run", one.pk, "a finished run that is public")
    if _asked(run) != _asked(earlier):
        raise InvalidParameter(
            "since", earlier.pk, "a day, or a run of the same question"
        )
    assert run.finished_at is not None  # noqa: S101 (checked above)
    assert earlier.finished_at is not None  # noqa: S101
    if earlier.finished_at > run.finished_at:
        raise InvalidParameter("since", earlier.pk, "a run that is not the later one")


def _asked(run: AnalysisRun) -> CoverageParameters:
    """Return what a run was asked, however the city walked."""
    question = CoverageParameters.from_dict(run.parameters)
    return replace(question, walk_kmh=WALK_KMH, detour=DETOUR, engine=STRAIGHT_LINE)


_STANDS_ON = {
    Cause.RESIDENTS: ("demand", "neighbours"),
    Cause.DISTRICTS: ("districts", "border"),
    Cause.STREETS: ("streets",),
    Cause.TAXONOMY: ("terms", "links"),
    Cause.STANDARDS: ("standards", "need"),
    Cause.MONTH: ("as_of",),
}
"""Parts of the data versions by what they are of; see `selectors/results.py`."""


def _causes(earlier: AnalysisRun, run: AnalysisRun) -> list[Cause]:
    """Return what is not the same; what an older run did not note counts as the same."""
    was, now = earlier.data_versions, run.data_versions
    counted = {
        name
        for name, version in now["counters"].items()
        if was["counters"].get(name, version) != version
    }
    differs = {
        cause: any(was.get(name, now.get(name)) != now.get(name) for name in names)
        for cause, names in _STANDS_ON.items()
    }
    differs[Cause.SERVICES] = "service_points" in counted
    differs[Cause.RESIDENTS] |= "demand" in counted
    # Streets that nobody walked on move nothing.
    differs[Cause.STREETS] &= run.parameters["engine"] != STRAIGHT_LINE
    differs[Cause.WALKS] = any(
        run.parameters[name] != earlier.parameters[name] for name in _WALKS
    )
    differs[Cause.METHOD] = run.code_version != earlier.code_version
    return [cause for cause in Cause if differs[cause]]


def _listed(
    earlier: AnalysisRun,
    run: AnalysisRun,
    before: datetime | None,
    after: datetime | None,
) -> list[Listing] | None:
    if earlier.pk == run.pk:
        return []
    if before is None or after is None:
        return None
    return listings_changed(run.municipality_id, before, after, by=run.parameters["by"])


Cells = Counter[tuple[str, str]]


def _counted(listed: Iterable[Listing], level: str) -> tuple[Cells, Cells]:
    """Return by term and district code how many points are new, and how many gone.

    A point that is listed before and after with one term in one district is neither,
    whatever else about it changed.
    """
    was: dict[tuple[str, str], set[UUID]] = {}
    now: dict[tuple[str, str], set[UUID]] = {}
    for listing in listed:
        side = now if listing.is_now else was
        for term in listing.terms:
            for code in {listing.districts.get(level, ""), _ALL}:
                side.setdefault((term, code), set()).add(listing.service_point_id)
    nothing: set[UUID] = set()
    opened = {key: len(ids - was.get(key, nothing)) for key, ids in now.items()}
    closed = {key: len(ids - now.get(key, nothing)) for key, ids in was.items()}
    return Counter(opened), Counter(closed)


_ALL = "*"
"""In place of a district's code: anywhere in the municipality. No code is so short of it."""


def _counts(
    cell: CellPair, opened: Cells, closed: Cells, *, is_known: bool
) -> tuple[int | None, int | None]:
    if not is_known or not (cell.is_total or cell.district_code):
        return None, None
    key = (cell.term, _ALL if cell.is_total else cell.district_code)
    return opened[key], closed[key]


def _points(listed: list[Listing] | None, *, is_now: bool) -> tuple[UUID, ...] | None:
    if listed is None:
        return None
    here = {one.service_point_id for one in listed if one.is_now == is_now}
    there = {one.service_point_id for one in listed if one.is_now != is_now}
    return tuple(sorted(here - there))


def _change(
    cell: CellPair,
    counts: tuple[int | None, int | None],
    *,
    is_withheld: bool,
    is_comparable: bool,
) -> Change:
    verdict = _verdict(cell, is_withheld=is_withheld, is_comparable=is_comparable)
    is_told = verdict not in (Verdict.WITHHELD, Verdict.NOT_COMPARABLE)
    return Change(
        term=cell.term,
        district_code=cell.district_code,
        is_total=cell.is_total,
        names=cell.names,
        before=None if is_withheld else cell.before,
        after=None if is_withheld else cell.after,
        difference=_difference(cell) if is_told else None,
        verdict=verdict,
        n_opened=counts[0],
        n_closed=counts[1],
    )


def _verdict(cell: CellPair, *, is_withheld: bool, is_comparable: bool) -> Verdict:
    before, after = cell.before, cell.after
    if is_withheld:
        return Verdict.WITHHELD
    if not is_comparable or before is None or after is None:
        return Verdict.NOT_COMPARABLE
    if before.share_served is None or after.share_served is None:
        return Verdict.NOT_COMPARABLE
    was, now = before.share_served_interval, after.share_served_interval
    if was is not None and now is not None:
        if now[0] > was[1]:
            return Verdict.BETTER
        if now[1] < was[0]:
            return Verdict.WORSE
    is_same = (before.share_served, before.residents_unserved) == (
        after.share_served,
        after.residents_unserved,
    )
    return Verdict.SAME if is_same else Verdict.UNCLEAR


def _difference(cell: CellPair) -> float | None:
    if cell.before is None or cell.after is None:
        return None
    was, now = cell.before.residents_unserved, cell.after.residents_unserved
    return None if was is None or now is None else round(now - was, 6)
