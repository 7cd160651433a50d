-- A rate of the whole district (`kpi`) as it was known at each instant of `ats`: what ingest had kept last, within ten
-- minutes before. Instants of which nothing was kept are left out.
SELECT i.at, (k.figures -> 0 ->> 'numerator')::bigint AS numerator, (k.figures -> 0 ->> 'denominator')::bigint AS denominator
FROM unnest(%(ats)s::timestamptz[]) AS i (at)
CROSS JOIN LATERAL (
    SELECT f.figures FROM known_figures f
    WHERE f.name = %(kpi)s::text AND f.at <= i.at AND f.at > i.at - interval '10 minutes'
    ORDER BY f.at DESC LIMIT 1) k
ORDER BY i.at;
