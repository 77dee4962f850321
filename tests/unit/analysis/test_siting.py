"""Siting on small worlds on a line: cells of 100 m, answers by hand."""

from dataclasses import replace

import numpy as np
import pytest

from layers.analysis import siting
from layers.analysis.parameters import CoverageParameters
from layers.analysis.siting import suggest
from layers.analysis.siting_answers import as_published
from layers.analysis.siting_parameters import SitingParameters
from layers.analysis.travel_cost import travel_cost
from layers.errors import InvalidParameter
from layers.selectors.siting_cells import Cells
from tests.unit.analysis.worlds import TEN_MINUTES, demand

# Ten minutes are 750 m. Centres of cells are at x = 50, 150, ... 3,950 and y = 50.
ASKED = SitingParameters(replace(TEN_MINUTES, codes=("clinic",)), n_new=1, cell_m=100)
GRID = Cells(
    side_m=100,
    grid=np.array([(column, 0) for column in range(40)]),
    district_codes=("A", "B"),
    zone=np.array([0] * 20 + [1] * 19 + [2]),
)


def sited(people, walk_m, asked=ASKED, grid=GRID, **given):
    asked = replace(asked, **given)
    engine = travel_cost(asked.coverage)
    return suggest(asked, people, np.array(walk_m, dtype=float), grid, engine)


def test_a_new_place_goes_where_most_people_are_not_reached():
    # 900 people at 500 m are reached already; of the rest most live at 3,000 m.
    people = demand((500, 900, 0), (1800, 100, 0), (3000, 300, 1))

    found = sited(people, [0, 1300, 2500])

    (proposal,) = found.proposals
    assert (found.status, found.gap) == ("optimal", 0)
    # The first cell from which 1,800 and 3,000 are both within 750 m is at 2,350 m.
    assert proposal.area.code == "100mE2300N0"
    assert (proposal.area.district_code, proposal.area.centre_m) == ("B", (2350, 50))
    assert (found.served_before, found.served_after) == (900, 1300)
    assert proposal.residents_gained == 400
    assert found.residents == 1300


def test_people_who_are_reached_already_draw_no_new_place():
    people = demand((500, 9000, 0), (3000, 10, 1))

    found = sited(people, [700, 2400])

    assert found.proposals[0].residents_gained == 10
    assert (found.served_before, found.served_after) == (9000, 9010)


def test_each_proposal_has_areas_that_could_take_its_place():
    found = sited(demand((1000, 100, 0)), [np.inf])

    (proposal,) = found.proposals
    assert len(proposal.alternatives) == 3
    for other in proposal.alternatives:
        assert other.objective == 100
        assert abs(other.area.centre_m[0] - 1000) <= 750
        assert other.area.code != proposal.area.code


def test_two_places_share_what_both_reach_and_neither_gains_it_alone():
    people = demand((500, 100, 0), (1000, 50, 0), (2200, 100, 1))

    found = sited(people, [np.inf] * 3, n_new=2)

    assert found.served_after == 250
    assert sum(p.residents_gained for p in found.proposals) <= 250


def test_people_out_of_reach_of_every_cell_are_told():
    found = sited(demand((500, 10, 0), (9000, 70, 1)), [np.inf, np.inf])

    assert (found.out_of_reach, found.served_after) == (70, 10)


def test_the_number_of_places_counts_new_ones_only():
    people = demand((100, 50, 0), (1900, 50, 0), (3900, 50, 1))

    everybody = sited(people, [0, 1800, 3800], model="lscp")
    two_thirds = sited(people, [0, 1800, 3800], model="partial_lscp", target=0.66)
    none = sited(people, [0, 1800, 3800], model="partial_lscp", target=0.3)

    assert (everybody.objective, everybody.bound, len(everybody.proposals)) == (2, 2, 2)
    assert (two_thirds.objective, len(two_thirds.proposals)) == (1, 1)
    assert (none.objective, none.gap, none.proposals) == (0, 0, ())


def test_a_share_that_no_cell_can_bring_is_an_answer():
    found = sited(demand((9000, 70, 1)), [np.inf], model="partial_lscp")

    assert (found.status, found.objective, found.proposals) == ("infeasible", None, ())
    assert "all sites together reach 0.0000%" in found.why


def test_a_median_stands_where_people_walk_least():
    people = demand((50, 10, 0), (1050, 30, 0), (3950, 10, 1))

    found = sited(people, [np.inf] * 3, model="p_median")

    # The median of the people is at 1,050 m; every centre is 50 m off the line.
    assert found.proposals[0].area.centre_m == (1050, 50)


def test_a_center_makes_the_longest_walk_shortest():
    people = demand((50, 10, 0), (1050, 3000, 0), (3050, 10, 1))

    found = sited(people, [np.inf] * 3, model="p_center")

    assert found.proposals[0].area.centre_m == (1550, 50)
    assert found.objective == pytest.approx(np.hypot(1500, 50))


def test_the_existing_places_keep_their_people_in_a_median():
    people = demand((50, 10, 0), (3050, 10, 1))

    found = sited(people, [20, 3020], model="p_median")

    assert found.objective == pytest.approx(10 * 20 + 10 * 50)


def test_a_cell_outside_of_every_district_says_so():
    found = sited(
        demand((3990, 10, 1)), [np.inf], grid=replace(GRID, zone=np.full(40, 2))
    )

    assert found.proposals[0].area.district_code == ""
    assert as_published(found)["proposals"][0]["district"] is None


def test_a_city_without_people_needs_nothing():
    found = sited(demand(), [])

    assert (found.residents, found.served_after, found.status) == (0, 0, "optimal")


def test_what_is_not_known_well_is_flagged():
    known = sited(demand((500, 10, 0), is_modelled=[False]), [np.inf])
    guessed = sited(
        demand((500, 10, 0), is_modelled=[True], is_group_known=False), [np.inf]
    )

    assert sorted(known.flags) == ["NO_NETWORK"]
    assert sorted(guessed.flags) == ["GROUP_POP_UNKNOWN", "NO_NETWORK", "POP_MODELLED"]


def test_the_public_sees_multiples_of_five_and_no_small_count():
    people = demand((500, 903, 0), (3000, 8, 1))

    shown = as_published(sited(people, [0, 2500]))

    assert (shown["residents"], shown["served_before"]) == (910, 905)
    # 8 people more would be told by the difference.
    assert shown["served_after"] is None
    assert shown["proposals"][0]["residents_gained"] is None


def test_the_public_sees_areas_and_no_address():
    shown = as_published(sited(demand((500, 100, 0)), [np.inf]))

    (proposal,) = shown["proposals"]
    assert set(proposal) == {
        "area", "district", "centre_m", "side_m", "residents_gained", "alternatives",
    }  # fmt: skip
    assert shown["parameters"]["codes"] == ["clinic"]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"model": "tsp"}, "model: 'tsp' is not allowed; one of mclp"),
        ({"n_new": 0}, "n_new: '0' is not allowed; a whole number from 1 to 50"),
        ({"n_new": 51}, "n_new: '51'"),
        ({"n_new": True}, "n_new: 'True'"),
        ({"n_new": 2.5}, "n_new: '2.5'"),
        ({"cell_m": 50}, "cell_m: '50' is not allowed; a whole number from 100"),
        ({"target": 0}, "target: '0' is not allowed"),
        ({"target": 1.5}, "target: '1.5'"),
        ({"time_limit_s": 0}, "time_limit_s: '0'"),
        ({"time_limit_s": 601}, "time_limit_s: '601'"),
        ({"time_limit_s": float("nan")}, "time_limit_s: 'nan'"),
        ({"coverage": CoverageParameters("athens")}, "codes: .* exactly one"),
    ],
)
def test_what_cannot_be_asked_is_refused_by_name(given, message):
    with pytest.raises(InvalidParameter, match=message):
        replace(ASKED, **given)


def test_more_places_than_cells_are_refused():
    small = replace(GRID, grid=GRID.grid[:1], zone=GRID.zone[:1])
    people = demand((500, 10, 0))

    with pytest.raises(InvalidParameter, match="n_new: '2' is not allowed; at most 1"):
        sited(people, [np.inf], grid=small, n_new=2)


def test_more_walks_than_can_be_weighed_are_refused(monkeypatch):
    monkeypatch.setattr(siting, "MAX_MATRIX", 79)
    people = demand((500, 10, 0), (600, 10, 0))

    with pytest.raises(
        InvalidParameter, match=r"cell_m: '100' .* larger cells: 2 points"
    ):
        sited(people, [np.inf] * 2, model="p_median")
    assert sited(people, [np.inf] * 2).status == "optimal"
