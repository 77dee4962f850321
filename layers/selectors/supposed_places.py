"""Places that are only supposed: the terms that one would carry, and where it would be."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

import numpy as np
from django.conf import settings
from django.db import connection
from numpy.typing import NDArray

from layers.models import TaxonomyTerm
from layers.models.run import TermKind
from layers.selectors.public_places import Carried


def terms_of_new(categories: Iterable[str]) -> dict[str, Carried]:
    """Return which terms a service of each category carries: parents and committees.

    Categories that do not exist are left out. One query.
    """
    wanted = TaxonomyTerm.objects.filter(
        taxonomy__slug=TermKind.CATEGORY.value, slug__in=set(categories)
    )
    with connection.cursor() as cursor:
        cursor.execute(_COMMITTEES, [[term.pk for term in wanted]])
        committees = dict(cursor.fetchall())
    return {
        term.slug: {
            TermKind.CATEGORY.value: frozenset(term.path),
            TermKind.COMMITTEE.value: frozenset(committees.get(term.pk, ())),
        }
        for term in wanted
    }


_COMMITTEES = """
SELECT link.term_id, array_agg(k.slug::text)
FROM layers_termlink link JOIN layers_taxonomyterm k ON k.id = link.other_id
WHERE link.term_id = ANY(%s) AND link.relation = 'category_committee'
GROUP BY link.term_id
"""

# The point is transformed only where that is safe: a projection knows no far side of the
# earth. Half a degree is some 50 km.
_SPOTS = """
WITH spot AS (
    SELECT n, ST_SetSRID(ST_MakePoint(lon, lat), 4326) AS point
    FROM unnest(%(lon)s::float8[], %(lat)s::float8[]) WITH ORDINALITY AS s(lon, lat, n)
), city AS (
    SELECT coalesce(
        (SELECT boundary::geometry FROM layers_municipality WHERE id = %(municipality)s),
        (SELECT ST_SetSRID(ST_Extent(point)::geometry, 4326) FROM layers_demandpoint
         WHERE municipality_id = %(municipality)s)) AS area
), placed AS (
    SELECT n, CASE WHEN ST_DWithin(city.area, point, 0.5)
                   THEN ST_Transform(point, %(srid)s) END AS point_m
    FROM spot, city
)
SELECT ST_X(point_m), ST_Y(point_m) FROM placed ORDER BY n
"""


def spots_m(
    municipality_id: UUID, lon_lat: Sequence[tuple[float, float]]
) -> NDArray[np.float64]:
    """Return spots in metres of METRIC_SRID, (n, 2); NaN far from the municipality.

    Notes
    -----
    One query. PostGIS transforms, as for the places there are: the same spot is then the
    same to the last digit.
    """
    values: dict[str, Any] = {
        "lon": [lon for lon, _ in lon_lat],
        "lat": [lat for _, lat in lon_lat],
        "municipality": municipality_id,
        "srid": settings.METRIC_SRID,
    }
    with connection.cursor() as cursor:
        cursor.execute(_SPOTS, values)
        rows = cursor.fetchall()
    return np.array(rows, dtype=np.float64).reshape(-1, 2)
