-- What the page of a service, an activity or an open call says beyond the lists. As everywhere
-- in `published`: what belongs to hidden places, or would tell of them, is not here.

CREATE OR REPLACE VIEW published.service_cost AS
    SELECT c.id, c.service_id, c.option, c.amount, c.currency, c.valid_from, c.valid_to
    FROM layers_costoption c
    WHERE EXISTS (SELECT FROM layers_servicepoint p WHERE p.service_id = c.service_id);

CREATE OR REPLACE VIEW published.required_document AS
    SELECT d.id, d.service_id, d.document
    FROM layers_requireddocument d
    WHERE EXISTS (SELECT FROM layers_servicepoint p WHERE p.service_id = d.service_id);

CREATE OR REPLACE VIEW published.accessibility AS
    SELECT a.id, a.location_id, a.description, a.details, a.url
    FROM layers_accessibility a JOIN published.location l ON l.id = a.location_id;

-- Days on which the usual hours do not hold: of a service (service_point_id null), or of one
-- place of it. Why is said for public places only: the words are free text.
CREATE OR REPLACE VIEW published.schedule_exception AS
    SELECT e.id, e.service_id, NULL::uuid AS service_point_id, e.starts_on, e.ends_on,
           e.is_closed, e.opens_at, e.closes_at, e.reason
    FROM layers_scheduleexception e
    WHERE EXISTS (SELECT FROM layers_servicepoint p WHERE p.service_id = e.service_id)
    UNION ALL
    SELECT e.id, p.service_id, p.id, e.starts_on, e.ends_on, e.is_closed, e.opens_at,
           e.closes_at, CASE WHEN p.visibility = 'public' THEN e.reason ELSE '{}' END
    FROM layers_scheduleexception e
    JOIN layers_servicepoint p ON p.id = e.service_at_location_id;

-- Services that anybody could see and that were taken back: who follows an old link is told.
-- One with a hidden place is not among them, nor is a proposal to change another service.
CREATE OR REPLACE VIEW published.gone_service AS
    SELECT s.id, m.slug AS municipality_slug
    FROM layers_service s JOIN layers_municipality m ON m.id = s.municipality_id
    WHERE s.moderation_state IN ('withdrawn', 'superseded', 'archived')
      AND s.update_of_id IS NULL
      AND NOT EXISTS (SELECT FROM layers_serviceatlocation a
                      JOIN layers_location l ON l.id = a.location_id
                      WHERE a.service_id = s.id AND l.visibility = 'hidden');

-- Who may be named beside an activity or a call: whoever is in the directory, and whoever has
-- no hidden place at all.
CREATE OR REPLACE VIEW published.host AS
    SELECT o.id, o.names
    FROM layers_organization o
    WHERE EXISTS (SELECT FROM layers_servicepoint p WHERE p.organization_id = o.id)
       OR NOT EXISTS (SELECT FROM layers_service s
                      JOIN layers_serviceatlocation a ON a.service_id = s.id
                      JOIN layers_location l ON l.id = a.location_id
                      WHERE s.organization_id = o.id AND l.visibility = 'hidden');

CREATE OR REPLACE VIEW published.activity AS
    SELECT a.id, m.slug AS municipality_slug, h.id AS organization_id,
           coalesce(h.names, '{}') AS organization_names, a.names, a.descriptions,
           a.starts_at, a.ends_at, a.recurrence, a.url, a.registration_required, a.source,
           a.licence, a.is_demo, a.created_at, a.updated_at,
           a.location_id IS NOT NULL AND l.id IS NULL AS is_protected,
           coalesce(l.names, '{}') AS place_names, coalesce(l.address, '{}') AS address,
           coalesce(l.city, '{}') AS city, coalesce(l.postal_code, '') AS postal_code, l.point,
           coalesce((SELECT array_agg(d.code ORDER BY d.code)
                     FROM layers_locationdistrict x JOIN layers_district d ON d.id = x.district_id
                     WHERE x.location_id = a.location_id), '{}') AS district_codes,
           coalesce((SELECT array_agg(DISTINCT up.slug ORDER BY up.slug)
                     FROM layers_activity_categories c
                     JOIN layers_taxonomyterm t ON t.id = c.taxonomyterm_id
                     CROSS JOIN LATERAL jsonb_array_elements_text(t.path) AS up(slug)
                     WHERE c.activity_id = a.id), '{}') AS categories
    FROM layers_activity a
    JOIN layers_municipality m ON m.id = a.municipality_id
    LEFT JOIN published.host h ON h.id = a.organization_id
    LEFT JOIN layers_location l ON l.id = a.location_id AND l.visibility = 'public'
    WHERE a.moderation_state = 'published'
      AND NOT EXISTS (SELECT FROM layers_location x WHERE x.id = a.location_id
                                                      AND x.visibility = 'hidden');

CREATE OR REPLACE VIEW published.open_call AS
    SELECT c.id, m.slug AS municipality_slug, h.id AS organization_id,
           coalesce(h.names, '{}') AS organization_names, c.kind, c.names, c.descriptions,
           t.slug AS committee, d.code AS district_code, d.names AS district_names,
           c.opens_on, c.closes_on, c.url, c.source, c.licence, c.is_demo, c.created_at,
           c.updated_at
    FROM layers_opencall c
    JOIN layers_municipality m ON m.id = c.municipality_id
    LEFT JOIN published.host h ON h.id = c.organization_id
    LEFT JOIN layers_taxonomyterm t ON t.id = c.committee_id
    LEFT JOIN layers_district d ON d.id = c.district_id
    WHERE c.moderation_state = 'published';
