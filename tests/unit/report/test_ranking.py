"""The report's ranking: numbers, bars with intervals, notes as letters."""

from types import SimpleNamespace
from typing import Any

from layers.published.committee_rows import CoverageRowOfArea
from layers.published.pages import Text
from layers.web.committee.areas import Area
from layers.web.committee.classes import AreaState
from layers.web.report.ranking import MOST, numbered, ranking_of


def area(code: str, unserved: float | None, *flags: str, **interval: Any) -> Area:
    row = CoverageRowOfArea(
        code=code,
        name=Text(code, "en"),
        is_total=False,
        residents=1000.0,
        unserved=unserved,
        share_served=None if unserved is None else 1 - unserved / 1000,
        median_walk_m=None,
        n_located=None,
        n_serving=None,
        priority_class=None,
        rank=None,
        flags=flags,
        is_suppressed=unserved is None,
        interval=interval,
    )
    return Area(row, AreaState(None, "class"), "", ())


def report(*areas: Area, flags: tuple[str, ...] = ()) -> Any:
    return SimpleNamespace(areas=areas, total=SimpleNamespace(flags=flags))


def test_areas_are_numbered_by_people_whatever_the_page_is_sorted_by() -> None:
    found = numbered(report(area("C", None), area("B", 5), area("A", 7), area("D", 7)))
    assert [one.code for one in found] == ["A", "D", "B", "C"]


def test_bars_are_shares_of_the_longest_interval() -> None:
    # The longest end is 200, so 100 people are half of it and 50 to 200 from a quarter.
    shown = ranking_of(
        report(area("A", 100, residents_unserved=[50, 200]), area("B", 20))
    )
    first, second = (row.stripe for row in shown.rows)
    assert (first.length, first.low, first.span) == (50.0, 25.0, 75.0)
    assert (second.length, second.low) == (10.0, None)


def test_a_withheld_area_has_no_bar() -> None:
    (row,) = ranking_of(report(area("A", None))).rows
    assert (row.stripe.length, row.stripe.low, row.stripe.span) == (None, None, None)


def test_where_everybody_is_reached_nothing_is_drawn() -> None:
    (row,) = ranking_of(report(area("A", 0))).rows
    assert row.stripe.length is None


def test_notes_of_all_are_not_repeated_and_others_get_letters() -> None:
    shown = ranking_of(
        report(
            area("A", 9, "POP_MODELLED", "EDGE"),
            area("B", 8, "SMALL_N", "EDGE"),
            flags=("POP_MODELLED",),
        )
    )
    assert [row.notes for row in shown.rows] == ["a", "b a"]
    assert [letter for letter, _ in shown.notes] == ["a", "b"]


def test_a_long_ranking_is_cut_and_says_so() -> None:
    areas = [area(f"N{n:03d}", n) for n in range(MOST + 3)]
    shown = ranking_of(report(*areas))
    assert len(shown.rows) == MOST
    assert shown.n_left_out == 3


def test_no_areas_no_rows() -> None:
    assert ranking_of(report()).rows == ()
