-- A KPI over a period, `by` day, week or month in which its members began to count, category, or unit at `depth`
-- (null: as one). Each member counts once, so that the rows add up to the whole.
--chosen--,
counted AS (
    SELECT CASE %(by)s::text WHEN 'unit' THEN path END AS path,
           CASE %(by)s::text WHEN 'category' THEN category END AS category,
           CASE WHEN %(by)s::text IN ('day', 'week', 'month') THEN (denominator_from AT TIME ZONE tz)::date END AS day,
           count(*) FILTER (WHERE counts) AS numerator, count(*) AS denominator
    FROM chosen
    GROUP BY 1, 2, 3
),
keyed AS (  -- by grid or day first, as there are fewer groups than members
    SELECT CASE %(by)s::text
               WHEN 'unit' THEN array_to_string((string_to_array(path, '/'))[:%(depth)s::integer], '/')
               WHEN 'category' THEN category
               ELSE to_char(date_trunc(%(by)s::text, day::timestamp), 'YYYY-MM-DD') END AS key,
           sum(numerator)::bigint AS numerator, sum(denominator)::bigint AS denominator
    FROM counted
    GROUP BY 1
),
units AS (  -- those without a member, too
    SELECT path AS key FROM org_unit
    WHERE %(by)s::text = 'unit' AND depth = %(depth)s::integer AND closed_at IS NULL
      AND starts_with(path || '/', %(unit)s::text || '/')
)
SELECT key, coalesce(u.name, c.name) AS name, coalesce(u.name_en, c.name_en) AS name_en,
       coalesce(k.numerator, 0) AS numerator, coalesce(k.denominator, 0) AS denominator
FROM keyed k
FULL JOIN units USING (key)
LEFT JOIN org_unit u ON %(by)s::text = 'unit' AND u.path = key
LEFT JOIN task_category c ON %(by)s::text = 'category' AND c.category = key
ORDER BY key;
