-- How many tasks of one day each worker (or grid) had left when they fell due within so many hours, where that was
-- something new to say. Suspensions that are over are not known any more.
-- over: all
WITH own AS MATERIALIZED (SELECT tz FROM district WHERE district = %(district)s),
awaited AS MATERIALIZED (
    SELECT coalesce('worker:' || t.worker_id, 'grid:' || t.grid_id) || ':' || (t.due AT TIME ZONE o.tz)::date AS subject,
           t.worker_id, t.grid_id, t.due, greatest(t.launched_at, t.due - %(hours)s * interval '1 hour') AS begins,
           least(t.done_at, t.cancelled_at, t.suspended_at, t.due) AS ends
    FROM (SELECT *, scoped.disposal_due(due_at, inspected_at, recheck_due_at) AS due FROM task
          WHERE district = %(district)s) t CROSS JOIN own o
    WHERE t.due > %(since)s AND t.due - %(hours)s * interval '1 hour' <= %(until)s
),
changes AS (
    SELECT subject, worker_id, grid_id, due, begins AS at, 1 AS change FROM awaited WHERE begins < ends
    UNION ALL
    SELECT subject, worker_id, grid_id, due, ends, -1 FROM awaited WHERE begins < ends
),
moments AS (
    SELECT subject, at, worker_id, min(grid_id) AS grid_id, max(due) AS due_at, sum(change) AS change
    FROM changes GROUP BY subject, at, worker_id
),
counted AS (
    SELECT *, sum(change) OVER (PARTITION BY subject ORDER BY at) AS left FROM moments
)
SELECT at AS now, subject, worker_id, grid_id, split_part(subject, ':', 3) AS day, due_at, c.left::integer AS left
FROM counted c
WHERE at > %(since)s AND at <= %(until)s
  AND (c.left >= %(count)s AND c.left - change < %(count)s
       OR c.left <= %(count)s * %(calm)s / 100 AND c.left - change > %(count)s * %(calm)s / 100)
ORDER BY now;
