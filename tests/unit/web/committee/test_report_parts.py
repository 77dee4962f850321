"""Classes, spread, profiles and scenarios of a committee's report, worked out by hand."""

from typing import Any

import pytest
from django.utils import translation

from layers.analysis.scenario_rows import ScenarioRow
from layers.errors import InvalidParameter
from layers.measures.priority import PRIORITY_CUTS, priority_class
from layers.published.committee_rows import CoverageRowOfArea
from layers.published.pages import TermRow, Text
from layers.web.committee.areas import areas_of
from layers.web.committee.classes import class_of, scale_of, state_of
from layers.web.committee.distribution import distribution_of
from layers.web.committee.need import need_map
from layers.web.committee.profile import profiles_of
from layers.web.committee.question import Day, NewPlace
from layers.web.committee.scenario import change_class, scenario_area


def row(code: str, residents: float | None, unserved: float | None, **more: Any) -> Any:
    """Return a row as a run stores it."""
    share = None if not residents or unserved is None else 1 - unserved / residents
    known: dict[str, Any] = {
        "name": Text(f"Area {code}", "en"),
        "is_total": False,
        "residents": residents,
        "unserved": unserved,
        "share_served": share,
        "median_walk_m": None,
        "n_located": 0,
        "n_serving": 0,
        "priority_class": None if share is None else priority_class(1 - share),
        "rank": None,
        "flags": (),
        "is_suppressed": False,
    }
    return CoverageRowOfArea(code=code, **{**known, **more})


WITHHELD = row("W", None, None, flags=("SUPPRESSED",), is_suppressed=True)
EMPTY = row("E", 0.0, 0.0)


@pytest.fixture(autouse=True)
def in_english() -> Any:
    with translation.override("en"):
        yield


@pytest.mark.parametrize("share", [0.0, 0.1, 0.100001, 0.25, 0.5, 0.7, 0.75, 0.8, 1.0])
def test_the_class_of_a_share_is_its_priority_class(share: float) -> None:
    assert class_of(share) == priority_class(share)


def test_an_unknown_share_has_no_class() -> None:
    assert class_of(None) == 0


def test_withheld_and_empty_areas_are_told_apart() -> None:
    scale = scale_of([state_of(WITHHELD), state_of(EMPTY), state_of(row("A", 10, 10))])
    assert (scale.n_withheld, scale.n_no_people) == (1, 1)
    assert [one.n for one in scale.classes] == [0, 0, 0, 0, 1]
    assert scale.breaks == PRIORITY_CUTS


@pytest.mark.parametrize(
    ("served", "is_uncertain"),
    [
        ([0.45, 0.80], False),  # not reached 20 to 55 %: classes 2 to 4
        ([0.20, 0.95], True),  # 5 to 80 %: all five
        ([0.0, 0.60], False),  # 40 to 100 %: classes 3 to 5
        ([0.25, 1.0], True),  # 0 to 75 %: classes 1 to 4
    ],
)
def test_an_area_is_uncertain_where_its_interval_covers_four_classes(
    served: list[float], is_uncertain: bool
) -> None:
    found = state_of(row("A", 100, 40, interval={"share_served": served}))
    assert found.is_uncertain is is_uncertain


def test_the_spread_is_worked_out_by_hand() -> None:
    """100 people each; nobody, half and all of them are not reached.

    Lorenz: after A 1/3 of the people and none of the 150; after B 2/3 and 1/3. Gini:
    1 - 1/3 (0 + 0) - 1/3 (0 + 1/3) - 1/3 (1/3 + 1) = 4/9.
    """
    areas = areas_of(
        [row("A", 100, 0), row("B", 100, 50), row("C", 100, 100), WITHHELD, EMPTY]
    )
    found = distribution_of(areas, scale_of(area.drawn for area in areas))
    points = [(p.residents_share, p.unserved_share) for p in found.lorenz]
    assert points == [(0, 0), (1 / 3, 0), (2 / 3, 1 / 3), (1, 1)]
    assert found.gini == pytest.approx(4 / 9, abs=1e-4)
    # C alone holds 100 of 150, more than half, and a third of the people.
    assert (found.n_half, found.half_residents_share) == (1, 1 / 3)
    assert found.n_left_out == 2
    assert [one.n_areas for one in found.bins] == [1, 0, 1, 0, 1]
    assert sum(one.residents for one in found.bins) == 300


def test_nobody_left_out_has_no_curve_and_no_index() -> None:
    areas = areas_of([row("A", 100, 0), row("B", 50, 0)])
    found = distribution_of(areas, scale_of(area.drawn for area in areas))
    assert found.lorenz == ()
    assert (found.gini, found.n_half) == (None, None)


def test_no_category_of_a_profile_is_averaged_away() -> None:
    terms = [TermRow(slug, Text(slug, "en"), None, ()) for slug in ("a", "b", "c")]
    rows = {
        "a": [row("X", 100, 0)],
        "b": [row("X", 100, 100)],
        "c": [row("X", None, None, is_suppressed=True)],
    }
    profile = profiles_of(terms, rows).of("X")
    assert [cell.term.slug for cell in profile.cells] == ["a", "b", "c"]
    assert [cell.term.slug for cell in profile.worst] == ["b"]
    assert profiles_of(terms, rows).of("nowhere").code == ""


@pytest.mark.parametrize(
    ("need", "unserved", "classes"),
    [
        (0.2, 5, (1, 1)),
        (1 / 3, 10, (1, 1)),  # on a limit: the lower class
        (0.5, 30, (2, 2)),
        (1.0, 51, (3, 3)),
    ],
)
def test_need_and_access_have_fixed_classes(
    need: float, unserved: float, classes: tuple[int, int]
) -> None:
    areas = areas_of([row("A", 100, unserved, figures={"need_index": need})])
    (found,) = need_map(areas).areas
    assert (found.need_class, found.access_class) == classes


def test_a_withheld_area_has_neither_need_nor_access_class() -> None:
    area = row("W", None, None, is_suppressed=True, figures={"need_index": 0.9})
    found = need_map(areas_of([area, row("A", 10, 10)]))
    assert not found.is_known
    assert found.n_missing == 2
    assert all(one.weighted_gap is None for one in found.areas)


@pytest.mark.parametrize(
    ("before", "after", "wanted"),
    [
        (0.5, 0.39, 1),
        (0.5, 0.4, 2),  # exactly ten points: up to ten
        (0.5, 0.4999, 2),
        (0.5, 0.5, 3),
        (0.5, 0.6, 4),
        (0.0, 1.0, 5),
    ],
)
def test_a_change_is_classed_about_zero(
    before: float, after: float, wanted: int
) -> None:
    assert change_class(before, after) == wanted


def test_a_withheld_change_has_no_class_and_no_number_in_its_words() -> None:
    withheld = ScenarioRow("committee", "health", "A", False, 120.0, is_suppressed=True)
    area = scenario_area(withheld, Text("Area", "en"))
    states = (area.before, area.after, area.change)
    assert [state.map_class for state in states] == [None, None, None]
    assert not any(char.isdigit() for char in area.words)


@pytest.mark.parametrize(
    "raw",
    [
        "primary-care",
        "primary-care:23.7",
        "primary-care:23.7:38:1",
        "primary-care:nan:38",
        "primary-care:1e999:38",
        ":23.7:38",
        "Primary care:23.7:38",
        "primary-care:23.7:<b>",
    ],
)
def test_a_place_that_is_none_is_refused(raw: str) -> None:
    with pytest.raises(InvalidParameter, match="category:longitude:latitude"):
        NewPlace().from_text("open", raw)


def test_a_place_keeps_about_a_metre() -> None:
    place = NewPlace().from_text("open", "primary-care:23.7351234:38.0")
    assert (place.category, place.lon, place.lat) == ("primary-care", 23.73512, 38.0)


@pytest.mark.parametrize("raw", ["2026-02-30", "20261122", "٢٠٢٦-١١-٢٢", "today", ""])
def test_a_day_that_is_none_is_refused(raw: str) -> None:
    with pytest.raises(InvalidParameter):
        Day().from_text("as_of", raw)
