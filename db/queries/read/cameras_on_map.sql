-- Where each camera stands that has a place, and where it looks; online: it says so, and was heard of within 10 minutes.
SELECT d.device_id, round(d.lon * 1e6) / 1e6 AS lon, round(d.lat * 1e6) / 1e6 AS lat, d.heading_deg,
       coalesce(s.online AND s.last_seen > now() - interval '10 minutes', false) AS online
FROM device d
LEFT JOIN device_state s USING (device_id)
WHERE d.closed_at IS NULL AND d.kind = 'camera' AND d.lon IS NOT NULL AND d.heading_deg IS NOT NULL
ORDER BY d.device_id;
