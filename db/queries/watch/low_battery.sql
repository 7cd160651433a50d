-- Phones of workers on duty and devices whose battery is below so much, or that only say so; and those of which an
-- alert is open that have been charged so much beyond, or whose worker is off duty, or that are closed.
WITH open AS MATERIALIZED (
    SELECT split_part(subject, ':', 1) AS of, split_part(subject, ':', 2) AS id FROM alert
    WHERE district = %(district)s AND rule = %(rule)s AND cleared_at IS NULL
)
SELECT 'worker' AS of, worker_id AS id, battery, NULL AS says, on_duty, lon, lat, grid_id, false AS is_open
FROM worker_state
WHERE district = %(district)s AND on_duty AND battery < %(below)s
  AND worker_id NOT IN (SELECT id FROM open WHERE of = 'worker')
UNION ALL
SELECT 'device', s.device_id, s.battery, s.last_event, true, coalesce(s.lon, d.lon), coalesce(s.lat, d.lat),
       coalesce(s.grid_id, d.grid_id), false
FROM device_state s
JOIN device d ON d.district = s.district AND d.device_id = s.device_id AND d.closed_at IS NULL
WHERE s.district = %(district)s AND (s.battery < %(below)s OR s.battery IS NULL AND s.last_event = 'low_battery')
  AND s.device_id NOT IN (SELECT id FROM open WHERE of = 'device')
UNION ALL
SELECT 'worker', s.worker_id, s.battery, NULL, s.on_duty AND w.worker_id IS NOT NULL, s.lon, s.lat, s.grid_id, true
FROM open
JOIN worker_state s ON s.district = %(district)s AND s.worker_id = open.id
LEFT JOIN worker w ON w.district = s.district AND w.worker_id = s.worker_id AND w.closed_at IS NULL
WHERE open.of = 'worker' AND (NOT s.on_duty OR w.worker_id IS NULL OR s.battery >= %(below)s + %(margin)s)
UNION ALL
SELECT 'device', s.device_id, s.battery, s.last_event, d.device_id IS NOT NULL, s.lon, s.lat, s.grid_id, true
FROM open
JOIN device_state s ON s.district = %(district)s AND s.device_id = open.id
LEFT JOIN device d ON d.district = s.district AND d.device_id = s.device_id AND d.closed_at IS NULL
WHERE open.of = 'device'
  AND (d.device_id IS NULL OR s.battery >= %(below)s + %(margin)s
       OR s.battery IS NULL AND s.last_event IN ('charging', 'docked'));
