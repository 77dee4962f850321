-- The layer `service-points`: what an analyst sees of a service at a place. The migration puts
-- in the list of its columns, for the view and for the ready-made features alike, so that
-- these hold exactly the layer's columns.
DROP VIEW published."service-points";
CREATE VIEW published."service-points" AS
    SELECT {columns}, p.point, p.search_text AS _search, f.feature AS _feature
    FROM layers_servicepoint p
    -- A left join by a unique key: PostgreSQL leaves it out where the text is not asked for.
    LEFT JOIN layers_servicepointfeature f ON f.service_point_id = p.id
    WHERE p.point IS NOT NULL;

CREATE OR REPLACE FUNCTION layers_write_service_point_features(services uuid[]) RETURNS void
LANGUAGE sql SET timezone = 'UTC' AS $$
    INSERT INTO layers_servicepointfeature (service_point_id, feature)
    SELECT p.id, '{"type":"Feature","id":' || to_json(p.id)::text || ',"geometry":'
        || coalesce(ST_AsGeoJSON(p.point, 6, 0), 'null') || ',"properties":'
        || (SELECT row_to_json(z)::text FROM (SELECT {columns}) z) || '}'
    FROM layers_servicepoint p
    WHERE p.point IS NOT NULL AND (services IS NULL OR p.service_id = ANY (services))
    ORDER BY p.id
$$;

DROP VIEW published."services-without-place";
CREATE VIEW published."services-without-place" AS
    SELECT {columns}, p.serves_everywhere, p.serves_codes, p.search_text AS _search
    FROM layers_servicepoint p WHERE p.point IS NULL;

COMMENT ON VIEW published."service-points" IS '{"layer": true, "title": {"el": "Σημεία υπηρεσιών", "en": "Service points"}, "description": {"el": "Δημοσιευμένες υπηρεσίες στον τόπο όπου προσφέρονται.", "en": "Published services at the place where they are given."}, "geometry_never_null": true, "feature_text": "_feature", "search_text": "_search", "hidden": ["_feature", "_search"], "tile_columns": ["id", "service", "name_el", "name_en", "name_fr", "name_ar", "name_fa", "name_ur", "category", "committees", "groups", "languages", "status", "audience", "gender", "step_free", "hours_known", "verified_on", "is_demo"], "counters": ["service_points"]}';
COMMENT ON VIEW published."services-without-place" IS '{"layer": true, "title": {"el": "Υπηρεσίες χωρίς τόπο", "en": "Services without a place"}, "description": {"el": "Υπηρεσίες που δίνονται από απόσταση ή σε τόπο που δεν δημοσιεύεται.", "en": "Services that are given from afar, or at a place that is not published."}, "search_text": "_search", "hidden": ["_search"], "counters": ["service_points"]}';
COMMENT ON VIEW published.municipalities IS '{"layer": true, "title": {"el": "Δήμοι", "en": "Municipalities"}, "geometry_never_null": true, "counters": ["districts"]}';
COMMENT ON VIEW published."municipal-communities" IS '{"layer": true, "title": {"el": "Δημοτικές κοινότητες", "en": "Municipal communities"}, "geometry_never_null": true, "counters": ["districts"]}';
COMMENT ON VIEW published.neighbourhoods IS '{"layer": true, "title": {"el": "Γειτονιές", "en": "Neighbourhoods"}, "geometry_never_null": true, "counters": ["districts"]}';
COMMENT ON VIEW published.coverage IS '{"layer": true, "title": {"el": "Κάλυψη", "en": "Coverage"}, "description": {"el": "Κάτοικοι που φτάνουν με τα πόδια σε μια υπηρεσία, ανά περιοχή και κατηγορία.", "en": "Residents who reach a service on foot, by district and category."}, "geometry_never_null": true, "dataset_tiles": false, "counters": ["runs", "districts"]}';
COMMENT ON VIEW published.gaps IS '{"layer": true, "title": {"el": "Κενά", "en": "Gaps"}, "description": {"el": "Κάτοικοι που δεν φτάνουν σε καμία υπηρεσία της κατηγορίας.", "en": "Residents who reach no service of a category."}, "geometry_never_null": true, "dataset_tiles": false, "counters": ["runs", "districts"]}';
COMMENT ON VIEW published.demand IS '{"layer": true, "title": {"el": "Κάτοικοι", "en": "Residents"}, "geometry_never_null": true, "counters": ["runs", "districts"]}';
COMMENT ON VIEW published.activities IS '{"layer": true, "title": {"el": "Δράσεις", "en": "Activities"}, "interval": ["starts_at", "ends_at"]}';
COMMENT ON VIEW published."open-calls" IS '{"layer": true, "title": {"el": "Ανοιχτές προσκλήσεις", "en": "Open calls"}, "interval": ["opens_on", "closes_on"]}';
