-- All that has happened to clue `id`, with the names of who did it and whom it concerns.
SELECT e.district, e.clue_id, e.at, e.event, e.actor, e.cause, e.params, e.state, e.irregular,
       e.at AT TIME ZONE i.tz AS local_time,
       coalesce(w.name, t.name, a.name) AS actor_name, coalesce(w.name_en, a.name_en) AS actor_name_en,
       d.name AS department_name, d.name_en AS department_name_en
FROM clue_event e
JOIN clue_case c USING (clue_id)
CROSS JOIN district_info i
LEFT JOIN LATERAL (SELECT name, name_en FROM worker WHERE worker_id = c.worker_id LIMIT 1) w ON e.event = 'reported'
LEFT JOIN LATERAL (SELECT name FROM device WHERE device_id = c.device_id LIMIT 1) t ON e.event = 'reported'
LEFT JOIN LATERAL (SELECT name, name_en FROM department WHERE department_id = e.actor LIMIT 1) a ON true
LEFT JOIN LATERAL (
    SELECT name, name_en FROM department WHERE department_id = e.params ->> 'department_id' LIMIT 1) d ON true
WHERE e.clue_id = %(id)s
ORDER BY e.at, e.event, e.cause;
