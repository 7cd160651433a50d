-- The closure rate of now by task category, in `limit` rows at most: those with most tasks that should be closed,
-- each as its module calls it (name null: none does), and what does not fit summed without a category.
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
),
summed AS (
    SELECT CASE WHEN named THEN category END AS category, named,
           sum(numerator)::bigint AS numerator, sum(denominator)::bigint AS denominator
    FROM placed
    GROUP BY named, 1
)
SELECT s.category, c.name, c.name_en, s.numerator, s.denominator
FROM summed s
LEFT JOIN task_category c USING (category)
ORDER BY s.named DESC, s.denominator DESC, s.category;
