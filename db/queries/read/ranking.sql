-- The first `limit` workers by tasks disposed at `at` (null: now): of the tasks that should be disposed and are theirs, how
-- many are. A task belongs to who disposed it, else to whom it was given.
WITH mine AS (
    SELECT coalesce(CASE WHEN t.done_at <= i.at THEN t.done_by END, t.worker_id) AS worker_id,
           count(*) FILTER (WHERE t.done_at <= i.at) AS closed,
           count(*) AS assigned
    FROM task_owed t CROSS JOIN (SELECT coalesce(%(at)s::timestamptz, now()) AS at) i
    WHERE t.owed_from <= i.at AND coalesce(t.owed_until > i.at, true)
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
