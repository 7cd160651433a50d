-- The newest `limit` alerts (`id`; null: of all) that were known to be open at an instant, with the names of whom and what
-- they are about.
WITH newest AS MATERIALIZED (
    SELECT a.*, a.params ->> 'worker_id' AS worker_id, a.params ->> 'device_id' AS device_id,
           a.params ->> 'premises_id' AS premises_id, a.params ->> 'department_id' AS department_id
    FROM alerts_then(%(at)s) a
    WHERE %(id)s::text IS NULL OR a.alert_id = %(id)s::text
    ORDER BY a.raised_at DESC, a.alert_id
    LIMIT %(limit)s
)
SELECT a.alert_id, a.rule, a.subject, a.severity, a.params, worded(a.params -> 'findings') AS findings,
       a.raised_at, a.lon, a.lat,
       extract(epoch FROM %(at)s::timestamptz - a.raised_at)::float AS age_s,
       a.raised_at AT TIME ZONE i.tz AS local_time,
       w.name AS worker_name, w.name_en AS worker_name_en,
       d.name AS device_name, p.name AS premises_name,
       o.name AS department_name, o.name_en AS department_name_en,
       g.name AS grid_name, g.name_en AS grid_name_en
FROM newest a
CROSS JOIN district_info i
LEFT JOIN LATERAL (SELECT name, name_en FROM worker WHERE worker_id = a.worker_id LIMIT 1) w ON true
LEFT JOIN LATERAL (SELECT name FROM device WHERE device_id = a.device_id LIMIT 1) d ON true
LEFT JOIN LATERAL (SELECT name FROM premises WHERE premises_id = a.premises_id LIMIT 1) p ON true
LEFT JOIN LATERAL (SELECT name, name_en FROM department WHERE department_id = a.department_id LIMIT 1) o ON true
LEFT JOIN LATERAL (SELECT name, name_en FROM grid WHERE grid_id = a.grid_id LIMIT 1) g ON true
ORDER BY a.raised_at DESC, a.alert_id;
