"""Which services would be missed most; worked out only when somebody asks for it."""

from dataclasses import dataclass, replace

from layers.published.committee_rows import PublicPoint, public_points
from layers.web.committee.report import CommitteeReport

MOST_LISTED = 10


@dataclass(frozen=True, slots=True)
class MissedService:
    """A service point, and the people who reach it and no other one; None is withheld."""

    point: PublicPoint
    residents_losing: float | None
    is_suppressed: bool


@dataclass(frozen=True, slots=True)
class MissedServices:
    """Service points by what each one's closure alone would cost, most first.

    `n_places` is how many there are to walk to, `n_missed` how many somebody would miss.
    """

    services: tuple[MissedService, ...]
    n_places: int
    n_missed: int


def missed_services(report: CommitteeReport) -> MissedServices:
    """Return the services that people of the report's question would miss most.

    Raises
    ------
    InvalidParameter, Unavailable
        As `analysis.critical.critical_services`.
    """
    # Only who ranks loads SciPy: 30 MB of a web process that may never need it.
    from layers.analysis.critical import critical_services

    question = report.question
    asked = replace(question.parameters, codes=(question.term,))
    ranking = critical_services(asked, limit=MOST_LISTED)
    ids = [one.id for one in ranking.found]
    points = {p.id: p for p in public_points(ids, asked.level, report.lang)}
    return MissedServices(
        tuple(
            MissedService(points[one.id], one.residents_losing, one.is_suppressed)
            for one in ranking.found
            if one.id in points
        ),
        ranking.n_places,
        ranking.n_missed,
    )
