"""Coverage in plain SQL: slow, obvious, and sharing nothing with the engine."""

from django.db import connection

# Walking metres are straight line x detour; weighted median: the first point, by
# distance, at which half of the people are reached.
ORACLE = """
WITH near AS (
    SELECT p.id, p.population, coalesce(d.code, '') AS code,
           n.straight_m * %(detour)s AS walk_m
    FROM layers_demandpoint p
    LEFT JOIN LATERAL (
        SELECT i.code FROM layers_district i
        WHERE i.level = %(level)s AND ST_Covers(i.boundary, p.point)
        ORDER BY i.code LIMIT 1
    ) d ON true
    LEFT JOIN LATERAL (
        SELECT s.point_m <-> p.point_m AS straight_m
        FROM layers_servicepoint s
        WHERE s.point_m IS NOT NULL AND s.status = 'active'
          AND s.delivery_mode = 'on_site' AND s.audience <> 'professionals'
          AND %(term)s = ANY(CASE WHEN %(by)s = 'category' THEN s.categories
                                  ELSE s.committees END)
        ORDER BY s.point_m <-> p.point_m LIMIT 1
    ) n ON true
), running AS (
    SELECT *, sum(population) OVER (PARTITION BY code ORDER BY walk_m, id) AS up_to,
           sum(population) OVER (PARTITION BY code) AS residents
    FROM near
)
SELECT code, residents,
       coalesce(sum(population) FILTER (WHERE walk_m <= %(threshold_m)s), 0) AS served,
       sum(population * walk_m) / residents AS mean_m,
       min(walk_m) FILTER (WHERE up_to >= residents / 2) AS median_m
FROM running GROUP BY code, residents ORDER BY code
"""


def asked_of_postgis(level, by, term, *, detour, threshold_m):
    """Code, residents, served, mean and median walk of each district, "" outside."""
    with connection.cursor() as cursor:
        cursor.execute(
            ORACLE,
            {
                "level": level,
                "by": by,
                "term": term,
                "detour": detour,
                "threshold_m": threshold_m,
            },
        )
        return cursor.fetchall()
