-- Phones and devices at or below `unit` by kind, state (online, silent) and text (null: all); silent ones
-- first. Online: a phone was heard of within 5 minutes; a device says so, and was within 10.
WITH every AS (
    SELECT w.worker_id AS device_id, 'worker' AS kind, w.name, w.name_en, w.worker_id, w.path,
           coalesce(s.last_seen > now() - interval '5 minutes', false) AS online,
           s.last_seen, s.battery, NULL AS last_event, NULL::timestamptz AS event_at, s.grid_id
    FROM worker w LEFT JOIN worker_state s USING (worker_id)
    WHERE w.role = 'worker' AND w.closed_at IS NULL
    UNION ALL
    SELECT d.device_id, d.kind, d.name, NULL, d.worker_id, d.path,
           coalesce(s.online AND s.last_seen > now() - interval '10 minutes', false),
           s.last_seen, s.battery, s.last_event, s.event_at, coalesce(s.grid_id, d.grid_id)
    FROM device d LEFT JOIN device_state s USING (device_id)
    WHERE d.closed_at IS NULL
)
SELECT e.device_id, e.kind, e.name, e.name_en, e.online, e.battery, e.last_event,
       CASE WHEN e.online THEN 'online' ELSE 'silent' END AS state,
       e.last_seen AT TIME ZONE i.tz AS seen, e.event_at AT TIME ZONE i.tz AS event_time,
       w.name AS worker_name, w.name_en AS worker_name_en,
       g.name AS grid_name, g.name_en AS grid_name_en,
       u.name AS station_name, u.name_en AS station_name_en
FROM every e
CROSS JOIN district_info i
LEFT JOIN worker w USING (worker_id)
LEFT JOIN grid g ON g.grid_id = e.grid_id
LEFT JOIN org_unit u ON u.path = array_to_string((string_to_array(e.path, '/'))[:2], '/')
WHERE (%(unit)s::text IS NULL OR starts_with(e.path || '/', %(unit)s::text || '/'))
  AND (%(kinds)s::text[] IS NULL OR e.kind = ANY (%(kinds)s::text[]))
  AND (%(states)s::text[] IS NULL OR CASE WHEN e.online THEN 'online' ELSE 'silent' END = ANY (%(states)s::text[]))
  AND (%(text)s::text IS NULL OR position(lower(%(text)s::text) IN lower(concat_ws(' ', e.device_id, e.name,
       e.name_en, w.worker_id, w.name, w.name_en, g.name, g.name_en))) > 0)
ORDER BY e.online, e.kind, e.device_id
LIMIT %(limit)s;
