-- Clues at or below `unit` by state, severity, source (worker, terminal), lamp and text (null: all): open ones first, the most pressing on top.
-- While a command centre is called the lamp is its, then the department's.
-- Names are searched each in its own table, and fetched only for the rows that are shown.
WITH lit AS (
    SELECT c.*, coalesce(c.disposed_at, c.voided_at) AS ended_at,
           CASE WHEN c.answer_due_at IS NOT NULL THEN lamp(c.called_at, c.answer_due_at, now(), NULL)
                ELSE lamp(c.routed_at, c.due_at, now(), coalesce(c.disposed_at, c.voided_at)) END AS lamp,
           CASE WHEN c.device_id IS NULL THEN 'worker' ELSE 'terminal' END AS source
    FROM clue_case c
    WHERE (%(unit)s::text IS NULL OR is_below(c.path, %(unit)s::text))
      AND (%(states)s::text[] IS NULL OR c.state = ANY (%(states)s::text[]))
      AND (%(severities)s::text[] IS NULL OR c.severity::text = ANY (%(severities)s::text[]))
),
fitting AS NOT MATERIALIZED (
    SELECT c.* FROM lit c
    WHERE (%(lamps)s::text[] IS NULL OR c.lamp = ANY (%(lamps)s::text[]))
      AND (%(sources)s::text[] IS NULL OR c.source = ANY (%(sources)s::text[]))
      AND (%(text)s::text IS NULL
           OR position(lower(%(text)s::text) IN
                lower(concat_ws(' ', c.clue_id, c.kind, c.industry, c.text, c.worker_id, c.device_id))) > 0
           OR c.premises_id IN (SELECT premises_id FROM premises
                WHERE position(lower(%(text)s::text) IN lower(concat_ws(' ', name, address))) > 0)
           OR c.worker_id IN (SELECT worker_id FROM worker
                WHERE position(lower(%(text)s::text) IN lower(concat_ws(' ', name, name_en))) > 0)
           OR c.device_id IN (SELECT device_id FROM device WHERE position(lower(%(text)s::text) IN lower(name)) > 0)
           OR c.department_id IN (SELECT department_id FROM department
                WHERE position(lower(%(text)s::text) IN lower(concat_ws(' ', name, name_en))) > 0)
           OR c.grid_id IN (SELECT grid_id FROM grid
                WHERE position(lower(%(text)s::text) IN lower(concat_ws(' ', name, name_en))) > 0))
),
open AS MATERIALIZED (  -- the others are looked at only where these are too few
    SELECT * FROM fitting WHERE disposed_at IS NULL AND voided_at IS NULL
    ORDER BY severity DESC, due_at, clue_id LIMIT %(limit)s
),
ended AS (
    SELECT * FROM fitting WHERE ended_at IS NOT NULL AND (SELECT count(*) FROM open) < %(limit)s
    ORDER BY ended_at DESC, due_at, clue_id LIMIT %(limit)s
),
found AS MATERIALIZED (
    SELECT * FROM (SELECT * FROM open UNION ALL SELECT * FROM ended) c
    ORDER BY c.ended_at DESC NULLS FIRST, CASE WHEN c.ended_at IS NULL THEN c.severity END DESC NULLS LAST,
             c.due_at, c.clue_id
    LIMIT %(limit)s
)
SELECT c.clue_id, c.state, c.lamp, c.severity, c.kind, c.industry, c.text, c.level, c.department_id,
       d.name AS department_name, d.name_en AS department_name_en, p.name AS premises_name,
       c.source, coalesce(w.name, t.name) AS reporter_name, w.name_en AS reporter_name_en,
       g.name AS grid_name, g.name_en AS grid_name_en,
       s.name AS station_name, s.name_en AS station_name_en,
       c.reported_at AT TIME ZONE i.tz AS reported, c.due_at AT TIME ZONE i.tz AS due,
       c.ended_at AT TIME ZONE i.tz AS ended, c.outcome
FROM found c
CROSS JOIN district_info i
LEFT JOIN LATERAL (SELECT name FROM premises WHERE premises_id = c.premises_id LIMIT 1) p ON true
LEFT JOIN LATERAL (SELECT name, name_en FROM worker WHERE worker_id = c.worker_id LIMIT 1) w ON true
LEFT JOIN LATERAL (SELECT name FROM device WHERE device_id = c.device_id LIMIT 1) t ON true
LEFT JOIN LATERAL (SELECT name, name_en FROM grid WHERE grid_id = c.grid_id LIMIT 1) g ON true
LEFT JOIN LATERAL (SELECT name, name_en FROM department WHERE department_id = c.department_id LIMIT 1) d ON true
LEFT JOIN org_unit s ON s.path = array_to_string((string_to_array(c.path, '/'))[:2], '/')
ORDER BY c.ended_at DESC NULLS FIRST, CASE WHEN c.ended_at IS NULL THEN c.severity END DESC NULLS LAST,
         c.due_at, c.clue_id;
