-- When workers' phones were last heard, and what they said of being there.
-- A number may be smaller than a real can be, hence numeric and rounded.
INSERT INTO worker_state AS w (district, worker_id, last_seen, online, battery)
SELECT district, device_id, last_seen, online, round(battery, 6)
FROM json_to_recordset(%(rows)s::json) AS r(
    district integer, device_id text, last_seen timestamptz, online boolean, battery numeric)
ORDER BY district, device_id
ON CONFLICT (district, worker_id) DO UPDATE SET
    last_seen = greatest(w.last_seen, EXCLUDED.last_seen),
    online = EXCLUDED.online,
    battery = coalesce(EXCLUDED.battery, w.battery);
