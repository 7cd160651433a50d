-- Store the staged pings once, roll them up by the hour, and move each worker's last position forward.
WITH fresh AS (
    INSERT INTO ping
    SELECT * FROM stage_ping ORDER BY district, worker_id, ts
    ON CONFLICT DO NOTHING
    RETURNING district, worker_id, at, lon, lat, grid_id, in_own_grid, accuracy_m, speed_kmh, heading_deg,
              battery, mock
), hourly AS (
    INSERT INTO ping_hourly (district, worker_id, hour, pings, inside)
    SELECT district, worker_id, date_trunc('hour', at), count(*), count(*) FILTER (WHERE in_own_grid)
    FROM fresh GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
    ON CONFLICT (district, worker_id, hour) DO UPDATE SET
        pings = ping_hourly.pings + EXCLUDED.pings, inside = ping_hourly.inside + EXCLUDED.inside
), span AS (
    SELECT district, worker_id, max(at) FILTER (WHERE in_own_grid IS NOT FALSE) AS inside_at
    FROM fresh GROUP BY 1, 2
), strayed AS (  -- the first position outside after the last one inside
    SELECT f.district, f.worker_id, min(f.at) AS since
    FROM fresh f JOIN span s USING (district, worker_id)
    WHERE f.in_own_grid = false AND (s.inside_at IS NULL OR f.at > s.inside_at)
    GROUP BY 1, 2
), latest AS (
    SELECT DISTINCT ON (f.district, f.worker_id) f.*, s.inside_at, st.since
    FROM fresh f
    JOIN span s USING (district, worker_id)
    LEFT JOIN strayed st USING (district, worker_id)
    ORDER BY f.district, f.worker_id, f.at DESC
)
INSERT INTO worker_state AS w (district, worker_id, at, lon, lat, grid_id, in_own_grid, inside_at,
                               outside_since, accuracy_m, speed_kmh, heading_deg, battery, mock)
SELECT district, worker_id, at, lon, lat, grid_id, in_own_grid, inside_at,
       since, accuracy_m, speed_kmh, heading_deg, battery, mock
FROM latest ORDER BY district, worker_id
ON CONFLICT (district, worker_id) DO UPDATE SET
    at = EXCLUDED.at, lon = EXCLUDED.lon, lat = EXCLUDED.lat, grid_id = EXCLUDED.grid_id,
    in_own_grid = EXCLUDED.in_own_grid,
    inside_at = coalesce(EXCLUDED.inside_at, w.inside_at),
    outside_since = CASE
        WHEN EXCLUDED.outside_since IS NULL THEN NULL  -- inside now
        WHEN EXCLUDED.inside_at IS NULL THEN coalesce(w.outside_since, EXCLUDED.outside_since)
        ELSE EXCLUDED.outside_since END,
    accuracy_m = EXCLUDED.accuracy_m, speed_kmh = EXCLUDED.speed_kmh, heading_deg = EXCLUDED.heading_deg,
    battery = coalesce(EXCLUDED.battery, w.battery), mock = EXCLUDED.mock
WHERE w.at IS NULL OR w.at < EXCLUDED.at;
