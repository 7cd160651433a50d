-- The newest alert for which the screen flashes and sounds, with the number of all of them: what is major and open.
WITH loud AS MATERIALIZED (
    SELECT a.*, count(*) OVER () AS whole
    FROM alert a
    WHERE a.severity = 'major' AND a.cleared_at IS NULL
    ORDER BY a.raised_at DESC, a.alert_id
    LIMIT 1
)
SELECT a.rule, a.params, worded(a.params -> 'findings') AS findings, a.whole,
       w.name AS worker_name, w.name_en AS worker_name_en, d.name AS device_name, p.name AS premises_name
FROM loud a
LEFT JOIN LATERAL (SELECT name, name_en FROM worker WHERE worker_id = a.params ->> 'worker_id' LIMIT 1) w ON true
LEFT JOIN LATERAL (SELECT name FROM device WHERE device_id = a.params ->> 'device_id' LIMIT 1) d ON true
LEFT JOIN LATERAL (SELECT name FROM premises WHERE premises_id = a.params ->> 'premises_id' LIMIT 1) p ON true;
