-- When devices were last heard, in which hour how often, and what they said of being there.
-- A number may be smaller than a real can be, hence numeric and rounded.
WITH heard AS MATERIALIZED (
    SELECT * FROM json_to_recordset(%(rows)s::json) AS r(
        district integer, device_id text, last_seen timestamptz, messages integer, online boolean, battery numeric,
        firmware text, storage numeric, clock_off_s numeric)
    ORDER BY district, device_id
), hourly AS (
    INSERT INTO device_hourly AS h (district, hour, device_id, messages)
    SELECT district, date_trunc('hour', last_seen, tz), device_id, messages
    FROM heard JOIN district USING (district)
    WHERE messages > 0
    ORDER BY 1, 2, 3
    ON CONFLICT (district, hour, device_id) DO UPDATE SET messages = h.messages + EXCLUDED.messages
)
INSERT INTO device_state AS s (district, device_id, last_seen, online, battery, firmware, storage, clock_off_s)
SELECT district, device_id, last_seen, online, round(battery, 6), firmware, round(storage, 6), round(clock_off_s, 3)
FROM heard
ON CONFLICT (district, device_id) DO UPDATE SET
    last_seen = greatest(s.last_seen, EXCLUDED.last_seen),
    online = EXCLUDED.online,
    battery = coalesce(EXCLUDED.battery, s.battery),
    firmware = coalesce(EXCLUDED.firmware, s.firmware), storage = coalesce(EXCLUDED.storage, s.storage),
    clock_off_s = coalesce(EXCLUDED.clock_off_s, s.clock_off_s);
