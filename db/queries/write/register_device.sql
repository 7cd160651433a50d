-- Register a device that nobody's file has brought; one that is there stays as it is.
INSERT INTO device (district, device_id, kind, name, worker_id, lon, lat, heading_deg, datum, grid_id, path, by_file)
VALUES (%(district)s, %(device_id)s, %(kind)s, %(title)s, %(worker_id)s, %(lon)s, %(lat)s, %(heading_deg)s, %(datum)s,
        %(grid_id)s, %(path)s, false)
ON CONFLICT (district, device_id) DO UPDATE SET
    name = EXCLUDED.name, worker_id = EXCLUDED.worker_id, lon = EXCLUDED.lon, lat = EXCLUDED.lat,
    heading_deg = EXCLUDED.heading_deg, datum = EXCLUDED.datum, grid_id = EXCLUDED.grid_id, path = EXCLUDED.path,
    by_file = false, closed_at = NULL
WHERE device.closed_at IS NOT NULL AND device.kind = EXCLUDED.kind;
