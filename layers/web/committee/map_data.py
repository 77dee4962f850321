"""What the scripts of a committee page draw: classes, colours and words, made here.

A view of the map is a list of colours and, for each area, which of them it has. An index
of None is hatched: `state` says whether nobody lives there or figures are withheld.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from layers.web.charts.colours import BIVARIATE
from layers.web.committee.classes import AreaState, MapClass
from layers.web.committee.need import need_map
from layers.web.committee.need_picture import need_words
from layers.web.committee.report import CommitteeReport
from layers.web.committee.scenario import ScenarioReport

View = dict[str, Any]


def coverage_view(report: CommitteeReport) -> dict[str, View]:
    """Return the view `today`: the share not reached."""
    return {
        "today": _view(
            report.scale.classes,
            ((area.code, area.drawn, area.words) for area in report.areas),
        )
    }


def scenario_views(found: ScenarioReport | None) -> dict[str, View]:
    """Return the views `before`, `after` and `change`; none without a scenario."""
    if found is None or found.total is None:
        return {}
    return {
        "before": _view(
            found.before, ((one.code, one.before, one.words) for one in found.areas)
        ),
        "after": _view(
            found.after, ((one.code, one.after, one.words) for one in found.areas)
        ),
        "change": _view(
            found.change, ((one.code, one.change, one.words) for one in found.areas)
        ),
    }


def need_view(report: CommitteeReport) -> dict[str, View]:
    """Return the view `need`; none where no area has a need index."""
    found = need_map(report.areas)
    if not found.is_known:
        return {}
    colours = [colour for column in BIVARIATE for colour in column]
    return {
        "need": {
            "colours": colours,
            "areas": {
                one.area.code: {
                    "class": 3 * (one.need_class - 1) + one.access_class - 1
                    if one.need_class and one.access_class
                    else None,
                    "state": one.area.drawn.state,
                    "uncertain": False,
                    "text": need_words(one),
                }
                for one in found.areas
            },
        }
    }


def _view(
    shown: Sequence[MapClass], areas: Iterable[tuple[str, AreaState, str]]
) -> View:
    return {
        "colours": [one.colour for one in shown],
        "areas": {
            code: {
                "class": None if state.map_class is None else state.map_class - 1,
                "state": state.state,
                "uncertain": state.is_uncertain,
                "text": words,
            }
            for code, state, words in areas
        },
    }
