-- The closure rate of now by task category, in `limit` rows at most: those with most tasks that should be closed,
-- and what does not fit summed without a name. Should be closed: launched, and due by the end of today or closed.
WITH today AS MATERIALIZED (
    SELECT (date_trunc('day', now() AT TIME ZONE tz) + interval '1 day') AT TIME ZONE tz AS ends FROM district_info
),
counted AS (
    SELECT t.category, count(*) FILTER (WHERE t.done_at <= now()) AS numerator, count(*) AS denominator
    FROM task t
    WHERE t.launched_at <= now() AND (t.due_at <= (SELECT ends FROM today) OR t.done_at <= now())
    GROUP BY 1
),
placed AS (
    SELECT CASE WHEN count(*) OVER () <= %(limit)s THEN 0
                ELSE row_number() OVER (ORDER BY denominator DESC, category) END < %(limit)s AS named, *
    FROM counted
)
SELECT CASE WHEN named THEN category END AS category,
       sum(numerator)::bigint AS numerator, sum(denominator)::bigint AS denominator
FROM placed
GROUP BY named, 1
ORDER BY named DESC, 3 DESC, 1;
