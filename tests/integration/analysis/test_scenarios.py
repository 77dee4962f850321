"""Scenarios from the database: public places only, and equal to a change that happened.

Neighbourhood A is x from 0 to 1,000 m, B to 2,000 m; ten minutes are 750 m (`city.py`).
"""

from dataclasses import replace
from uuid import uuid4

import pytest
from django.contrib.gis.geos import Point

from layers.analysis import today_base
from layers.analysis.critical import critical_services
from layers.analysis.parameters import CoverageParameters
from layers.analysis.runs import get_or_run
from layers.analysis.scenario_changes import Changes, Move, Opening
from layers.analysis.scenarios import compare
from layers.errors import InvalidParameter, NotFound
from layers.models import ResultRow, Service, ServiceAtLocation
from layers.selectors.supply import supply, terms
from layers.selectors.supply_arrays import IS_UNCERTAIN
from tests.integration.analysis.city import at

pytestmark = pytest.mark.django_db

TEN = CoverageParameters("athens", threshold_min=10, detour=1)


@pytest.fixture(autouse=True)
def nothing_kept():
    today_base.forget()


@pytest.fixture
def clinics(city):
    """Clinics at 100 m and 1,900 m, a hospital at 200 m; people beside each."""
    for x, population in ((100, 400), (1000, 60), (1900, 300)):
        city.people(x, population)
    city.west = point(city.place(100, "clinic"))
    city.hospital = point(city.place(200, "hospital"))
    city.east = point(city.place(1900, "clinic"))
    city.publish()
    return city


def point(service):
    return ServiceAtLocation.objects.get(service=service).pk


def degrees(x, y=500):
    spot = at(x, y)
    there: Point = spot.transform(4326, clone=True)
    return there.x, there.y


def told(found, code=None, term="clinic", kind="category"):
    (match,) = (
        row
        for row in found.rows
        if (row.term_kind, row.term) == (kind, term)
        and (row.is_total if code is None else row.district_code == code)
    )
    return match


def test_closing_a_clinic_is_told_by_district_category_parent_and_committee(clinics):
    found = compare(TEN, Changes(close=(clinics.east,)))

    b = told(found, "B")
    # 300 people beside it, 1,800 m from the other clinic. The 60 at 1,000 m are reached
    # by neither: 900 m each way.
    assert (b.base_unserved, b.scenario_unserved, b.difference) == (60, 360, 300)
    assert told(found, "A").difference == 0
    # No hospital is near them either, so the parent and the committee lose them, too.
    kinds = {(row.term_kind, row.term) for row in found.rows}
    assert kinds == {
        ("category", "health"), ("category", "clinic"), ("committee", "health"),
    }  # fmt: skip
    for kind in ("category", "committee"):
        assert told(found, term="health", kind=kind).difference == 300


def test_a_clinic_beside_a_hospital_is_missed_by_nobody_of_the_parent(clinics):
    found = compare(TEN, Changes(close=(clinics.west,)))

    assert told(found, "A").difference == 400
    assert told(found, "A", "health").difference == 0


def test_what_was_said_is_what_happens(clinics):
    said = compare(TEN, Changes(close=(clinics.east,)))
    Service.objects.filter(pk__in=_service(clinics.east)).update(status="defunct")
    clinics.publish()
    run = get_or_run(TEN)

    stored = ResultRow.objects.filter(run=run, term="clinic")
    assert {row.district_code: row.residents_unserved for row in stored} == {
        row.district_code: row.scenario_unserved
        for row in said.rows
        if row.term == "clinic"
    }


def _service(point_id):
    return ServiceAtLocation.objects.filter(pk=point_id).values("service")


def test_the_base_is_the_stored_run(clinics):
    found = compare(TEN, Changes(close=(clinics.east,)))

    run = found.base.runs["category"]
    assert run == get_or_run(TEN)
    stored = ResultRow.objects.get(run=run, term="clinic", district_code="B")
    assert told(found, "B").base_unserved == stored.residents_unserved


def test_places_are_those_that_a_run_walks_to(clinics):
    clinics.place(500, "clinic", delivery_mode="outreach")
    clinics.place(600, "clinic", status="inactive")
    clinics.place(700, "clinic", visibility="hidden")
    clinics.publish()
    base = compare(TEN, Changes(close=(clinics.east,))).base
    offered = supply(
        clinics.municipality.pk,
        level="neighbourhood",
        by="category",
        term_tree=terms("category"),
        groups=None,
        reach_m=TEN.reach_m,
        as_of=base.runs["category"].finished_at.date(),
    )

    for term in terms("category"):
        sites = offered.sites.get(term.slug)
        expected = (
            [] if sites is None else sites.xy[sites.quality < IS_UNCERTAIN].tolist()
        )
        assert base.places.own("category", term).tolist() == expected


def test_an_opening_serves_people_and_counts_for_its_committee(clinics):
    new = Opening("clinic", *degrees(1000))
    found = compare(TEN, Changes(open=(new,)))

    assert told(found).residents_gaining == 60
    assert told(found).scenario_unserved == 0
    committee = [r for r in found.rows if r.term_kind == "committee" and r.is_total]
    assert [(r.term, r.residents_gaining) for r in committee] == [("health", 60)]


def test_a_move_is_a_closure_and_an_opening(clinics):
    x, y = degrees(1000)
    moved = compare(TEN, Changes(move=(Move(clinics.east, x, y),)))
    both = compare(TEN, Changes(close=(clinics.east,), open=(Opening("clinic", x, y),)))

    assert told(moved).residents_gaining == 60
    # What is not known of the clinic moves along; a new place has no doubts.
    alike = [replace(row, interval=None, verdict=None) for row in moved.rows]
    assert alike == [replace(row, interval=None, verdict=None) for row in both.rows]


def test_a_move_to_the_same_spot_changes_nothing(clinics):
    lon, lat = ServiceAtLocation.objects.get(pk=clinics.east).location.point.coords
    found = compare(TEN, Changes(move=(Move(clinics.east, lon, lat),)))

    assert {row.difference for row in found.rows} <= {0, None}


def test_another_service_at_the_same_spot_stays(clinics):
    clinics.place(1900, "clinic")
    clinics.publish()

    assert told(compare(TEN, Changes(close=(clinics.east,)))).difference == 0


def test_new_data_are_seen_at_once(clinics):
    before = compare(TEN, Changes(close=(clinics.east,)))
    clinics.place(1800, "clinic")
    clinics.publish()

    assert told(before).difference == 300
    assert told(compare(TEN, Changes(close=(clinics.east,)))).difference == 0


def test_an_answer_that_is_held_takes_few_queries(
    clinics, django_assert_max_num_queries
):
    compare(TEN, Changes(close=(clinics.east,)))

    with django_assert_max_num_queries(8):
        compare(TEN, Changes(close=(clinics.west,)))


# --- refusals -------------------------------------------------------------------------


@pytest.fixture
def unnameable(clinics):
    """Ids of which nobody may learn whether they exist, or that nobody walks to."""
    ids = {
        "none at all": uuid4(),
        "hidden": point(clinics.place(300, "clinic", visibility="hidden")),
        "district": point(clinics.place(400, "clinic", visibility="district_only")),
        "inactive": point(clinics.place(500, "clinic", status="inactive")),
        "outreach": point(clinics.place(600, "clinic", delivery_mode="outreach")),
        "no place": clinics.service("clinic", delivery_mode="remote").pk,
    }
    clinics.publish()
    return ids


def test_places_that_are_not_public_are_refused_like_those_that_are_not(unnameable):
    texts = set()
    for id_ in unnameable.values():
        for changes in (
            Changes(close=(id_,)),
            Changes(move=(Move(id_, *degrees(100)),)),
        ):
            with pytest.raises(InvalidParameter) as caught:
                compare(TEN, changes)
            assert caught.value.name in ("close", "move")
            texts.add(caught.value.detail.split(":", 1)[1].replace(str(id_), "id"))
    assert len(texts) == 1


def test_protected_places_change_no_answer(clinics):
    before = compare(TEN, Changes(close=(clinics.east,))).rows
    clinics.place(1950, "clinic", visibility="hidden")
    clinics.publish()

    assert compare(TEN, Changes(close=(clinics.east,))).rows == before


def test_a_question_about_protected_places_is_refused(clinics):
    with pytest.raises(InvalidParameter, match="supply"):
        compare(replace(TEN, supply="all"), Changes(close=(clinics.east,)))


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        (Changes(open=(Opening("magic", 23.7, 37.97),)), "open"),
        (Changes(open=(Opening("clinic", 0, 0),)), "open"),
        (Changes(open=(Opening("clinic", 180, 90),)), "open"),
    ],
)
def test_what_cannot_be_opened_is_refused(clinics, changes, named):
    with pytest.raises(InvalidParameter) as caught:
        compare(TEN, changes)
    assert caught.value.name == named


def test_places_cannot_be_put_anywhere_to_count_a_group(clinics):
    women = replace(TEN, group="women")
    for changes in (
        Changes(open=(Opening("clinic", *degrees(1000)),)),
        Changes(move=(Move(clinics.east, *degrees(1000)),)),
    ):
        with pytest.raises(InvalidParameter, match="group"):
            compare(women, changes)
    assert told(compare(women, Changes(close=(clinics.east,)))).difference == 300


def test_a_group_is_asked_at_fixed_thresholds_only(clinics):
    with pytest.raises(InvalidParameter, match="threshold_min"):
        compare(
            replace(TEN, group="women", threshold_min=11),
            Changes(close=(clinics.east,)),
        )


def test_a_municipality_that_is_none_is_not_found(clinics):
    with pytest.raises(NotFound):
        compare(replace(TEN, municipality="sparta"), Changes(close=(clinics.east,)))


# --- the ranking ----------------------------------------------------------------------


def test_the_place_that_most_people_would_miss_comes_first(clinics):
    found = critical_services(replace(TEN, codes=("clinic",)))

    assert [(one.id, one.residents_losing) for one in found.found] == [
        (clinics.west, 400),
        (clinics.east, 300),
    ]
    assert (found.n_places, found.n_missed) == (2, 2)


def test_of_a_parent_only_what_no_other_child_reaches_is_missed(clinics):
    found = critical_services(replace(TEN, codes=("health",)))

    assert [one.id for one in found.found] == [clinics.east]
    assert found.n_places == 3


def test_a_committee_has_a_ranking_too(clinics):
    found = critical_services(replace(TEN, by="committee", codes=("health",)))

    assert [one.id for one in found.found] == [clinics.east]


def test_each_figure_is_that_of_a_scenario(clinics):
    for one in critical_services(replace(TEN, codes=("clinic",))).found:
        closed = compare(TEN, Changes(close=(one.id,)))
        assert told(closed).residents_losing == one.residents_losing


def test_few_people_who_would_miss_a_place_are_not_told(clinics):
    # 7 people are 774 m from the clinic at 1,900 m, 100 are 476 m from both.
    clinics.people(1300, 7, y=990)
    clinics.people(1600, 100, y=870)
    lonely = point(clinics.place(1300, "clinic", y=1240))
    clinics.publish()
    found = critical_services(replace(TEN, codes=("clinic",)))

    assert [one.residents_losing for one in found.found] == [400, 300, None]
    last = found.found[-1]
    assert (last.id, last.residents_losing, last.is_suppressed) == (lonely, None, True)


def test_two_services_at_one_spot_are_each_missed_by_nobody(clinics):
    clinics.place(1900, "clinic")
    clinics.publish()
    found = critical_services(replace(TEN, codes=("clinic",)))

    assert [one.id for one in found.found] == [clinics.west]


@pytest.mark.parametrize(
    ("given", "limit"),
    [({}, 10), ({"codes": ("clinic", "health")}, 10), ({"codes": ("magic",)}, 10),
     ({"codes": ("clinic",)}, 0), ({"codes": ("clinic",)}, 51)],
)  # fmt: skip
def test_a_ranking_of_what_is_none_is_refused(clinics, given, limit):
    with pytest.raises(InvalidParameter):
        critical_services(replace(TEN, **given), limit=limit)
