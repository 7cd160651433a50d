-- The closure rate of now by task category, in `limit` rows at most: those with most tasks that should be closed,
-- and what does not fit summed without a name.
WITH counted AS (
    SELECT category, count(*) FILTER (WHERE closed_at <= now()) AS numerator, count(*) AS denominator
    FROM task_owed
    WHERE owed_from <= now() AND coalesce(owed_until > now(), true)
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
