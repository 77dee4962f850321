"""Areas where new places would help most; searched for only when somebody asks for it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from layers.published.pages import Text
from layers.web.committee.report import CommitteeReport

TIME_LIMIT_S = 5.0
"""Longest search for a page; the API allows longer ones."""


@dataclass(frozen=True, slots=True)
class ProposedArea:
    """A cell in which to look for premises, never an address.

    Attributes
    ----------
    number : int
        1, 2, … as on the map.
    code : str
        Of the cell.
    district_code : str
        Area that its middle lies in; empty for none.
    district : Text
        What that is called.
    side_m : int
        Length of its side.
    lon, lat : float
        Its middle, degrees.
    ring : tuple of (float, float)
        Its corners, degrees.
    residents_gained : float or None
        People who reach a place thanks to this one alone; None is withheld.
    n_alternatives : int
        Other cells that would do for at most 1 % less.
    """

    number: int
    code: str
    district_code: str
    district: Text
    side_m: int
    lon: float
    lat: float
    ring: tuple[tuple[float, float], ...]
    residents_gained: float | None
    n_alternatives: int


@dataclass(frozen=True, slots=True)
class Proposals:
    """Proposed areas, and how good they are together.

    Attributes
    ----------
    status : str
        `optimal` where nothing better exists, `time_limit`, `infeasible`.
    served_before, served_after, bound, out_of_reach : float or None
        People within the threshold today, with the proposals, at best, and of no cell
        and no place; None is withheld.
    gap : float or None
        Share that a better set of areas could at most add.
    n_new, seconds, cell_m, why
        How many were asked for, how long was searched, side of the cells, and why there
        are none.
    """

    areas: tuple[ProposedArea, ...]
    status: str
    why: str
    served_before: float | None
    served_after: float | None
    bound: float | None
    gap: float | None
    out_of_reach: float | None
    n_new: int
    cell_m: int
    seconds: float


def proposals(report: CommitteeReport) -> Proposals:
    """Return areas where new places of what the page shows would help most.

    Raises
    ------
    InvalidParameter, Unavailable
        As `analysis.siting_public.public_siting`.
    """
    # Only who searches loads SciPy and the solver.
    from layers.analysis.siting_parameters import SitingParameters
    from layers.analysis.siting_public import public_siting

    asked = SitingParameters(
        replace(report.question.parameters, codes=(report.question.term,)),
        n_new=report.question.asked["n_new"],
        time_limit_s=TIME_LIMIT_S,
    )
    said = public_siting(asked)
    names = {area.code: area.name for area in report.areas}
    return Proposals(
        areas=tuple(
            _area(n, one, names) for n, one in enumerate(said["proposals"], start=1)
        ),
        status=said["status"],
        why=said["why"],
        served_before=said["served_before"],
        served_after=said["served_after"],
        bound=said["bound"],
        gap=said["gap"],
        out_of_reach=said["out_of_reach"],
        n_new=asked.n_new,
        cell_m=asked.cell_m,
        seconds=said["seconds"],
    )


def _area(
    number: int, one: Mapping[str, Any], names: Mapping[str, Text]
) -> ProposedArea:
    district = one["district"] or ""
    lon, lat = one["centre"]
    return ProposedArea(
        number=number,
        code=one["area"],
        district_code=district,
        district=names.get(district, Text("", "")),
        side_m=one["side_m"],
        lon=lon,
        lat=lat,
        ring=tuple((x, y) for x, y in one["polygon"]["coordinates"][0]),
        residents_gained=one["residents_gained"],
        n_alternatives=len(one["alternatives"]),
    )
