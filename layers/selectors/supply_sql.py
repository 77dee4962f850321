"""The statements behind `supply`, for the public read model and for everything.

The first has two sources: what differs is only where services come from.
"""

_PUBLIC_POINTS = """
    SELECT p.service_id, p.municipality_id, p.point_m, p.precision, p.visibility,
           p.categories, p.committees, p.groups, p.status, p.audience, p.delivery_mode,
           p.gender,
           p.hours_known, p.assured_date, p.serves_everywhere, p.serves_codes,
           p.serves_extent, p.municipality_code, p.municipal_community_code,
           p.neighbourhood_code, p.capacity, p.capacity_unit, p.base_hours
    FROM layers_servicepoint p
"""

# Protected places are read from the normalised tables: the read model does not have
# them, and must not. Where the service serves is not told apart for them.
_PROTECTED_POINTS = """
    SELECT s.id, s.municipality_id, ST_Transform(l.point, %(srid)s),
           l.precision, 'public',
           coalesce((SELECT array_agg(DISTINCT e ORDER BY e) FROM layers_attribute a
                     JOIN layers_taxonomyterm t ON t.id = a.term_id
                     JOIN layers_taxonomy x ON x.id = t.taxonomy_id AND x.slug = 'category'
                     CROSS JOIN jsonb_array_elements_text(t.path) e
                     WHERE a.service_id = s.id), '{}'),
           coalesce((SELECT array_agg(DISTINCT k.slug::text ORDER BY k.slug::text) FROM layers_attribute a
                     JOIN layers_termlink link ON link.term_id = a.term_id
                      AND link.relation = 'category_committee'
                     JOIN layers_taxonomyterm k ON k.id = link.other_id
                     WHERE a.service_id = s.id), '{}'),
           coalesce((SELECT array_agg(DISTINCT t.slug::text) FROM layers_attribute a
                     JOIN layers_taxonomyterm t ON t.id = a.term_id
                     JOIN layers_taxonomy x ON x.id = t.taxonomy_id
                      AND x.slug = 'population_group'
                     WHERE a.service_id = s.id), '{}'),
           s.status, s.audience, s.delivery_mode, s.gender,
           EXISTS (SELECT FROM layers_timetable h WHERE h.service_id = s.id
                   AND coalesce(h.service_at_location_id, sal.id) = sal.id AND h.is_known),
           s.assured_date, false, '{}', NULL,
           (SELECT max(d.code) FROM layers_locationdistrict i
            JOIN layers_district d ON d.id = i.district_id
            WHERE i.location_id = l.id AND i.level = 'municipality'),
           (SELECT max(d.code) FROM layers_locationdistrict i
            JOIN layers_district d ON d.id = i.district_id
            WHERE i.location_id = l.id AND i.level = 'municipal_community'),
           (SELECT max(d.code) FROM layers_locationdistrict i
            JOIN layers_district d ON d.id = i.district_id
            WHERE i.location_id = l.id AND i.level = 'neighbourhood'),
           q.maximum, coalesce(q.unit, ''), coalesce(h.base, '{}')
    FROM layers_serviceatlocation sal
    JOIN layers_service s ON s.id = sal.service_id AND s.moderation_state = 'published'
    JOIN layers_location l ON l.id = sal.location_id AND l.visibility <> 'public'
    LEFT JOIN LATERAL (
        SELECT q.maximum, q.unit FROM layers_servicecapacity q
        WHERE q.service_id = s.id AND coalesce(q.service_at_location_id, sal.id) = sal.id
        ORDER BY q.service_at_location_id NULLS LAST, q.id LIMIT 1
    ) q ON true
    LEFT JOIN LATERAL (
        SELECT h.base FROM layers_timetable h
        WHERE h.service_id = s.id AND coalesce(h.service_at_location_id, sal.id) = sal.id
          AND h.is_known
        ORDER BY h.service_at_location_id NULLS LAST LIMIT 1
    ) h ON true
"""

_PEOPLE = """people AS (
    SELECT ST_SetSRID(ST_Extent(point_m)::geometry, %(srid)s) AS area
    FROM layers_demandpoint WHERE municipality_id = %(municipality)s
)"""

_WHO = """WHERE p.status = 'active' AND p.audience <> 'professionals'
  AND (%(groups)s::text[] IS NULL OR p.groups = '{}' OR p.groups && %(groups)s::text[])
  AND NOT (%(for_women)s AND p.gender = 'men')
  AND ({eligible}) IS NOT FALSE
  AND (p.municipality_id = %(municipality)s
       OR ST_DWithin(p.point_m, (SELECT area FROM people), %(near_m)s))
"""

_QUALITY = """CASE WHEN p.precision IN ('district', 'unknown') THEN %(approximate)s ELSE 0 END
               + CASE WHEN coalesce(p.assured_date < %(verified_since)s, true)
                      THEN %(unverified)s ELSE 0 END
               + CASE WHEN p.hours_known THEN 0 ELSE %(hours_unknown)s END
               + CASE WHEN ({eligible}) IS NULL THEN %(uncertain)s ELSE 0 END"""

# One pass over the table: a record of numbers and a line of terms for each offer, in the
# same order. They are counted in `supply_arrays`; grouping and counting here took four
# times as long. `zone` is the place of the district's code among all codes of the level.
_SUPPLY = (
    """
WITH point AS NOT MATERIALIZED (
    {points}
), {people}, district AS MATERIALIZED (
    SELECT code::text, (row_number() OVER (ORDER BY code))::int AS zone
    FROM layers_district
    WHERE municipality_id = %(municipality)s AND level = %(level)s AND valid_to IS NULL
)
SELECT (SELECT array_agg(code ORDER BY zone) FROM district),
       string_agg(
           uuid_send(p.service_id)
           || float8send(coalesce(ST_X(p.point_m), 'NaN'))
           || float8send(coalesce(ST_Y(p.point_m), 'NaN'))
           || int4send(coalesce(d.zone, 0))
           || int4send(
               {marks}
               + CASE WHEN p.municipality_id = %(municipality)s THEN %(own)s ELSE 0 END
               + CASE WHEN p.delivery_mode = 'on_site' THEN %(on_site)s ELSE 0 END
               + CASE WHEN p.visibility = 'district_only' THEN %(protected)s ELSE 0 END
               + CASE WHEN p.serves_everywhere THEN %(everywhere)s
                      WHEN p.serves_codes <> '{}' OR p.serves_extent IS NOT NULL
                      THEN %(bounded)s ELSE 0 END
               + CASE WHEN p.groups = '{}' OR %(for_all)s = ANY(p.groups)
                      THEN %(open_to_all)s ELSE 0 END)
           || float8send(coalesce(p.capacity, 'NaN'))
           || int4send(coalesce(%(as_of)s::date - p.assured_date, %(never)s)),
           ''::bytea),
       string_agg(array_to_string(
           CASE WHEN %(by_category)s THEN p.categories ELSE p.committees END, ','), E'\n'),
       string_agg(translate(p.capacity_unit, E'\n', ' '), E'\n'),
       string_agg(CASE WHEN p.hours_known THEN p.base_hours::text ELSE '?' END, E'\n')
FROM point p
LEFT JOIN district d
  ON d.code = CASE %(level)s WHEN 'municipality' THEN p.municipality_code
                             WHEN 'municipal_community' THEN p.municipal_community_code
                             ELSE p.neighbourhood_code END
{who}
""".replace("{people}", _PEOPLE)
    .replace("{who}", _WHO)
    .replace("{marks}", _QUALITY)
)

SUPPLY_PUBLIC = _SUPPLY.replace("{points}", "SELECT * FROM layers_servicepoint")
"""From the public read model: nothing in the answer is not public already.

`{eligible}` is a condition on `p`, null where it is not known.
"""

SUPPLY_ALL = _SUPPLY.replace(
    "{points}",
    _PUBLIC_POINTS + " WHERE p.visibility = 'public' UNION ALL " + _PROTECTED_POINTS,
).replace("{eligible}", "true")
"""Protected places with their points, too; for restricted runs only, and for everybody:
of what they need of a person too little is in one place."""

PLACES_PUBLIC = (
    """
WITH {people}
SELECT string_agg(uuid_send(p.id) || float8send(ST_X(p.point_m))
                  || float8send(ST_Y(p.point_m))
                  || float8send(coalesce(p.capacity, 'NaN'))
                  || int4send({marks}), ''::bytea ORDER BY p.id),
       string_agg(array_to_string(p.categories, ','), E'\n' ORDER BY p.id),
       string_agg(array_to_string(p.committees, ','), E'\n' ORDER BY p.id),
       string_agg(translate(p.capacity_unit, E'\n', ' '), E'\n' ORDER BY p.id)
FROM layers_servicepoint p
{who}
  AND p.delivery_mode = 'on_site' AND p.point_m IS NOT NULL
""".replace("{people}", _PEOPLE)
    .replace("{who}", _WHO)
    .replace("{marks}", _QUALITY)
)
"""Places to walk to of `SUPPLY_PUBLIC`, one by one; `{eligible}` as there."""

# Only services with a service area are asked, so only their rows are read. An area of
# another level serves the districts inside it, and the one it lies in.
SERVED_DISTRICTS = """
WITH bounded AS MATERIALIZED (
    SELECT DISTINCT ON (service_id) service_id, serves_codes, serves_extent
    FROM layers_servicepoint WHERE service_id = ANY(%(services)s) ORDER BY service_id
), district AS MATERIALIZED (
    SELECT id, level, code, boundary, label_point FROM layers_district
    WHERE municipality_id = %(municipality)s AND valid_to IS NULL
), area AS MATERIALIZED (
    SELECT d.code AS district, a.code AS area
    FROM district d
    JOIN district a ON a.id = d.id
      OR (a.level <> d.level AND (ST_Intersects(a.boundary, d.label_point)
                                  OR ST_Intersects(d.boundary, a.label_point)))
    WHERE d.level = %(level)s
)
SELECT bounded.service_id, area.district
FROM bounded JOIN area ON area.area = ANY(bounded.serves_codes)
UNION
SELECT bounded.service_id, d.code
FROM bounded
JOIN district d ON d.level = %(level)s AND ST_Intersects(d.boundary, bounded.serves_extent)
"""
"""Pairs of a service and the code of a district of the level that it serves."""
