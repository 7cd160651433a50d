-- The very incidents behind a time over a period: those that took their time (`counts` true), those that still wait
-- (false), or all (null), with `text` in number, rule, or who and what it is about (null: any), in `limit` rows at
-- most; what has waited longest first, then what took longest.
--chosen--,
found AS MATERIALIZED (
    SELECT c.* FROM chosen c
    WHERE (%(counts)s::boolean IS NULL OR counts = %(counts)s::boolean)
      AND (%(text)s::text IS NULL
           OR id IN (SELECT incident_id FROM alert
                WHERE position(lower(%(text)s::text) IN
                    lower(concat_ws(' ', incident_id, rule, subject, params::text))) > 0))
    ORDER BY counts, took_s DESC, began, id
    LIMIT %(limit)s
)
SELECT f.id, f.counts, f.took_s, f.severity, i.state, i.rule, a.params, i.alerts, i.acknowledged_by, i.reason,
       w.name AS worker_name, w.name_en AS worker_name_en, d.name AS device_name, p.name AS premises_name,
       u.name AS unit_name, u.name_en AS unit_name_en, s.name AS station_name, s.name_en AS station_name_en,
       f.began AT TIME ZONE f.tz AS opened, i.acknowledged_at AT TIME ZONE f.tz AS acknowledged,
       i.dispatched_at AT TIME ZONE f.tz AS dispatched, i.on_the_spot_at AT TIME ZONE f.tz AS on_the_spot,
       i.ended_at AT TIME ZONE f.tz AS ended
FROM found f
CROSS JOIN LATERAL (SELECT * FROM incident WHERE incident_id = f.id LIMIT 1) i  -- by the key: a join reads all
LEFT JOIN LATERAL (SELECT params FROM alert WHERE alert_id = f.id LIMIT 1) a ON true
LEFT JOIN LATERAL (SELECT name, name_en FROM worker WHERE worker_id = a.params ->> 'worker_id' LIMIT 1) w ON true
LEFT JOIN LATERAL (SELECT name FROM device WHERE device_id = a.params ->> 'device_id' LIMIT 1) d ON true
LEFT JOIN LATERAL (SELECT name FROM premises WHERE premises_id = a.params ->> 'premises_id' LIMIT 1) p ON true
LEFT JOIN org_unit u ON u.path = f.path
LEFT JOIN org_unit s ON s.path = array_to_string((string_to_array(f.path, '/'))[:2], '/')
ORDER BY f.counts, f.took_s DESC, f.began, f.id;
