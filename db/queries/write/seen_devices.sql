-- When devices were last heard, and what they said of being there.
INSERT INTO device_state AS s (district, device_id, last_seen, online, battery, firmware)
SELECT district, device_id, last_seen, online, battery, firmware
FROM json_to_recordset(%(rows)s::json) AS r(
    district integer, device_id text, last_seen timestamptz, online boolean, battery real, firmware text)
ORDER BY district, device_id
ON CONFLICT (district, device_id) DO UPDATE SET
    last_seen = greatest(s.last_seen, EXCLUDED.last_seen),
    online = EXCLUDED.online,
    battery = coalesce(EXCLUDED.battery, s.battery),
    firmware = coalesce(EXCLUDED.firmware, s.firmware);
