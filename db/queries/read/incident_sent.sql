-- Who was sent to incident `id`, how far they are, and where they are now, `metres` from it.
SELECT one ->> 'kind' AS kind, one ->> 'id' AS id, one ->> 'order_id' AS order_id, one ->> 'act' AS act,
       one ->> 'stage' AS stage, one ->> 'via' AS via,
       (one ->> 'at')::timestamptz AT TIME ZONE n.tz AS told,
       (one ->> 'proved_at')::timestamptz AT TIME ZONE n.tz AS proved,
       coalesce(w.name, d.name) AS name, coalesce(w.name_en, d.name_en) AS name_en, w.role,
       v.name AS via_name, v.name_en AS via_name_en,
       o.state AS order_state,
       s.lon, s.lat, s.battery, extract(epoch FROM now() - s.at)::float AS age_s,
       metres(s.lon, s.lat, i.lon, i.lat) AS metres
FROM incident i
CROSS JOIN district_info n
CROSS JOIN jsonb_array_elements(i.sent) WITH ORDINALITY AS sent (one, place)
LEFT JOIN LATERAL (SELECT name, name_en, role FROM worker
                   WHERE one ->> 'kind' = 'worker' AND worker_id = one ->> 'id' LIMIT 1) w ON true
LEFT JOIN LATERAL (SELECT lon, lat, battery, at FROM worker_state
                   WHERE one ->> 'kind' = 'worker' AND worker_id = one ->> 'id' LIMIT 1) s ON true
LEFT JOIN LATERAL (SELECT name, name_en FROM department
                   WHERE one ->> 'kind' = 'department' AND department_id = one ->> 'id' LIMIT 1) d ON true
LEFT JOIN LATERAL (SELECT state FROM order_out
                   WHERE order_id = one ->> 'order_id' LIMIT 1) o ON true
LEFT JOIN org_unit v ON v.path = one ->> 'via'
WHERE i.incident_id = %(id)s
ORDER BY place;
