-- Alerts at or below `unit` by state (open, cleared), severity, rule and text (null: all), newest first.
WITH found AS MATERIALIZED (
    SELECT a.*, a.params ->> 'worker_id' AS worker_id, a.params ->> 'device_id' AS device_id,
           a.params ->> 'premises_id' AS premises_id,
           CASE WHEN a.cleared_at IS NULL THEN 'open' ELSE 'cleared' END AS state
    FROM alert a
    WHERE (%(unit)s::text IS NULL OR starts_with(a.path || '/', %(unit)s::text || '/'))
      AND (%(severities)s::text[] IS NULL OR a.severity::text = ANY (%(severities)s::text[]))
      AND (%(rules)s::text[] IS NULL OR a.rule = ANY (%(rules)s::text[]))
)
SELECT a.alert_id, a.state, a.rule, a.subject, a.severity, a.params, a.lon, a.lat,
       a.raised_at AT TIME ZONE i.tz AS raised, a.cleared_at AT TIME ZONE i.tz AS cleared,
       extract(epoch FROM coalesce(a.cleared_at, now()) - a.raised_at)::float AS lasted_s,
       w.name AS worker_name, w.name_en AS worker_name_en,
       d.name AS device_name, p.name AS premises_name,
       g.name AS grid_name, g.name_en AS grid_name_en,
       s.name AS station_name, s.name_en AS station_name_en
FROM found a
CROSS JOIN district_info i
LEFT JOIN worker w USING (worker_id)
LEFT JOIN device d USING (device_id)
LEFT JOIN premises p USING (premises_id)
LEFT JOIN grid g ON g.grid_id = a.grid_id
LEFT JOIN org_unit s ON s.path = array_to_string((string_to_array(a.path, '/'))[:2], '/')
WHERE (%(states)s::text[] IS NULL OR a.state = ANY (%(states)s::text[]))
  AND (%(text)s::text IS NULL OR position(lower(%(text)s::text) IN lower(concat_ws(' ', a.rule, a.subject,
       a.params::text, w.name, w.name_en, d.name, p.name, g.name, g.name_en))) > 0)
ORDER BY a.raised_at DESC, a.alert_id
LIMIT %(limit)s;
