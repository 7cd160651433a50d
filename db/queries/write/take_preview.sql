-- The preview that has waited longest, or that was being played when ingest stopped; from now on it is running.
UPDATE preview SET state = 'running', done = 0
WHERE (district, preview_id) = (
    SELECT district, preview_id FROM preview
    WHERE district = ANY(%(districts)s) AND state IN ('queued', 'running')
    ORDER BY asked_at LIMIT 1)
RETURNING district, preview_id, name, value, days;
