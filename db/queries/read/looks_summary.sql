-- Of the last 30 days, for workers at or below `unit` (null: all): looks at tracks, by how many, at how many workers', but those
-- at all of them.
SELECT count(DISTINCT l.look_id) AS looks, count(DISTINCT l.actor) AS actors, count(DISTINCT w.worker_id) AS workers
FROM track_look l LEFT JOIN worker w USING (worker_id)
WHERE l.at > now() - interval '30 days'
  AND (%(unit)s::text IS NULL OR l.worker_id = '*' OR starts_with(w.path || '/', %(unit)s::text || '/'))
HAVING count(*) > 0
LIMIT %(limit)s;
