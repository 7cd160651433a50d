-- Tasks closed by their deadline, of those that should be closed, as it stood at each instant of `at` (null:
-- now), for each unit at `depth` at or below `unit`. Should be closed: launched, and due by the end of that day
-- or closed already.
-- title_zh: 按期结案率
-- title_en: On-time rate
-- unit: percent
-- numerator_zh: 按期结案
-- numerator_en: on time
-- denominator_zh: 应结案
-- denominator_en: to close
-- version: v1
-- order: 2
WITH instants AS MATERIALIZED (
    SELECT array_agg(at ORDER BY at) AS ats,
           array_agg((date_trunc('day', at AT TIME ZONE tz) + interval '1 day') AT TIME ZONE tz ORDER BY at) AS ends
    FROM district_info, unnest(coalesce(%(at)s::timestamptz[], ARRAY[now()])) AS at
),
steps AS (  -- the number of the instant from which on a task counts
    SELECT t.path,
           greatest(first_at(i.ats, t.launched_at),
                    first_at(i.ats, CASE WHEN t.done_at <= t.due_at THEN t.done_at END)) AS on_time,
           greatest(first_at(i.ats, t.launched_at),
                    least(first_at(i.ends, t.due_at), first_at(i.ats, t.done_at))) AS owed,
           count(*) AS n
    FROM task t CROSS JOIN instants i
    GROUP BY 1, 2, 3
),
units AS MATERIALIZED (  -- by grid first, as there are fewer steps than tasks
    SELECT array_to_string((string_to_array(path, '/'))[:%(depth)s::integer], '/') AS path,
           on_time, owed, sum(n) AS n
    FROM steps
    GROUP BY 1, 2, 3
)
SELECT u.path, u.name, u.name_en, i.at,
       coalesce(sum(c.n) FILTER (WHERE c.on_time <= i.number), 0)::bigint AS numerator,
       coalesce(sum(c.n) FILTER (WHERE c.owed <= i.number), 0)::bigint AS denominator
FROM org_unit u
CROSS JOIN (SELECT given.* FROM instants, unnest(ats) WITH ORDINALITY AS given (at, number)) i
LEFT JOIN units c USING (path)
WHERE u.depth = %(depth)s::integer AND starts_with(u.path || '/', %(unit)s::text || '/')
  AND u.closed_at IS NULL
GROUP BY 1, 2, 3, 4
ORDER BY 1, 4;
