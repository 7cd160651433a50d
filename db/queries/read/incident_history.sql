-- All that has happened to incident `id`, with the names of who did it, who was sent, and which unit was called.
SELECT e.district, e.alert_id AS incident_id, e.at, e.event, e.actor, e.cause, e.params, e.state, e.irregular,
       coalesce(w.name, a.name) AS actor_name, coalesce(w.name_en, a.name_en) AS actor_name_en,
       u.name AS unit_name, u.name_en AS unit_name_en,
       (SELECT jsonb_agg(jsonb_build_object(
                   'id', one ->> 'id', 'name', coalesce(p.name, d.name), 'name_en', coalesce(p.name_en, d.name_en))
                   ORDER BY place)
        FROM jsonb_array_elements(e.params -> 'to') WITH ORDINALITY AS sent (one, place)
        LEFT JOIN LATERAL (SELECT name, name_en FROM worker
                           WHERE one ->> 'kind' = 'worker' AND worker_id = one ->> 'id' LIMIT 1) p ON true
        LEFT JOIN LATERAL (SELECT name, name_en FROM department
                           WHERE one ->> 'kind' = 'department' AND department_id = one ->> 'id' LIMIT 1) d ON true) AS whom
FROM alert_event e
JOIN incident i ON i.incident_id = e.alert_id
LEFT JOIN LATERAL (SELECT name, name_en FROM worker WHERE worker_id = e.actor LIMIT 1) w ON true
LEFT JOIN LATERAL (SELECT name, name_en FROM department WHERE department_id = e.actor LIMIT 1) a ON true
LEFT JOIN org_unit u ON u.path =
    array_to_string((string_to_array(i.path, '/'))[:(e.params ->> 'level')::integer], '/')
WHERE e.alert_id = %(id)s AND e.state IS NOT NULL
ORDER BY e.at, e.event, e.cause;
