-- Stations by closure rate: tasks closed, of those that should be; disposed on time, sent back; and what their
-- workers sent in today.
WITH day AS MATERIALIZED (
    SELECT date_trunc('day', now() AT TIME ZONE tz) AT TIME ZONE tz AS begins FROM district_info
),
tasks AS (
    SELECT array_to_string((string_to_array(t.path, '/'))[:2], '/') AS path,
           sum(t.assigned)::bigint AS assigned, sum(t.closed)::bigint AS closed,
           sum(t.on_time)::bigint AS on_time, sum(t.rework) AS rework
    FROM (
        SELECT t.path, count(*) AS assigned, count(t.closed_at) AS closed,
               count(*) FILTER (WHERE t.done_at <= t.disposal_due_at) AS on_time, sum(t.rework) AS rework
        FROM task_owed t
        WHERE t.owed_from <= now() AND coalesce(t.owed_until > now(), true)
        GROUP BY 1  -- by grid first: thousands of paths to cut instead of a hundred thousand
    ) t
    GROUP BY 1
),
sent AS (
    SELECT worker_id, 1 AS visit, 0 AS clue FROM inspection WHERE at >= (SELECT begins FROM day)
    UNION ALL
    SELECT worker_id, 0, 1 FROM clue WHERE at >= (SELECT begins FROM day)
),
work AS (
    SELECT array_to_string((string_to_array(w.path, '/'))[:2], '/') AS path,
           sum(sent.visit) AS inspections, sum(sent.clue) AS clues
    FROM sent JOIN worker w USING (worker_id)
    GROUP BY 1
)
SELECT u.path, u.name, u.name_en,
       coalesce(t.closed, 0) AS closed, coalesce(t.assigned, 0) AS assigned, coalesce(t.on_time, 0) AS on_time,
       coalesce(t.rework, 0)::bigint AS rework,
       coalesce(k.inspections, 0) AS inspections, coalesce(k.clues, 0) AS clues
FROM org_unit u
LEFT JOIN tasks t USING (path)
LEFT JOIN work k USING (path)
WHERE u.depth = 2 AND u.closed_at IS NULL
ORDER BY t.closed::float / t.assigned DESC NULLS LAST, u.path
LIMIT %(limit)s;
