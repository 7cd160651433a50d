-- A KPI over a period, `by` day, week or month in which its members began to count, category, or unit at `depth`
-- (null: as one). Each member counts once, so that the rows add up to the whole.
-- The members of a KPI at or below `unit`, of `category`, that began to count in the denominator from `since` until
-- before `until` (null: all); each as it stood at the end of that time, or stands now.
WITH member AS (
    --member--
),
asked AS MATERIALIZED (
    SELECT tz, least(%(until)s::timestamptz - interval '1 microsecond', now()) AS as_of FROM district_info
),
chosen AS (
    SELECT m.id, m.path, m.category, m.denominator_from, a.tz,
           (m.numerator_from <= a.as_of AND coalesce(m.numerator_until > a.as_of, true)) IS TRUE AS counts
    FROM member m CROSS JOIN asked a
    WHERE m.denominator_from <= a.as_of AND coalesce(m.denominator_until > a.as_of, true)
      AND (%(since)s::timestamptz IS NULL OR m.denominator_from >= %(since)s::timestamptz)
      AND (%(category)s::text IS NULL OR m.category = %(category)s::text)
      AND starts_with(m.path || '/', %(unit)s::text || '/')
),
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
