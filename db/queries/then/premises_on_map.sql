-- Today's premises between `west` and `east`, `south` and `north` (degrees, WGS-84), `limit` at most, in a constant
-- order, each with the risk grade that it had at `at`: what the first change since then replaced.
SELECT p.premises_id, p.name, p.category,
       CASE WHEN later.premises_id IS NULL THEN p.risk_grade ELSE later.replaced END AS risk_grade,
       round(p.lon::numeric, 6)::float AS lon, round(p.lat::numeric, 6)::float AS lat
FROM premises p
LEFT JOIN LATERAL (
    SELECT e.premises_id, e.changes -> 'risk_grade' ->> 0 AS replaced
    FROM premises_event e
    WHERE e.premises_id = p.premises_id AND e.at > %(at)s AND e.changes -> 'risk_grade' IS NOT NULL
    ORDER BY e.at, e.event, e.cause
    LIMIT 1) later ON true
WHERE p.closed_at IS NULL AND p.lon >= %(west)s AND p.lon < %(east)s AND p.lat >= %(south)s AND p.lat < %(north)s
ORDER BY p.premises_id
LIMIT %(limit)s;
