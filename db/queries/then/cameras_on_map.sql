-- Where each camera stands that has a place, and where it looks; online at an instant: as in then/devices_on_map.
SELECT d.device_id, round(d.lon * 1e6) / 1e6 AS lon, round(d.lat * 1e6) / 1e6 AS lat, d.heading_deg,
       coalesce(d.online, false) AS online
FROM devices_then(%(at)s, 'camera', false) d
WHERE d.lon IS NOT NULL AND d.heading_deg IS NOT NULL
ORDER BY d.device_id;
