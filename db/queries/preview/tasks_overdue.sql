-- How many tasks of one day each worker (or grid) had open when it was over, and when the last of them was done.
-- Suspensions that are over are not known any more.
-- over: all
WITH own AS MATERIALIZED (SELECT tz FROM district WHERE district = %(district)s),
awaited AS MATERIALIZED (
    SELECT coalesce('worker:' || t.worker_id, 'grid:' || t.grid_id) || ':' || (t.due AT TIME ZONE o.tz)::date AS subject,
           t.worker_id, t.grid_id, t.due,
           least(t.done_at, t.cancelled_at, t.suspended_at, t.due + %(days)s * interval '1 day') AS ends
    FROM (SELECT *, scoped.disposal_due(due_at, inspected_at, recheck_due_at) AS due FROM task
          WHERE district = %(district)s) t CROSS JOIN own o
    WHERE t.due > %(since)s AND t.due <= %(until)s
),
days AS (
    SELECT subject, worker_id, min(grid_id) AS grid_id, max(due) AS due_at, max(ends) AS ends,
           count(*)::integer AS left
    FROM awaited WHERE ends > due
    GROUP BY subject, worker_id
)
SELECT due_at + interval '1 second' AS now, subject, worker_id, grid_id, split_part(subject, ':', 3) AS day, due_at, d.left
FROM days d
UNION ALL
SELECT ends + interval '1 second', subject, worker_id, grid_id, split_part(subject, ':', 3), due_at, 0 FROM days
ORDER BY now;
