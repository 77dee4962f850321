-- The rows of analyses say of each district also how many places there are for its people, how
-- deep the gap is and how great the need; the layers show the same. New columns stand at the end.
CREATE OR REPLACE VIEW published.result_row AS
    SELECT w.* FROM layers_resultrow w
    JOIN layers_analysisrun r ON r.id = w.run_id
    WHERE NOT r.is_restricted AND r.finished_at IS NOT NULL;

CREATE OR REPLACE VIEW published.coverage AS
    SELECT w.id, d.municipality_slug AS municipality, w.level, w.district_code AS code,
           layers_text(d.names, 'el') AS name_el, layers_text(d.names, 'en') AS name_en,
           w.term_kind, w.term, w."group", w.residents, w.residents_served,
           w.residents_unserved, w.share_served, w.mean_walk_m, w.median_walk_m, w.n_located,
           w.n_serving, w.flags, w.is_suppressed, r.finished_at, d.boundary,
           (w.interval -> 'residents_unserved' ->> 0)::float8 AS residents_unserved_low,
           (w.interval -> 'residents_unserved' ->> 1)::float8 AS residents_unserved_high,
           w.threshold_min, w.residents_with_capacity, w.residents_without_capacity,
           w.access_per_1000, w.access_per_1000_fresh, w.figures ->> 'access_unit' AS access_unit,
           w.need_index, w.n_need_flags, w.gap_depth, w.need_weighted_gap, w.shortage_places,
           w.standard_min, w.standard_per_1000, w.open_share, w.open_share_high
    FROM published.run r
    JOIN published.result_row w ON w.run_id = r.id AND NOT w.is_total
    JOIN published.district d ON d.municipality_slug = r.municipality_slug
                             AND d.level = w.level AND d.code = w.district_code
    WHERE r.kind = 'coverage' AND r.is_default;

CREATE OR REPLACE VIEW published.gaps AS
    SELECT c.id, c.municipality, c.level, c.code, c.name_el, c.name_en, c.term_kind, c.term,
           c."group", c.residents, c.residents_served, c.residents_unserved, c.share_served,
           c.mean_walk_m, c.median_walk_m, c.n_located, c.n_serving, c.flags, c.is_suppressed,
           c.finished_at, c.boundary, w.priority_class, w.rank,
           c.residents_unserved_low, c.residents_unserved_high,
           (w.interval -> 'rank' ->> 0)::integer AS rank_low,
           (w.interval -> 'rank' ->> 1)::integer AS rank_high,
           c.threshold_min, c.residents_with_capacity, c.residents_without_capacity,
           c.access_per_1000, c.access_per_1000_fresh, c.access_unit, c.need_index,
           c.n_need_flags, c.gap_depth, c.need_weighted_gap, c.shortage_places,
           c.standard_min, c.standard_per_1000, c.open_share, c.open_share_high
    FROM published.coverage c JOIN published.result_row w ON w.id = c.id
    WHERE w.residents_unserved > 0;
