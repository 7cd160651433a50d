-- Where each device is that has a place (fixed, or its own last one), to the decimetre, in a constant
-- order; online: it says so, and was heard of within 10 minutes.
SELECT d.device_id, d.kind, d.name, round(coalesce(s.lon, d.lon) * 1e6) / 1e6 AS lon,
       round(coalesce(s.lat, d.lat) * 1e6) / 1e6 AS lat,
       coalesce(s.online AND s.last_seen > now() - interval '10 minutes', false) AS online,
       s.battery, s.last_event, w.name AS worker_name, w.name_en AS worker_name_en
FROM device d
LEFT JOIN device_state s USING (device_id)
LEFT JOIN worker w USING (worker_id)
WHERE d.closed_at IS NULL AND coalesce(s.lon, d.lon) IS NOT NULL
ORDER BY d.device_id;
