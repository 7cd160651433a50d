-- Phones and devices at or below `unit` by kind, state (online, silent) and text (null: all); silent ones
-- first. A phone and a device may have the same id, so that a row's `key` names its kind, too. Online: a phone was heard of within 5 minutes; a device says so, and was within 10.
-- Names are searched each in its own table, and fetched only for the rows that are shown. `an_hour`: messages in the last
-- whole hour, of a phone positions.
WITH every AS (
    SELECT w.worker_id AS device_id, 'worker' AS kind, w.name, w.name_en, w.worker_id, w.path,
           coalesce(s.last_seen > now() - interval '5 minutes', false) AS online,
           s.last_seen, s.battery, NULL AS last_event, NULL::timestamptz AS event_at, s.grid_id, NULL::real AS storage,
           NULL AS firmware, s.clock_off_s
    FROM worker w LEFT JOIN worker_state s USING (worker_id)
    WHERE w.role = 'worker' AND w.closed_at IS NULL
    UNION ALL
    SELECT d.device_id, d.kind, d.name, NULL, d.worker_id, d.path,
           coalesce(s.online AND s.last_seen > now() - interval '10 minutes', false),
           s.last_seen, s.battery, s.last_event, s.event_at, coalesce(s.grid_id, d.grid_id), s.storage, s.firmware,
           s.clock_off_s
    FROM device d LEFT JOIN device_state s USING (device_id)
    WHERE d.closed_at IS NULL
),
found AS MATERIALIZED (
    SELECT e.*, CASE WHEN e.online THEN 'online' ELSE 'silent' END AS state FROM every e
    WHERE (%(unit)s::text IS NULL OR starts_with(e.path || '/', %(unit)s::text || '/'))
      AND (%(kinds)s::text[] IS NULL OR e.kind = ANY (%(kinds)s::text[]))
      AND (%(states)s::text[] IS NULL
           OR CASE WHEN e.online THEN 'online' ELSE 'silent' END = ANY (%(states)s::text[]))
      AND (%(text)s::text IS NULL
           OR position(lower(%(text)s::text) IN lower(concat_ws(' ', e.device_id, e.name, e.name_en, e.worker_id))) > 0
           OR e.worker_id IN (SELECT worker_id FROM worker
                WHERE position(lower(%(text)s::text) IN lower(concat_ws(' ', name, name_en))) > 0)
           OR e.grid_id IN (SELECT grid_id FROM grid
                WHERE position(lower(%(text)s::text) IN lower(concat_ws(' ', name, name_en))) > 0))
    ORDER BY e.online, e.kind, e.device_id
    LIMIT %(limit)s
)
SELECT e.kind || ':' || e.device_id AS key, e.device_id, e.kind, e.name, e.name_en, e.online, e.battery, e.last_event, e.state,
       e.storage, e.firmware, e.clock_off_s, f.decoder,
       coalesce(p.pings, h.messages) AS an_hour,
       e.last_seen AT TIME ZONE i.tz AS seen, e.event_at AT TIME ZONE i.tz AS event_time,
       w.name AS worker_name, w.name_en AS worker_name_en,
       g.name AS grid_name, g.name_en AS grid_name_en,
       u.name AS station_name, u.name_en AS station_name_en
FROM found e
CROSS JOIN district_info i
LEFT JOIN LATERAL (SELECT messages FROM device_hourly
                   WHERE e.kind <> 'worker' AND device_id = e.device_id
                     AND hour = date_trunc('hour', now(), i.tz) - interval '1 hour' LIMIT 1) h ON true
LEFT JOIN LATERAL (SELECT pings FROM ping_hourly
                   WHERE e.kind = 'worker' AND worker_id = e.device_id
                     AND hour = date_trunc('hour', now()) - interval '1 hour' LIMIT 1) p ON true
LEFT JOIN LATERAL (SELECT min(decoder) AS decoder FROM foreign_name WHERE kind = e.kind AND device_id = e.device_id) f ON true
LEFT JOIN LATERAL (SELECT name, name_en FROM worker WHERE worker_id = e.worker_id LIMIT 1) w ON true
LEFT JOIN LATERAL (SELECT name, name_en FROM grid WHERE grid_id = e.grid_id LIMIT 1) g ON true
LEFT JOIN org_unit u ON u.path = array_to_string((string_to_array(e.path, '/'))[:2], '/')
ORDER BY e.online, e.kind, e.device_id;
