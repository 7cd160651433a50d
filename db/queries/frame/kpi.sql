-- A KPI as it stood at each instant of `at` (null: now), for each unit at `depth` at or below `unit`: how many of
-- its members counted in the denominator, and of these how many in the numerator too.
WITH asked AS MATERIALIZED (
    SELECT array_agg(at ORDER BY at) AS ats, array_agg(at + interval '1 microsecond' ORDER BY at) AS ends,
           min(at) AS first, max(at) AS last, 'unit' AS grain, %(depth)s::integer AS depth
    FROM unnest(coalesce(%(at)s::timestamptz[], ARRAY[now()])) AS at
),
--source--,
steps AS (  -- how many instants are over before a part counts, or ceases to: each is looked at once for all of them
    SELECT p.path, width_bucket(coalesce(p.counts, 'infinity'), s.ends) AS counts,
           width_bucket(p.counted, s.ends) AS counted, width_bucket(p.began, s.ends) AS owes,
           width_bucket(p.ended, s.ends) AS owed, sum(p.numerator) AS numerator, sum(p.denominator) AS denominator
    FROM part p CROSS JOIN source s
    GROUP BY 1, 2, 3, 4, 5
),
units AS MATERIALIZED (  -- by grid first, as there are fewer steps than parts
    SELECT array_to_string((string_to_array(path, '/'))[:%(depth)s::integer], '/') AS path,
           counts, counted, owes, owed, sum(numerator) AS numerator, sum(denominator) AS denominator
    FROM steps
    GROUP BY 1, 2, 3, 4, 5
)
SELECT u.path, u.name, u.name_en, i.at,
       coalesce(sum(c.numerator) FILTER (WHERE c.counts < i.number AND c.counted >= i.number), 0)::bigint AS numerator,
       coalesce(sum(c.denominator) FILTER (WHERE c.owes < i.number AND c.owed >= i.number), 0)::bigint AS denominator
FROM org_unit u
CROSS JOIN (SELECT given.* FROM source, unnest(ats) WITH ORDINALITY AS given (at, number)) i
LEFT JOIN units c USING (path)
WHERE u.depth = %(depth)s::integer AND starts_with(u.path || '/', %(unit)s::text || '/')
  AND u.closed_at IS NULL
GROUP BY 1, 2, 3, 4
ORDER BY 1, 4;
