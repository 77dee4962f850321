"""Nobody can find a protected place by asking for coverage, however often."""

import dataclasses

import pytest
from django.db import connection

from layers.analysis.parameters import CoverageParameters
from layers.analysis.runs import get_or_run
from layers.errors import InvalidParameter
from layers.selectors.results import coverage_rows, latest_default_run

pytestmark = pytest.mark.django_db

QUESTIONS = [
    CoverageParameters("athens", threshold_min=minutes, detour=1, level=level, by=by)
    for minutes in (1, 5, 20)
    for level in ("neighbourhood", "municipality")
    for by in ("category", "committee")
]


@pytest.fixture
def town(city):
    for x in range(100, 2000, 200):
        city.people(x, 40)
    city.place(100, "clinic")
    city.publish()
    return city


def answers():
    """Everything that the public can learn from runs, without ids and times."""
    found = []
    for asked in QUESTIONS:
        run = get_or_run(asked)
        found.append(
            (run.summary, [dataclasses.astuple(r) for r in coverage_rows(run.pk)])
        )
    return found


def test_a_hidden_place_changes_nothing_that_anybody_can_read(town):
    before = answers()

    town.place(1500, "clinic", visibility="hidden")
    town.publish()

    assert answers() == before


def test_a_hidden_place_of_an_unserved_category_does_not_serve_it(town):
    before = answers()

    town.place(1500, "legal-aid", visibility="hidden")
    town.publish()

    assert answers() == before


def test_a_protected_place_is_counted_in_its_district_and_in_no_distance(town):
    asked = CoverageParameters("athens", detour=1)
    before = {r.district_code: r for r in rows(get_or_run(asked)) if not r.is_total}

    town.place(1500, "clinic", visibility="district_only")
    town.publish()
    after = {r.district_code: r for r in rows(get_or_run(asked)) if not r.is_total}

    assert after["A"] == before["A"]
    assert (before["B"].n_located, after["B"].n_located) == (0, 1)
    assert (before["B"].n_serving, after["B"].n_serving) == (0, 1)
    assert figures_of(after["B"]) == figures_of(before["B"])


def test_where_protected_places_count_is_said_once_for_the_municipality(town):
    town.place(1500, "clinic", visibility="district_only")
    town.publish()
    found = rows(get_or_run(CoverageParameters("athens")))

    flagged = [r for r in found if "PROTECTED_EXCLUDED" in r.flags]
    assert [r.is_total for r in flagged] == [True]


def test_moving_a_protected_place_inside_its_district_changes_nothing(town):
    service = town.place(1500, "clinic", visibility="district_only")
    town.publish()
    before = answers()

    location = service.service_at_locations.get().location
    location.point = location.point.transform(2100, clone=True)
    location.point.x += 300
    location.save()
    town.publish()

    assert answers() == before


# --- restricted runs ---------------------------------------------------------------------


def test_the_public_cannot_ask_for_every_place(town):
    with pytest.raises(InvalidParameter, match="supply"):
        get_or_run(CoverageParameters("athens", supply="all"))


def test_a_restricted_run_knows_protected_places(town):
    town.place(1500, "clinic", visibility="hidden")
    town.place(1700, "clinic", visibility="district_only", precision="district")
    town.publish()

    run = restricted()
    found = {
        r.district_code: r
        for r in coverage_rows(run.pk, terms=["clinic"], restricted=True)
        if not r.is_total
    }

    assert found["B"].residents_served == found["B"].residents
    assert found["B"].n_located == 2
    assert "GEOCODE_APPROX" in found["B"].flags
    assert run.summary["protected_places_in_distances"] is True


def test_a_restricted_run_takes_committees_and_parents_too(town):
    town.place(1500, "hospital", visibility="hidden")
    town.publish()

    by_category = restricted()
    by_committee = restricted(by="committee")

    for run, term in ((by_category, "health"), (by_committee, "health")):
        (total,) = (
            r
            for r in coverage_rows(run.pk, terms=[term], restricted=True)
            if r.is_total
        )
        assert total.n_located == 2


def test_no_public_reader_gets_the_rows_of_a_restricted_run(town):
    town.place(1500, "clinic", visibility="hidden")
    town.publish()
    run = restricted()

    assert run.is_restricted
    assert coverage_rows(run.pk) == []
    assert latest_default_run("athens", by="category", level="neighbourhood") is None
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM published.run")
        assert cursor.fetchone() == (0,)
        cursor.execute("SELECT count(*) FROM published.result_row")
        assert cursor.fetchone() == (0,)


def restricted(**changed):
    asked = CoverageParameters("athens", detour=1, supply="all", **changed)
    return get_or_run(asked, restricted=True)


def rows(run):
    return coverage_rows(run.pk, terms=["clinic"])


def figures_of(row):
    kept = dataclasses.asdict(row)
    return {name: kept[name] for name in kept if name not in ("n_located", "n_serving")}
