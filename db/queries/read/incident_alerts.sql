-- The first `limit` alerts of incident `id` as they were raised, with their places; whole: how many it has.
WITH its AS MATERIALIZED (
    SELECT a.*, count(*) OVER () AS whole
    FROM alert a
    WHERE a.incident_id = %(id)s
    ORDER BY a.raised_at, a.alert_id
    LIMIT %(limit)s
)
SELECT a.alert_id, a.rule, a.subject, a.severity, a.params, worded(a.params -> 'findings') AS findings, a.lon, a.lat, a.whole,
       a.raised_at AT TIME ZONE i.tz AS raised, a.cleared_at AT TIME ZONE i.tz AS cleared,
       w.name AS worker_name, w.name_en AS worker_name_en, d.name AS device_name, p.name AS premises_name,
       o.name AS department_name, o.name_en AS department_name_en, g.name AS grid_name, g.name_en AS grid_name_en
FROM its a
CROSS JOIN district_info i
LEFT JOIN LATERAL (SELECT name, name_en FROM worker WHERE worker_id = a.params ->> 'worker_id' LIMIT 1) w ON true
LEFT JOIN LATERAL (SELECT name FROM device WHERE device_id = a.params ->> 'device_id' LIMIT 1) d ON true
LEFT JOIN LATERAL (SELECT name FROM premises WHERE premises_id = a.params ->> 'premises_id' LIMIT 1) p ON true
LEFT JOIN LATERAL (
    SELECT name, name_en FROM department WHERE department_id = a.params ->> 'department_id' LIMIT 1) o ON true
LEFT JOIN LATERAL (SELECT name, name_en FROM grid WHERE grid_id = a.grid_id LIMIT 1) g ON true
ORDER BY a.raised_at, a.alert_id;
