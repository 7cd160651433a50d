-- The clues about premises `id`, the latest first, in `limit` rows at most.
SELECT c.clue_id, c.state, c.severity, c.kind, c.text, c.outcome, c.reported_at AT TIME ZONE i.tz AS reported,
       coalesce(w.name, t.name) AS reporter_name, w.name_en AS reporter_name_en,
       d.name AS department_name, d.name_en AS department_name_en, c.department_id
FROM clue_case c
CROSS JOIN district_info i
LEFT JOIN LATERAL (SELECT name, name_en FROM worker WHERE worker_id = c.worker_id LIMIT 1) w ON true
LEFT JOIN LATERAL (SELECT name FROM device WHERE device_id = c.device_id LIMIT 1) t ON true
LEFT JOIN LATERAL (SELECT name, name_en FROM department WHERE department_id = c.department_id LIMIT 1) d ON true
WHERE c.premises_id = %(id)s
ORDER BY c.reported_at DESC, c.clue_id
LIMIT %(limit)s;
