-- The devices.
SELECT device_id, kind, path, datum, worker_id, lon, lat, grid_id
FROM device WHERE district = %(district)s AND closed_at IS NULL;
