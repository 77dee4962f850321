"""What closing one clinic changes, on the real Athens: the example of the documentation.

Hospitals are facts (`facts/public_places.csv`); districts and residents are those of
`test_coverage_athens.py`. PostGIS says the same in one statement per state.
"""

from dataclasses import replace
from pathlib import Path

import pytest
from django.db import connection, transaction

from layers.analysis import today_base
from layers.analysis.critical import critical_services
from layers.analysis.parameters import CoverageParameters
from layers.analysis.scenario_changes import Changes
from layers.analysis.scenario_states import compare_states
from layers.ingest.demo import load_demo
from layers.models import ServicePoint

pytestmark = [pytest.mark.django_db, pytest.mark.reference, pytest.mark.slow]

FIXTURES = Path(__file__).parents[2] / "fixtures"
ASKED = CoverageParameters("athens", detour=1.3)

# The nearest public hospital of every resident, with one of them left out: 15 minutes are
# 1,125 m of walking.
_UNSERVED = """
SELECT coalesce(d.code, ''), sum(p.population) FILTER (WHERE near.m * 1.3 > 1125)
FROM layers_demandpoint p
LEFT JOIN LATERAL (
    SELECT code FROM layers_district
    WHERE level = 'neighbourhood' AND valid_to IS NULL
      AND ST_Intersects(boundary, p.point) ORDER BY code LIMIT 1
) d ON true
CROSS JOIN LATERAL (
    SELECT min(p.point_m <-> s.point_m) AS m FROM layers_servicepoint s
    WHERE s.categories @> '{hospital}' AND s.status = 'active'
      AND s.audience <> 'professionals' AND s.delivery_mode = 'on_site'
      AND s.id <> %s
) near
WHERE p.is_resident GROUP BY 1
"""


@pytest.fixture(scope="module")
def athens(shared_data, django_db_setup, django_db_blocker):
    """The city, loaded once for all tests here and rolled back after them."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_demo(FIXTURES, real=shared_data)
        today_base.forget()
        yield
        transaction.set_rollback(True)
    today_base.forget()


@pytest.fixture
def polyclinic(athens):
    return ServicePoint.objects.get(names__en="Athens Polyclinic Hospital").pk


def hospital_rows(found):
    return [row for row in found if row.term == "hospital"]


def test_the_place_that_would_be_missed_most(athens, polyclinic):
    found = critical_services(replace(ASKED, codes=("hospital",)))

    assert found.found[0].id == polyclinic
    assert (found.n_places, found.n_missed) == (16, 9)


def test_its_closure_is_what_postgis_says(athens, polyclinic):
    (rows,) = compare_states(ASKED, [Changes(close=(polyclinic,))]).rows
    with connection.cursor() as cursor:
        cursor.execute(_UNSERVED, [polyclinic])
        expected = {code: people or 0 for code, people in cursor.fetchall()}

    told = [r for r in hospital_rows(rows) if not r.is_total and not r.is_suppressed]
    assert len(told) > 40
    for row in told:
        assert row.scenario_unserved == pytest.approx(expected[row.district_code])
    (total,) = (row for row in hospital_rows(rows) if row.is_total)
    assert total.scenario_unserved == pytest.approx(sum(expected.values()))


def test_the_example_of_the_documentation(athens, polyclinic):
    (rows,) = compare_states(ASKED, [Changes(close=(polyclinic,))]).rows

    (total,) = (row for row in hospital_rows(rows) if row.is_total)
    assert (total.difference, total.interval_as_recorded) == (15_706, (6_411, 28_860))
    # Nobody has verified a hospital or recorded its hours: it may be no loss at all.
    assert (total.interval, total.verdict) == ((0, 28_860), "unclear")
    worst = max(
        (row for row in hospital_rows(rows) if not row.is_total),
        key=lambda row: row.difference or 0,
    )
    assert (worst.district_code, worst.difference) == ("ATH-N03", 10_145)
    assert (worst.base_class, worst.scenario_class) == (2, 5)


def test_two_closures_cost_what_both_cost_together(athens, polyclinic):
    ranked = critical_services(replace(ASKED, codes=("hospital",)), limit=2).found
    one, other = (one.id for one in ranked)
    found = compare_states(
        ASKED,
        [Changes(close=(one,)), Changes(close=(other,)), Changes(close=(one, other))],
    )

    costs = [
        next(row.difference for row in hospital_rows(rows) if row.is_total)
        for rows in found.rows
    ]
    assert costs[:2] == [item.residents_losing for item in ranked]
    # Far apart: nobody's nearest and next are these two.
    assert costs[2] == costs[0] + costs[1]
