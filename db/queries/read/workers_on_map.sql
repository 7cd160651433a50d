-- Where each worker was last, to the decimetre, in a constant order; online: heard of within 5 minutes;
-- heading_deg: where they go, null while they stand.
SELECT w.worker_id, w.name, w.name_en, round(s.lon * 1e6) / 1e6 AS lon,
       round(s.lat * 1e6) / 1e6 AS lat, s.battery, s.speed_kmh,
       CASE WHEN s.speed_kmh IS NULL OR s.speed_kmh >= 1 THEN s.heading_deg END AS heading_deg,
       g.name AS grid_name, g.name_en AS grid_name_en,
       s.on_duty, s.in_own_grid,
       coalesce(s.last_seen > now() - interval '5 minutes', false) AS online,
       extract(epoch FROM now() - s.at)::float AS age_s
FROM worker_state s
JOIN worker w USING (worker_id)
LEFT JOIN grid g USING (grid_id)
WHERE s.lon IS NOT NULL AND w.closed_at IS NULL
ORDER BY w.worker_id;
