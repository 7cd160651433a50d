-- How many phones (kind worker) and devices of each kind were online at an instant, of all there were. Online: a position
-- of a phone had come within 5 minutes; a device was heard of in the full hour before, or since. n is null where of no
-- device that is known.
SELECT kind AS code, CASE WHEN count(online) > 0 THEN count(*) FILTER (WHERE online) END AS n, count(*) AS whole
FROM (
    SELECT 'worker' AS kind, coalesce(p.received_at > %(at)s::timestamptz - interval '5 minutes', false) AS online
    FROM worker w LEFT JOIN people_then(%(at)s) p USING (worker_id)
    WHERE w.role = 'worker' AND (w.closed_at IS NULL OR w.closed_at > %(at)s::timestamptz)
    UNION ALL
    SELECT d.kind, d.online FROM devices_then(%(at)s, NULL, false) d
) every
GROUP BY 1
ORDER BY array_position(ARRAY['worker', 'camera', 'bodycam', 'printer', 'terminal', 'scanner', 'vehicle'], kind), 1;
