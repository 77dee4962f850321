"""Coverage against PostGIS: the same question asked in plain SQL, person by person.

The SQL finds the nearest place of every demand point with the KNN operator and sums
afterwards; nothing of it is shared with the engine but the stored rows.
"""

import random

import pytest
from django.db import connection, transaction

from layers.analysis.parameters import CoverageParameters
from layers.analysis.runs import get_or_run
from layers.models import DemandPoint, District
from layers.selectors.results import coverage_rows
from tests import factories as make
from tests.integration.analysis.city import City, at
from tests.reference.coverage_oracle import asked_of_postgis

pytestmark = [pytest.mark.django_db, pytest.mark.reference]


@pytest.fixture(scope="module")
def built(django_db_setup, django_db_blocker):
    """400 points with 10 to 60 people, 90 services of every kind, all at random.

    Built once for all tests here and rolled back after them.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        yield crowded_city()
        transaction.set_rollback(True)


@pytest.fixture
def crowd(built):
    """The city, with what a test changes undone after it."""
    with transaction.atomic():
        yield built
        transaction.set_rollback(True)


def crowded_city():
    city = City()
    dice = random.Random(2026)
    DemandPoint.objects.bulk_create(
        make.DemandPointFactory.build(
            municipality=city.municipality,
            point=at(dice.uniform(-100, 2100), dice.uniform(0, 1000)),
            population=dice.randint(10, 60),
        )
        for _ in range(400)
    )
    for _ in range(90):
        terms = dice.sample(
            ["health", "clinic", "hospital", "legal-aid"], dice.choice([1, 1, 2])
        )
        city.place(
            dice.uniform(-300, 2300),
            *terms,
            y=dice.uniform(-200, 1200),
            status=dice.choice(["active", "active", "active", "inactive"]),
            delivery_mode=dice.choice(["on_site", "on_site", "on_site", "remote"]),
            audience=dice.choice(["both", "beneficiaries", "professionals"]),
            visibility=dice.choice(["public", "public", "hidden", "district_only"]),
        )
    city.publish()
    return city


@pytest.mark.parametrize(
    "level", ["neighbourhood", "municipal_community", "municipality"]
)
@pytest.mark.parametrize(
    ("by", "term"),
    [
        ("category", "clinic"),
        ("category", "hospital"),
        ("category", "legal-aid"),
        ("category", "health"),
        ("committee", "health"),
    ],
)
def test_the_engine_agrees_with_postgis(crowd, level, by, term):
    asked = CoverageParameters(
        "athens", level=level, by=by, threshold_min=3, detour=1.2
    )
    found = {
        row.district_code: row
        for row in coverage_rows(get_or_run(asked).pk, terms=[term])
        if not row.is_total
    }

    # 3 min x 75 m/min
    expected = asked_of_postgis(level, by, term, detour=1.2, threshold_m=225)

    assert [code for code, *_ in expected] == sorted(found)
    for code, residents, served, mean_m, median_m in expected:
        row = found[code]
        assert not row.is_suppressed
        assert row.residents == residents
        assert row.residents_served == served
        assert row.residents_unserved == residents - served
        assert row.share_served == pytest.approx(served / residents, abs=1e-6)
        assert row.mean_walk_m == pytest.approx(mean_m, abs=0.01)
        assert row.median_walk_m == pytest.approx(median_m, abs=0.01)


def test_the_municipality_agrees_with_summing_everybody(crowd):
    asked = CoverageParameters("athens", threshold_min=3, detour=1.2)
    (total,) = (
        row
        for row in coverage_rows(get_or_run(asked).pk, terms=["clinic"])
        if row.is_total
    )

    District.objects.all().delete()  # everybody is in one group: the outside
    ((_, residents, served, mean_m, median_m),) = asked_of_postgis(
        "neighbourhood", "category", "clinic", detour=1.2, threshold_m=225
    )

    assert (total.residents, total.residents_served) == (residents, served)
    assert total.mean_walk_m == pytest.approx(mean_m, abs=0.01)
    assert total.median_walk_m == pytest.approx(median_m, abs=0.01)


SERVING = """
SELECT d.code, count(DISTINCT s.service_id)
FROM layers_district d
JOIN layers_servicepoint s ON 'clinic' = ANY(s.categories)
 AND s.status = 'active' AND s.audience <> 'professionals'
WHERE d.level = 'neighbourhood' AND (
    s.serves_everywhere
    OR d.code = ANY(s.serves_codes)
    OR EXISTS (SELECT FROM layers_district a WHERE a.code = ANY(s.serves_codes)
               AND a.level <> d.level AND ST_Covers(a.boundary, d.label_point))
    OR (s.serves_codes = '{}' AND s.serves_extent IS NULL
        AND s.delivery_mode = 'on_site' AND s.neighbourhood_code = d.code)
) GROUP BY d.code ORDER BY d.code
"""


def test_services_serving_a_district_agree_with_counting_them_one_by_one(crowd):
    for area in ("A", "B", "C"):
        service = crowd.service("clinic")
        made = make.ServiceAreaFactory(service=service, scope="district")
        made.districts.add(District.objects.get(code=area))
    crowd.service("clinic")
    crowd.publish()

    found = {
        row.district_code: row.n_serving
        for row in coverage_rows(
            get_or_run(CoverageParameters("athens")).pk, terms=["clinic"]
        )
        if row.district_code
    }

    with connection.cursor() as cursor:
        cursor.execute(SERVING)
        assert sorted(found.items()) == cursor.fetchall()
