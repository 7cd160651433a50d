-- Upsert the devices; close those that a file has brought and that are no longer in it.
-- A row that is as it was is not written again.
WITH incoming AS MATERIALIZED (
    SELECT * FROM json_to_recordset(%(rows)s::json)
        AS r(device_id text, kind text, name text, worker_id text, lon double precision,
             lat double precision, heading_deg real, datum text, grid_id text, path text)
), kept AS (
    INSERT INTO device (district, device_id, kind, name, worker_id, lon, lat, heading_deg, datum, grid_id,
                        path, by_file)
    SELECT %(district)s, device_id, kind, name, worker_id, lon, lat, heading_deg, datum, grid_id, path, true
    FROM incoming
    ON CONFLICT (district, device_id) DO UPDATE SET
        kind = EXCLUDED.kind, name = EXCLUDED.name, worker_id = EXCLUDED.worker_id, lon = EXCLUDED.lon,
        lat = EXCLUDED.lat, heading_deg = EXCLUDED.heading_deg, datum = EXCLUDED.datum,
        grid_id = EXCLUDED.grid_id, path = EXCLUDED.path, by_file = true, closed_at = NULL
    WHERE (device.kind, device.name, device.worker_id, device.lon, device.lat, device.heading_deg,
           device.datum, device.grid_id, device.path, device.by_file, device.closed_at)
        IS DISTINCT FROM (EXCLUDED.kind, EXCLUDED.name, EXCLUDED.worker_id, EXCLUDED.lon, EXCLUDED.lat,
                          EXCLUDED.heading_deg, EXCLUDED.datum, EXCLUDED.grid_id, EXCLUDED.path, true, NULL)
), gone AS (
    UPDATE device SET closed_at = now()
    WHERE district = %(district)s AND closed_at IS NULL AND by_file
      AND device_id NOT IN (SELECT device_id FROM incoming)
    RETURNING 1
)
SELECT count(*) AS closed FROM gone;
