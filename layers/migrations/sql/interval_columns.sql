-- The layers of analyses show between what their figures move. New columns stand at the end:
-- PostgreSQL adds them to a view in place, and whoever reads the others is not disturbed.
CREATE OR REPLACE VIEW published.coverage AS
    SELECT w.id, d.municipality_slug AS municipality, w.level, w.district_code AS code,
           layers_text(d.names, 'el') AS name_el, layers_text(d.names, 'en') AS name_en,
           w.term_kind, w.term, w."group", w.residents, w.residents_served,
           w.residents_unserved, w.share_served, w.mean_walk_m, w.median_walk_m, w.n_located,
           w.n_serving, w.flags, w.is_suppressed, r.finished_at, d.boundary,
           (w.interval -> 'residents_unserved' ->> 0)::float8 AS residents_unserved_low,
           (w.interval -> 'residents_unserved' ->> 1)::float8 AS residents_unserved_high
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
           (w.interval -> 'rank' ->> 1)::integer AS rank_high
    FROM published.coverage c JOIN published.result_row w ON w.id = c.id
    WHERE w.residents_unserved > 0;
