-- All that has happened to task `id`, with the names of who did it and whom it concerns.
SELECT e.district, e.task_id, e.at, e.event, e.actor, e.cause, e.params, e.state, e.irregular,
       coalesce(w.name, a.name) AS actor_name, coalesce(w.name_en, a.name_en) AS actor_name_en,
       g.name AS given_name, g.name_en AS given_name_en,
       d.name AS department_name, d.name_en AS department_name_en
FROM task_event e
LEFT JOIN LATERAL (SELECT name, name_en FROM worker WHERE worker_id = e.actor LIMIT 1) w
    ON e.event IN ('received', 'refused', 'started', 'inspected')
LEFT JOIN LATERAL (SELECT name, name_en FROM department WHERE department_id = e.actor LIMIT 1) a
    ON e.event = 'replied'
LEFT JOIN LATERAL (SELECT name, name_en FROM worker WHERE worker_id = e.params ->> 'worker_id' LIMIT 1) g ON true
LEFT JOIN LATERAL (
    SELECT name, name_en FROM department WHERE department_id = e.params ->> 'department_id' LIMIT 1) d ON true
WHERE e.task_id = %(id)s
ORDER BY e.at, e.event, e.cause;
