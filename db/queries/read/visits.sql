-- Visits of workers at or below `unit` by how far they can be believed and by text (null: all), the latest first. A
-- visit is named by its worker and its message: 'W1:inspection-17...'.
WITH told AS (
    SELECT e.*, CASE WHEN e.truth IS NULL THEN 'unweighed' WHEN e.truth < d.doubtful THEN 'doubtful'
                     WHEN e.truth < 70 THEN 'unclear' ELSE 'believed' END AS belief
    FROM visit_evidence e, LATERAL (SELECT doubtful_below() AS doubtful) d
),
found AS MATERIALIZED (
    SELECT v.*, w.name AS worker_name, w.name_en AS worker_name_en, w.path AS worker_path
    FROM told v JOIN worker w USING (worker_id)
    WHERE (%(unit)s::text IS NULL OR starts_with(w.path || '/', %(unit)s::text || '/'))
      AND (%(beliefs)s::text[] IS NULL OR v.belief = ANY (%(beliefs)s::text[]))
      AND (%(text)s::text IS NULL
           OR position(lower(%(text)s::text) IN lower(concat_ws(' ', v.worker_id, w.name, w.name_en, v.id))) > 0
           OR v.premises_id IN (SELECT premises_id FROM premises
                WHERE position(lower(%(text)s::text) IN lower(concat_ws(' ', name, address))) > 0)
           OR v.grid_id IN (SELECT grid_id FROM grid
                WHERE position(lower(%(text)s::text) IN lower(concat_ws(' ', name, name_en))) > 0))
    ORDER BY v.ended DESC, v.worker_id, v.id
    LIMIT %(limit)s
)
SELECT f.worker_id || ':' || f.id AS visit, f.worker_id, f.worker_name, f.worker_name_en, f.belief, f.truth, f.times,
       f.started AT TIME ZONE i.tz AS started, f.ended AT TIME ZONE i.tz AS ended,
       extract(epoch FROM f.ended - f.started) / 60 AS minutes, f.premises_id, p.name AS premises_name,
       g.name AS grid_name, g.name_en AS grid_name_en, s.name AS station_name, s.name_en AS station_name_en,
       ARRAY(SELECT v.value ->> 'test' FROM jsonb_array_elements(f.verdicts) v
             WHERE v.value ->> 'says' = 'contradicts') AS against
FROM found f
CROSS JOIN district_info i
LEFT JOIN LATERAL (SELECT name FROM premises WHERE premises_id = f.premises_id LIMIT 1) p ON true
LEFT JOIN LATERAL (SELECT name, name_en FROM grid WHERE grid_id = f.grid_id LIMIT 1) g ON true
LEFT JOIN org_unit s ON s.path = array_to_string((string_to_array(f.worker_path, '/'))[:2], '/')
ORDER BY f.ended DESC, f.worker_id, f.id;
