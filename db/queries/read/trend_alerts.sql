-- How many alerts were open at each instant of `at` (null: now), in all and by their severity of now. Instants
-- before anybody had been given a grid are left out: nobody was watched over.
WITH instants AS MATERIALIZED (
    SELECT array_agg(at ORDER BY at) AS ats, min(at) AS begins
    FROM district_info, unnest(coalesce(%(at)s::timestamptz[], ARRAY[now()])) AS at
),
steps AS (
    SELECT first_at(i.ats, a.raised_at) AS raised,
           greatest(first_at(i.ats, a.raised_at), first_at(i.ats, a.cleared_at)) AS cleared,
           a.severity, count(*) AS n
    FROM alert a CROSS JOIN instants i
    WHERE a.cleared_at IS NULL OR a.cleared_at > (SELECT begins FROM instants)
    GROUP BY 1, 2, 3
)
SELECT i.at, coalesce(sum(s.n), 0)::bigint AS value,
       coalesce(sum(s.n) FILTER (WHERE s.severity = 'major'), 0)::bigint AS major,
       coalesce(sum(s.n) FILTER (WHERE s.severity = 'serious'), 0)::bigint AS serious,
       coalesce(sum(s.n) FILTER (WHERE s.severity = 'general'), 0)::bigint AS general
FROM (SELECT given.* FROM instants, unnest(ats) WITH ORDINALITY AS given (at, number)) i
LEFT JOIN steps s ON s.raised <= i.number AND s.cleared > i.number
WHERE i.at >= (SELECT min(valid_from) FROM assignment)
GROUP BY 1
ORDER BY 1;
