-- Who has open tasks, how many, and where they were last; in the order of the units.
SELECT w.worker_id, w.name, w.name_en, u.name AS unit_name, u.name_en AS unit_name_en, s.lon, s.lat, t.n
FROM (SELECT worker_id, count(*) AS n FROM task WHERE done_at IS NULL AND cancelled_at IS NULL GROUP BY 1) t
JOIN worker w USING (worker_id)
LEFT JOIN worker_state s USING (worker_id)
LEFT JOIN org_unit u ON u.path = w.path
ORDER BY w.path, w.worker_id
LIMIT %(limit)s;
