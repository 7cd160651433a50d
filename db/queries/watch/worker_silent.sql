-- Workers on duty who have not been heard for so long, and those of whom an alert is open that have been, or are off
-- duty, or no worker any more.
WITH open AS MATERIALIZED (
    SELECT split_part(subject, ':', 2) AS worker_id FROM alert
    WHERE district = %(district)s AND rule = %(rule)s AND cleared_at IS NULL
)
SELECT worker_id, last_seen, on_duty, lon, lat, grid_id, false AS is_open
FROM worker_state
WHERE district = %(district)s AND on_duty AND last_seen <= %(now)s - %(minutes)s * interval '1 minute'
  AND %(listening_since)s <= %(now)s - %(minutes)s * interval '1 minute'
  AND worker_id NOT IN (SELECT worker_id FROM open)
UNION ALL
SELECT s.worker_id, s.last_seen, s.on_duty AND w.worker_id IS NOT NULL, s.lon, s.lat, s.grid_id, true
FROM open
JOIN worker_state s ON s.district = %(district)s AND s.worker_id = open.worker_id
LEFT JOIN worker w ON w.district = s.district AND w.worker_id = s.worker_id AND w.closed_at IS NULL
WHERE s.last_seen > %(now)s - %(minutes)s * interval '1 minute' OR NOT s.on_duty OR w.worker_id IS NULL;
