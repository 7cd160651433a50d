-- A KPI as it stood at each instant of `at` (null: now), for each unit at `depth` at or below `unit`: how many of
-- its members counted in the denominator, and of these how many in the numerator too.
WITH member AS (
    --member--
),
instants AS MATERIALIZED (
    SELECT array_agg(at ORDER BY at) AS ats, array_agg(at + interval '1 microsecond' ORDER BY at) AS after
    FROM unnest(coalesce(%(at)s::timestamptz[], ARRAY[now()])) AS at
),
steps AS (  -- how many instants are over before a member counts, or ceases to: each is looked at once for all of them
    SELECT m.path,
           greatest(width_bucket(coalesce(m.numerator_from, 'infinity'), i.after),
                    width_bucket(coalesce(m.denominator_from, 'infinity'), i.after)) AS counts,
           least(width_bucket(coalesce(m.numerator_until, 'infinity'), i.after),
                 width_bucket(coalesce(m.denominator_until, 'infinity'), i.after)) AS counted,
           width_bucket(coalesce(m.denominator_from, 'infinity'), i.after) AS owes,
           width_bucket(coalesce(m.denominator_until, 'infinity'), i.after) AS owed,
           count(*) AS n
    FROM member m CROSS JOIN instants i
    GROUP BY 1, 2, 3, 4, 5
),
units AS MATERIALIZED (  -- by grid first, as there are fewer steps than members
    SELECT array_to_string((string_to_array(path, '/'))[:%(depth)s::integer], '/') AS path,
           counts, counted, owes, owed, sum(n) AS n
    FROM steps
    GROUP BY 1, 2, 3, 4, 5
)
SELECT u.path, u.name, u.name_en, i.at,
       coalesce(sum(c.n) FILTER (WHERE c.counts < i.number AND c.counted >= i.number), 0)::bigint AS numerator,
       coalesce(sum(c.n) FILTER (WHERE c.owes < i.number AND c.owed >= i.number), 0)::bigint AS denominator
FROM org_unit u
CROSS JOIN (SELECT given.* FROM instants, unnest(ats) WITH ORDINALITY AS given (at, number)) i
LEFT JOIN units c USING (path)
WHERE u.depth = %(depth)s::integer AND starts_with(u.path || '/', %(unit)s::text || '/')
  AND u.closed_at IS NULL
GROUP BY 1, 2, 3, 4
ORDER BY 1, 4;
