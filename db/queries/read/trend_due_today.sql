-- How many of the tasks due on the day of the last instant were open at each of `at` (null: now). Instants before
-- the first of them was launched are left out.
WITH instants AS MATERIALIZED (
    SELECT array_agg(at ORDER BY at) AS ats, date_trunc('day', max(at), min(tz)) AS begins,
           (date_trunc('day', max(at) AT TIME ZONE min(tz)) + interval '1 day') AT TIME ZONE min(tz) AS ends
    FROM district_info, unnest(coalesce(%(at)s::timestamptz[], ARRAY[now()])) AS at
),
steps AS (
    SELECT first_at(i.ats, t.launched_at) AS launched,
           greatest(first_at(i.ats, t.launched_at), first_at(i.ats, t.done_at)) AS done, count(*) AS n
    FROM task t CROSS JOIN instants i
    WHERE t.due_at > (SELECT begins FROM instants) AND t.due_at <= (SELECT ends FROM instants)
    GROUP BY 1, 2
)
SELECT i.at, (sum(s.n) - coalesce(sum(s.n) FILTER (WHERE s.done <= i.number), 0))::bigint AS value
FROM (SELECT given.* FROM instants, unnest(ats) WITH ORDINALITY AS given (at, number)) i
JOIN steps s ON s.launched <= i.number
GROUP BY 1
ORDER BY 1;
