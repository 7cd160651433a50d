-- What is open in `unit` (a path), the worst first, then what has been open longest; fresh: it came after the last
-- handover of that unit.
WITH last AS MATERIALIZED (
    SELECT at FROM handover WHERE path = %(unit)s ORDER BY at DESC LIMIT 1
),
found AS MATERIALIZED (
    SELECT i.*
    FROM incident i
    WHERE i.ended_at IS NULL AND starts_with(i.path || '/', %(unit)s::text || '/')
    ORDER BY i.severity DESC, i.opened_at, i.incident_id
    LIMIT %(limit)s
)
SELECT i.incident_id, i.rule, i.severity, i.state, i.alerts, i.acknowledged_by,
       CASE WHEN i.due_at IS NOT NULL THEN lamp(waits_since(i.incident_id, i.due_at), i.due_at, now(), NULL) END AS lamp,
       coalesce(i.opened_at > (SELECT at FROM last), true) AS fresh,
       i.opened_at AT TIME ZONE n.tz AS opened, i.due_at AT TIME ZONE n.tz AS due,
       w.*, g.name AS grid_name, g.name_en AS grid_name_en
FROM found i
CROSS JOIN district_info n
CROSS JOIN LATERAL incident_words(i.incident_id) w
LEFT JOIN LATERAL (SELECT name, name_en FROM grid WHERE grid_id = i.grid_id LIMIT 1) g ON true
ORDER BY i.severity DESC, i.opened_at, i.incident_id;
