-- Alerts at or below `unit` by state (open, cleared), severity, rule and text (null: all), newest first.
-- Names are searched each in its own table, and fetched by index only for the rows that are shown.
WITH meant AS MATERIALIZED (  -- findings whose words in the modules hold `text`
    SELECT jsonb_build_array(jsonb_build_array(k.item, a.value ->> 'code')) AS finding
    FROM check_item k, jsonb_array_elements(k.answers) a
    WHERE position(lower(%(text)s::text) IN lower(concat_ws(' ', k.name, k.name_en, a.value -> 'text'))) > 0
),
spoken AS (
    SELECT a.*, a.params ->> 'worker_id' AS worker_id, a.params ->> 'device_id' AS device_id,
           a.params ->> 'premises_id' AS premises_id, a.params ->> 'department_id' AS department_id,
           CASE WHEN a.cleared_at IS NULL THEN 'open' ELSE 'cleared' END AS state
    FROM alert a
    WHERE (%(unit)s::text IS NULL OR starts_with(a.path || '/', %(unit)s::text || '/'))
      AND (%(severities)s::text[] IS NULL OR a.severity::text = ANY (%(severities)s::text[]))
      AND (%(rules)s::text[] IS NULL OR a.rule = ANY (%(rules)s::text[]))
),
found AS MATERIALIZED (
    SELECT a.* FROM spoken a
    WHERE (%(states)s::text[] IS NULL OR a.state = ANY (%(states)s::text[]))
      AND (%(text)s::text IS NULL
           OR position(lower(%(text)s::text) IN lower(concat_ws(' ', a.rule, a.subject, a.incident_id, a.params::text))) > 0
           OR (a.rule = 'hazard_found'
               AND EXISTS (SELECT FROM meant m WHERE a.params -> 'findings' @> m.finding))
           OR a.worker_id IN (SELECT worker_id FROM worker
                WHERE position(lower(%(text)s::text) IN lower(concat_ws(' ', name, name_en))) > 0)
           OR a.device_id IN (SELECT device_id FROM device WHERE position(lower(%(text)s::text) IN lower(name)) > 0)
           OR a.premises_id IN (SELECT premises_id FROM premises
                WHERE position(lower(%(text)s::text) IN lower(name)) > 0)
           OR a.grid_id IN (SELECT grid_id FROM grid
                WHERE position(lower(%(text)s::text) IN lower(concat_ws(' ', name, name_en))) > 0))
    ORDER BY a.raised_at DESC, a.alert_id
    LIMIT %(limit)s
)
SELECT a.alert_id, a.state, a.rule, a.subject, a.severity, a.params, worded(a.params -> 'findings') AS findings, a.lon, a.lat,
       a.raised_at AT TIME ZONE i.tz AS raised, a.cleared_at AT TIME ZONE i.tz AS cleared,
       extract(epoch FROM coalesce(a.cleared_at, now()) - a.raised_at)::float AS lasted_s,
       w.name AS worker_name, w.name_en AS worker_name_en,
       d.name AS device_name, p.name AS premises_name,
       o.name AS department_name, o.name_en AS department_name_en,
       g.name AS grid_name, g.name_en AS grid_name_en,
       s.name AS station_name, s.name_en AS station_name_en
FROM found a
CROSS JOIN district_info i
LEFT JOIN LATERAL (SELECT name, name_en FROM worker WHERE worker_id = a.worker_id LIMIT 1) w ON true
LEFT JOIN LATERAL (SELECT name FROM device WHERE device_id = a.device_id LIMIT 1) d ON true
LEFT JOIN LATERAL (SELECT name FROM premises WHERE premises_id = a.premises_id LIMIT 1) p ON true
LEFT JOIN LATERAL (SELECT name, name_en FROM department WHERE department_id = a.department_id LIMIT 1) o ON true
LEFT JOIN LATERAL (SELECT name, name_en FROM grid WHERE grid_id = a.grid_id LIMIT 1) g ON true
LEFT JOIN org_unit s ON s.path = array_to_string((string_to_array(a.path, '/'))[:2], '/')
ORDER BY a.raised_at DESC, a.alert_id;
