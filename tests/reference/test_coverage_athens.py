"""Coverage of the real Athens: official totals are kept, and PostGIS agrees.

643,452 residents: ELSTAT, census of 2021. 45 neighbourhoods and 7 communities: the
files named in the shared data's SOURCES.md.
"""

from pathlib import Path

import pytest
from django.db import transaction

from layers.analysis.parameters import CoverageParameters
from layers.analysis.runs import get_or_run
from layers.ingest.demo import load_demo
from layers.selectors.results import coverage_rows, gap_rows
from tests.reference.coverage_oracle import asked_of_postgis

pytestmark = [pytest.mark.django_db, pytest.mark.reference, pytest.mark.slow]

RESIDENTS = 643_452
FIXTURES = Path(__file__).parents[2] / "fixtures"


@pytest.fixture(scope="module")
def athens(shared_data, django_db_setup, django_db_blocker):
    """The city, loaded once for all tests here and rolled back after them."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_demo(FIXTURES, real=shared_data)
        yield
        transaction.set_rollback(True)


def test_everybody_is_in_one_neighbourhood_or_outside(athens):
    rows = coverage_rows(
        get_or_run(CoverageParameters("athens", by="committee")).pk, terms=["health"]
    )

    parts = [row for row in rows if not row.is_total]
    (total,) = (row for row in rows if row.is_total)
    assert len([row for row in parts if row.district_code]) == 45
    assert sum(row.residents for row in parts) == RESIDENTS
    assert total.residents == RESIDENTS


def test_a_coarser_level_serves_the_same_people(athens):
    totals = set()
    for level in ("neighbourhood", "municipal_community", "municipality"):
        run = get_or_run(CoverageParameters("athens", level=level, by="committee"))
        (total,) = (r for r in coverage_rows(run.pk, terms=["health"]) if r.is_total)
        totals.add((total.residents, total.residents_served, total.median_walk_m))

    assert len(totals) == 1


def test_the_gaps_of_health_are_filled_and_in_order(athens):
    run = get_or_run(CoverageParameters("athens", by="committee"))

    gaps = gap_rows(run.pk, terms=["health"])

    assert len(gaps) > 10
    unserved = [row.residents_unserved for row in gaps]
    assert unserved == sorted(unserved, reverse=True)
    assert all(row.names["el"] for row in gaps)


@pytest.mark.parametrize(
    ("by", "term"),
    [("committee", "health"), ("category", "hospital"), ("category", "legal-aid")],
)
def test_the_engine_agrees_with_postgis(athens, by, term):
    run = get_or_run(CoverageParameters("athens", by=by))
    found = {
        row.district_code: row
        for row in coverage_rows(run.pk, terms=[term])
        if not row.is_total
    }

    # 15 min x 75 m/min
    expected = asked_of_postgis("neighbourhood", by, term, detour=1.3, threshold_m=1125)

    assert len(expected) == len(found) == 46
    for code, residents, served, mean_m, median_m in expected:
        row = found[code]
        if row.is_suppressed:
            small = (served, residents - served)
            assert any(0 < people < 10 for people in small)
            continue
        assert row.residents == pytest.approx(residents)
        assert row.residents_served == pytest.approx(served)
        assert row.mean_walk_m == pytest.approx(mean_m, abs=0.01)
        assert row.median_walk_m == pytest.approx(median_m, abs=0.01)
