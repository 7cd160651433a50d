-- A KPI over a period: of its members at or below `unit`, of `category`, those that began to count in the denominator
-- from `since` until before `until` (null: all), as they stood at the end of that time, or stand now. `by` day, week
-- or month in which they began, category, or unit at `depth` (null: as one). Each member counts once, so that the
-- rows add up to the whole.
WITH period AS MATERIALIZED (
    SELECT tz, %(by)s::text IS NOT DISTINCT FROM 'unit' AS by_unit,
           %(by)s::text IS NOT DISTINCT FROM 'category' AS by_category,
           as_of(%(until)s::timestamptz) AS as_of
    FROM district_info
),
asked AS MATERIALIZED (
    SELECT tz, as_of AS first, as_of AS last,
           CASE WHEN NOT by_category AND %(category)s::text IS NULL THEN 'unit'
                WHEN NOT by_unit THEN 'category' END AS grain,
           CASE WHEN by_unit THEN %(depth)s::integer END AS depth,
           ARRAY[%(since)s::timestamptz, %(until)s::timestamptz] AS ends
    FROM period
),
--source--,
counted AS (
    SELECT CASE WHEN %(by)s::text = 'unit' THEN path END AS path,
           CASE WHEN %(by)s::text = 'category' THEN category END AS category,
           CASE WHEN %(by)s::text IN ('day', 'week', 'month') THEN (began AT TIME ZONE (SELECT tz FROM source))::date END AS day,
           sum(numerator) FILTER (WHERE counts <= (SELECT last FROM source) AND counted > (SELECT last FROM source))
               AS numerator, sum(denominator) AS denominator
    FROM part
    WHERE (%(since)s::timestamptz IS NULL OR began >= %(since)s::timestamptz)
      AND (%(category)s::text IS NULL OR category = %(category)s::text)
    GROUP BY 1, 2, 3
),
keyed AS (  -- by grid or day first, as there are fewer groups than members
    SELECT CASE %(by)s::text
               WHEN 'unit' THEN array_to_string((string_to_array(path, '/'))[:%(depth)s::integer], '/')
               WHEN 'category' THEN category
               ELSE to_char(date_trunc(%(by)s::text, day::timestamp), 'YYYY-MM-DD') END AS key,
           coalesce(sum(numerator), 0)::bigint AS numerator, sum(denominator)::bigint AS denominator
    FROM counted
    GROUP BY 1
    HAVING sum(denominator) > 0
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
