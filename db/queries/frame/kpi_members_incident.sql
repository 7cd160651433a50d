-- The very incidents behind a figure of a KPI over a period, asked for as in kpi_members; a text is looked for in what
-- their alerts say.
--chosen--,
found AS MATERIALIZED (
    SELECT * FROM chosen
    WHERE (%(counts)s::boolean IS NULL OR counts = %(counts)s::boolean)
      AND (%(text)s::text IS NULL
           OR id IN (SELECT incident_id FROM alert
                WHERE position(lower(%(text)s::text) IN
                    lower(concat_ws(' ', incident_id, rule, subject, params::text))) > 0))
    ORDER BY counts, denominator_from DESC, id
    LIMIT %(limit)s
)
SELECT f.id, f.counts, f.category, i.severity, i.state, i.rule, a.params, i.alerts, i.acknowledged_by, i.reason,
       w.name AS worker_name, w.name_en AS worker_name_en, d.name AS device_name, p.name AS premises_name,
       u.name AS unit_name, u.name_en AS unit_name_en, s.name AS station_name, s.name_en AS station_name_en,
       f.denominator_from AT TIME ZONE f.tz AS began,
       i.opened_at AT TIME ZONE f.tz AS opened, i.acknowledged_at AT TIME ZONE f.tz AS acknowledged,
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
ORDER BY f.counts, f.denominator_from DESC, f.id;
