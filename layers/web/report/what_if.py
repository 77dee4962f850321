"""The scenario of the committee's page on paper: what closing and opening would change."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext

from layers.published.outlines import DistrictOutlines
from layers.web.charts.colours import WITHHELD
from layers.web.committee.areas import Area
from layers.web.committee.report import CommitteeReport
from layers.web.committee.scenario import ScenarioArea, scenario_report
from layers.web.committee.scenario import ScenarioReport as Found
from layers.web.committee.wording import signed
from layers.web.languages import PageLanguage
from layers.web.report.pictures import DrawnState, MapKey, key_of, numbered_map

MOST_ROWS = 12


@dataclass(frozen=True, slots=True)
class Gain:
    """An area whose figures would differ, and the difference as it is written."""

    area: ScenarioArea
    difference: str


@dataclass(frozen=True, slots=True)
class Then:
    """What the scenario does: as the page shows it, with its map, legend and rows."""

    found: Found
    map_svg: SafeString
    keys: list[MapKey]
    rows: list[Gain]
    n_more: int


def then_of(
    report: CommitteeReport,
    areas: Sequence[Area],
    outlines: DistrictOutlines,
    language: PageLanguage,
) -> Then | None:
    """Return what the question's scenario does; None where it changes nothing.

    Parameters
    ----------
    areas : sequence of Area
        In the order of their numbers.
    """
    found = scenario_report(report)
    if found is None:
        return None
    by_code = {one.code: one for one in found.areas}
    drawn = [
        DrawnState(area.code, one.change, one.words) if one else None
        for area, one in ((area, by_code.get(area.code)) for area in areas)
    ]
    moved = [one for one in found.areas if one.row.difference]
    keys = [key_of(f"div-{one.number}", one.label, one.n) for one in found.change]
    if found.n_withheld:
        keys.append(key_of(WITHHELD, gettext("withheld"), found.n_withheld))
    return Then(
        found=found,
        map_svg=numbered_map(
            drawn,
            outlines,
            language,
            id_="map-change",
            title=gettext("Difference"),
            role="div",
        ),
        keys=keys,
        rows=[Gain(one, signed(one.row.difference)) for one in moved[:MOST_ROWS]],
        n_more=max(len(moved) - MOST_ROWS, 0),
    )
