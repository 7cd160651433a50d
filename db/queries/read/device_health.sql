-- How often the device or phone `id` ('camera:C1', 'worker:W1') was heard in each of the last 24 hours, and how full its
-- battery was at the end of each, as far as it said.
WITH asked AS (
    SELECT split_part(%(id)s, ':', 1) AS kind, split_part(%(id)s, ':', 2) AS id
), charged AS MATERIALIZED (
    SELECT p.at, p.battery FROM ping p JOIN asked a ON a.kind = 'worker' AND p.worker_id = a.id
    WHERE p.ts > now() - interval '25 hours' AND p.battery IS NOT NULL
    UNION ALL
    SELECT e.at, e.battery FROM device_event e JOIN asked a ON a.kind <> 'worker' AND e.device_id = a.id
    WHERE e.ts > now() - interval '25 hours' AND e.battery IS NOT NULL
)
SELECT h.hour AT TIME ZONE i.tz AS at, coalesce(d.messages, p.pings, 0) AS messages, c.battery
FROM district_info i
CROSS JOIN asked a
CROSS JOIN LATERAL generate_series(date_trunc('hour', now(), i.tz) - interval '23 hours', date_trunc('hour', now(), i.tz),
                                   '1 hour') AS h (hour)
LEFT JOIN LATERAL (SELECT messages FROM device_hourly
                   WHERE a.kind <> 'worker' AND device_id = a.id AND hour = h.hour LIMIT 1) d ON true
LEFT JOIN LATERAL (SELECT pings FROM ping_hourly
                   WHERE a.kind = 'worker' AND worker_id = a.id AND hour = date_trunc('hour', h.hour) LIMIT 1) p ON true
LEFT JOIN LATERAL (SELECT battery FROM charged
                   WHERE at >= h.hour AND at < h.hour + interval '1 hour' ORDER BY at DESC LIMIT 1) c ON true
ORDER BY h.hour;
