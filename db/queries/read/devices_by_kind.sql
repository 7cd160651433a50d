-- How many phones (kind worker) and devices of each kind are online, of all there are at or below `unit`
-- (null: all). Online: a phone was heard of within 5 minutes; a device says so, and was within 10.
SELECT kind AS code, count(*) FILTER (WHERE online) AS n, count(*) AS whole
FROM (
    SELECT 'worker' AS kind, w.path, s.last_seen > now() - interval '5 minutes' AS online
    FROM worker w LEFT JOIN worker_state s USING (worker_id)
    WHERE w.role = 'worker' AND w.closed_at IS NULL
    UNION ALL
    SELECT d.kind, d.path, s.online AND s.last_seen > now() - interval '10 minutes'
    FROM device d LEFT JOIN device_state s USING (device_id)
    WHERE d.closed_at IS NULL
) every
WHERE %(unit)s::text IS NULL OR starts_with(path || '/', %(unit)s::text || '/')
GROUP BY 1
ORDER BY array_position(ARRAY['worker', 'camera', 'bodycam', 'printer', 'terminal', 'scanner', 'vehicle'], kind), 1;
