-- What the read model should hold, computed from the normalised tables. `directory/read_model.py`
-- copies rows of this view, for some services or for all; so a rebuild and an incremental write
-- cannot differ. Rule of visibility, in one place: hidden places have no row at all,
-- district_only places lose point, address and place name here, before anything else sees them.
CREATE OR REPLACE VIEW layers_service_point_source AS
WITH place AS (
    SELECT s.id AS service_id, coalesce(sal.id, s.id) AS id, sal.id AS sal_id,
           CASE WHEN l.visibility = 'public' THEN l.id END AS location_id,
           l.id AS true_location_id,
           coalesce(l.visibility, 'public') AS visibility,
           CASE WHEN l.visibility = 'public' THEN l.point END AS point,
           CASE WHEN l.visibility = 'public' THEN l.precision END AS precision,
           CASE WHEN l.visibility = 'public' THEN l.names ELSE '{}' END AS place_names,
           CASE WHEN l.visibility = 'public' THEN l.address ELSE '{}' END AS address,
           CASE WHEN l.visibility = 'public' THEN l.city ELSE '{}' END AS city,
           CASE WHEN l.visibility = 'public' THEN l.postal_code ELSE '' END AS postal_code,
           CASE WHEN l.visibility = 'public' THEN l.transportation ELSE '{}' END AS transportation
    FROM layers_service s
    LEFT JOIN layers_serviceatlocation sal ON sal.service_id = s.id
    LEFT JOIN layers_location l ON l.id = sal.location_id
    WHERE s.moderation_state = 'published' AND l.visibility IS DISTINCT FROM 'hidden'
)
SELECT
    p.id, s.id AS service_id, s.municipality_id, m.slug AS municipality_slug,
    s.organization_id, p.location_id, p.visibility, s.names, o.names AS organization_names,
    p.point, p.precision,
    coalesce(c.category, '') AS category,
    coalesce(b.categories, '{}') AS categories,
    coalesce(k.committees, '{}') AS committees,
    coalesce(c.groups, '{}') AS groups,
    coalesce(v.languages, '{}') AS languages,
    coalesce(v.language_modes, '{}') AS language_modes,
    s.status, s.audience, s.delivery_mode, s.gender, s.step_free, s.referral_required,
    s.minimum_age::float8 AS minimum_age, s.maximum_age::float8 AS maximum_age,
    s.open_on_holidays,
    coalesce(h.is_known, false) AS hours_known,
    coalesce(h.by_appointment, false) AS by_appointment,
    coalesce(h.base, '{}') AS base_hours,
    coalesce(h.segment_days, '{}') AS segment_days,
    coalesce(h.segment_hours, '{}') AS segment_hours,
    coalesce(h.segment_explicit, '{}') AS segment_explicit,
    CASE WHEN h.is_known THEN h.weekly_open_min END AS weekly_open_min,
    m.timezone, s.assured_date, s.update_frequency,
    coalesce(d.codes, '{}') AS district_codes,
    d.municipality_code, d.municipal_community_code, d.neighbourhood_code,
    coalesce(r.everywhere, p.sal_id IS NULL) AS serves_everywhere,
    coalesce(r.codes, '{}') AS serves_codes,
    r.extent AS serves_extent,
    q.capacity, coalesce(q.unit, '') AS capacity_unit,
    s.is_demo, s.updated_at,
    layers_fold(concat_ws(' ', layers_all_texts(s.names), layers_all_texts(o.names),
        layers_all_texts(p.place_names), layers_all_texts(p.address), c.texts)) AS search_text,
    coalesce(ST_AsGeoJSON(p.point, 6), 'null') AS geometry_json,
    layers_inside(row_to_json(z)) AS properties,
    p.place_names, p.address, p.city, p.transportation, c.primary_names AS category_names,
    coalesce(f.phones, '{}') AS phones, s.email, s.url
FROM place p
JOIN layers_service s ON s.id = p.service_id
JOIN layers_organization o ON o.id = s.organization_id
JOIN layers_municipality m ON m.id = s.municipality_id
-- From a service's few attributes to their terms by key. A condition on the taxonomy would
-- make the planner read all of its terms for each service: filters do the same for less.
LEFT JOIN LATERAL (
    SELECT (array_agg(t.slug ORDER BY a.position, t.slug)
            FILTER (WHERE x.slug = 'category'))[1] AS category,
           (array_agg(t.names ORDER BY a.position, t.slug)
            FILTER (WHERE x.slug = 'category'))[1] AS primary_names,
           string_agg(layers_all_texts(t.names), ' ' ORDER BY t.slug)
            FILTER (WHERE x.slug = 'category') AS texts,
           array_agg(DISTINCT t.slug::text ORDER BY t.slug::text)
            FILTER (WHERE x.slug = 'population_group') AS groups
    FROM layers_attribute a
    JOIN layers_taxonomyterm t ON t.id = a.term_id
    JOIN layers_taxonomy x ON x.id = t.taxonomy_id
    WHERE a.service_id = s.id
) c ON true
LEFT JOIN LATERAL (
    SELECT array_agg(DISTINCT e.slug ORDER BY e.slug)
            FILTER (WHERE x.slug = 'category') AS categories
    FROM layers_attribute a
    JOIN layers_taxonomyterm t ON t.id = a.term_id
    JOIN layers_taxonomy x ON x.id = t.taxonomy_id
    CROSS JOIN LATERAL jsonb_array_elements_text(t.path) AS e(slug)
    WHERE a.service_id = s.id
) b ON true
LEFT JOIN LATERAL (
    SELECT array_agg(DISTINCT k.slug::text ORDER BY k.slug::text) AS committees
    FROM layers_attribute a
    JOIN layers_termlink link
      ON link.term_id = a.term_id AND link.relation = 'category_committee'
    JOIN layers_taxonomyterm k ON k.id = link.other_id
    WHERE a.service_id = s.id
) k ON true
LEFT JOIN LATERAL (
    SELECT array_agg(v.code::text ORDER BY v.code) AS languages,
           jsonb_object_agg(v.code, v.mode) AS language_modes
    FROM layers_servicelanguage v WHERE v.service_id = s.id
) v ON true
LEFT JOIN LATERAL (
    SELECT h.* FROM layers_timetable h
    WHERE h.service_id = s.id
      AND (h.service_at_location_id = p.sal_id OR h.service_at_location_id IS NULL)
    ORDER BY h.service_at_location_id NULLS LAST LIMIT 1
) h ON true
LEFT JOIN LATERAL (
    SELECT array_agg(i.code::text ORDER BY i.code) AS codes,
           max(i.code) FILTER (WHERE i.level = 'municipality') AS municipality_code,
           max(i.code) FILTER (WHERE i.level = 'municipal_community') AS municipal_community_code,
           max(i.code) FILTER (WHERE i.level = 'neighbourhood') AS neighbourhood_code
    FROM layers_locationdistrict ld JOIN layers_district i ON i.id = ld.district_id
    WHERE ld.location_id = p.true_location_id
) d ON true
LEFT JOIN LATERAL (
    SELECT bool_or(a.scope <> 'district') AS everywhere,
           (SELECT array_agg(DISTINCT i.code::text ORDER BY i.code::text)
            FROM layers_servicearea b
            JOIN layers_servicearea_districts bd ON bd.servicearea_id = b.id
            JOIN layers_district i ON i.id = bd.district_id
            WHERE b.service_id = s.id) AS codes,
           ST_Multi(ST_Union(a.extent)) AS extent
    FROM layers_servicearea a WHERE a.service_id = s.id HAVING count(*) > 0
) r ON true
LEFT JOIN LATERAL (
    SELECT q.maximum AS capacity, q.unit FROM layers_servicecapacity q
    WHERE q.service_id = s.id
      AND (q.service_at_location_id = p.sal_id OR q.service_at_location_id IS NULL)
    ORDER BY q.service_at_location_id NULLS LAST, q.id LIMIT 1
) q ON true
LEFT JOIN LATERAL (
    SELECT array_agg(f.number ORDER BY f.id) AS phones FROM layers_phone f
    WHERE f.service_id = s.id
       OR (f.service_at_location_id = p.sal_id AND p.visibility = 'public')
) f ON true
CROSS JOIN LATERAL (
    SELECT s.id AS service_id, p.location_id, s.organization_id, o.org_type AS organization_type,
           m.slug AS municipality, c.category, coalesce(b.categories, '{}') AS categories,
           coalesce(k.committees, '{}') AS committees, coalesce(c.groups, '{}') AS groups,
           coalesce(v.languages, '{}') AS languages,
           coalesce(v.language_modes, '{}') AS language_modes,
           s.status, s.audience, s.delivery_mode, s.gender, s.step_free, s.referral_required,
           s.referral_method, s.minimum_age::float8 AS minimum_age,
           s.maximum_age::float8 AS maximum_age,
           coalesce(h.is_known, false) AS hours_known,
           coalesce(h.by_appointment, false) AS by_appointment,
           CASE WHEN h.is_known THEN h.week END AS week_hours,
           CASE WHEN h.is_known THEN h.weekly_open_min END AS weekly_open_min,
           s.open_on_holidays,
           s.assured_date AS verified_on, s.update_frequency AS verify_every_months,
           d.municipality_code, d.municipal_community_code, d.neighbourhood_code,
           coalesce(r.everywhere, p.sal_id IS NULL) AS serves_everywhere,
           coalesce(r.codes, '{}') AS serves_districts,
           p.visibility, p.precision, p.postal_code,
           q.capacity, nullif(q.unit, '') AS capacity_unit,
           coalesce(f.phones, '{}') AS phones, nullif(s.email, '') AS email,
           nullif(s.url, '') AS url,
           s.source, s.licence, s.is_demo AS demo,
           to_char(s.updated_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS updated_at
) z;

-- Writes the read model from the view: of the given services, or of all where null is given.
-- Returns the number of rows it now holds of them.
CREATE OR REPLACE FUNCTION layers_write_service_points(services uuid[]) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
    written bigint;
BEGIN
    IF services IS NULL THEN
        DELETE FROM layers_servicepointcategory;
        DELETE FROM layers_servicepointtext;
        DELETE FROM layers_servicepointfeature;
        DELETE FROM layers_servicepoint;
    ELSE
        DELETE FROM layers_servicepointcategory WHERE service_point_id IN
            (SELECT id FROM layers_servicepoint WHERE service_id = ANY (services));
        DELETE FROM layers_servicepointtext WHERE service_point_id IN
            (SELECT id FROM layers_servicepoint WHERE service_id = ANY (services));
        DELETE FROM layers_servicepointfeature WHERE service_point_id IN
            (SELECT id FROM layers_servicepoint WHERE service_id = ANY (services));
        DELETE FROM layers_servicepoint WHERE service_id = ANY (services);
    END IF;

    WITH source AS MATERIALIZED (
        SELECT * FROM layers_service_point_source
        WHERE services IS NULL OR service_id = ANY (services)
    ), point AS (
        INSERT INTO layers_servicepoint (id, service_id, municipality_id, municipality_slug, organization_id, location_id,
            visibility, names, organization_names, point, precision, category, categories,
            committees, groups, languages, language_modes, status, audience, delivery_mode,
            gender, step_free, referral_required, minimum_age, maximum_age, open_on_holidays,
            hours_known, by_appointment, base_hours, segment_days, segment_hours,
            segment_explicit, weekly_open_min, timezone, assured_date, update_frequency,
            district_codes, municipality_code, municipal_community_code, neighbourhood_code,
            serves_everywhere, serves_codes, serves_extent, capacity, capacity_unit, is_demo,
            updated_at, search_text, geometry_json, properties, address, phones, email, url)
        SELECT id, service_id, municipality_id, municipality_slug, organization_id, location_id,
            visibility, names, organization_names, point, precision, category, categories,
            committees, groups, languages, language_modes, status, audience, delivery_mode,
            gender, step_free, referral_required, minimum_age, maximum_age, open_on_holidays,
            hours_known, by_appointment, base_hours, segment_days, segment_hours,
            segment_explicit, weekly_open_min, timezone, assured_date, update_frequency,
            district_codes, municipality_code, municipal_community_code, neighbourhood_code,
            serves_everywhere, serves_codes, serves_extent, capacity, capacity_unit, is_demo,
            updated_at, search_text, geometry_json, properties, address, phones, email, url
        FROM source
        ORDER BY id  -- as lists are paged: the rows of a page lie side by side
        RETURNING id, categories, point_m
    ), category AS (
        INSERT INTO layers_servicepointcategory (service_point_id, category, point_m)
        SELECT id, unnest(categories), point_m FROM point WHERE point_m IS NOT NULL
    ), text AS (
        INSERT INTO layers_servicepointtext (service_point_id, lang, properties)
        SELECT p.id, lang.code, layers_inside(row_to_json(z))
        FROM source p
        JOIN layers_service s ON s.id = p.service_id
        JOIN layers_municipality m ON m.id = p.municipality_id
        CROSS JOIN LATERAL (
            SELECT DISTINCT code
            FROM unnest(ARRAY['el','en','fr','ar','fa','ur']::varchar[] || m.languages) AS code
        ) lang
        -- The part of the properties that depends on the reader's language, and which it got.
        CROSS JOIN LATERAL (
            SELECT lang.code AS lang,
                   layers_text(p.names, lang.code) AS name,
                   layers_text_lang(p.names, lang.code) AS name_lang,
                   layers_text(p.organization_names, lang.code) AS organization_name,
                   layers_text(p.category_names, lang.code) AS category_name,
                   layers_text(s.descriptions, lang.code) AS description,
                   layers_text_lang(s.descriptions, lang.code) AS description_lang,
                   layers_text(p.place_names, lang.code) AS location_name,
                   layers_text(p.address, lang.code) AS address,
                   layers_text(p.city, lang.code) AS city,
                   layers_text(p.transportation, lang.code) AS transportation,
                   layers_text(s.application_process, lang.code) AS application_process,
                   layers_text(s.eligibility, lang.code) AS eligibility,
                   layers_text(s.fees, lang.code) AS fees,
                   layers_text(s.alert, lang.code) AS alert
        ) z
        ORDER BY lang.code, p.id
    )
    SELECT count(*) INTO written FROM point;

    PERFORM layers_write_service_point_features(services);
    RETURN written;
END $$;
