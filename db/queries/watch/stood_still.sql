-- Workers on duty, heard within five minutes, whose every position for so long has been near the last one (within so
-- many metres east and west, north and south, and what it may be wrong by); a part of all workers a time, so that each
-- is looked at every two minutes. And those of whom an alert is open that have moved away, are off duty, or have not been heard for as long.
WITH open AS MATERIALIZED (
    SELECT split_part(subject, ':', 2) AS worker_id, lon, lat, raised_at FROM alert
    WHERE district = %(district)s AND rule = %(rule)s AND cleared_at IS NULL
),
looked_at AS MATERIALIZED (
    SELECT worker_id, at, lon, lat, grid_id, %(metres)s / 111195.0 AS near_lat,
           %(metres)s / 111195.0 / cos(radians(lat)) AS near_lon
    FROM worker_state
    WHERE district = %(district)s
      AND mod(hashtext(worker_id) & 65535, 60) = mod(%(turn)s::bigint, 60)
      AND on_duty AND at > %(now)s - interval '5 minutes'
      AND worker_id NOT IN (SELECT worker_id FROM open)
)
SELECT s.worker_id, s.at, s.at - %(minutes)s * interval '1 minute' AS since, true AS on_duty, s.lon, s.lat, s.grid_id,
       false AS is_open
FROM looked_at s
-- The newest position that was not near: for most it was a moment ago, and is found at once.
LEFT JOIN LATERAL (
    SELECT p.at FROM ping p
    WHERE p.district = %(district)s AND p.worker_id = s.worker_id
      AND p.ts > s.at - %(minutes)s * interval '1 minute' - interval '1 hour'
      AND (abs(p.lat - s.lat) > s.near_lat * (1 + coalesce(p.accuracy_m, 0) / %(metres)s)
           OR abs(p.lon - s.lon) > s.near_lon * (1 + coalesce(p.accuracy_m, 0) / %(metres)s))
    ORDER BY p.ts DESC LIMIT 1
) far ON true
WHERE coalesce(far.at < s.at - %(minutes)s * interval '1 minute', true)
  -- They were there already when that time began.
  AND EXISTS (
      SELECT FROM ping p
      WHERE p.district = %(district)s AND p.worker_id = s.worker_id
        AND p.ts > s.at - 2 * %(minutes)s * interval '1 minute' AND p.ts < s.at - %(minutes)s * interval '1 minute')
UNION ALL
SELECT s.worker_id, s.at,
       CASE WHEN m.moved THEN s.at ELSE o.raised_at - %(minutes)s * interval '1 minute' END,
       s.on_duty AND w.worker_id IS NOT NULL, s.lon, s.lat, s.grid_id, true
FROM open o
JOIN worker_state s ON s.district = %(district)s AND s.worker_id = o.worker_id
LEFT JOIN worker w ON w.district = s.district AND w.worker_id = s.worker_id AND w.closed_at IS NULL
CROSS JOIN LATERAL (
    SELECT greatest(abs(s.lat - o.lat), abs(s.lon - o.lon) * cos(radians(s.lat)))
               > (%(metres)s + coalesce(s.accuracy_m, 0)) / 111195.0 AS moved
) m
WHERE m.moved OR NOT s.on_duty OR w.worker_id IS NULL OR s.at <= %(now)s - %(minutes)s * interval '1 minute';
