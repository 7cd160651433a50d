-- Store the staged pings once, roll them up by the hour, move each worker's last position forward, and
-- note when each was heard.
WITH fresh AS (
    INSERT INTO ping
    SELECT * FROM stage_ping ORDER BY district, worker_id, ts
    ON CONFLICT DO NOTHING
    RETURNING district, worker_id, ts, at, lon, lat, grid_id, in_own_grid, accuracy_m, speed_kmh, heading_deg,
              battery, mock, hist, clock_off_s, received_at
), hourly AS (
    INSERT INTO ping_hourly (district, worker_id, hour, pings, inside, wrong_from, wrong_until)
    SELECT district, worker_id, date_trunc('hour', at), count(*), count(*) FILTER (WHERE in_own_grid),
           min(ts) FILTER (WHERE clock_off_s IS NOT NULL), max(ts) FILTER (WHERE clock_off_s IS NOT NULL)
    FROM fresh GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
    ON CONFLICT (district, worker_id, hour) DO UPDATE SET
        pings = ping_hourly.pings + EXCLUDED.pings, inside = ping_hourly.inside + EXCLUDED.inside,
        wrong_from = least(ping_hourly.wrong_from, EXCLUDED.wrong_from),
        wrong_until = greatest(ping_hourly.wrong_until, EXCLUDED.wrong_until)
), been_inside AS (
    SELECT *, max(at) FILTER (WHERE in_own_grid IS NOT FALSE) OVER whole AS inside_at,
           max(received_at) OVER whole AS last_seen
    FROM fresh
    WINDOW whole AS (PARTITION BY district, worker_id ORDER BY at DESC
                     ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)
), latest AS (
    SELECT DISTINCT ON (district, worker_id) *,
           -- the first position outside after the last one inside
           min(at) FILTER (WHERE in_own_grid = false AND (inside_at IS NULL OR at > inside_at)) OVER whole
               AS since
    FROM been_inside
    WINDOW whole AS (PARTITION BY district, worker_id ORDER BY at DESC
                     ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)
    ORDER BY district, worker_id, at DESC
)
INSERT INTO worker_state AS w (district, worker_id, at, lon, lat, grid_id, in_own_grid, inside_at,
                               outside_since, accuracy_m, speed_kmh, heading_deg, battery, mock,
                               clock_off_s, last_seen, online)
SELECT district, worker_id, at, lon, lat, grid_id, in_own_grid, inside_at,
       since, accuracy_m, speed_kmh, heading_deg, battery, mock,
       CASE WHEN NOT hist THEN coalesce(clock_off_s, 0) END, last_seen, true
FROM latest
ON CONFLICT (district, worker_id) DO UPDATE SET
    at = EXCLUDED.at, lon = EXCLUDED.lon, lat = EXCLUDED.lat, grid_id = EXCLUDED.grid_id,
    in_own_grid = EXCLUDED.in_own_grid,
    inside_at = coalesce(EXCLUDED.inside_at, w.inside_at),
    outside_since = CASE
        WHEN EXCLUDED.outside_since IS NULL THEN NULL  -- inside now
        WHEN EXCLUDED.inside_at IS NULL THEN coalesce(w.outside_since, EXCLUDED.outside_since)
        ELSE EXCLUDED.outside_since END,
    accuracy_m = EXCLUDED.accuracy_m, speed_kmh = EXCLUDED.speed_kmh, heading_deg = EXCLUDED.heading_deg,
    battery = coalesce(EXCLUDED.battery, w.battery), mock = EXCLUDED.mock,
    clock_off_s = coalesce(EXCLUDED.clock_off_s, w.clock_off_s),  -- what comes late proves nothing about a clock
    last_seen = greatest(w.last_seen, EXCLUDED.last_seen), online = true
WHERE w.at IS NULL OR w.at < EXCLUDED.at;

-- Who said something old, or nothing new, was heard all the same.
UPDATE worker_state w SET last_seen = heard.at, online = true
FROM (SELECT district, worker_id, max(received_at) AS at FROM stage_ping GROUP BY 1, 2) heard
WHERE w.district = heard.district AND w.worker_id = heard.worker_id
  AND (w.last_seen IS NULL OR w.last_seen < heard.at OR w.online IS NOT TRUE);
