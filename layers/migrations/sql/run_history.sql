-- The default runs that are shown now are in force since they were finished. A city's own
-- group and threshold came later than the runs, so these are everybody's at 15 minutes.
INSERT INTO layers_runinforce (municipality_id, run_id, level, term_kind, "group", threshold_min, since)
SELECT DISTINCT ON (r.municipality_id, r.parameters ->> 'level', r.parameters ->> 'by')
       r.municipality_id, r.id, r.parameters ->> 'level', r.parameters ->> 'by',
       coalesce(r.parameters ->> 'group', ''), (r.parameters ->> 'threshold_min')::float8,
       r.finished_at
FROM layers_analysisrun r
WHERE r.kind = 'coverage' AND r.is_default AND NOT r.is_restricted AND r.finished_at IS NOT NULL
ORDER BY r.municipality_id, r.parameters ->> 'level', r.parameters ->> 'by', r.finished_at DESC;

-- What came out, as one number more; new columns stand at the end.
CREATE OR REPLACE VIEW published.run AS
    SELECT r.id, m.slug AS municipality_slug, r.kind, r.parameters, r.data_versions,
           r.code_version, r.hash, r.is_default, r.summary, r.finished_at, r.rows_hash
    FROM layers_analysisrun r JOIN layers_municipality m ON m.id = r.municipality_id
    WHERE NOT r.is_restricted AND r.finished_at IS NOT NULL;

CREATE OR REPLACE VIEW published.run_in_force AS
    SELECT f.run_id, m.slug AS municipality_slug, f.level, f.term_kind, f."group",
           f.threshold_min, f.since
    FROM layers_runinforce f
    JOIN layers_municipality m ON m.id = f.municipality_id
    JOIN layers_analysisrun r ON r.id = f.run_id
    WHERE NOT r.is_restricted AND r.finished_at IS NOT NULL;

-- Without who asked, and without what cancels it.
CREATE OR REPLACE VIEW published.analysis_job AS
    SELECT j.id, m.slug AS municipality_slug, j.kind, j.state, j.night, j.created_at,
           j.started_at, j.finished_at, j.cancel_asked_at, j.doing, j.error
    FROM layers_analysisjob j JOIN layers_municipality m ON m.id = j.municipality_id;

CREATE OR REPLACE VIEW published.analysis_step AS
    SELECT s.job_id, s.position, s.parameters, s.run_id, s.seconds
    FROM layers_analysisstep s;
