-- The base survey at or below `unit` (null: all), one row: how far it is; what workers found that nobody had on record,
-- of it in the last 7 days; premises outside every grid.
SELECT count(*) FILTER (WHERE p.recorded_at IS NOT NULL) AS recorded,
       count(*) FILTER (WHERE p.recorded_at IS NOT NULL AND (s.premises_id IS NOT NULL OR p.verified_at IS NOT NULL))
           AS pushed,
       count(*) FILTER (WHERE p.recorded_at IS NOT NULL AND (s.claimed OR p.verified_at IS NOT NULL)) AS claimed,
       count(*) FILTER (WHERE p.recorded_at IS NOT NULL AND p.verified_at IS NOT NULL) AS verified,
       count(*) FILTER (WHERE p.source = 'field') AS found,
       count(*) FILTER (WHERE p.source = 'field' AND p.known_since > now() - interval '7 days') AS found_lately,
       count(*) FILTER (WHERE p.grid_id IS NULL) AS outside
FROM premises p
LEFT JOIN (SELECT premises_id, bool_or(received_at IS NOT NULL OR inspected_at IS NOT NULL) AS claimed
           FROM task WHERE source = 'survey' AND cancelled_at IS NULL
           GROUP BY 1) s USING (premises_id)
WHERE p.closed_at IS NULL
  AND (p.recorded_at IS NOT NULL OR p.source = 'field' OR p.grid_id IS NULL)
  AND (%(unit)s::text IS NULL OR starts_with(p.path || '/', %(unit)s::text || '/'))
HAVING count(*) > 0;
