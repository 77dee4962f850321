"""Plans of the public statements: the indexes that they were written for are used.

Enough rows that the planner has a choice, few enough to be made in a second.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils.timezone import now
from pytest_django import DjangoDbBlocker

from layers.directory import read_model
from layers.published import nearest, service_points
from layers.published.connection import read
from layers.published.filters import ServicePointFilters
from layers.published.nearest_question import NearestQuestion, ranks_rightly
from tests import factories as make

pytestmark = pytest.mark.django_db

N = 2000

_MANY = """
INSERT INTO layers_service (id, created_at, updated_at, municipality_id, organization_id,
  names, descriptions, status, application_process, eligibility, fees, alert, url, email,
  audience, delivery_mode, referral_method, gender, step_free, moderation_state, assurer,
  source, source_id, licence)
SELECT gen_random_uuid(), now(), now(), %(municipality)s, %(organization)s,
  jsonb_build_object('en', 'Service ' || n), '{}', 'active', '{}', '{}', '{}', '{}', '', '',
  'both', 'on_site', '{}', 'any', 'unknown', 'published', '', 'many', n::text, ''
FROM generate_series(1, %(n)s) n;
INSERT INTO layers_attribute (service_id, term_id, position)
SELECT s.id, t.id, 0 FROM layers_service s
JOIN layers_taxonomyterm t ON t.slug = 'many-' || s.source_id::int %% 20
WHERE s.source = 'many';
INSERT INTO layers_location (id, created_at, updated_at, municipality_id, location_type,
  names, address, city, postal_code, region, country, point, precision, visibility,
  transportation, source, source_id, licence)
SELECT gen_random_uuid(), now(), now(), municipality_id, 'physical', '{}', '{}', '{}', '',
  '', 'GR', ST_Point(23.7 + (source_id::int %% 61) * 0.001,
                     37.95 + (source_id::int %% 53) * 0.001, 4326),
  'rooftop', 'public', '{}', 'many', source_id, ''
FROM layers_service WHERE source = 'many' AND source_id::int %% 50 <> 0;
INSERT INTO layers_serviceatlocation (id, created_at, updated_at, service_id, location_id,
  description)
SELECT gen_random_uuid(), now(), now(), s.id, l.id, '{}' FROM layers_service s
JOIN layers_location l ON l.source = 'many' AND l.source_id = s.source_id
WHERE s.source = 'many';
"""


@pytest.fixture(scope="module")
def many(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with django_db_blocker.unblock(), transaction.atomic():
        municipality = make.MunicipalityFactory(slug="athens")
        organization = make.OrganizationFactory(municipality=municipality)
        for n in range(20):
            make.TaxonomyTermFactory(slug=f"many-{n}")
        ids = {"municipality": municipality.pk, "organization": organization.pk}
        with connection.cursor() as cursor:
            cursor.execute(_MANY, {**ids, "n": N})
            cursor.execute("ANALYZE")
            read_model.rebuild()
            cursor.execute("ANALYZE")
        yield
        transaction.set_rollback(True)


def plan(statement: str, values: dict[str, Any]) -> str:
    with connection.cursor() as cursor:
        # So few rows are sorted quickly; what matters is that the order needs no sort.
        cursor.execute("SET LOCAL enable_sort = off")
    rows = read(f"EXPLAIN {statement}", values)
    return "\n".join(line for (line,) in rows)


def question(**filters: Any) -> NearestQuestion:
    return NearestQuestion(
        lon=23.73,
        lat=37.98,
        filters=ServicePointFilters(status=("active",), **filters),
        now=now(),
        lang="en",
    )


def test_one_category_walks_the_index_of_its_points(many: None) -> None:
    text = plan(*nearest.statement(question(category=("many-3",))))
    assert "servicepointcategory_nearest" in text
    assert "Order By: (point_m <->" in text
    assert "servicepoint_placeless" in text


def test_no_category_walks_the_index_of_all_points(many: None) -> None:
    text = plan(*nearest.statement(question(audience=("professionals",))))
    assert "servicepoint_point_m" in text
    assert "Order By: (point_m <->" in text


def test_what_is_rare_is_gathered_first(many: None) -> None:
    text = plan(*nearest.statement(question(q="Service 777")))
    assert "Order By: (point_m <->" not in text


def test_a_page_reads_no_more_than_it_shows(many: None) -> None:
    statement, values = service_points.statement(
        ServicePointFilters(), lang="en", limit=10
    )
    text = plan(statement, values)
    assert "Seq Scan on layers_servicepoint" not in text


@pytest.mark.parametrize(
    ("spot", "rightly"),
    [
        ((23.73, 37.98), True),  # Athens
        ((25.14, 35.34), True),  # Heraklion
        ((12.5, 41.9), False),  # Rome: the Greek grid is stretched there
        ((-170.0, -80.0), False),
    ],
)
def test_the_plane_is_trusted_only_near_its_own_country(
    spot: tuple[float, float], rightly: bool
) -> None:
    assert ranks_rightly(*spot) is rightly


@pytest.mark.parametrize(
    "spot", [(23.73, 37.98), (19.0, 42.5), (29.0, 34.5), (-60.0, 10.0)]
)
def test_the_nearest_are_those_of_a_full_sort(
    many: None, spot: tuple[float, float]
) -> None:
    found = nearest.nearest(
        NearestQuestion(
            lon=spot[0], lat=spot[1], filters=ServicePointFilters(), now=now(), lang="en",
            limit=25,
        )
    )  # fmt: skip
    rows = read(
        """SELECT id::text FROM published.service_point WHERE point IS NOT NULL
           ORDER BY ST_Distance(point::geography, ST_Point(%s, %s, 4326)::geography), id
           LIMIT 25""",
        spot,
    )
    ids = [
        part[:36]
        for part in found.features.decode().split('"type":"Feature","id":"')[1:]
    ]
    assert ids == [id_ for (id_,) in rows]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "call",
    [
        "layers_text(names, 'fa')",
        "layers_text_lang(names, 'fa')",
        "layers_is_open(hours_known, base_hours, segment_days, segment_hours,"
        " segment_explicit, open_on_holidays, '2026-11-23 10:00', false, false)",
    ],
)
def test_what_is_asked_of_every_row_is_put_into_the_statement(call: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"EXPLAIN (VERBOSE, COSTS OFF) SELECT {call} FROM layers_servicepoint"  # noqa: S608 (texts above)
        )
        shown = "\n".join(line for (line,) in cursor.fetchall())
    assert call.partition("(")[0] + "(" not in shown
    assert "layers_day_hours(" not in shown
