-- Notifications of incidents at or below `unit` by state, severity and text (null: all), the newest first.
WITH found AS MATERIALIZED (
    SELECT n.*, a.rule, a.params, a.params ->> 'worker_id' AS worker_id, a.params ->> 'device_id' AS device_id,
           a.params ->> 'premises_id' AS premises_id, a.params ->> 'department_id' AS department_id, c.name AS channel_name
    FROM notification n
    JOIN alert a ON a.alert_id = n.incident_id
    JOIN notify_channel c USING (channel)
    WHERE (%(unit)s::text IS NULL OR starts_with(n.path || '/', %(unit)s::text || '/'))
      AND (%(severities)s::text[] IS NULL OR n.severity::text = ANY (%(severities)s::text[]))
      AND (%(states)s::text[] IS NULL OR n.state = ANY (%(states)s::text[]))
      AND (%(text)s::text IS NULL OR position(lower(%(text)s::text)
           IN lower(concat_ws(' ', c.channel, c.name, a.rule, a.subject, a.params::text))) > 0)
    ORDER BY n.queued_at DESC, n.channel, n.incident_id, n.at
    LIMIT %(limit)s
)
SELECT n.state, n.severity, n.channel_name, n.event, n.rule, n.params,
       worded(n.params -> 'findings') AS findings, n.tries, n.error,
       n.queued_at AT TIME ZONE i.tz AS queued, n.sent_at AT TIME ZONE i.tz AS sent,
       w.name AS worker_name, w.name_en AS worker_name_en, d.name AS device_name, p.name AS premises_name,
       o.name AS department_name, o.name_en AS department_name_en,
       s.name AS station_name, s.name_en AS station_name_en, u.name AS unit_name, u.name_en AS unit_name_en
FROM found n
CROSS JOIN district_info i
LEFT JOIN LATERAL (SELECT name, name_en FROM worker WHERE worker_id = n.worker_id LIMIT 1) w ON true
LEFT JOIN LATERAL (SELECT name FROM device WHERE device_id = n.device_id LIMIT 1) d ON true
LEFT JOIN LATERAL (SELECT name FROM premises WHERE premises_id = n.premises_id LIMIT 1) p ON true
LEFT JOIN LATERAL (SELECT name, name_en FROM department WHERE department_id = n.department_id LIMIT 1) o ON true
LEFT JOIN org_unit s ON s.path = array_to_string((string_to_array(n.path, '/'))[:2], '/')
LEFT JOIN org_unit u ON u.path = array_to_string((string_to_array(n.path, '/'))[:n.level], '/')
ORDER BY n.queued_at DESC, n.channel, n.incident_id, n.at;
