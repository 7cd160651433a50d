-- Upsert the devices; close those that are no longer in the file.
WITH incoming AS MATERIALIZED (
    SELECT * FROM json_to_recordset(%(rows)s::json)
        AS r(device_id text, kind text, name text, worker_id text, lon double precision,
             lat double precision, heading_deg real, datum text, grid_id text, path text)
), kept AS (
    INSERT INTO device (district, device_id, kind, name, worker_id, lon, lat, heading_deg, datum, grid_id,
                        path)
    SELECT %(district)s, device_id, kind, name, worker_id, lon, lat, heading_deg, datum, grid_id, path
    FROM incoming
    ON CONFLICT (district, device_id) DO UPDATE SET
        kind = EXCLUDED.kind, name = EXCLUDED.name, worker_id = EXCLUDED.worker_id, lon = EXCLUDED.lon,
        lat = EXCLUDED.lat, heading_deg = EXCLUDED.heading_deg, datum = EXCLUDED.datum,
        grid_id = EXCLUDED.grid_id, path = EXCLUDED.path, closed_at = NULL
), gone AS (
    UPDATE device SET closed_at = now()
    WHERE district = %(district)s AND closed_at IS NULL
      AND device_id NOT IN (SELECT device_id FROM incoming)
    RETURNING 1
)
SELECT count(*) AS closed FROM gone;
