"""The statement behind `supply`, for the public read model and for everything.

One statement for the two sources: what differs is only where services come from.
"""

_PUBLIC_POINTS = """
    SELECT p.service_id, p.municipality_id, p.point_m, p.precision, p.visibility,
           p.categories, p.committees, p.groups, p.status, p.audience, p.delivery_mode,
           p.gender,
           p.hours_known, p.assured_date, p.serves_everywhere, p.serves_codes,
           p.serves_extent, p.municipality_code, p.municipal_community_code,
           p.neighbourhood_code
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
            WHERE i.location_id = l.id AND i.level = 'neighbourhood')
    FROM layers_serviceatlocation sal
    JOIN layers_service s ON s.id = sal.service_id AND s.moderation_state = 'published'
    JOIN layers_location l ON l.id = sal.location_id AND l.visibility <> 'public'
"""

# Everything is grouped by the whole set of terms that services carry: there are few
# such sets, and taking them apart afterwards is much cheaper than a row per term.
# A service without a service area serves where it is; with one, only there. An area
# of another level serves the districts inside it, and the one it lies in.
_SUPPLY = """
WITH point AS (
    {points}
), people AS (
    SELECT ST_SetSRID(ST_Extent(point_m)::geometry, %(srid)s) AS area
    FROM layers_demandpoint WHERE municipality_id = %(municipality)s
), offered AS MATERIALIZED (
    SELECT p.service_id, p.point_m, p.visibility,
           p.municipality_id = %(municipality)s AS is_own,
           p.delivery_mode = 'on_site'
               AND (p.point_m IS NOT NULL OR p.visibility = 'district_only') AS is_place,
           CASE WHEN %(by_category)s THEN p.categories ELSE p.committees END AS terms,
           coalesce(CASE %(level)s WHEN 'municipality' THEN p.municipality_code
                    WHEN 'municipal_community' THEN p.municipal_community_code
                    ELSE p.neighbourhood_code END, '') AS code,
           p.serves_everywhere,
           p.serves_codes <> '{}' OR p.serves_extent IS NOT NULL AS is_bounded,
           p.serves_codes, p.serves_extent,
           CASE WHEN p.precision IN ('district', 'unknown') THEN %(approximate)s ELSE 0 END
           + CASE WHEN coalesce(p.assured_date < %(verified_since)s, true)
                  THEN %(unverified)s ELSE 0 END
           + CASE WHEN p.hours_known THEN 0 ELSE %(hours_unknown)s END AS quality
    FROM point p
    WHERE p.status = 'active' AND p.audience <> 'professionals'
      AND (%(groups)s::text[] IS NULL OR p.groups = '{}' OR p.groups && %(groups)s::text[])
      AND NOT (%(for_women)s AND p.gender = 'men')
      AND (p.municipality_id = %(municipality)s
           OR ST_DWithin(p.point_m, (SELECT area FROM people), %(near_m)s))
), district AS MATERIALIZED (
    SELECT id, level, code::text, boundary, label_point FROM layers_district
    WHERE municipality_id = %(municipality)s AND valid_to IS NULL
), area AS MATERIALIZED (
    SELECT d.code AS district, a.code AS area
    FROM district d
    JOIN district a ON a.id = d.id
      OR (a.level <> d.level AND (ST_Intersects(a.boundary, d.label_point)
                                  OR ST_Intersects(d.boundary, a.label_point)))
    WHERE d.level = %(level)s
), bounded AS MATERIALIZED (
    SELECT DISTINCT ON (service_id) service_id, terms, serves_codes, serves_extent,
           bool_or(is_place) OVER (PARTITION BY service_id) AS has_place
    FROM offered WHERE is_own AND NOT serves_everywhere AND is_bounded
), served AS MATERIALIZED (
    SELECT service_id, terms, '*' AS code, bool_or(is_place) AS has_place
    FROM offered WHERE is_own AND serves_everywhere
    GROUP BY service_id, terms
    UNION ALL
    SELECT service_id, terms, code, true
    FROM offered WHERE is_own AND NOT serves_everywhere AND NOT is_bounded AND is_place
    GROUP BY service_id, terms, code
    UNION ALL
    SELECT service_id, terms, found.code, has_place
    FROM bounded
    CROSS JOIN LATERAL (
        SELECT area.district FROM area WHERE area.area = ANY(bounded.serves_codes)
        UNION
        SELECT d.code FROM district d
        WHERE d.level = %(level)s AND ST_Intersects(d.boundary, bounded.serves_extent)
    ) AS found(code)
)
SELECT 'sites', terms, '', count(*), string_agg(
    float8send(ST_X(point_m)) || float8send(ST_Y(point_m)) || int4send(quality), ''::bytea)
FROM offered WHERE is_place AND point_m IS NOT NULL GROUP BY terms
UNION ALL
SELECT 'located', terms, code, count(*), NULL
FROM offered WHERE is_place AND is_own GROUP BY terms, code
UNION ALL
SELECT 'serving', terms, code, count(*), NULL FROM served GROUP BY terms, code
UNION ALL
SELECT 'placeless', terms, code, count(*), NULL
FROM served WHERE NOT has_place GROUP BY terms, code
UNION ALL
SELECT 'services', terms, '', count(*), NULL
FROM (SELECT DISTINCT service_id, terms FROM served) AS service GROUP BY terms
UNION ALL
SELECT 'protected', terms, '', count(*), NULL
FROM offered WHERE is_place AND is_own AND visibility = 'district_only' GROUP BY terms
"""

SUPPLY_PUBLIC = _SUPPLY.replace("{points}", _PUBLIC_POINTS)
"""From the public read model: nothing in the answer is not public already."""

SUPPLY_ALL = _SUPPLY.replace(
    "{points}",
    _PUBLIC_POINTS + " WHERE p.visibility = 'public' UNION ALL " + _PROTECTED_POINTS,
)
"""Protected places with their points, too; for restricted runs only."""
