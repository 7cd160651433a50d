-- A KPI as it stood at `at` (null: now) by category, at or below `unit`, in `limit` rows at most: those with most members,
-- each as its module calls it (name null: none does), and what does not fit summed without a category.
WITH asked AS MATERIALIZED (
    SELECT at AS first, at AS last, 'category' AS grain, NULL::integer AS depth,
           ARRAY[at + interval '1 microsecond'] AS ends
    FROM (SELECT coalesce(%(at)s::timestamptz, now()) AS at) given
),
--source--,
summed AS (
    SELECT category, coalesce(sum(numerator) FILTER (WHERE counts <= s.last AND counted > s.last), 0) AS numerator,
           sum(denominator) AS denominator
    FROM part CROSS JOIN source s
    GROUP BY 1
    HAVING sum(denominator) > 0
),
placed AS (
    SELECT CASE WHEN count(*) OVER () <= %(limit)s THEN 0
                ELSE row_number() OVER (ORDER BY denominator DESC, category) END < %(limit)s AS named, *
    FROM summed
),
told AS (
    SELECT CASE WHEN named THEN category END AS category, named,
           sum(numerator)::bigint AS numerator, sum(denominator)::bigint AS denominator
    FROM placed
    GROUP BY named, 1
)
SELECT t.category, c.name, c.name_en, t.numerator, t.denominator
FROM told t
LEFT JOIN task_category c USING (category)
ORDER BY t.named DESC, t.denominator DESC, t.category;
