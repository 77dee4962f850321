"""What a siting finds: areas, for whom, where else, and how sure that is."""

from dataclasses import dataclass

from layers.analysis.flags import Flag
from layers.analysis.siting_parameters import SitingParameters


@dataclass(frozen=True, slots=True)
class Area:
    """A cell in which to look for premises.

    Attributes
    ----------
    code : str
        Side of the cell and its lower left corner in METRIC_SRID.
    district_code : str
        District that its centre lies in; "" is none.
    centre_m : (float, float)
        x and y of the centre in METRIC_SRID.
    side_m : int
        Length of its side.
    """

    code: str
    district_code: str
    centre_m: tuple[float, float]
    side_m: int


@dataclass(frozen=True, slots=True)
class OtherArea:
    """An area that could take a proposed one's place, and the objective then."""

    area: Area
    objective: float


@dataclass(frozen=True, slots=True)
class Proposal:
    """A new place: where, for whom, and where else.

    Attributes
    ----------
    area : Area
        Where.
    residents_gained : float
        People within the threshold thanks to this place: nobody else, there already
        or proposed, reaches them. Adding up over proposals leaves out people whom two
        of them reach.
    alternatives : tuple of OtherArea
        Up to three, each of which loses at most 1 % of the objective.
    """

    area: Area
    residents_gained: float
    alternatives: tuple[OtherArea, ...]


@dataclass(frozen=True, slots=True)
class SitingResult:
    """Proposals, with proof of how good they are. Figures are exact: not for the public.

    Attributes
    ----------
    status, gap, seconds, why
        As in `Solution`.
    objective, bound : float or None
        Residents served (mclp), number of new places (lscp, partial_lscp), walking
        metres of all residents together (p_median), longest walk (p_center).
    residents, served_before, served_after : float
        People, and those of them within the threshold without and with the proposals.
    out_of_reach : float
        People within the threshold of no cell and no place: nothing here helps them.
    proposals : tuple of Proposal
        In the order of the grid.
    flags : frozenset of Flag
        What is true of all figures.
    """

    parameters: SitingParameters
    status: str
    objective: float | None
    bound: float | None
    gap: float | None
    seconds: float
    why: str
    residents: float
    served_before: float
    served_after: float
    out_of_reach: float
    proposals: tuple[Proposal, ...]
    flags: frozenset[Flag]
