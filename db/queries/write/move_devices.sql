-- Move the last position of devices that told one forward.
INSERT INTO device_state AS s (district, device_id, lon, lat, grid_id, at)
SELECT DISTINCT ON (district, device_id) district, device_id, lon, lat, grid_id, at
FROM json_to_recordset(%(rows)s::json) AS r(
    district integer, device_id text, lon double precision, lat double precision, grid_id text,
    at timestamptz)
WHERE lon IS NOT NULL
ORDER BY district, device_id, at DESC
ON CONFLICT (district, device_id) DO UPDATE SET
    lon = EXCLUDED.lon, lat = EXCLUDED.lat, grid_id = EXCLUDED.grid_id, at = EXCLUDED.at
WHERE s.at IS NULL OR s.at < EXCLUDED.at;
