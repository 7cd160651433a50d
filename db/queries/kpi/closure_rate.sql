-- Tasks closed, of those that should be closed by the end of the day of `at` (null: today), for each
-- unit at `depth` at or below `unit`. Should be closed: due by then, or closed already.
-- title_zh: 结案率
-- title_en: Closure rate
-- unit: percent
-- numerator_zh: 已结案
-- numerator_en: closed
-- denominator_zh: 应结案
-- denominator_en: to close
-- version: v1
-- order: 1
WITH day AS (
    SELECT (date_trunc('day', coalesce(%(at)s::timestamptz, now()) AT TIME ZONE tz) + interval '1 day')
           AT TIME ZONE tz AS ends
    FROM district_info
),
counted AS (
    SELECT array_to_string((string_to_array(t.path, '/'))[:%(depth)s::integer], '/') AS path,
           count(*) FILTER (WHERE t.done_at <= day.ends) AS numerator,
           count(*) AS denominator
    FROM task t CROSS JOIN day
    WHERE t.launched_at <= day.ends AND (t.due_at <= day.ends OR t.done_at <= day.ends)
    GROUP BY 1
)
SELECT u.path, u.name, u.name_en,
       coalesce(c.numerator, 0) AS numerator, coalesce(c.denominator, 0) AS denominator
FROM org_unit u
LEFT JOIN counted c USING (path)
WHERE u.depth = %(depth)s::integer AND starts_with(u.path || '/', %(unit)s::text || '/')
  AND u.closed_at IS NULL
ORDER BY u.path;
