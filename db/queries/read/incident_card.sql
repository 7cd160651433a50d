-- What incident `id` is, how it stands, until when its next step must have happened, and who is called then.
SELECT i.*, n.tz,
       CASE WHEN i.due_at IS NOT NULL THEN lamp(waits_since(i.incident_id, i.due_at), i.due_at, now(), NULL) END AS lamp,
       extract(epoch FROM coalesce(i.ended_at, now()) - i.opened_at)::float AS lasted_s,
       extract(epoch FROM i.due_at - now())::float AS due_s,
       w.*, g.name AS grid_name, g.name_en AS grid_name_en, g.geom,
       s.name AS station_name, s.name_en AS station_name_en, u.name AS unit_name, u.name_en AS unit_name_en,
       v.name AS above_name, v.name_en AS above_name_en
FROM incident i
CROSS JOIN district_info n
CROSS JOIN LATERAL incident_words(i.incident_id) w
LEFT JOIN LATERAL (SELECT name, name_en, geom FROM grid WHERE grid_id = i.grid_id LIMIT 1) g ON true
LEFT JOIN org_unit s ON s.path = array_to_string((string_to_array(i.path, '/'))[:2], '/')
LEFT JOIN org_unit u ON u.path = array_to_string((string_to_array(i.path, '/'))[:i.level], '/')
LEFT JOIN org_unit v ON i.level > 1 AND v.path = array_to_string((string_to_array(i.path, '/'))[:i.level - 1], '/')
WHERE i.incident_id = %(id)s;
