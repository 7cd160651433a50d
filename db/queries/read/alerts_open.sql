-- The newest `limit` open alerts with the names of whom and what they are about.
-- Materialised: an id that is a column finds its row by index, one dug out of params reads the registry whole.
WITH newest AS MATERIALIZED (
    SELECT a.*, a.params ->> 'worker_id' AS worker_id, a.params ->> 'device_id' AS device_id,
           a.params ->> 'premises_id' AS premises_id
    FROM alert a
    WHERE a.cleared_at IS NULL
    ORDER BY a.raised_at DESC, a.alert_id
    LIMIT %(limit)s
)
SELECT a.alert_id, a.rule, a.subject, a.severity, a.params, a.raised_at, a.lon, a.lat,
       extract(epoch FROM now() - a.raised_at)::float AS age_s,
       a.raised_at AT TIME ZONE i.tz AS local_time,
       w.name AS worker_name, w.name_en AS worker_name_en,
       d.name AS device_name, p.name AS premises_name,
       g.name AS grid_name, g.name_en AS grid_name_en
FROM newest a
CROSS JOIN district_info i
LEFT JOIN worker w USING (worker_id)
LEFT JOIN device d USING (device_id)
LEFT JOIN premises p USING (premises_id)
LEFT JOIN grid g ON g.grid_id = a.grid_id
ORDER BY a.raised_at DESC, a.alert_id;
