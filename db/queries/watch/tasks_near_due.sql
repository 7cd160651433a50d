-- Whose tasks (a worker's, else the grid's), of one day, fall due within so many hours and are so many, unless an
-- alert is open; and the open alerts of whose tasks few are left, or none.
WITH own AS MATERIALIZED (SELECT tz FROM district WHERE district = %(district)s),
awaited AS (
    SELECT worker_id, grid_id, scoped.disposal_due(due_at, inspected_at, recheck_due_at) AS due FROM task
    WHERE district = %(district)s AND state NOT IN ('done', 'cancelled', 'suspended')
      AND scoped.disposal_due(due_at, inspected_at, recheck_due_at) > %(now)s
      AND scoped.disposal_due(due_at, inspected_at, recheck_due_at) <= %(now)s + %(hours)s * interval '1 hour'
),
counted AS (
    SELECT worker_id, CASE WHEN worker_id IS NULL THEN grid_id END AS whose_grid, (due AT TIME ZONE own.tz)::date AS day,
           min(grid_id) AS grid_id, min(due) AS due_at, count(*) AS left
    FROM awaited CROSS JOIN own
    GROUP BY 1, 2, 3
),
near AS MATERIALIZED (
    SELECT coalesce('worker:' || worker_id, 'grid:' || whose_grid) || ':' || day AS subject, counted.* FROM counted
),
open AS MATERIALIZED (
    SELECT subject FROM alert WHERE district = %(district)s AND rule = %(rule)s AND cleared_at IS NULL
)
SELECT worker_id, grid_id, day::text AS day, due_at, t.left, false AS is_open
FROM near t WHERE t.left >= %(count)s AND subject NOT IN (SELECT subject FROM open)
UNION ALL
SELECT CASE split_part(subject, ':', 1) WHEN 'worker' THEN split_part(subject, ':', 2) END,
       CASE split_part(subject, ':', 1) WHEN 'grid' THEN split_part(subject, ':', 2) END,
       split_part(subject, ':', 3), coalesce(t.due_at, %(now)s), coalesce(t.left, 0), true
FROM open LEFT JOIN near t USING (subject)
WHERE coalesce(t.left, 0) <= %(count)s * %(calm)s / 100;
