-- The schema `published`: all that a public reader's connection can see. Its role may read
-- these relations and nothing else. A relation whose comment says {"layer": true} is a map
-- layer; the others are the rows that lists, search and details are answered from.
CREATE SCHEMA IF NOT EXISTS published;

CREATE OR REPLACE VIEW published.service_point AS SELECT * FROM layers_servicepoint;
CREATE OR REPLACE VIEW published.service_point_text AS
    SELECT service_point_id, lang, properties FROM layers_servicepointtext;
CREATE OR REPLACE VIEW published.service_point_category AS
    SELECT service_point_id, category, point_m FROM layers_servicepointcategory;
CREATE OR REPLACE VIEW published.data_version AS
    SELECT name, version, changed_at FROM layers_dataversion;

CREATE OR REPLACE VIEW published.municipality AS
    SELECT id, code, slug, names, country, timezone, languages, boundary, boundary_source,
           boundary_licence, is_demo, updated_at
    FROM layers_municipality;

CREATE OR REPLACE VIEW published.district AS
    SELECT d.id, d.municipality_id, m.slug AS municipality_slug, d.level, d.code, d.names,
           p.code AS parent_code, d.boundary, d.label_point, d.area_m2, d.boundary_source,
           d.boundary_licence, d.is_schematic, d.valid_from, d.updated_at
    FROM layers_district d
    JOIN layers_municipality m ON m.id = d.municipality_id
    LEFT JOIN layers_district p ON p.id = d.parent_id
    WHERE d.valid_to IS NULL;

CREATE OR REPLACE VIEW published.taxonomy_term AS
    SELECT t.id, x.slug AS taxonomy, x.names AS taxonomy_names, t.slug, t.names, t.descriptions,
           p.slug AS parent, t.path, t.position, t.icon,
           coalesce((SELECT array_agg(o.slug::text ORDER BY o.position)
                     FROM layers_termlink l JOIN layers_taxonomyterm o ON o.id = l.other_id
                     WHERE l.term_id = t.id AND l.relation = 'category_committee'), '{}') AS committees,
           coalesce((SELECT array_agg(o.slug::text ORDER BY o.position)
                     FROM layers_termlink l JOIN layers_taxonomyterm o ON o.id = l.other_id
                     WHERE l.term_id = t.id AND l.relation = 'category_sector'), '{}') AS sectors
    FROM layers_taxonomyterm t
    JOIN layers_taxonomy x ON x.id = t.taxonomy_id
    LEFT JOIN layers_taxonomyterm p ON p.id = t.parent_id;

CREATE OR REPLACE VIEW published.standard AS
    SELECT s.id, m.slug AS municipality_slug, t.slug AS category, s.groups, s.max_walk_min,
           s.target_per_1000, s.note
    FROM layers_servicestandard s
    JOIN layers_municipality m ON m.id = s.municipality_id
    JOIN layers_taxonomyterm t ON t.id = s.category_id;

-- A service, an organization or a location is public only through a row of the read model:
-- whoever offers nothing but hidden places is not here either.
CREATE OR REPLACE VIEW published.service AS
    SELECT s.id, m.slug AS municipality_slug, s.organization_id, s.names, s.descriptions,
           s.status, s.application_process, s.eligibility, s.minimum_age, s.maximum_age, s.fees,
           s.alert, s.url, s.email, s.audience, s.delivery_mode, s.referral_required,
           s.referral_method, s.gender, s.step_free, s.open_on_holidays, s.assured_date,
           s.update_frequency, s.source, s.licence, s.is_demo, s.created_at, s.updated_at,
           (SELECT array_agg(p.id ORDER BY p.id) FROM layers_servicepoint p
            WHERE p.service_id = s.id) AS service_point_ids
    FROM layers_service s JOIN layers_municipality m ON m.id = s.municipality_id
    WHERE EXISTS (SELECT FROM layers_servicepoint p WHERE p.service_id = s.id);

CREATE OR REPLACE VIEW published.organization AS
    SELECT o.id, m.slug AS municipality_slug, o.parent_id, o.names, o.descriptions, o.email,
           o.url, o.phone, o.logo, o.org_type, o.member_since, o.source, o.licence, o.is_demo,
           o.created_at, o.updated_at,
           (SELECT count(DISTINCT p.service_id) FROM layers_servicepoint p
            WHERE p.organization_id = o.id) AS n_services
    FROM layers_organization o JOIN layers_municipality m ON m.id = o.municipality_id
    WHERE EXISTS (SELECT FROM layers_servicepoint p WHERE p.organization_id = o.id);

CREATE OR REPLACE VIEW published.location AS
    SELECT l.id, m.slug AS municipality_slug, l.location_type, l.names, l.address, l.city,
           l.postal_code, l.region, l.country, l.point, l.precision, l.transportation, l.source,
           l.licence, l.is_demo, l.created_at, l.updated_at,
           (SELECT array_agg(p.id ORDER BY p.id) FROM layers_servicepoint p
            WHERE p.location_id = l.id) AS service_point_ids
    FROM layers_location l JOIN layers_municipality m ON m.id = l.municipality_id
    WHERE l.visibility = 'public'
      AND EXISTS (SELECT FROM layers_servicepoint p WHERE p.location_id = l.id);

CREATE OR REPLACE VIEW published.run AS
    SELECT r.id, m.slug AS municipality_slug, r.kind, r.parameters, r.data_versions,
           r.code_version, r.hash, r.is_default, r.summary, r.finished_at
    FROM layers_analysisrun r JOIN layers_municipality m ON m.id = r.municipality_id
    WHERE NOT r.is_restricted AND r.finished_at IS NOT NULL;

CREATE OR REPLACE VIEW published.result_row AS
    SELECT w.* FROM layers_resultrow w
    JOIN layers_analysisrun r ON r.id = w.run_id
    WHERE NOT r.is_restricted AND r.finished_at IS NOT NULL;

-- The layers. Names are what an analyst sees in a layer list.
CREATE OR REPLACE VIEW published."service-points" AS
    SELECT id, municipality_slug AS municipality, layers_text(names, 'el') AS name_el,
           layers_text(names, 'en') AS name_en,
           layers_text(organization_names, 'el') AS organization_el,
           layers_text(organization_names, 'en') AS organization_en,
           category, categories, committees, groups, languages, status, audience,
           delivery_mode, gender, step_free, referral_required, minimum_age, maximum_age,
           hours_known, by_appointment, weekly_open_min, assured_date AS verified_on,
           municipality_code, municipal_community_code, neighbourhood_code, visibility,
           precision, capacity, capacity_unit, is_demo, updated_at, point
    FROM layers_servicepoint WHERE point IS NOT NULL;

CREATE OR REPLACE VIEW published."services-without-place" AS
    SELECT id, municipality_slug AS municipality, layers_text(names, 'el') AS name_el,
           layers_text(names, 'en') AS name_en,
           layers_text(organization_names, 'el') AS organization_el,
           layers_text(organization_names, 'en') AS organization_en,
           category, categories, committees, groups, languages, status, audience,
           delivery_mode, gender, visibility, serves_everywhere, serves_codes, is_demo, updated_at
    FROM layers_servicepoint WHERE point IS NULL;

CREATE OR REPLACE VIEW published.municipalities AS
    SELECT id, code, layers_text(names, 'el') AS name_el, layers_text(names, 'en') AS name_en,
           country, timezone, is_demo, boundary_source, boundary_licence, boundary
    FROM layers_municipality WHERE boundary IS NOT NULL;

CREATE OR REPLACE VIEW published."municipal-communities" AS
    SELECT id, municipality_slug AS municipality, code, layers_text(names, 'el') AS name_el,
           layers_text(names, 'en') AS name_en, parent_code, area_m2, is_schematic,
           boundary_source, boundary_licence, boundary
    FROM published.district WHERE level = 'municipal_community';

CREATE OR REPLACE VIEW published.neighbourhoods AS
    SELECT id, municipality_slug AS municipality, code, layers_text(names, 'el') AS name_el,
           layers_text(names, 'en') AS name_en, parent_code, area_m2, is_schematic,
           boundary_source, boundary_licence, boundary
    FROM published.district WHERE level = 'neighbourhood';

CREATE OR REPLACE VIEW published.coverage AS
    SELECT w.id, d.municipality_slug AS municipality, w.level, w.district_code AS code,
           layers_text(d.names, 'el') AS name_el, layers_text(d.names, 'en') AS name_en,
           w.term_kind, w.term, w."group", w.residents, w.residents_served,
           w.residents_unserved, w.share_served, w.mean_walk_m, w.median_walk_m, w.n_located,
           w.n_serving, w.flags, w.is_suppressed, r.finished_at, d.boundary
    FROM published.run r
    JOIN published.result_row w ON w.run_id = r.id AND NOT w.is_total
    JOIN published.district d ON d.municipality_slug = r.municipality_slug
                             AND d.level = w.level AND d.code = w.district_code
    WHERE r.kind = 'coverage' AND r.is_default;

CREATE OR REPLACE VIEW published.gaps AS
    SELECT c.*, w.priority_class, w.rank
    FROM published.coverage c JOIN published.result_row w ON w.id = c.id
    WHERE w.residents_unserved > 0;

CREATE OR REPLACE VIEW published.demand AS
    SELECT d.id, d.municipality_slug AS municipality, d.code, layers_text(d.names, 'el') AS name_el,
           layers_text(d.names, 'en') AS name_en, w.residents, r.finished_at, d.boundary
    FROM published.district d
    JOIN LATERAL (
        SELECT r.* FROM published.run r
        WHERE r.municipality_slug = d.municipality_slug AND r.kind = 'coverage' AND r.is_default
          AND r.parameters ->> 'level' = d.level
        ORDER BY r.finished_at DESC LIMIT 1
    ) r ON true
    JOIN LATERAL (
        SELECT w.residents FROM published.result_row w
        WHERE w.run_id = r.id AND w.district_code = d.code AND NOT w.is_total LIMIT 1
    ) w ON true
    WHERE d.level = 'neighbourhood';

CREATE OR REPLACE VIEW published.activities AS
    SELECT a.id, m.slug AS municipality, layers_text(a.names, 'el') AS name_el,
           layers_text(a.names, 'en') AS name_en, a.starts_at, a.ends_at, a.url,
           a.registration_required, a.is_demo, l.point
    FROM layers_activity a
    JOIN layers_municipality m ON m.id = a.municipality_id
    LEFT JOIN layers_location l ON l.id = a.location_id AND l.visibility = 'public'
    WHERE a.moderation_state = 'published'
      AND NOT EXISTS (SELECT FROM layers_location h WHERE h.id = a.location_id
                                                      AND h.visibility = 'hidden');

CREATE OR REPLACE VIEW published."open-calls" AS
    SELECT c.id, m.slug AS municipality, c.kind, layers_text(c.names, 'el') AS name_el,
           layers_text(c.names, 'en') AS name_en, t.slug AS committee, d.code AS district_code,
           c.opens_on, c.closes_on, c.url, c.is_demo, d.label_point AS point
    FROM layers_opencall c
    JOIN layers_municipality m ON m.id = c.municipality_id
    LEFT JOIN layers_taxonomyterm t ON t.id = c.committee_id
    LEFT JOIN layers_district d ON d.id = c.district_id
    WHERE c.moderation_state = 'published';

COMMENT ON VIEW published."service-points" IS '{"layer": true, "title": {"el": "Σημεία υπηρεσιών", "en": "Service points"}}';
COMMENT ON VIEW published."services-without-place" IS '{"layer": true, "title": {"el": "Υπηρεσίες χωρίς τόπο", "en": "Services without a place"}}';
COMMENT ON VIEW published.municipalities IS '{"layer": true, "title": {"el": "Δήμοι", "en": "Municipalities"}}';
COMMENT ON VIEW published."municipal-communities" IS '{"layer": true, "title": {"el": "Δημοτικές κοινότητες", "en": "Municipal communities"}}';
COMMENT ON VIEW published.neighbourhoods IS '{"layer": true, "title": {"el": "Γειτονιές", "en": "Neighbourhoods"}}';
COMMENT ON VIEW published.coverage IS '{"layer": true, "title": {"el": "Κάλυψη", "en": "Coverage"}}';
COMMENT ON VIEW published.gaps IS '{"layer": true, "title": {"el": "Κενά", "en": "Gaps"}}';
COMMENT ON VIEW published.demand IS '{"layer": true, "title": {"el": "Κάτοικοι", "en": "Residents"}}';
COMMENT ON VIEW published.activities IS '{"layer": true, "title": {"el": "Δράσεις", "en": "Activities"}}';
COMMENT ON VIEW published."open-calls" IS '{"layer": true, "title": {"el": "Ανοιχτές προσκλήσεις", "en": "Open calls"}}';
