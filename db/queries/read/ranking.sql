-- The first `limit` workers by tasks closed: of the tasks that should be closed by the end of today
-- (or were) and are theirs, how many are done. A task belongs to who closed it, else to whom it was given.
WITH day AS MATERIALIZED (
    SELECT (date_trunc('day', now() AT TIME ZONE tz) + interval '1 day') AT TIME ZONE tz AS ends FROM district_info
),
mine AS (
    SELECT coalesce(t.done_by, t.worker_id) AS worker_id,
           count(*) FILTER (WHERE t.state = 'done') AS closed,
           count(*) AS assigned
    FROM task t
    WHERE t.state = 'done' OR t.due_at <= (SELECT ends FROM day)
    GROUP BY 1
)
SELECT w.worker_id, w.name, w.name_en, u.name AS unit_name, u.name_en AS unit_name_en,
       coalesce(m.closed, 0) AS closed, coalesce(m.assigned, 0) AS assigned
FROM worker w
LEFT JOIN mine m USING (worker_id)
LEFT JOIN org_unit u USING (path)
WHERE w.role = 'worker' AND w.closed_at IS NULL
ORDER BY closed DESC, assigned, w.worker_id
LIMIT %(limit)s;
