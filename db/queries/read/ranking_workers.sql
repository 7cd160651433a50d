-- Workers at or below `unit` whose name or grid holds `text` (null: all), by tasks disposed, of the tasks that
-- should be disposed and are theirs; and what they sent in today. A task belongs to who disposed it, else to whom
-- it was given.
WITH day AS MATERIALIZED (
    SELECT date_trunc('day', now() AT TIME ZONE tz) AT TIME ZONE tz AS begins FROM district_info
),
mine AS (
    SELECT coalesce(t.done_by, t.worker_id) AS worker_id,
           count(*) AS assigned, count(t.done_at) AS closed,
           count(*) FILTER (WHERE t.done_at <= t.disposal_due_at) AS on_time, sum(t.rework) AS rework
    FROM task_owed t
    WHERE t.owed_from <= now() AND coalesce(t.owed_until > now(), true)
    GROUP BY 1
),
visits AS (SELECT i.worker_id, count(*) AS n FROM inspection i WHERE i.at >= (SELECT begins FROM day) GROUP BY 1),
found AS (SELECT c.worker_id, count(*) AS n FROM clue c WHERE c.at >= (SELECT begins FROM day) GROUP BY 1)
SELECT w.worker_id, w.name, w.name_en, u.name AS unit_name, u.name_en AS unit_name_en,
       s.name AS station_name, s.name_en AS station_name_en,
       coalesce(m.closed, 0) AS closed, coalesce(m.assigned, 0) AS assigned, coalesce(m.on_time, 0) AS on_time,
       coalesce(m.rework, 0)::bigint AS rework, coalesce(v.n, 0) AS inspections, coalesce(f.n, 0) AS clues
FROM worker w
LEFT JOIN mine m USING (worker_id)
LEFT JOIN visits v USING (worker_id)
LEFT JOIN found f USING (worker_id)
LEFT JOIN org_unit u USING (path)
LEFT JOIN org_unit s ON s.path = array_to_string((string_to_array(w.path, '/'))[:2], '/')
WHERE w.role = 'worker' AND w.closed_at IS NULL
  AND (%(unit)s::text IS NULL OR starts_with(w.path || '/', %(unit)s::text || '/'))
  AND (%(text)s::text IS NULL OR position(lower(%(text)s::text) IN
       lower(concat_ws(' ', w.worker_id, w.name, w.name_en, u.name, u.name_en))) > 0)
ORDER BY closed DESC, assigned, w.worker_id
LIMIT %(limit)s;
