-- The newest incident for which the screen flashes and sounds, said by its first alert, with the number of all of them:
-- what is major and that nobody has taken up.
WITH loud AS MATERIALIZED (
    SELECT i.*, count(*) OVER () AS whole
    FROM incident i
    WHERE i.severity = 'major' AND i.state = 'raised'
    ORDER BY i.opened_at DESC, i.incident_id
    LIMIT 1
)
SELECT i.rule, a.params, worded(a.params -> 'findings') AS findings, i.whole,
       w.name AS worker_name, w.name_en AS worker_name_en, d.name AS device_name, p.name AS premises_name
FROM loud i
CROSS JOIN LATERAL (
    SELECT params FROM alert WHERE incident_id = i.incident_id ORDER BY alert_id <> i.incident_id LIMIT 1) a
LEFT JOIN LATERAL (SELECT name, name_en FROM worker WHERE worker_id = a.params ->> 'worker_id' LIMIT 1) w ON true
LEFT JOIN LATERAL (SELECT name FROM device WHERE device_id = a.params ->> 'device_id' LIMIT 1) d ON true
LEFT JOIN LATERAL (SELECT name FROM premises WHERE premises_id = a.params ->> 'premises_id' LIMIT 1) p ON true;
