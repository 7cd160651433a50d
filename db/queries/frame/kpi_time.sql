-- A time over a period, `by` day, week or month in which its members began, severity (`category`), org level to which
-- they had to go, or unit at `depth` (null: as one): how many took how long, half of them no longer than p50_s, 95 of
-- 100 no longer than p95_s, and how many still wait.
--chosen--,
counted AS (  -- by day first, as there are fewer days than members to write as text
    SELECT CASE %(by)s::text
               WHEN 'unit' THEN array_to_string((string_to_array(path, '/'))[:%(depth)s::integer], '/')
               WHEN 'category' THEN severity::text
               WHEN 'level' THEN level::text END AS part,
           CASE WHEN %(by)s::text IN ('day', 'week', 'month')
                THEN date_trunc(%(by)s::text, began AT TIME ZONE tz) END AS day,
           count(*) FILTER (WHERE counts) AS n, count(*) FILTER (WHERE NOT counts) AS waiting,
           percentile_cont(ARRAY[0.5, 0.95]) WITHIN GROUP (ORDER BY took_s) FILTER (WHERE counts) AS quantiles
    FROM chosen
    GROUP BY 1, 2
),
keyed AS (
    SELECT coalesce(part, to_char(day, 'YYYY-MM-DD')) AS key, n, waiting, quantiles FROM counted
),
units AS (  -- those without a member, too
    SELECT path AS key FROM org_unit
    WHERE %(by)s::text = 'unit' AND depth = %(depth)s::integer AND closed_at IS NULL
      AND starts_with(path || '/', %(unit)s::text || '/')
)
SELECT key, coalesce(u.name, l.name) AS name, u.name_en AS name_en, coalesce(k.n, 0) AS n,
       coalesce(k.waiting, 0) AS waiting, k.quantiles[1] AS p50_s, k.quantiles[2] AS p95_s
FROM keyed k
FULL JOIN units USING (key)
LEFT JOIN org_unit u ON %(by)s::text = 'unit' AND u.path = key
LEFT JOIN (SELECT depth, min(level) AS name FROM org_unit GROUP BY 1) l
    ON %(by)s::text = 'level' AND l.depth::text = key
ORDER BY key;
