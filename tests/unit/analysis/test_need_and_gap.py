"""Room, access, depth, need, shortage and opening on small worlds: hand arithmetic.

The world: 100 people of A at the door of a clinic (0 m), 60 at 250 m and 40 at 750 m, 300 of
B at 1125 m. Ten minutes are 750 m, so 200 people of A are in reach and B is out of it.
"""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.analysis.coverage import compute
from layers.analysis.flags import Flag
from layers.analysis.need import Kind, computed, kinds_of
from layers.analysis.parameters import CoverageParameters
from layers.analysis.term_standards import TermStandards
from layers.analysis.travel_cost import travel_cost
from layers.errors import InvalidParameter
from layers.selectors.need import Measured
from layers.selectors.neighbours import Neighbours
from layers.selectors.standards import Standard
from layers.selectors.supply import Term
from tests.unit.analysis.places_world import offered, place
from tests.unit.analysis.worlds import NOVEMBER, TEN_MINUTES, demand, row

PEOPLE = demand((0, 100, 0), (250, 60, 0), (750, 40, 0), (1125, 300, 1))


def rows(supplied, *terms, people=PEOPLE, parameters=TEN_MINUTES, **given_):
    standards = given_.pop("standards", {})
    return compute(
        parameters,
        people,
        supplied,
        terms or (Term("clinic"),),
        travel_cost(parameters),
        as_of=NOVEMBER,
        asked=TermStandards.of(parameters, standards),
        **given_,
    )


def clinic(per_1000=None, minutes=None, unit=""):
    return {"clinic": Standard(minutes, per_1000, unit)}


# --- room -----------------------------------------------------------------------------


def test_people_are_served_in_reach_without_capacity_or_out_of_reach():
    # 6 places at 40 per 1,000 are enough for 150 people: those who walk least.
    found = rows(offered(place(0, capacity=6)), standards=clinic(per_1000=40))

    a = row(found, "A")
    assert (a.residents_with_capacity, a.residents_without_capacity) == (150, 50)
    assert a.residents_unserved == 0
    b = row(found, "B")
    assert (b.residents_with_capacity, b.residents_without_capacity) == (0, 0)
    assert b.residents_unserved == 300
    total = row(found)
    assert (total.residents_with_capacity, total.residents_without_capacity) == (
        150,
        50,
    )


def test_without_a_standard_nobody_can_say_who_finds_a_place():
    a = row(rows(offered(place(0, capacity=6))), "A")

    assert a.residents_with_capacity is None
    assert a.residents_without_capacity is None
    assert a.shortage_places is None
    assert Flag.NO_STANDARD in a.flags


def test_a_question_may_bring_its_own_standard():
    asked = replace(TEN_MINUTES, places_per_1000=40.0)
    a = row(rows(offered(place(0, capacity=6)), parameters=asked), "A")

    assert a.residents_with_capacity == 150
    assert a.standard_per_1000 == 40
    assert Flag.NO_STANDARD not in a.flags


def test_where_too_few_say_what_they_take_nobody_knows_the_room():
    found = rows(
        offered(place(0, capacity=6), place(100), place(200)),
        standards=clinic(per_1000=40),
    )

    a = row(found, "A")
    assert a.residents_with_capacity is None
    assert a.shortage_places is None
    assert a.figures["access_unit"] == "services"
    assert Flag.CAPACITY_UNKNOWN in a.flags


def test_where_half_say_it_the_others_are_as_large_as_the_middle_one():
    found = rows(
        offered(place(0, capacity=2), place(0, capacity=6), place(250)),
        standards=clinic(per_1000=40),
    )

    # 2 + 6 + the middle of both, 4: twelve places do for 300 people; all 200 find one.
    a = row(found, "A")
    assert a.residents_with_capacity == 200
    assert Flag.CAPACITY_IMPUTED in a.flags
    assert a.figures["share_capacity_imputed"] == 1
    assert Flag.CAPACITY_IMPUTED not in row(found, "B").flags


def test_units_are_never_added():
    found = rows(
        offered(place(0, capacity=6), place(0, capacity=500, unit="meals per day")),
        standards=clinic(per_1000=40, unit="places"),
    )

    # The meals are as if nobody knew that service's places: the middle one is 6.
    assert row(found).residents_with_capacity == 200
    assert row(found).figures["access_unit"] == "places"
    assert Flag.CAPACITY_IMPUTED in row(found).flags


def test_a_standard_in_another_unit_finds_no_room():
    found = rows(
        offered(place(0, capacity=6)), standards=clinic(per_1000=40, unit="beds")
    )

    assert Flag.CAPACITY_UNKNOWN in row(found, "A").flags
    assert row(found, "A").shortage_places is None


def test_protected_places_leave_the_room_unknown():
    found = rows(
        offered(place(0, capacity=6), protected={"clinic"}),
        standards=clinic(per_1000=40),
    )

    assert Flag.CAPACITY_UNKNOWN in row(found).flags
    assert row(found).shortage_places is None


def test_without_any_service_every_place_of_the_standard_is_missing():
    found = rows(offered(), standards=clinic(per_1000=10))

    # 10 per 1,000 of 200 and of 300 people.
    assert row(found, "A").shortage_places == 2
    assert row(found, "B").shortage_places == 3
    assert row(found).shortage_places == 5


def test_services_without_a_place_leave_the_room_unknown():
    found = rows(offered(n_services={"clinic": 1}), standards=clinic(per_1000=10))

    assert row(found).shortage_places is None
    assert Flag.CAPACITY_UNKNOWN in row(found).flags


def test_a_standard_of_no_places_is_met_by_any_clinic():
    found = rows(offered(place(0, capacity=0)), standards=clinic(per_1000=0))

    assert row(found, "A").residents_with_capacity == 200
    assert row(found, "A").shortage_places == 0


def test_people_beyond_the_border_take_places_and_are_not_counted():
    beyond = Neighbours(np.array([[0.0, 0.0]]), np.array([80.0]), np.array([80.0]))
    found = rows(
        offered(place(0, capacity=6)), standards=clinic(per_1000=40), neighbours=beyond
    )

    # 180 of all at the door compete for 150 places with those at 250 m: 280 people ask.
    total = row(found)
    assert total.residents == 500
    assert total.residents_with_capacity < 150
    # 280 ask with weights: 180 + 60 (250 m, first third) and 40 in the last: 0.22.
    ratio = 6 / (180 + 60 + 0.22 * 40)
    expected = 1000 * ratio * (100 + 60 + 0.22 * 40) / 500
    assert total.access_per_1000 == pytest.approx(expected, abs=1e-6)


# --- access -----------------------------------------------------------------------------


def test_access_is_the_places_per_person_by_thirds_of_the_threshold():
    found = rows(offered(place(0, capacity=6)))

    # 250 m is the end of the first third (weight 1), 750 m of the last (0.22).
    ratio = 6 / (100 + 60 + 0.22 * 40)
    a = 1000 * ratio * (100 + 60 + 0.22 * 40) / 200
    assert row(found, "A").access_per_1000 == pytest.approx(a, abs=1e-6)
    assert row(found, "B").access_per_1000 == 0
    # All six places are handed out: 6 per 500 people.
    assert row(found).access_per_1000 == pytest.approx(12)


@pytest.mark.parametrize(
    ("asked", "weight"),
    [
        ({"access": "two_step_fca"}, 1.0),
        ({"decay": "binary"}, 1.0),
        ({"decay": "linear:20"}, 0.5),  # 750 m are ten minutes of twenty
        ({"decay": "stepped:5=1,10=0.4"}, 0.4),
    ],
)
def test_a_question_chooses_measure_and_decay(asked, weight):
    people = demand((0, 100, 0), (750, 100, 1))
    parameters = replace(TEN_MINUTES, **asked)
    found = rows(offered(place(0, capacity=6)), people=people, parameters=parameters)

    ratio = 6 / (100 + 100 * weight)
    assert row(found, "A").access_per_1000 == pytest.approx(1000 * ratio, abs=1e-6)
    assert row(found, "B").access_per_1000 == pytest.approx(
        1000 * ratio * weight, abs=1e-6
    )


def test_services_are_counted_where_nobody_says_what_they_take():
    found = rows(offered(place(0), place(0)))

    assert row(found).figures["access_unit"] == "services"
    assert row(found).access_per_1000 == pytest.approx(4)  # two for 500 people


def test_what_nobody_verified_counts_less_and_both_figures_are_shown():
    found = rows(
        offered(place(0, capacity=6, months=18), place(0, capacity=6, months=np.nan))
    )

    # Twelve months after freshness ends a half counts; what was never verified a quarter.
    total = row(found)
    assert total.access_per_1000 == pytest.approx(24)
    assert total.access_per_1000_fresh == pytest.approx(24 * (0.5 + 0.25) / 2)
    assert total.figures["share_supply_discounted"] == 0.625


def test_a_district_where_nobody_lives_has_no_access_and_lacks_nothing():
    people = demand((0, 100, 0), (10, 0, 1))
    found = rows(
        offered(place(0, capacity=6)), people=people, standards=clinic(per_1000=10)
    )

    b = row(found, "B")
    assert (b.access_per_1000, b.gap_depth, b.open_share) == (None, None, None)
    assert (b.shortage_places, b.need_weighted_gap) == (0, 0)


CITY = st.lists(
    st.tuples(
        st.integers(0, 3000),
        st.integers(0, 40).map(lambda n: 25 * n),
        st.integers(0, 1),
    ),
    min_size=1,
    max_size=12,
)
PLACES = st.lists(st.tuples(st.integers(0, 3000), st.integers(1, 50)), max_size=6)


@given(CITY, PLACES)
def test_places_are_handed_out_once_and_people_add_up(cells, listed):
    people = demand(*cells)
    supplied = offered(*(place(x, capacity=c) for x, c in listed))
    found = rows(supplied, people=people, standards=clinic(per_1000=20))

    reached = sum(
        c for x, c in listed if any(n and abs(x - at) <= 750 for at, n, _ in cells)
    )
    total = row(found)
    if total.access_per_1000 is not None:
        handed_out = total.access_per_1000 * total.residents / 1000
        assert handed_out == pytest.approx(reached, abs=1e-3)
    for one in found:
        if one.residents_with_capacity is not None:
            split = one.residents_with_capacity + one.residents_without_capacity
            assert split == pytest.approx(one.residents_served)
            assert split + one.residents_unserved == pytest.approx(one.residents)
            # Twenty per 1,000: a place does for fifty people.
            assert one.residents_with_capacity <= 50 * sum(c for _, c in listed) + 1e-6


# --- depth and need ---------------------------------------------------------------------


def test_depth_is_how_far_beyond_the_threshold_people_live():
    found = rows(offered(place(0, capacity=6)))

    assert row(found, "A").gap_depth == 0
    # 1125 m is half a threshold too far.
    assert row(found, "B").gap_depth == 0.5
    # 300 of 500 people at 0.5.
    assert row(found).gap_depth == 0.3


def test_from_twice_the_threshold_on_a_gap_is_as_deep_as_can_be():
    people = demand((1500, 100, 0), (9000, 100, 1))
    found = rows(offered(place(0)), people=people)

    assert row(found, "A").gap_depth == 1
    assert row(found, "B").gap_depth == 1
    assert row(rows(offered(), people=people), "A").gap_depth == 1


def need_of(**by_name):
    kinds = {name: Kind("money") for name in by_name}
    measured = {
        name: Measured(np.array(values, dtype=float), (2021,), ("census",))
        for name, values in by_name.items()
    }
    return computed(kinds, measured, ("A", "B"), np.array([200.0, 300.0]))


def test_the_gap_is_weighted_by_need_beside_unweighted_people():
    found = rows(offered(place(0)), need=need_of(low_income_share=[0.1, 0.4]))

    # B has the greatest need of two: rank 1, so each of 300 x 0.5 counts twice.
    b = row(found, "B")
    assert (b.need_index, b.n_need_flags) == (1, 1)
    assert b.residents_unserved == 300
    assert b.need_weighted_gap == 300
    assert row(found, "A").need_weighted_gap == 0
    assert row(found).need_weighted_gap == 300
    assert row(found).need_index is None


def test_without_indicators_need_is_not_known_and_no_gap_is_weighted():
    found = rows(offered(place(0)))

    for code in ("A", "B", None):
        assert row(found, code).need_weighted_gap is None
        assert Flag.NEED_UNKNOWN in row(found, code).flags
    assert row(found, "B").residents_unserved == 300


def test_a_missing_indicator_leaves_one_district_and_the_total_without_a_figure():
    found = rows(offered(place(0)), need=need_of(low_income_share=[0.1, np.nan]))

    assert row(found, "A").need_index == 0
    assert row(found, "B").need_index is None
    assert row(found, "B").need_weighted_gap is None
    assert row(found).need_weighted_gap is None
    assert Flag.NEED_UNKNOWN not in row(found, "A").flags
    assert Flag.NEED_UNKNOWN in row(found, "B").flags


def test_need_says_what_it_is_made_of():
    need = need_of(low_income_share=[0.1, 0.4], uninsured_share=[0.2, 0.1])

    # Ranks 0 and 1, and 1 and 0: sums are equal, and equal sums take the lowest rank.
    assert need.index.tolist() == [0, 0]
    assert need.details["B"]["indicators"] == {
        "low_income_share": 1,
        "uninsured_share": 0,
    }
    assert need.details["B"]["flags"] == ["low_income_share"]
    assert need.stands_on["uninsured_share"]["years"] == [2021]


def test_one_district_cannot_be_ranked():
    measured = {"x": Measured(np.array([1.0, 2.0]), (2021,), ("census",))}

    assert (
        computed({"x": Kind("a")}, measured, ("A", "B"), np.array([5.0, 0.0])) is None
    )
    assert computed({"x": Kind("a")}, {}, ("A", "B"), np.array([5.0, 5.0])) is None


@pytest.mark.parametrize(
    "said", ["money", {"theme": ""}, {"theme": "a", "more_is_need": 1}]
)
def test_a_municipality_names_its_indicators_with_a_theme(said):
    with pytest.raises(InvalidParameter, match=r"need_indicators\.rent"):
        kinds_of({"rent": said})


def test_a_municipality_may_name_its_own_indicators():
    assert kinds_of({"rent": {"theme": "homes", "more_is_need": False}}) == {
        "rent": Kind("homes", more_is_need=False)
    }


# --- standards --------------------------------------------------------------------------


def test_the_standards_own_walk_is_the_threshold_when_asked():
    asked = replace(TEN_MINUTES, threshold="standard")
    found = rows(offered(place(0)), parameters=asked, standards=clinic(minutes=15))

    # 15 minutes are 1125 m: B is in reach, its end included.
    assert row(found, "B").residents_unserved == 0
    assert (row(found, "B").threshold_min, row(found, "B").standard_min) == (15, 15)


def test_unless_asked_the_standard_is_told_and_not_applied():
    found = rows(offered(place(0)), standards=clinic(minutes=15))

    assert row(found, "B").residents_unserved == 300
    assert (row(found, "B").threshold_min, row(found, "B").standard_min) == (10, 15)


def test_a_term_without_a_standard_keeps_the_questions_threshold():
    asked = replace(TEN_MINUTES, threshold="standard")
    found = rows(offered(place(0)), parameters=asked)

    assert row(found, "B").threshold_min == 10
    assert row(found, "B").standard_min is None


def test_of_a_group_only_walks_that_anybody_may_ask_about_are_taken():
    asked = replace(TEN_MINUTES, threshold="standard", group="women")
    taken = TermStandards.of(asked, {"a": Standard(20.0), "b": Standard(12.0)})

    assert taken.question("a").threshold_min == 20
    assert taken.question("b").threshold_min == 10


def test_standards_are_of_categories_not_of_committees():
    asked = CoverageParameters("athens", by="committee")

    assert TermStandards.of(asked, {"health": Standard(5.0)}).by_term == {}


def test_shortage_is_what_the_standard_asks_beyond_the_places_people_have():
    found = rows(offered(place(0, capacity=6)), standards=clinic(per_1000=40))

    # A: 40 per 1,000 of 200 is 8, and all six places are theirs. B: 12, and none.
    assert row(found, "A").shortage_places == pytest.approx(2)
    assert row(found, "B").shortage_places == 12
    assert row(found).shortage_places == pytest.approx(14)


def test_plenty_here_makes_up_for_nothing_there():
    found = rows(offered(place(0, capacity=100)), standards=clinic(per_1000=40))

    assert row(found, "A").shortage_places == 0
    assert row(found).shortage_places == 12


# --- opening ----------------------------------------------------------------------------


def test_the_share_of_the_week_is_that_of_people_with_something_open():
    found = rows(offered(place(0)))

    # Monday to Friday, 9 to 17: 40 of 168 hours. B reaches nothing.
    assert row(found, "A").open_share == pytest.approx(40 / 168, abs=1e-6)
    assert row(found, "B").open_share == 0
    assert row(found).open_share == pytest.approx(40 / 168 * 200 / 500, abs=1e-6)


def test_unknown_hours_count_both_ways():
    found = rows(offered(place(0), place(750, hours=None)))

    # The second place is 750 m from the first: all of A may have it, B too (375 m).
    a = row(found, "A")
    assert a.open_share == pytest.approx(40 / 168, abs=1e-6)
    assert a.open_share_high == 1
    b = row(found, "B")
    assert (b.open_share, b.open_share_high) == (None, 1)


def test_only_the_hours_asked_about_count():
    asked = replace(
        TEN_MINUTES,
        eligibility=replace(TEN_MINUTES.eligibility, open_slots=("weekday_morning",)),
    )
    found = rows(offered(place(0)), parameters=asked)

    # 9, 10 and 11 of 8 to 12.
    assert row(found, "A").open_share == 0.75


# --- groups -----------------------------------------------------------------------------


GROUP = replace(TEN_MINUTES, group="women")


def women(*cells):
    """People of whom some are of the group: (metres, women, everybody, zone)."""
    x, some, everybody, zone = zip(*cells, strict=True)
    return demand(
        *zip(x, some, zone, strict=True), everybody=np.array(everybody, dtype=float)
    )


def test_places_for_everybody_are_shared_with_everybody():
    people = women((0, 100, 400, 0), (0, 20, 100, 1))
    found = rows(offered(place(0, capacity=5)), people=people, parameters=GROUP)

    # Five for 500 people, not for 100 women; two digits are told of a group.
    assert row(found, "A").access_per_1000 == 10


def test_places_for_the_group_are_its_own():
    people = women((0, 100, 400, 0))
    found = rows(
        offered(place(0, capacity=5, for_all=False)), people=people, parameters=GROUP
    )

    assert row(found, "A").access_per_1000 == 50


def test_who_of_a_group_gets_a_shared_place_is_not_known():
    people = women((0, 100, 400, 0))
    found = rows(
        offered(place(0, capacity=5)),
        people=people,
        parameters=GROUP,
        standards=clinic(per_1000=10),
    )

    assert row(found, "A").residents_with_capacity is None
    assert Flag.CAPACITY_SHARED in row(found, "A").flags


def test_who_of_a_group_gets_a_place_of_its_own_is():
    people = women((0, 100, 400, 0))
    found = rows(
        offered(place(0, capacity=2, for_all=False)),
        people=people,
        parameters=GROUP,
        standards=clinic(per_1000=50),
    )

    # A place does for twenty.
    a = row(found, "A")
    assert (a.residents_with_capacity, a.residents_without_capacity) == (40, 60)


@pytest.mark.parametrize("access", ["two_step_fca", "three_step_fca", "balanced_fca"])
def test_a_group_has_the_one_measure_that_knows_of_shared_places(access):
    with pytest.raises(InvalidParameter, match="access"):
        replace(GROUP, access=access)


# --- always -----------------------------------------------------------------------------


def test_equal_input_gives_equal_rows_to_the_last_digit():
    world = offered(place(0, capacity=6, months=9), place(300, capacity=7), place(300))
    standards = clinic(per_1000=33)

    assert rows(world, standards=standards) == rows(world, standards=standards)


def test_a_withheld_row_tells_none_of_the_further_figures():
    people = demand((0, 200, 0), (900, 9, 0), (0, 100, 1))
    found = rows(
        offered(place(0, capacity=6)), people=people, standards=clinic(per_1000=40)
    )

    a = row(found, "A")
    assert a.is_suppressed
    told = (
        a.residents_with_capacity,
        a.residents_without_capacity,
        a.access_per_1000,
        a.access_per_1000_fresh,
        a.gap_depth,
        a.need_weighted_gap,
        a.shortage_places,
        a.open_share,
        a.open_share_high,
        a.figures["share_capacity_imputed"],
    )
    assert set(told) == {None}
    assert row(found).shortage_places is None


@pytest.mark.parametrize(
    ("asked", "named"),
    [
        ({"decay": "sideways"}, "decay"),
        ({"access": "guess"}, "access"),
        ({"threshold": "whatever"}, "threshold"),
        ({"places_per_1000": 0}, "places_per_1000"),
        ({"places_per_1000": 1001}, "places_per_1000"),
        ({"decay": "stepped:" + ",".join(f"{n}=1" for n in range(90))}, "decay"),
    ],
)
def test_what_cannot_be_asked_is_refused_by_name(asked, named):
    with pytest.raises(InvalidParameter, match=named):
        replace(TEN_MINUTES, **asked)
