"""Siting from the database: the grid over a city, and proposals for its people."""

from dataclasses import replace
from datetime import date

import pytest

from layers.analysis.parameters import CoverageParameters
from layers.analysis.siting import propose
from layers.analysis.siting_parameters import SitingParameters
from layers.errors import InvalidParameter, NotFound
from layers.models import District, Municipality
from layers.selectors.siting_cells import cells

pytestmark = pytest.mark.django_db

NOVEMBER = date(2026, 11, 1)
ASKED = SitingParameters(
    CoverageParameters("athens", codes=("clinic",), threshold_min=10, detour=1), n_new=1
)


@pytest.fixture
def grid(city):
    return cells(city.municipality.pk, "neighbourhood", side_m=500)


def test_cells_cover_the_city_and_know_their_district(grid):
    # 2,000 x 1,000 m from 476,000 and 4,203,000: 4 columns and 2 rows of 500 m.
    assert [grid.code(at) for at in range(8)] == [
        "500mE476000N4203000", "500mE476000N4203500",
        "500mE476500N4203000", "500mE476500N4203500",
        "500mE477000N4203000", "500mE477000N4203500",
        "500mE477500N4203000", "500mE477500N4203500",
    ]  # fmt: skip
    assert [grid.district(at) for at in range(8)] == ["A"] * 4 + ["B"] * 4
    assert grid.xy[0].tolist() == [476_250, 4_203_250]


def test_a_level_without_districts_leaves_cells_in_none(city):
    District.objects.all().delete()

    found = cells(city.municipality.pk, "neighbourhood", side_m=500)

    assert len(found.grid) == 8
    assert {found.district(at) for at in range(8)} == {""}


def test_a_city_without_a_boundary_is_the_sum_of_its_districts(city):
    Municipality.objects.update(boundary=None)

    assert len(cells(city.municipality.pk, "neighbourhood", side_m=500).grid) == 8


def test_a_city_without_any_boundary_has_no_cells(city):
    Municipality.objects.update(boundary=None)
    District.objects.all().delete()

    assert len(cells(city.municipality.pk, "neighbourhood", side_m=500).grid) == 0


def test_the_grid_takes_one_query(city, django_assert_num_queries):
    with django_assert_num_queries(1):
        cells(city.municipality.pk, "neighbourhood", side_m=500)


def test_a_place_is_proposed_for_people_whom_no_clinic_reaches(city):
    # The clinic at 100 m reaches 40 people; 70 live 1,800 m away, in B.
    city.place(100, "clinic")
    city.people(100, 40)
    city.people(1900, 70)
    city.publish()

    found = propose(ASKED, as_of=NOVEMBER)

    assert (found.served_before, found.served_after, found.gap) == (40, 110, 0)
    (proposal,) = found.proposals
    assert proposal.area.district_code == "B"
    assert proposal.residents_gained == 70


def test_a_clinic_that_is_closed_counts_for_nobody(city):
    city.place(100, "clinic", status="defunct")
    city.people(100, 40)
    city.publish()

    assert propose(ASKED, as_of=NOVEMBER).served_before == 0


def test_a_parent_category_is_reached_where_a_child_is(city):
    city.place(100, "clinic")
    city.people(100, 40)
    city.publish()
    asked = replace(ASKED, coverage=replace(ASKED.coverage, codes=("health",)))

    assert propose(asked, as_of=NOVEMBER).served_before == 40


@pytest.mark.parametrize("model", ["lscp", "partial_lscp", "p_median", "p_center"])
def test_every_model_proposes_for_the_same_people(city, model):
    city.place(100, "clinic")
    city.people(100, 40)
    city.people(1900, 70)
    city.publish()

    found = propose(replace(ASKED, model=model), as_of=NOVEMBER)

    assert found.status == "optimal"
    assert [p.area.district_code for p in found.proposals] == ["B"]


def test_unknown_names_are_refused(city):
    asked = ASKED.coverage
    for wrong, error in (
        (replace(asked, municipality="sparta"), NotFound),
        (replace(asked, codes=("magic",)), InvalidParameter),
        (replace(asked, group="martians"), InvalidParameter),
        (replace(asked, engine="teleport"), InvalidParameter),
    ):
        with pytest.raises(error):
            propose(replace(ASKED, coverage=wrong), as_of=NOVEMBER)
