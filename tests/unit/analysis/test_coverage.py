"""Coverage on small worlds: hand sums, traps, invariants, and a slow second opinion."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.selectors.supply import Term
from layers.selectors.supply_arrays import Sites
from tests.unit.analysis.worlds import (
    TEN_MINUTES,
    demand,
    row,
    rows,
    sites,
    supply,
)

# A: 100 people at the door (0 m), 60 at 750 m, 40 at 751 m; B: 300 people at 2000 m.
PEOPLE = demand((0, 100, 0), (750, 60, 0), (751, 40, 0), (2000, 300, 1))
ONE_CLINIC = supply({"clinic": sites(0)})


# --- hand sums ------------------------------------------------------------------------


def test_people_within_ten_minutes_are_served_the_end_included():
    found = row(rows(PEOPLE, ONE_CLINIC), "A")

    assert found.residents == 200
    assert found.residents_served == 160
    assert found.residents_unserved == 40
    assert found.share_served == 0.8
    # Share unserved 0.2: above the cut at 0.10, up to 0.25.
    assert found.priority_class == 2


def test_distances_are_walks_of_people():
    found = row(rows(PEOPLE, ONE_CLINIC), "A")

    # (100 x 0 + 60 x 750 + 40 x 751) / 200 = 75040 / 200
    assert found.mean_walk_m == 375.2
    # The 100th of 200 people is at the door, the 180th at 751 m.
    assert found.median_walk_m == 0.0
    assert found.figures["p90_walk_m"] == 751.0
    # 375.2 m / 75 m a minute
    assert found.figures["mean_walk_min"] == 5.0


def test_a_detour_makes_walks_longer_and_serves_fewer():
    found = row(
        rows(PEOPLE, ONE_CLINIC, parameters=replace(TEN_MINUTES, detour=1.3)), "A"
    )

    assert found.residents_served == 100
    assert found.figures["p90_walk_m"] == 976.3


def test_the_municipality_is_summed_from_people_not_from_districts():
    found = row(rows(PEOPLE, ONE_CLINIC))

    assert found.residents == 500
    assert found.residents_served == 160
    # Not the mean of 80 % and 0 %.
    assert found.share_served == 0.32
    # 300 of 500 people live at 2000 m, so the 250th does; the mean of medians is 1000.
    assert found.median_walk_m == 2000.0
    assert found.rank is None


def test_people_in_no_district_have_a_row_and_are_in_the_total():
    people = demand((0, 100, 0), (0, 30, 2), (5000, 50, 2))
    found = rows(people, ONE_CLINIC)

    outside = row(found, "")
    assert (outside.residents, outside.residents_served) == (80, 30)
    assert outside.rank is None
    assert row(found).residents == 180
    assert row(found).residents_served == 130


def test_without_people_or_places_outside_there_is_no_row_for_it():
    assert [r.district_code for r in rows(PEOPLE, ONE_CLINIC)] == ["A", "B", ""]


def test_rows_come_by_term_then_code_then_the_municipality_last():
    found = rows(PEOPLE, ONE_CLINIC, Term("clinic"), Term("school"))

    assert [(r.term, r.district_code, r.is_total) for r in found] == [
        ("clinic", "A", False),
        ("clinic", "B", False),
        ("clinic", "", True),
        ("school", "A", False),
        ("school", "B", False),
        ("school", "", True),
    ]


# --- traps ----------------------------------------------------------------------------


def test_without_places_nobody_is_served_and_no_distance_is_given():
    found = rows(PEOPLE, supply())

    for code, residents in (("A", 200), ("B", 300), (None, 500)):
        one = row(found, code)
        assert (one.residents_served, one.residents_unserved) == (0, residents)
        assert one.share_served == 0
        assert one.priority_class == 5
        assert (one.mean_walk_m, one.median_walk_m) == (None, None)
        assert one.figures["mean_walk_min"] is None
        assert one.figures["share_reachable"] == 0


def test_a_district_where_nobody_lives_has_no_share_no_class_and_no_rank():
    found = row(rows(demand((0, 50, 0), (10, 0, 1)), ONE_CLINIC), "B")

    assert found.residents == 0
    assert found.share_served is None
    assert found.priority_class is None
    assert found.rank is None
    assert found.median_walk_m is None
    assert found.is_suppressed is False


def test_a_city_without_any_people_has_rows_without_shares():
    found = rows(demand(), ONE_CLINIC)

    assert [r.residents for r in found] == [0, 0, 0]
    assert {r.share_served for r in found} == {None}


def test_a_municipality_without_districts_still_has_a_total():
    found = rows(demand((0, 50, 0), codes=()), ONE_CLINIC)

    assert [(r.is_total, r.residents) for r in found] == [(False, 50), (True, 50)]


def test_places_at_one_spot_change_nothing():
    twice = supply({"clinic": sites(0, 0, 0)})

    assert rows(PEOPLE, twice) == rows(PEOPLE, ONE_CLINIC)


def test_running_again_gives_the_same():
    assert rows(PEOPLE, ONE_CLINIC) == rows(PEOPLE, ONE_CLINIC)


# --- parents --------------------------------------------------------------------------


def test_a_parent_is_reached_where_any_of_its_children_is():
    tree = (Term("health", ("clinic", "hospital")), Term("clinic"), Term("hospital"))
    offered = supply({"clinic": sites(0), "hospital": sites(2000)})
    found = rows(PEOPLE, offered, *tree)

    assert row(found, "A", "health").residents_served == 160
    assert row(found, "B", "health").residents_served == 300
    assert row(found, "B", "clinic").residents_served == 0


def test_a_parent_has_places_of_its_own():
    tree = (Term("health", ("clinic",)), Term("clinic"))
    found = rows(PEOPLE, supply({"health": sites(2000)}), *tree)

    assert row(found, "B", "health").residents_served == 300
    assert row(found, "B", "clinic").residents_served == 0


def test_a_grandparent_is_reached_where_a_grandchild_is():
    tree = (Term("c", ("b",)), Term("b", ("a",)), Term("a"))

    assert (
        row(rows(PEOPLE, supply({"a": sites(0)}), *tree), "A", "c").residents_served
        == 160
    )


# --- what is offered --------------------------------------------------------------------


def test_services_that_serve_everywhere_count_in_every_district():
    offered = supply(
        located={"clinic": {"A": 2, "": 1}},
        serving={"clinic": {"A": 2, "*": 3}},
        n_services={"clinic": 5},
    )
    found = rows(PEOPLE, offered)

    assert (row(found, "A").n_located, row(found, "A").n_serving) == (2, 5)
    assert (row(found, "B").n_located, row(found, "B").n_serving) == (0, 3)
    assert (row(found).n_located, row(found).n_serving) == (3, 5)
    # A place outside of all districts gives the outside its row.
    assert (row(found, "").n_located, row(found, "").residents) == (1, 0)


# --- flags ------------------------------------------------------------------------------


def flags(found, code=None):
    return set(row(found, code).flags)


def test_every_figure_of_straight_lines_says_so():
    assert all("NO_NETWORK" in r.flags for r in rows(PEOPLE, ONE_CLINIC))


def test_modelled_people_are_flagged_where_they_live_and_in_the_total():
    people = demand((0, 100, 0), (9, 100, 1), is_modelled=[True, False])
    found = rows(people, ONE_CLINIC)

    assert "POP_MODELLED" in flags(found, "A")
    assert "POP_MODELLED" not in flags(found, "B")
    assert "POP_MODELLED" in flags(found)


def test_a_modelled_point_without_people_flags_nothing():
    people = demand((0, 0, 0), (0, 100, 0), is_modelled=[True, False])

    assert "POP_MODELLED" not in flags(rows(people, ONE_CLINIC), "A")


@pytest.mark.parametrize(
    ("vintage", "year", "expected"),
    [(2021, 2026, False), (2021, 2027, True), (2011, 2026, True)],
)
def test_people_counted_more_than_five_years_ago_are_flagged(vintage, year, expected):
    people = demand((0, 100, 0), vintage=[vintage])
    found = rows(people, ONE_CLINIC, as_of=date(year, 6, 1))

    assert ("POP_AGE" in flags(found, "A")) is expected


def test_few_residents_are_flagged():
    people = demand((0, 99, 0), (0, 100, 1))
    found = rows(people, ONE_CLINIC)

    assert "SMALL_N" in flags(found, "A")
    assert "SMALL_N" not in flags(found, "B")
    assert "SMALL_N" not in flags(found)


def test_a_group_that_nobody_counted_is_flagged_everywhere():
    people = demand((0, 100, 0), is_group_known=False)

    assert all("GROUP_POP_UNKNOWN" in r.flags for r in rows(people, ONE_CLINIC))


@pytest.mark.parametrize(
    ("quality", "flag"),
    [(1, "GEOCODE_APPROX"), (2, "UNVERIFIED"), (4, "HOURS_UNKNOWN")],
)
def test_a_doubt_about_the_nearest_place_flags_those_who_go_there(quality, flag):
    offered = supply(
        {
            "clinic": Sites(
                np.array([[0.0, 0.0], [2000.0, 0.0]]),
                np.array([quality, 0], dtype=np.uint8),
            )
        }
    )
    found = rows(PEOPLE, offered)

    assert flag in flags(found, "A")
    assert flag not in flags(found, "B")
    assert row(found, "A").figures[f"share_{flag.lower()}"] == 1.0
    # 200 of 500 people go there.
    assert row(found).figures[f"share_{flag.lower()}"] == 0.4


def test_people_not_served_near_the_border_flag_the_edge():
    people = demand(
        (0, 100, 0), (900, 100, 0), (900, 100, 1), is_near_border=[True, True, False]
    )
    found = rows(people, ONE_CLINIC)

    assert "EDGE" in flags(found, "A")
    assert row(found, "A").figures["share_edge"] == 0.5
    assert "EDGE" not in flags(found, "B")


def test_services_without_a_place_are_flagged_where_they_serve():
    offered = supply(placeless={"clinic": {"A": 1}}, n_placeless={"clinic": 1})
    found = rows(PEOPLE, offered)

    assert "WITHOUT_PLACE" in flags(found, "A")
    assert "WITHOUT_PLACE" in flags(found)
    assert "WITHOUT_PLACE" not in flags(found, "B")
    assert row(found, "A").figures["n_placeless"] == 1


def test_protected_places_are_flagged_for_the_municipality_only():
    found = rows(PEOPLE, supply(protected={"clinic"}))

    assert "PROTECTED_EXCLUDED" in flags(found)
    assert "PROTECTED_EXCLUDED" not in flags(found, "A") | flags(found, "B")


# --- suppression --------------------------------------------------------------------------


def test_a_very_small_number_not_served_withholds_everything_that_gives_it_away():
    people = demand((0, 200, 0), (900, 9, 0), (0, 100, 1))
    found = row(rows(people, ONE_CLINIC), "A")

    assert found.is_suppressed
    assert found.residents == 209
    withheld = (
        found.residents_served,
        found.residents_unserved,
        found.share_served,
        found.mean_walk_m,
        found.median_walk_m,
        found.priority_class,
        found.rank,
    )
    assert set(withheld) == {None}
    assert set(found.figures) == {"n_placeless"}
    assert "SUPPRESSED" in found.flags


def test_a_very_small_population_is_withheld_itself():
    found = row(rows(demand((0, 9, 0)), ONE_CLINIC), "A")

    assert found.is_suppressed
    assert found.residents is None


def test_flags_that_hang_on_withheld_people_are_withheld_too():
    people = demand((0, 200, 0), (900, 9, 0), is_near_border=[False, True])
    found = flags(rows(people, ONE_CLINIC), "A")

    assert "EDGE" not in found
    assert "NO_NETWORK" in found


@pytest.mark.parametrize("unserved", [0, 10])
def test_nobody_or_ten_are_not_withheld(unserved):
    people = demand((0, 200, 0), (900, unserved, 0))
    found = row(rows(people, ONE_CLINIC), "A")

    assert not found.is_suppressed
    assert found.residents_unserved == unserved


# --- invariants and a slow second opinion ---------------------------------------------------

METRES = st.integers(0, 3000)
CELLS = st.lists(st.tuples(METRES, st.integers(0, 500), st.integers(0, 2)), max_size=25)
PLACES = st.lists(METRES, max_size=6)


@given(cells=CELLS, places=PLACES)
def test_it_agrees_with_looking_at_every_person_and_place(cells, places):
    found = rows(demand(*cells), supply({"clinic": sites(*places)}))

    for code, zone in (("A", 0), ("B", 1)):
        here = [(x, p) for x, p, z in cells if z == zone]
        residents = sum(p for _, p in here)
        served = sum(
            p for x, p in here if any(abs(x - place) <= 750 for place in places)
        )
        one = row(found, code)
        if any(0 < n < 10 for n in (residents, served, residents - served)):
            assert one.is_suppressed
            continue
        if one.is_suppressed:  # it would give the other one away
            assert any(r.is_suppressed for r in found if r is not one)
            continue
        assert (one.residents, one.residents_served) == (residents, served)
        line = sorted(
            min((abs(x - place) for place in places), default=None) or 0.0
            for x, p in here
            for _ in range(p)
        )
        if places and line:
            assert one.mean_walk_m == pytest.approx(sum(line) / len(line), abs=0.01)
            assert one.median_walk_m == line[(len(line) + 1) // 2 - 1]


@given(cells=CELLS, places=PLACES)
def test_districts_outside_and_total_always_agree(cells, places):
    found = rows(demand(*cells), supply({"clinic": sites(*places)}))
    parts = [r for r in found if not r.is_total]

    if not any(r.is_suppressed for r in found):
        total = row(found)
        assert sum(r.residents for r in parts) == total.residents
        assert sum(r.residents_served for r in parts) == total.residents_served
        assert total.residents_served + total.residents_unserved == total.residents


@given(cells=CELLS, places=PLACES, opened=METRES)
def test_opening_a_place_never_serves_fewer(cells, places, opened):
    before = row(rows(demand(*cells), supply({"clinic": sites(*places)})))
    after = row(rows(demand(*cells), supply({"clinic": sites(*places, opened)})))

    if not before.is_suppressed and not after.is_suppressed:
        assert after.residents_served >= before.residents_served
