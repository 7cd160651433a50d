-- Where each worker (`id`; null: all) was known to be at an instant, to the decimetre, in a constant order; online: the
-- position had come within 5 minutes.
SELECT w.worker_id, w.name, w.name_en, round(p.lon * 1e6) / 1e6 AS lon, round(p.lat * 1e6) / 1e6 AS lat,
       p.battery, p.speed_kmh, CASE WHEN p.speed_kmh IS NULL OR p.speed_kmh >= 1 THEN p.heading_deg END AS heading_deg,
       g.name AS grid_name, g.name_en AS grid_name_en,
       d.on_duty, p.in_own_grid,
       p.received_at > %(at)s::timestamptz - interval '5 minutes' AS online,
       extract(epoch FROM %(at)s::timestamptz - p.at)::float AS age_s
FROM people_then(%(at)s) p
JOIN worker w USING (worker_id)
JOIN duty_then(%(at)s) d USING (worker_id)
LEFT JOIN grid g USING (grid_id)
WHERE %(id)s::text IS NULL OR w.worker_id = %(id)s::text
ORDER BY w.worker_id;
