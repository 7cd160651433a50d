-- Move the last position of devices that told one forward, and how full they said to be there.
-- A number may be smaller than a real can be, hence numeric and rounded.
INSERT INTO device_state AS s (district, device_id, lon, lat, grid_id, at, battery)
SELECT DISTINCT ON (district, device_id) district, device_id, lon, lat, grid_id, at, round(battery, 6)
FROM json_to_recordset(%(rows)s::json) AS r(
    district integer, device_id text, lon double precision, lat double precision, grid_id text,
    at timestamptz, battery numeric)
WHERE lon IS NOT NULL
ORDER BY district, device_id, at DESC
ON CONFLICT (district, device_id) DO UPDATE SET
    lon = EXCLUDED.lon, lat = EXCLUDED.lat, grid_id = EXCLUDED.grid_id, at = EXCLUDED.at,
    battery = coalesce(EXCLUDED.battery, s.battery)
WHERE s.at IS NULL OR s.at < EXCLUDED.at;
